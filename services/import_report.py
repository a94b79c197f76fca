"""What a feed brings, in words: for the page of a feed and for the command. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.choice_words import CHOICES
from services.models import ComponentMapping, Feed, Service, WindowProposal
from services.operations import Imported, Proposed
from services.proposals import shown_codes
from services.seoul import shown, shown_span

KINDS = {"new": ("새로", "new"), "changed": ("바뀜", "changed"), "withdrawn": ("사라짐", "withdrawn")}
NAMES = {  # of what a proposal says beside its span and severity
    "scope": ("범위", "scope"), "inferred": ("추론", "inferred"), "closing_rule": ("끝을 이렇게 본 까닭", "why it ends there"),
    "planned": ("예정된 점검", "planned"), "announced_at": ("점검 공지", "announced"), "service": ("서비스", "service"),
    "questions": ("질문", "questions"), "withdrawn": ("사라짐", "withdrawn"),
}  # fmt: skip
TRUTH = {True: ("예", "yes"), False: ("아니요", "no")}
TIMELESS = ("시각 없음", "no times")


@dataclass(frozen=True)
class Shown:
    """One proposal, worded. `before` and `after` are "" where there is none; `others` say what else is said otherwise."""

    kind: str
    word: str
    title: str
    item: str
    what: str  # the service if one is known, else the component
    known: bool  # whether a service is known, or that it is none of ours
    before: str
    after: str
    others: tuple[str, ...]
    questions: tuple[str, ...]
    remarks: tuple[str, ...]


def shown_import(imported: Imported, feed: Feed, language: str) -> list[Shown]:
    """The new, changed and withdrawn windows in the feed's order, in `ko` or `en`. Two queries."""
    mapped = newest_mappings(feed)
    codes = {one.said["service"] for one in imported.proposed} - {None}
    services = {service.code: service for service in Service.objects.filter(code__in=codes)}
    return [_shown(one, mapped, services, language) for one in imported.proposed]


def newest_mappings(feed: Feed) -> dict[str, ComponentMapping]:
    """By component, the one that counts. One query."""
    rows = feed.mappings.order_by("component", "-pk").distinct("component").select_related("service")
    return {row.component: row for row in rows}


def shown_proposal(proposal: WindowProposal, language: str) -> str:
    """Span and severity of a proposal."""
    return _span(_columns(proposal), language)


def _shown(one: Proposed, mapped: Mapping[str, ComponentMapping], services: Mapping[str, Service], language: str) -> Shown:
    old = None if one.before is None else _columns(one.before)
    name = one.more.get("component_name") or (one.before.component_name if one.before else "") or one.said["component"]
    mapping = mapped.get(one.said["component"])
    service = services.get(one.said["service"]) or (mapping.service if mapping else None)
    pick = _pick(language)
    return Shown(
        kind=one.kind,
        word=KINDS[one.kind][pick],
        title=one.title,
        item=one.item,
        what=name if service is None else f"{(service.name_ko, service.name_en)[pick]} ({service.code})",
        known=service is not None or mapping is not None,
        before="" if old is None else _span(old, language),
        after="" if one.kind == "withdrawn" else _span(one.said, language),
        others=_others(old, one.said, language) if old and one.kind == "changed" else (),
        questions=tuple(shown_codes(one.said["questions"], language)),
        remarks=tuple(shown_codes(one.more.get("remarks", ()), language)),
    )


def _columns(proposal: WindowProposal) -> dict[str, Any]:
    names = ("severity", "start_at", "start_approx", "end_at", "end_approx", *(name for name in NAMES if name != "service"))
    service = None if proposal.service is None else proposal.service.code
    return {**{name: getattr(proposal, name) for name in names}, "service": service}


def _span(said: Mapping[str, Any], language: str) -> str:
    span = TIMELESS[_pick(language)]
    if said["start_at"] is not None:
        approx = {name: said[name] for name in ("start_approx", "end_approx")}
        span = shown_span(said["start_at"], said["end_at"], **approx)
    return f"{span} {CHOICES['severity'][said['severity']][_pick(language)]}"


def _others(old: Mapping[str, Any], new: Mapping[str, Any], language: str) -> tuple[str, ...]:
    return tuple(
        f"{names[_pick(language)]}: {_word(old[name], language)} → {_word(new[name], language)}"
        for name, names in NAMES.items()
        if old[name] != new[name]
    )


def _word(value: Any, language: str) -> str:
    pick = _pick(language)
    match value:
        case bool():
            return TRUTH[value][pick]
        case datetime():
            return shown(value)
        case list():
            return " ".join(shown_codes(value, language)) or "-"
        case str() if value in CHOICES["scope"]:
            return CHOICES["scope"][value][pick]
    return str(value or "-")


def _pick(language: str) -> int:
    return int(language.startswith("en"))
