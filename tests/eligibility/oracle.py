"""What the engine must answer, worked out the slow way: plain Python, exact fractions, one claim at a time.

Written from what packs and records mean, not from the engine: it reads a pack's document and a record's
values, walks each claim's time from border to border and evaluates every amount as a Fraction. Unknown
values are None. Time is in microseconds, as in the record.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from claims.eligibility import ClaimInput, LossInput, Record, Window

Document = dict[str, Any]
WORDS = {"claimant": 0, "partner": 1, "staff": 2}
PER_SECOND = 1_000_000
SECONDS_PER = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SEVERITIES, SCOPES = ["full", "partial", "intermittent"], ["all", "some_users", "some_functions"]


@dataclass(frozen=True)
class Answer:
    """What is compared with a line; `reasons` sorted, `rule` is (policy code, rule code)."""

    claim: int
    rule: tuple[str, str] | None
    loss: int | None
    outcome: str
    reasons: tuple[str, ...]
    quantity: int | None
    counted_seconds: int
    remedy: str | None
    unit: str | None


# --- when was it down ---------------------------------------------------------------------------


def lineage(code: str) -> list[str]:
    """The code and its ancestors, nearest first."""
    names = code.split(".")
    return [".".join(names[:length]) for length in range(len(names), 0, -1)]


def spoken_of(record: Record, code: str, source: str | None) -> list[Window]:
    """Windows of the nearest of (service, parent, ...) that has any, by its best ranked source."""
    place = {name: i for i, name in enumerate(record.sources)}
    for node in lineage(code):
        there = [w for w in record.windows if w.service == node and source in (None, w.source)]
        if there:
            ranks = [place.get(w.source, 10**6) for w in there]
            return [w for w, rank in zip(there, ranks, strict=True) if rank == min(ranks)]
    return []


def needed_by(record: Record, code: str) -> set[str]:
    """Everything the service or an ancestor needs, and everything that needs, to the end of the chain."""
    direct = {node.code: set(node.depends_on) for node in record.services}
    needed: set[str] = set()
    while True:
        grown = {d for c in {code} | needed for node in lineage(c) for d in direct.get(node, set())} - {code}
        if grown <= needed:
            return needed
        needed |= grown


def down_spans(record: Record, code: str, source: str | None = None) -> list[tuple[int, int, Window]]:
    """(start, end, window) that took the service away; an open one ends at `as_of`."""
    windows = spoken_of(record, code, source)
    for needed in sorted(needed_by(record, code)):
        windows = windows + spoken_of(record, needed, source)
    spans = [(w.start_at, record.as_of if w.end_at is None else w.end_at, w) for w in windows]
    return [span for span in spans if span[0] < span[1]]


def is_official(record: Record, code: str) -> bool:
    return bool(down_spans(record, code))


@dataclass(frozen=True)
class Measure:
    """Microseconds. `counted`: by any of the losses, once; `touched`, `length`: each loss by itself."""

    counted: int = 0
    touched: int = 0
    length: int = 0
    uncounted: bool = False


def measure(record: Record, losses: Sequence[LossInput], windows: Document) -> Measure:
    """Sweep from border to border; `windows` is the rule's key of this name."""
    down = {loss.service: down_spans(record, loss.service, windows.get("source")) for loss in losses}
    borders = {t for loss in losses for t in (loss.start_at, loss.end_at)}
    borders |= {t for spans in down.values() for start, end, _ in spans for t in (start, end)}
    marks = sorted(borders)
    counted = touched = 0
    uncounted = False
    for start, end in pairwise(marks):
        counts_here = False
        for loss in losses:
            if not (loss.start_at <= start < loss.end_at):
                continue
            over = [w for s, e, w in down[loss.service] if s <= start < e]
            good = any(_counts(w, windows) for w in over)
            counts_here |= good
            touched += (end - start) if over else 0
            uncounted |= bool(over) and not good
        counted += (end - start) if counts_here else 0
    return Measure(counted, touched, sum(loss.end_at - loss.start_at for loss in losses), uncounted)


def _counts(window: Window, windows: Document) -> bool:
    return window.severity in windows.get("severities", SEVERITIES) and window.scope in windows.get("scopes", SCOPES)


