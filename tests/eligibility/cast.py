"""Who plays in these tests: records, packs and claims in few words. Times are of October 2022 in Seoul."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from claims.eligibility import (
    ClaimInput,
    Extent,
    FactInput,
    LossInput,
    Notice,
    Pack,
    Record,
    ServiceNode,
    Terms,
    Window,
    assess,
    batch_of,
    compile_terms,
    load_pack,
    microseconds,
    pack_of,
)  # fmt: skip

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "claims" / "policies"
FIXTURES = ROOT / "services" / "fixtures"
SEOUL = dt.timezone(dt.timedelta(hours=9))
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = 10**6, 60 * 10**6, 3600 * 10**6
Document = dict[str, Any]


def at(text: str) -> int:
    """`15 15:30` or `15 15:30:01`: the day of October 2022 and the time in Seoul."""
    day, _, clock = text.partition(" ")
    return microseconds(dt.datetime.fromisoformat(f"2022-10-{int(day):02}T{clock}").replace(tzinfo=SEOUL))


def window(service: str, start_at: str, end_at: str | None, key: str = "", **more: Any) -> Window:
    given = {"source": "operator", "severity": "full", "scope": "all"} | more
    return Window(
        key=key or f"{service} {start_at}", service=service, start_at=at(start_at),
        end_at=None if end_at is None else at(end_at), **given,
    )  # fmt: skip


def record(
    *windows: Window, services: Iterable[str] = (), needs: dict[str, Sequence[str]] | None = None, **more: Any
) -> Record:
    """A record with these windows; every service named, and its parents, is in the tree."""
    needs = needs or {}
    named = {*services, *(w.service for w in windows), *needs, *(code for codes in needs.values() for code in codes)}
    codes = {".".join(code.split(".")[:n]) for code in named for n in range(1, len(code.split(".")) + 1)}
    nodes = tuple(ServiceNode(code, tuple(needs.get(code, ()))) for code in sorted(codes))
    given: Document = {"as_of": at("20 00:00"), "sources": ("operator", "mobility", "press")} | more
    return Record("made-up", 1, services=nodes, windows=windows, **given)


def document(**more: Any) -> Document:
    """A pack that pays one won per counted second of `a`; keys that are given replace its own."""
    rules = more.get("rules") or [rule()]
    return {
        "pack": 1, "code": "made_up", "scheme": "test", "title": {"ko": "시험", "en": "Test"}, "verified": "own",
        "sources": {"own": {"text": "these tests"}}, "incidents": {"from": "2022-10-01"}, "zone": "Asia/Seoul",
        "rules": rules, "examples": [{"name": "none", "never": {rules[0]["code"]: -1}}],
    } | more  # fmt: skip


def rule(**more: Any) -> Document:
    made = {
        "code": "pays", "title": {"ko": "지급", "en": "Pays"}, "losses": {"services": ["a"]},
        "amount": {"counted": "seconds"}, "remedy": {"instrument": "cash", "unit": "KRW", "currency": "KRW"},
    } | more  # fmt: skip
    return {key: value for key, value in made.items() if value is not None}


def fact(kind: str, **more: Any) -> Document:
    return {"type": kind, "label": {"ko": "사실", "en": "A fact"}, **more}


def figures(**values: int) -> Document:
    return {name: {"value": value, "unit": "KRW", "source": "own"} for name, value in values.items()}


def pack(doc: Document | None = None, **more: Any) -> Pack:
    return pack_of(document(**more) if doc is None else doc, 1, "made_up")


def loss(number: int, service: str, start_at: str, end_at: str) -> LossInput:
    return LossInput(number, service, at(start_at), at(end_at))


def lines_of(terms: Terms, *claims: ClaimInput) -> list[Document]:
    return assess(batch_of(claims, terms), terms).to_dicts()


def one_line(record_: Record, pack_: Pack, *losses: LossInput, facts: Document | None = None, word: str = "staff") -> Document:
    """The single line of one claim."""
    told = tuple(FactInput(name, value, word) for name, value in (facts or {}).items())
    (line,) = lines_of(compile_terms(record_, [pack_]), ClaimInput(1, losses, told))
    return line


def counted(record_: Record, *losses: LossInput, **windows: Any) -> int:
    """Seconds counted for a claim under a rule for every service, with the windows it counts."""
    services = sorted({one.service for one in losses})
    made = pack(rules=[rule(losses={"services": services}, windows=windows)])
    return int(one_line(record_, made, *losses)["counted_seconds"])


def paid(amount: Any, facts: Document | None = None, **more: Any) -> int | None:
    """What a rule without losses gives for an amount, rounded down to 1."""
    found: int | None = quantity(amount, facts, **more)["quantity"]
    return found


def quantity(
    amount: Any,
    facts: Document | None = None,
    *,
    specs: Document | None = None,
    numbers: dict[str, int] | None = None,
    **more: Any,
) -> Document:
    """The line of a rule without losses; the facts are money unless `specs` says otherwise."""
    named = {name: fact("integer") for name in ("x", "y", "z")} | (specs or {})
    made = pack(
        facts=named,
        figures=figures(**numbers or {}),
        reasons={code: {"ko": "이유", "en": "reason"} for code in ("own", "above")},
        rules=[rule(losses=None, amount=amount, **more)],
    )
    return one_line(record(), made, facts=facts)


def shipped() -> list[Path]:
    return sorted(POLICIES.rglob("*.yaml"))


def shipped_pack(code: str) -> Pack:
    (path,) = POLICIES.rglob(f"{code.removeprefix('demo_')}.yaml")
    return load_pack(path.read_text(encoding="utf-8"), path.name)


@functools.cache
def official(version: int) -> Record:
    """The record of 15 October 2022, as shipped with the services app."""
    tree = json.loads((FIXTURES / "services.json").read_text(encoding="utf-8"))
    return _from_file(tree, json.loads((FIXTURES / "kakao-2022-10-15.json").read_text(encoding="utf-8")), version)


@functools.cache
def october_4() -> Record:
    tree = json.loads((FIXTURES / "services.json").read_text(encoding="utf-8"))
    return _from_file(tree, json.loads((FIXTURES / "kakao-2022-10-04.json").read_text(encoding="utf-8")), 1)


def _from_file(tree: Document, file: Document, version: int) -> Record:
    listed = next(v for v in file["versions"] if v["number"] == version)
    notices = {notice["key"]: notice for notice in file["notices"]}
    ranked = sorted((s for s in tree["sources"] if s["rank"] is not None), key=lambda s: int(s["rank"]))
    nodes = tuple(ServiceNode(s["code"], tuple(d["service"] for d in s.get("depends_on", ()))) for s in tree["services"])
    windows = tuple(_window(key, file["windows"][key], notices) for key in listed["windows"])
    extents = tuple(
        Extent(e["source"], _instant(e["start_at"]), None if e["end_at"] is None else _instant(e["end_at"]))
        for e in (file["extents"][key] for key in listed["extents"])
    )
    told = {o["service"] for o in file["observations"] if notices[o["notice"]]["source"] == "citizen"}
    cited = tuple(
        Notice(n["key"], n["source"], n["channel"], _instant(n["published_at"]), n["text"], n["ref"]) for n in file["notices"]
    )
    return Record(
        file["incident"]["key"], version, _instant(listed["as_of"]), nodes, windows, extents,
        tuple(s["code"] for s in ranked), cited, tuple(sorted(told)),
    )  # fmt: skip


def _window(key: str, row: Document, notices: Document) -> Window:
    return Window(
        key, row["service"], notices[row["notice"]]["source"], row["severity"], row["scope"], _instant(row["start_at"]),
        None if row["end_at"] is None else _instant(row["end_at"]), row["notice"],
    )  # fmt: skip


def _instant(text: str) -> int:
    return microseconds(dt.datetime.fromisoformat(text))


def as_told(claims: Iterable[ClaimInput], types: dict[str, str]) -> list[ClaimInput]:
    """Claims whose facts are whole numbers, as people write them: times, days, true and false."""
    write: dict[str, Callable[[Any], Any]] = {
        "instant": lambda number: EPOCH + dt.timedelta(microseconds=number),
        "date": lambda number: (EPOCH + dt.timedelta(days=number)).date(),
        "boolean": bool,
    }
    same = lambda value: value  # noqa: E731
    return [replace(c, facts=tuple(replace(f, value=write.get(types[f.name], same)(f.value)) for f in c.facts)) for c in claims]


def sorted_lines(frame: pl.DataFrame) -> list[Document]:
    return frame.sort("claim", "position").to_dicts()
