"""A published policy as people read it. All of it is said of its pack, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.admin.policy_words import say
from claims.eligibility import FactSpec, Pack
from claims.eligibility.labels import OUTCOMES, PROVENANCES, SEVERITIES
from claims.eligibility.pack import Example, ExampleFact, ExampleLoss, ExampleWindow, Expected, Figure
from claims.eligibility.rulebook import Rulebook
from claims.eligibility.wording import Names
from services.language import in_english
from services.models import Service

Rows = list[tuple[str, str]]


def about_policy(pack: Pack) -> dict[str, Any]:
    """What the page shows of it. One query, for the names of services."""
    names: Names = {s.code: (s.name_ko, s.name_en) for s in Service.objects.only("code", "name_ko", "name_en")}
    body, book = pack.body, Rulebook(pack, in_english(), names)
    return {
        "title": book.text(body.title), "scheme": body.scheme, "verified": say(body.verified),
        "demonstration": body.demonstration, "period": _period(pack), "for": list(_for(pack, book)),
        "promises": list(_promises(pack, book)), "facts": [_fact(name, spec, pack, book) for name, spec in body.facts.items()],
        "rules": [
            {
                "title": book.text(rule.title), "code": rule.code,
                "parts": [(heading[in_english()], told) for heading, told in book.rule(rule) if told],
            }
            for rule in body.rules
        ],
        "limits": list(book.limits()), "automatic": list(_automatic(pack, book)),
        "figures": [
            {"name": name, "value": book.figure(one), "sources": _sources(one)}
            for name, one in body.figures.items()
        ],
        "sources": [{"name": name, "source": one, "link": _link(one.url)} for name, one in body.sources.items()],
        "examples": [_example(one, pack, book) for one in body.examples],
    }  # fmt: skip


def _period(pack: Pack) -> str:
    span = pack.body.incidents
    told = say("from").format(span.from_) if span.before is None else say("until").format(span.from_, span.before)
    return f"{told} ({pack.body.zone})"


def _for(pack: Pack, book: Rulebook) -> Iterator[str]:
    yield say("asked_for" if pack.body.asked_for else "everybody")
    yield from (book.condition(one, "") for one in pack.body.scope)
    services = dict.fromkeys(code for rule in pack.body.rules if rule.losses for code in rule.losses.services)
    if services:
        yield book.services(services)


def _promises(pack: Pack, book: Rulebook) -> Iterator[tuple[str, str]]:
    promised = pack.body.deadlines
    for name, deadline in (("answer", promised.answer), ("pay", promised.pay)):
        if deadline is not None:
            yield say(name), book.deadline(deadline)
    if promised.evidence_days is not None:
        yield say("documents_in"), say("working_days").format(promised.evidence_days)


def _automatic(pack: Pack, book: Rulebook) -> Iterator[str]:
    said, figures = pack.body.automatic, pack.body.figures
    if said.approve_up_to is not None:
        yield say("up_to").format(book.figure(figures[said.approve_up_to]))
    if said.reject:
        yield say("rejects")
    if said.approve_up_to is None and not said.reject:
        yield say("never")
    if said.sample_per_thousand:
        yield say("sample").format(said.sample_per_thousand)
    if pack.body.recovery_floor is not None:
        yield f"{say('floor')}: {book.figure(figures[pack.body.recovery_floor])}"


def _fact(name: str, spec: FactSpec, pack: Pack, book: Rulebook) -> dict[str, Any]:
    """Its label in both languages, where it has both: staff talk of it with people of either."""
    here, other = spec.label.said(in_english()), spec.label.said(1 - in_english())
    decide, pay = ("staff", "staff") if spec.of == "incident" else (spec.decide, spec.pay or spec.decide)
    kind = ", ".join([say(spec.type), *([] if spec.of == "claim" else [say(f"of_{spec.of}")])])
    documents = [book.text(label) for label in spec.documents.values()]
    if documents and spec.documents_above is not None:
        documents[-1] += f" ({say('above').format(book.figure(pack.body.figures[spec.documents_above]))})"
    return {
        "name": name, "label": here, "other": "" if other == here else other, "help": book.text(spec.help) if spec.help else "",
        "kind": kind, "values": [spec.said_value(one, in_english()) for one in spec.values or ()],
        "decide": PROVENANCES[decide][in_english()],
        "pay": PROVENANCES[pay][in_english()], "documents": documents, "evidence": spec.evidence or "",
        "attested": _attested(spec, book), "default": "" if spec.default is None else _told(spec.default, book),
    }  # fmt: skip


def _attested(spec: FactSpec, book: Rulebook) -> str:
    by = spec.attested_by
    if by is None:
        return ""
    if by.claim is not None:
        return say("attested").format(say(by.claim))
    assert by.value is not None, "a subscription has one"
    return say("attested").format(f"{say(by.value)} ({book.services(by.subscription or ())})")


def _told(value: Any, book: Rulebook) -> str:
    """A value, of an example with whose word it is."""
    if isinstance(value, ExampleFact):
        return f"{_told(value.value, book)} ({PROVENANCES[value.by][in_english()]})"
    if isinstance(value, bool):
        return book.say("예", "yes") if value else book.say("아니오", "no")
    return f"{value:,}" if isinstance(value, int) else str(value)


def _sources(figure: Figure) -> list[str]:
    return list(dict.fromkeys([figure.source] if figure.source else [dated.source for dated in figure.dated or ()]))


def _link(url: str | None) -> str:
    """Only what a browser opens as a page is a link."""
    return url if url and url.startswith(("https://", "http://")) else ""


def _example(one: Example, pack: Pack, book: Rulebook) -> dict[str, Any]:
    setting = pack.body.setting
    facts = {name: value for name, value in {**setting.facts, **one.facts}.items() if value is not None}
    losses = setting.losses if one.losses is None else one.losses
    windows = setting.windows if one.windows is None else one.windows
    rows: Rows = [(say("told"), f"{book.fact(name)}: {_told(value, book)}") for name, value in facts.items()]
    rows += [(say("lost"), _loss(loss, book)) for loss in losses]
    rows += [(say("down"), _window(window, book)) for window in windows]
    rows += [(say("paid"), f"{_title(code, pack, book)}: {_sum(many, code, pack, book)}") for code, many in one.paid.items()]
    given: Rows = [(_title(code, pack, book), _expected(wanted, code, pack, book)) for code, wanted in one.expect.items()]
    given += [(_title(code, pack, book), say("not").format(_sum(many, code, pack, book))) for code, many in one.never.items()]
    return {"name": one.name, "reading": one.reading or "", "rows": rows, "given": given}


def _loss(loss: ExampleLoss, book: Rulebook) -> str:
    told = ", ".join(f"{book.fact(name)}: {_told(value, book)}" for name, value in loss.facts.items())
    return _span(loss, book) + (f" · {told}" if told else "")


def _window(window: ExampleWindow, book: Rulebook) -> str:
    return f"{_span(window, book)} · {SEVERITIES[window.severity][in_english()]}"


def _span(one: ExampleLoss | ExampleWindow, book: Rulebook) -> str:
    return f"{book.service(one.service)} {one.from_:%Y-%m-%d %H:%M} ~ {one.before:%Y-%m-%d %H:%M}"


def _title(code: str, pack: Pack, book: Rulebook) -> str:
    return next(book.text(rule.title) for rule in pack.body.rules if rule.code == code)


def _sum(quantity: int, code: str, pack: Pack, book: Rulebook) -> str:
    """In the unit of the rule's remedy, where all of its choices have the same."""
    units = {choice.remedy.unit for rule in pack.body.rules if rule.code == code for choice in rule.choices}
    return book.quantities.amount(quantity, units.pop() if len(units) == 1 else None)


def _expected(wanted: int | str | Expected, code: str, pack: Pack, book: Rulebook) -> str:
    if isinstance(wanted, int):
        return _sum(wanted, code, pack, book)
    if isinstance(wanted, str):
        return _outcome(wanted)
    told = []
    if wanted.quantity is not None:
        said = wanted.quantity
        told.append(book.quantities.amount(said, wanted.unit) if wanted.unit else _sum(said, code, pack, book))
    told += [] if wanted.outcome is None else [_outcome(wanted.outcome)]
    told += [] if wanted.until is None else [say("extended").format(wanted.until)]
    told += [book.reason(reason) for reason in wanted.reasons or ()]
    told += [] if wanted.top_up is None else [f"{say('top_up')}: {_sum(wanted.top_up, code, pack, book)}"]
    return " · ".join(told)


def _outcome(outcome: str) -> str:
    return say("no_line") if outcome == "no line" else OUTCOMES[outcome][in_english()]