def seconds_by_clock(record: Record, losses: Sequence[LossInput], windows: Document) -> int:
    """The counted seconds once more, second by second; for short spans with whole seconds."""
    down = {loss.service: down_spans(record, loss.service, windows.get("source")) for loss in losses}
    first = min((loss.start_at for loss in losses), default=0)
    last = max((loss.end_at for loss in losses), default=0)
    return sum(
        any(
            loss.start_at <= t < loss.end_at and any(s <= t < e and _counts(w, windows) for s, e, w in down[loss.service])
            for loss in losses
        )
        for t in range(first, last, PER_SECOND)
    )


# --- amounts ------------------------------------------------------------------------------------


@dataclass
class Subject:
    """One claim (or one loss of it) under one rule."""

    record: Record
    pack: Document
    facts: dict[str, tuple[Any, int]]  # value and provenance, as the engine's whole numbers or text
    counted: int
    above: bool = False  # a tier list was left at its upper end

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.pack["zone"])

    def value(self, fact: str) -> Any:
        return self.facts[fact][0] if fact in self.facts else None

    def amount(self, node: Any) -> Fraction | None:
        """None: not known, or for a person to decide."""
        if isinstance(node, int):
            return Fraction(node)
        (kind,) = set(node) & set(AMOUNTS)
        return AMOUNTS[kind](self, node)

    def all(self, nodes: Iterable[Any], combine: Callable[[list[Fraction]], Fraction]) -> Fraction | None:
        found = [self.amount(node) for node in nodes]
        known = [value for value in found if value is not None]
        return combine(known) if len(known) == len(found) else None


def _units(value: Fraction | None, whole: Callable[[Fraction], int], per: int) -> Fraction | None:
    return None if value is None else Fraction(whole(value / per))


def _between(subject: Subject, node: Document) -> Fraction | None:
    first, last = (subject.value(fact) for fact in node["between"])
    if first is None or last is None:
        return None
    return Fraction(last - first, PER_SECOND * SECONDS_PER[node["in"]])


def _days_touched(subject: Subject, node: Document) -> Fraction:
    for extent in subject.record.extents:
        if extent.source == node["source"]:
            day, days = local_day(extent.start_at, subject.zone), 0
            end_at = subject.record.as_of if extent.end_at is None else extent.end_at
            while extent.start_at < end_at and day_start(day, subject.zone) < end_at:
                day, days = day + dt.timedelta(days=1), days + 1
            return Fraction(days)
    return Fraction(0)


def _first_known(subject: Subject, node: Document) -> Fraction | None:
    for alternative in node["first_known"]:
        if all(subject.value(fact) is not None for fact in mentioned(alternative)):
            return subject.amount(alternative)
    return None


def _tiers(subject: Subject, node: Document) -> Fraction | None:
    on = subject.amount(node["on"])
    pays = [subject.amount(tier["pays"]) for tier in node["tiers"]]
    if on is None:
        return None
    for tier, paid in zip(node["tiers"], pays, strict=True):
        if on <= tier["up_to"]:
            return paid
    subject.above = True
    return None


def _divisor(subject: Subject, node: Any) -> int:
    return node if isinstance(node, int) else int(subject.pack["figures"][node["figure"]]["value"])


def _fact(subject: Subject, node: Document) -> Fraction | None:
    value = subject.value(node["fact"])
    return None if value is None else Fraction(value)


def _quotient(subject: Subject, node: Document) -> Fraction | None:
    top, by = node["divide"]
    return subject.all([top], lambda values: values[0] / _divisor(subject, by))


AMOUNTS: dict[str, Callable[[Subject, Document], Fraction | None]] = {
    "figure": lambda s, n: Fraction(s.pack["figures"][n["figure"]]["value"]),
    "fact": _fact,
    "counted": lambda s, n: Fraction(s.counted, PER_SECOND * SECONDS_PER[n["counted"]]),
    "days_touched": _days_touched,
    "between": _between,
    "add": lambda s, n: s.all(n["add"], lambda values: sum(values, Fraction(0))),
    "subtract": lambda s, n: s.all(n["subtract"], lambda values: values[0] - values[1]),
    "multiply": lambda s, n: s.all(n["multiply"], lambda values: Fraction(math.prod(values))),
    "divide": _quotient,
    "completed": lambda s, n: _units(s.amount(n["completed"]), math.floor, n["per"]),
    "started": lambda s, n: _units(s.amount(n["started"]), math.ceil, n["per"]),
    "lesser_of": lambda s, n: s.all(n["lesser_of"], min),
    "greater_of": lambda s, n: s.all(n["greater_of"], max),
    "first_known": _first_known,
    "tiers": _tiers,
}


