"""What the engine must answer, worked out the slow way: plain Python, exact fractions, one claim at a time.

Written from what packs and records mean, not from the engine. `oracle_time.py` says when it was down and how much
of it counts, `oracle_amounts.py` what amounts are worth and whether conditions hold; here is what becomes of a rule:
the facts it hears, those it lacks, what it owes, and why. A pack is read as its document.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from claims.eligibility import ClaimInput, LossInput, Record

from .oracle_amounts import Fact, Subject, Value, all_hold, holds, named, named_itself, taken, to_whole
from .oracle_time import (
    DAY_0,
    PER_SECOND,
    SCOPES,
    SEVERITIES,
    Document,
    Measure,
    is_official,
    lineage,
    measure,
    seconds_by_clock,
)

__all__ = ["SCOPES", "SEVERITIES", "Answer", "answers", "facts_of", "measure", "seconds_by_clock", "written_out"]

WORDS = {"claimant": 0, "partner": 1, "staff": 2}
MOST_UNITS = 2**62
ROUND_DOWN = {"to": 1, "mode": "down"}


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


# --- every line of every claim ------------------------------------------------------------------


def answers(record: Record, packs: Sequence[Document], claims: Iterable[ClaimInput]) -> list[Answer]:
    """Unordered."""
    found: list[Answer] = []
    in_order = sorted(packs, key=lambda pack: str(pack["code"]))
    plain = [written_out(pack, pack.get("amounts", {})) for pack in in_order]
    for claim in claims:
        answered: set[int] = set()
        for pack in plain:
            lines, spoken = _by_pack(record, pack, claim)
            found += lines
            answered |= spoken
        found += [_unanswered(record, claim, loss) for loss in claim.losses if loss.loss not in answered]
    return found


def written_out(node: Any, amounts: Document) -> Any:
    """A named amount means what it says, in the place where it is named."""
    if isinstance(node, list):
        return [written_out(item, amounts) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"amount"} and isinstance(node["amount"], str):
        return written_out(amounts[node["amount"]], amounts)
    return {key: written_out(value, amounts) for key, value in node.items()}


def _by_pack(record: Record, pack: Document, claim: ClaimInput) -> tuple[list[Answer], set[int]]:
    """Lines, and the losses that some rule speaks of."""
    if pack.get("asked_for") and pack["code"] not in claim.asks_for:
        return [], set()
    subject = Subject(record, pack, facts_of(record, pack, claim, None))
    lines: list[Answer] = []
    answered: set[int] = set()
    for rule in pack["rules"]:
        concerned = all_hold(subject, [*pack.get("scope", []), *rule.get("applies", [])])
        if concerned or (concerned is None and pack.get("asked_for")):
            made, spoken = _by_rule(subject, rule, claim)
            lines += made
            answered |= spoken
    for limit in pack.get("limits", []):
        lines = _limited(subject, lines, limit)
    return lines, answered


def _by_rule(whole: Subject, rule: Document, claim: ClaimInput) -> tuple[list[Answer], set[int]]:
    if "losses" not in rule:
        return [_answer(whole, rule, claim, None)], set()
    services = set(rule["losses"]["services"])
    mine = sorted((loss for loss in claim.losses if services & set(lineage(loss.service))), key=lambda loss: loss.loss)
    if not rule["losses"].get("each"):
        lines = [_answer(replace(whole, losses=mine), rule, claim, None)] if mine else []
    else:
        lines = [_answer(_of_loss(whole, claim, loss), rule, claim, loss.loss) for loss in mine]
    return lines, {loss.loss for loss in mine}


def _of_loss(whole: Subject, claim: ClaimInput, loss: LossInput) -> Subject:
    facts = {**whole.facts, **facts_of(whole.record, whole.pack, claim, loss.loss)}
    return replace(whole, losses=[loss], facts=facts)


# --- facts --------------------------------------------------------------------------------------


def facts_of(record: Record, pack: Document, claim: ClaimInput, loss: int | None) -> dict[str, Fact]:
    """What is known of the claim and the incident, or of one loss: the best word, of equals the latest.

    What is too weak to quote is not heard. Where nobody is heard, the default is assumed. Of the incident the record
    alone speaks.
    """
    wanted = ("claim", "incident") if loss is None else ("loss",)
    specs = {name: spec for name, spec in pack.get("facts", {}).items() if spec.get("of", "claim") in wanted}
    found = {name: Fact(_read(spec, spec["default"]), None) for name, spec in specs.items() if "default" in spec}
    of_incident = {name for name, spec in specs.items() if spec.get("of") == "incident"}
    for told in getattr(record, "facts", ()):
        if told.name in of_incident:
            found[told.name] = Fact(_read(specs[told.name], told.value), None)
    heard: dict[str, Fact] = {}
    for fact in claim.facts:
        if fact.loss != loss or fact.name not in specs or fact.name in of_incident:
            continue
        word, spec = WORDS[fact.provenance], specs[fact.name]
        best = heard[fact.name].word if fact.name in heard else None
        if word >= WORDS[spec.get("quote", "claimant")] and (best is None or word >= best):
            heard[fact.name] = Fact(_read(spec, fact.value), word)
    return found | heard


def _read(spec: Document, value: Any) -> Value:
    """Facts come as whole numbers or text: instants in microseconds, dates in days, true as 1."""
    readings: dict[str, Callable[[Any], Value]] = {
        "instant": int,
        "date": lambda days: DAY_0 + dt.timedelta(days=days),
        "text": str,
    }
    return readings.get(spec["type"], Fraction)(value)


# --- which facts a rule needs -------------------------------------------------------------------


def parts_of(pack: Document, rule: Document) -> list[Any]:
    """What can name facts that must be known, also of the limit that the rule is under; `applies` is not among it."""
    keys = ("require", "review", "at_least", "at_most", "deduct", "minimum")
    limits = [
        limit.get(key) for limit in pack.get("limits", []) if rule["code"] in limit["rules"] for key in ("at_most", "minimum")
    ]
    return [*(rule[key] for key in keys if key in rule), choices_of(rule), limits]


def choices_of(rule: Document) -> list[Document]:
    return rule["choices"] if "choices" in rule else [{"amount": rule["amount"], "remedy": rule["remedy"]}]


def placed(node: Any, *, sheltered: bool = False) -> Iterator[tuple[str, bool, Any]]:
    """("fact", whether it is sheltered, its name) and ("first_known", the same, the part), which is not looked into.

    Sheltered is what stands in `cases`, in the values of a `match` and in what tiers pay.
    """
    if isinstance(node, list):
        for item in node:
            yield from placed(item, sheltered=sheltered)
    if not isinstance(node, dict):
        return
    if "first_known" in node:
        yield "first_known", sheltered, node
        return
    yield from (("fact", sheltered, fact) for fact in named_itself(node))
    for key, value in node.items():
        yield from placed(value, sheltered=sheltered or key in _shelters(node))


def _shelters(node: Document) -> set[str]:
    kinds = {"cases": {"cases", "otherwise"}, "match": {"values", "otherwise"}, "tiers": {"tiers"}}
    return set().union(*(keys for kind, keys in kinds.items() if kind in node))


def used(subject: Subject, node: Any) -> set[str]:
    """All facts that a part names; of a `first_known` those of the alternative that is taken."""
    if isinstance(node, list):
        return {fact for item in node for fact in used(subject, item)}
    if not isinstance(node, dict):
        return set()
    if "first_known" in node:
        return used(subject, taken(subject, node))
    return set(named_itself(node)).union(*(used(subject, value) for value in node.values()))


def asked_about(node: Any) -> set[str]:
    """Facts of which some condition asks whether they are known."""
    if isinstance(node, list):
        return {fact for item in node for fact in asked_about(item)}
    if not isinstance(node, dict):
        return set()
    own = {node["fact"]} if "known" in node else set()
    return own.union(*(asked_about(value) for value in node.values()))


def missing_and_absent(subject: Subject, rule: Document) -> tuple[set[str], set[str]]:
    """Facts without which nothing can be said, and those that are lacking only where it turns out that they are."""
    parts = parts_of(subject.pack, rule)
    found = list(placed(parts))
    asked = asked_about(parts) | {str(rule.get("chosen_by"))}
    unknown = {fact for fact in subject.pack["facts"] if subject.value(fact) is None}
    facts: dict[bool, set[str]] = {False: set(), True: set()}  # by whether they are sheltered
    for kind, is_sheltered, node in found:
        if kind == "fact":
            facts[is_sheltered] |= {node} - (set() if is_sheltered else asked)
        elif taken(subject, node) is None:
            facts[is_sheltered] |= set(named(node["first_known"][0]))
    missing = facts[False] & unknown
    concerned = [*subject.pack.get("scope", []), *rule.get("applies", [])]
    if all_hold(subject, concerned) is None:  # the pack was asked for, else there would be no line
        missing |= set(named(concerned)) & unknown
    return missing, (asked | facts[True]) & unknown - {str(rule.get("chosen_by"))}


def rested_on(subject: Subject, rule: Document, choice: int | None) -> set[str]:
    """All that the answer rests on."""
    besides = {rule["chosen_by"]} if "chosen_by" in rule else set()
    remedy = {} if choice in (None, -1) else choices_of(rule)[choice]["remedy"]
    besides |= {remedy["extends"]} if "extends" in remedy else set()
    concerned = [*subject.pack.get("scope", []), *rule.get("applies", [])]
    return used(subject, [*parts_of(subject.pack, rule), concerned]) | besides


def disordered(subject: Subject, facts: set[str]) -> list[str]:
    """Reasons of facts that are told to be before what comes first."""
    found = []
    for fact in facts:
        earlier = subject.pack["facts"][fact].get("not_before")
        values = [subject.value(fact), None if earlier is None else subject.value(earlier)]
        if None not in values and values[0] < values[1]:
            found.append(f"out_of_order:{fact}")
    return found


def proofs(subject: Subject, facts: set[str]) -> tuple[list[str], list[str]]:
    """Reasons of facts that rest on a word too weak to decide, and on one too weak to pay."""
    to_decide, to_pay = [], []
    for fact in facts:
        spec = subject.pack["facts"][fact]
        decide = spec.get("decide", "partner")
        word = subject.facts[fact].word if fact in subject.facts else None
        if word is None:  # not known, assumed, or of the incident
            continue
        if word < WORDS[decide]:
            to_decide.append(f"needs_proof:{fact}")
        elif word < WORDS[spec.get("pay", decide)]:
            to_pay.append(f"proof_before_payment:{fact}")
    return to_decide, to_pay


# --- what is owed -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """`choice`: None where it cannot be told, -1 where none holds. `amount`: None where it is not known."""

    choice: int | None
    amount: int | None = None
    too_small: bool = False


def _owed(subject: Subject, rule: Document) -> Owed:
    """The choices in turn; of those after the one that is taken nothing is reached."""
    option = subject.value(rule["chosen_by"]) if "chosen_by" in rule else None
    for i, choice in enumerate(choices_of(rule)):
        if option is not None and choice.get("option") != option:
            continue
        held = all_hold(subject, choice.get("when", []))
        if held is None:
            return Owed(None)
        if held:
            amount = _within_bounds(subject, rule, subject.amount(choice["amount"]))
            return _rounded(subject, rule, i, amount, _is_enough(subject, rule, amount))
    return Owed(-1)


def _within_bounds(subject: Subject, rule: Document, amount: Fraction | None) -> Fraction | None:
    """`at_least` is reached where there is an amount above 0; the others always."""
    if "at_least" in rule and amount is not None and amount > 0:
        amount = _both(max, amount, subject.amount(rule["at_least"]))
    if "at_most" in rule:
        amount = _both(min, amount, subject.amount(rule["at_most"]))
    if rule.get("deduct"):
        given = subject.all(rule["deduct"], lambda values: sum((max(value, Fraction(0)) for value in values), Fraction(0)))
        amount = _both(lambda a, b: a - b, amount, given)
        amount = _both(max, amount, Fraction(0))
    return amount


def _both(combine: Callable[..., Fraction], one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else combine(one, other)


def _is_enough(subject: Subject, rule: Document, amount: Fraction | None) -> bool | None:
    """None: the minimum is not known. It is reached where there is an amount above 0."""
    minimum = rule.get("minimum")
    if minimum is None or amount is None or amount <= 0:
        return True
    name = "at_least" if "at_least" in minimum else "above"
    border = subject.amount(minimum[name])
    return None if border is None else amount >= border if name == "at_least" else amount > border


def _rounded(subject: Subject, rule: Document, choice: int, amount: Fraction | None, enough: bool | None) -> Owed:
    if amount is None or enough is None:
        return Owed(choice)
    if not enough:
        return Owed(choice, 0, too_small=True)
    rounding = rule.get("round", ROUND_DOWN)
    whole = to_whole(amount, rounding)
    cap = subject.amount(rule["at_most"]) if "at_most" in rule else None
    if cap is not None:
        whole = min(whole, to_whole(cap, rounding | {"mode": "down"}))
    if whole > MOST_UNITS:
        subject.person_decides("amount_too_large")
        return Owed(choice)
    return Owed(choice, whole)


# --- the answer ---------------------------------------------------------------------------------


def _answer(whole: Subject, rule: Document, claim: ClaimInput, loss: int | None) -> Answer:
    lost, subject = _measured(whole, rule)
    refusals = [(condition["reason"], holds(subject, condition)) for condition in rule.get("require", [])]
    refused = [reason for reason, held in refusals if held is False]
    unsure = any(held is None for _, held in refusals)
    reviewed = [c["reason"] for c in rule.get("review", []) if holds(subject, c) is True]
    owed = _owed(subject, rule)
    facts = rested_on(subject, rule, owed.choice)
    (to_decide, to_pay), order = proofs(subject, facts), disordered(subject, facts)
    review = [*reviewed, *subject.review, *to_decide, *_unconfirmed(subject, rule, lost)]
    missing, absent = missing_and_absent(subject, rule)
    if owed.choice != -1 and (owed.amount is None or unsure) and not review and not missing and not order:
        missing = absent
    official, counted = _gates(subject, rule, lost)
    outcome = _outcome(refused, official, counted, missing | set(order), owed, review, unsure)
    reasons = [*refused, *(f"missing_fact:{fact}" for fact in missing), *order, *review]
    reasons += ["amount_unknown"] if outcome == "unknown" and not missing and not order else []
    reasons += to_pay if outcome == "eligible" else []
    reasons += _time_reasons(subject, lost, official, counted)
    if not refused and official and counted:
        reasons += _amount_reasons(rule, outcome, owed)
    remedy = choices_of(rule)[max(owed.choice or 0, 0)]["remedy"]
    return Answer(
        claim.claim, (subject.pack["code"], rule["code"]), loss, outcome, tuple(sorted(set(reasons))),
        _quantity(outcome, owed), lost.counted_time // PER_SECOND, remedy["instrument"], remedy["unit"],
    )  # fmt: skip


def _unconfirmed(subject: Subject, rule: Document, lost: Measure) -> list[str]:
    """An amount that goes by the ends of losses of which no window covers all."""
    if "losses" not in rule or rule["losses"].get("overlap") == "not_required":
        return []
    told = parts_of(subject.pack, {key: value for key, value in rule.items() if key not in ("require", "review")})
    return ["loss_not_confirmed"] if lost.touched < lost.length and _by_losses(told) else []


def _by_losses(node: Any) -> bool:
    if isinstance(node, list):
        return any(_by_losses(item) for item in node)
    if not isinstance(node, dict):
        return False
    return node.get("of") == "losses" or any(_by_losses(value) for value in node.values())


def _measured(whole: Subject, rule: Document) -> tuple[Measure, Subject]:
    """What counts by the rule's windows, and the subject with its times; why a person must decide starts anew."""
    lost = measure(whole.record, whole.losses, rule.get("windows", {}), whole.zone)
    times: dict[str | None, Any] = {None: lost.counted}
    for name, windows in rule.get("measures", {}).items():
        times[name] = measure(whole.record, whole.losses, windows, whole.zone).counted
    return lost, replace(whole, times=times, review=set())