def local_day(instant: int, zone: ZoneInfo) -> dt.date:
    return (EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone).date()


def day_start(day: dt.date, zone: ZoneInfo) -> int:
    return (dt.datetime(day.year, day.month, day.day, tzinfo=zone) - EPOCH) // dt.timedelta(microseconds=1)


def to_whole(value: Fraction, rounding: Document) -> int:
    """A multiple of `to`; halves away from zero or to the even multiple, by the mode."""
    to: int = rounding["to"]
    steps: Fraction = value / to
    floor, rest = math.floor(steps), steps - math.floor(steps)
    half = Fraction(1, 2)
    up: dict[str, bool] = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and floor % 2 == 1),
    }
    return (floor + up[rounding["mode"]]) * to


# --- conditions ---------------------------------------------------------------------------------


def holds(subject: Subject, condition: Document) -> bool | None:
    """None: what it compares is not known."""
    (name,) = set(condition) - {"fact", "that", "reason"}
    wanted = condition[name]
    value = subject.amount(condition["that"]) if "that" in condition else subject.value(condition["fact"])
    if name == "known":
        return (value is not None) is bool(wanted)
    if value is None:
        return None
    if name in ("from", "before"):
        border: Any = dt.date.fromisoformat(wanted)
        instant = subject.pack["facts"][condition["fact"]]["type"] == "instant"
        border = day_start(border, subject.zone) if instant else border.toordinal() - dt.date(1970, 1, 1).toordinal()
        return bool(value >= border) == (name == "from")
    comparisons: dict[str, Callable[[], bool]] = {
        "is": lambda: value == wanted, "in": lambda: value in wanted,
        "at_least": lambda: value >= wanted, "at_most": lambda: value <= wanted,
        "above": lambda: value > wanted, "below": lambda: value < wanted,
    }  # fmt: skip
    return comparisons[name]()


def all_hold(subject: Subject, conditions: Iterable[Document]) -> bool | None:
    """False as soon as one fails; else None as soon as one is not known."""
    found = [holds(subject, condition) for condition in conditions]
    return False if False in found else None if None in found else True


# --- which facts a rule needs -------------------------------------------------------------------


def mentioned(node: Any, *, alternatives: bool = True) -> set[str]:
    """Facts named in a part of a pack; without `alternatives` those inside `first_known` are left out."""
    if isinstance(node, list):
        return {fact for item in node for fact in mentioned(item, alternatives=alternatives)}
    if not isinstance(node, dict):
        return set()
    if "first_known" in node and not alternatives:
        return set()
    own = {node["fact"]} if isinstance(node.get("fact"), str) else set()
    own |= set(node["between"]) if "between" in node else set()
    return own.union(*(mentioned(value, alternatives=alternatives) for value in node.values()))


def found_in(node: Any, key: str) -> list[Document]:
    """Every mapping below `node` that has the key."""
    if isinstance(node, list):
        return [found for item in node for found in found_in(item, key)]
    if not isinstance(node, dict):
        return []
    return ([node] if key in node else []) + [found for value in node.values() for found in found_in(value, key)]


def rule_parts(rule: Document) -> list[Any]:
    """What can name facts."""
    return [rule.get("require", []), rule.get("review", []), choices_of(rule), rule.get("at_most", 0)]


def choices_of(rule: Document) -> list[Document]:
    return rule["choices"] if "choices" in rule else [{"amount": rule["amount"], "remedy": rule["remedy"]}]


def missing_and_unproved(subject: Subject, rule: Document) -> tuple[set[str], set[str]]:
    """Facts without which nothing can be said, and facts that rest on too weak a word."""
    parts = rule_parts(rule)
    asked_about = {condition["fact"] for condition in found_in(parts, "known")}
    plain = mentioned(parts, alternatives=False)
    missing = {fact for fact in plain - asked_about if subject.value(fact) is None}
    used = {fact for fact in plain if subject.value(fact) is not None}
    for node in found_in(parts, "first_known"):
        options = [mentioned(alternative) for alternative in node["first_known"]]
        known = [option for option in options if all(subject.value(fact) is not None for fact in option)]
        if known:
            used |= known[0]
        else:
            missing.add(next(iter(_in_order(node["first_known"]))))
    weak = {fact for fact in used if subject.facts[fact][1] < WORDS[subject.pack["facts"][fact].get("decide", "partner")]}
    return missing, weak


def _in_order(node: Any) -> list[str]:
    """Facts in the order in which an amount names them."""
    if isinstance(node, list):
        return [fact for item in node for fact in _in_order(item)]
    if not isinstance(node, dict):
        return []
    if "fact" in node:
        return [node["fact"]]
    if "between" in node:
        return list(node["between"])
    return [fact for value in node.values() for fact in _in_order(value)]


# --- the answer ---------------------------------------------------------------------------------


def answers(record: Record, packs: Sequence[Document], claims: Iterable[ClaimInput]) -> list[Answer]:
    """Every line of every claim, unordered."""
    found: list[Answer] = []
    for claim in claims:
        answered: set[int] = set()
        for pack in sorted(packs, key=lambda pack: str(pack["code"])):
            facts = facts_of(claim, None, pack)
            if pack.get("asked_for") and pack["code"] not in claim.asks_for:
                continue
            if all_hold(Subject(record, pack, facts, 0), pack.get("scope", [])) is not True:
                continue
            for rule in pack["rules"]:
                lines, spoken = _by_rule(record, pack, rule, claim)
                found += lines
                answered |= spoken
        found += [_unanswered(record, claim, loss) for loss in claim.losses if loss.loss not in answered]
    return found


def facts_of(claim: ClaimInput, loss: int | None, pack: Document) -> dict[str, tuple[Any, int]]:
    """The best word on each fact of the claim or of one loss; of equals the latest. Too weak to quote is not heard."""
    best: dict[str, tuple[Any, int]] = {}
    for fact in claim.facts:
        if fact.loss == loss and (fact.name not in best or WORDS[fact.provenance] >= best[fact.name][1]):
            best[fact.name] = (fact.value, WORDS[fact.provenance])
    weakest = {name: WORDS[spec.get("quote", "claimant")] for name, spec in pack.get("facts", {}).items()}
    return {name: (value, word) for name, (value, word) in best.items() if word >= weakest.get(name, 0)}


def _by_rule(record: Record, pack: Document, rule: Document, claim: ClaimInput) -> tuple[list[Answer], set[int]]:
    facts = facts_of(claim, None, pack)
    if "losses" not in rule:
        return [_answer(record, pack, rule, claim.claim, None, [], facts)], set()
    named = set(rule["losses"]["services"])
    mine = [loss for loss in claim.losses if named & set(lineage(loss.service))]
    if rule["losses"].get("each"):
        groups: list[tuple[int | None, list[LossInput], dict[str, tuple[Any, int]]]] = [
            (loss.loss, [loss], {**facts, **facts_of(claim, loss.loss, pack)}) for loss in mine
        ]
    else:
        groups = [(None, mine, facts)] if mine else []
    lines = [_answer(record, pack, rule, claim.claim, loss, losses, known) for loss, losses, known in groups]
    return lines, {loss.loss for loss in mine}