def _gates(subject: Subject, rule: Document, lost: Measure) -> tuple[bool, bool]:
    """Whether any window is official for a loss, and whether any time counts, as far as the rule asks for it."""
    if "losses" not in rule or rule["losses"].get("overlap") == "not_required":
        return True, True
    windows = rule.get("windows", {})
    return any(is_official(subject.record, loss.service, windows) for loss in subject.losses), lost.counted_time > 0


def _outcome(  # noqa: PLR0911, PLR0917 - one return per outcome, in the order of their weight
    refused: list[str], official: bool, counted: bool, missing: set[str], owed: Owed, review: list[str], unsure: bool
) -> str:
    """`unsure`: of a requirement it is not known whether it holds."""
    if refused:
        return "not_eligible"
    if not official:
        return "parked"
    if not counted:
        return "not_eligible"
    if missing:
        return "unknown"
    if owed.choice == -1:
        return "not_eligible"
    if review:
        return "needs_review"
    if unsure or owed.amount is None:
        return "unknown"
    return "eligible" if owed.amount > 0 else "not_eligible"


def _quantity(outcome: str, owed: Owed) -> int | None:
    if outcome in ("eligible", "needs_review") and owed.amount is not None:
        return max(owed.amount, 0)
    return 0 if outcome == "not_eligible" else None


def _amount_reasons(rule: Document, outcome: str, owed: Owed) -> list[str]:
    """What is too small is said in place of "nothing owed", and also of a quote that a person reviews."""
    if owed.too_small and outcome in ("not_eligible", "needs_review"):
        return ["carried_forward" if rule["minimum"].get("otherwise") == "carried" else "below_minimum"]
    return ["nothing_owed"] if outcome == "not_eligible" else []


def _time_reasons(subject: Subject, lost: Measure, official: bool, counted: bool) -> list[str]:
    if not official:
        reported = any(loss.service in subject.record.reported for loss in subject.losses)
        return ["no_official_window", *(["citizen_report_only"] if reported else [])]
    if not counted:
        outside = ["outside_official_windows"] if lost.touched == 0 else []
        why = {"window_not_counted": lost.uncounted, "planned_maintenance": lost.planned}
        return outside + [reason for reason, is_so in why.items() if is_so]
    partly = ["partly_outside_official_windows"] if lost.touched < lost.length else []
    if not lost.counted:
        return partly
    why = {"partly_in_window_not_counted": lost.uncounted, "partly_in_planned_maintenance": lost.planned}
    return partly + [reason for reason, is_so in why.items() if is_so]


# --- limits, and losses without a rule ----------------------------------------------------------