def _answer(  # noqa: PLR0917
    record: Record, pack: Document, rule: Document, claim: int, loss: int | None,
    losses: list[LossInput], facts: dict[str, tuple[Any, int]],
) -> Answer:  # fmt: skip
    lost = measure(record, losses, rule.get("windows", {}))
    subject = Subject(record, pack, facts, lost.counted)
    any_time = "losses" not in rule or rule["losses"].get("overlap") == "not_required"
    official = any_time or any(is_official(record, one.service) for one in losses)
    counted = any_time or lost.counted > 0
    refused = [c["reason"] for c in rule.get("require", []) if holds(subject, c) is False]
    missing, weak = missing_and_unproved(subject, rule)
    review = [c["reason"] for c in rule.get("review", []) if holds(subject, c) is True]
    choice, amount = _choose(subject, rule)
    review += [f"needs_proof:{fact}" for fact in weak] + ["above_last_tier"] * subject.above
    undecided = choice != -1 and amount is None and not review and not missing
    if undecided:  # what the rule asks about by `known` is absent, and the amount needs it after all
        absent = {c["fact"] for c in found_in(rule_parts(rule), "known") if subject.value(c["fact"]) is None}
        missing = absent
    outcome = _outcome(refused, official, counted, missing, choice, review, amount)
    reasons = refused + [f"missing_fact:{fact}" for fact in missing] + review
    reasons += _time_reasons(record, losses, lost, official, counted)
    if outcome == "not_eligible" and not refused and official and counted:
        reasons.append("nothing_owed")
    paid = outcome in ("eligible", "needs_review") and amount is not None
    quantity = max(amount or 0, 0) if paid else 0 if outcome == "not_eligible" else None
    remedy = choices_of(rule)[max(choice or 0, 0)]["remedy"]
    return Answer(
        claim, (pack["code"], rule["code"]), loss, outcome, tuple(sorted(set(reasons))), quantity,
        lost.counted // PER_SECOND, remedy["instrument"], remedy["unit"],
    )  # fmt: skip


def _choose(subject: Subject, rule: Document) -> tuple[int | None, int | None]:
    """(choice, whole amount): -1 when no choice holds, None when it cannot be told."""
    held = [all_hold(subject, choice.get("when", [])) for choice in choices_of(rule)]
    for i, (choice, holding) in enumerate(zip(choices_of(rule), held, strict=True)):
        if holding is None:
            return None, None
        if holding:
            amounts = [choice["amount"], *([rule["at_most"]] if "at_most" in rule else [])]
            value = subject.all(amounts, min)
            return i, None if value is None else to_whole(value, rule.get("round", {"to": 1, "mode": "down"}))
    return -1, None


def _outcome(  # noqa: PLR0911, PLR0917 - one return per outcome, in the order of their weight
    refused: list[str], official: bool, counted: bool, missing: set[str], choice: int | None,
    review: list[str], amount: int | None,
) -> str:  # fmt: skip
    if refused:
        return "not_eligible"
    if not official:
        return "parked"
    if not counted:
        return "not_eligible"
    if missing:
        return "unknown"
    if choice == -1:
        return "not_eligible"
    if review:
        return "needs_review"
    return "unknown" if amount is None else "eligible" if amount > 0 else "not_eligible"


def _time_reasons(record: Record, losses: list[LossInput], lost: Measure, official: bool, counted: bool) -> list[str]:
    if not official:
        reported = any(loss.service in record.reported for loss in losses)
        return ["no_official_window", *(["citizen_report_only"] if reported else [])]
    if not counted:
        return (["outside_official_windows"] if lost.touched == 0 else []) + (["window_not_counted"] if lost.uncounted else [])
    partly = ["partly_outside_official_windows"] if lost.touched < lost.length else []
    return partly + (["partly_in_window_not_counted"] if lost.counted and lost.uncounted else [])


def _unanswered(record: Record, claim: ClaimInput, loss: LossInput) -> Answer:
    lost = measure(record, [loss], {})
    reported = ["citizen_report_only"] if loss.service in record.reported else []
    functions = [node.code for node in record.services if node.code.startswith(loss.service + ".")]
    if is_official(record, loss.service):
        outcome, reasons = "not_eligible", ["no_policy_pays"] + ([] if lost.counted else ["outside_official_windows"])
    elif any(is_official(record, code) for code in functions):
        outcome, reasons = "unknown", ["function_not_named", *reported]
    else:
        outcome, reasons = "parked", ["no_official_window", *reported]
    quantity = 0 if outcome == "not_eligible" else None
    seconds = lost.counted // PER_SECOND
    return Answer(claim.claim, None, loss.loss, outcome, tuple(sorted(reasons)), quantity, seconds, None, None)