def _limited(subject: Subject, lines: list[Answer], limit: Document) -> list[Answer]:
    """Lines of one claim in the order of the rules and losses: each gets what those before it left.

    Where all of them together are too small, none is paid; while one is open, it is not known whether they are. Nor is it
    of the eligible ones, where it takes a line under review to make them large enough.
    """
    mine = [line for line in lines if line.rule is not None and line.rule[1] in limit["rules"] and _pays(line)]
    at_most = subject.amount(limit["at_most"]) if "at_most" in limit else None
    left = None if at_most is None else max(math.floor(at_most), 0)
    made: dict[int, Answer] = {}
    for line in mine:
        given = line.quantity or 0
        kept = given if left is None else min(given, left)
        left = None if left is None else left - kept
        made[id(line)] = line if kept == given else _less_than(line, kept, limit["reason"])
    minimum = limit.get("minimum")
    together = sum(line.quantity or 0 for line in made.values())
    if minimum is not None and not _reaches(subject, minimum, together):
        reason = "carried_forward" if minimum.get("otherwise") == "carried" else "below_minimum"
        made = {id(line): _less_than(line, 0, reason) for line in mine}
        if any(line.rule is not None and line.rule[1] in limit["rules"] and line.quantity is None for line in lines):
            told = {id(line): tuple(sorted({*line.reasons, "limit_unknown"})) for line in mine}
            made = {id(line): replace(line, quantity=None, outcome="unknown", reasons=told[id(line)]) for line in mine}
    elif minimum is not None:
        certain = sum(line.quantity or 0 for line in made.values() if line.outcome == "eligible")
        if not _reaches(subject, minimum, certain):
            for line in mine:
                if line.outcome == "eligible":
                    reasons = tuple(sorted({*line.reasons, "limit_unknown"}))
                    made[id(line)] = replace(line, quantity=None, outcome="unknown", reasons=reasons)
    return [made.get(id(line), line) for line in lines]


def _pays(line: Answer) -> bool:
    return line.outcome in ("eligible", "needs_review") and (line.quantity or 0) > 0


def _reaches(subject: Subject, minimum: Document, together: int) -> bool:
    if "at_least" in minimum:
        return bool(together >= subject.amount(minimum["at_least"]))
    return bool(together > subject.amount(minimum["above"]))


def _less_than(line: Answer, quantity: int, reason: str) -> Answer:
    """A line of which nothing is left is not eligible, and needs no proof before payment."""
    if quantity:
        return replace(line, quantity=quantity, reasons=tuple(sorted({*line.reasons, reason})))
    kept = {told for told in line.reasons if not told.startswith("proof_before_payment")}
    return replace(line, quantity=0, outcome="not_eligible", reasons=tuple(sorted({*kept, reason})))


def _unanswered(record: Record, claim: ClaimInput, loss: LossInput) -> Answer:
    lost = measure(record, [loss], {"planned": {"counts": "always"}}, ZoneInfo("UTC"))
    reported = ["citizen_report_only"] if loss.service in record.reported else []
    functions = [node.code for node in record.services if node.code.startswith(loss.service + ".")]
    if is_official(record, loss.service, {}):
        outcome, reasons = "not_eligible", ["no_policy_pays"] + ([] if lost.counted else ["outside_official_windows"])
    elif any(is_official(record, code, {}) for code in functions):
        outcome, reasons = "unknown", ["function_not_named", *reported]
    else:
        outcome, reasons = "parked", ["no_official_window", *reported]
    quantity = 0 if outcome == "not_eligible" else None
    seconds = lost.counted_time // PER_SECOND
    return Answer(claim.claim, None, loss.loss, outcome, tuple(sorted(reasons)), quantity, seconds, None, None)
