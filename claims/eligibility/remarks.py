"""What is no fault of a pack, and yet looks like a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .pack import PackBody
from .shapes import (
    Completed,
    Condition,
    Counted,
    FigureRef,
    NamedAmount,
    NeedsReview,
    Started,
    Tiers,
    facts_named,
    kind_of,
    parts,
)

TIMES = {  # how a figure's unit is written, and in which unit time is counted
    word: unit
    for unit, words in (
        ("seconds", ("second", "seconds", "초")), ("minutes", ("minute", "minutes", "분")),
        ("hours", ("hour", "hours", "시간")), ("days", ("day", "days", "일")),
    )
    for word in words
}  # fmt: skip


def remarks(body: PackBody) -> Iterator[str]:
    """Names that nothing uses, options that give nothing, wishes to be proved, and figures in another unit than what is held
    against them.
    """
    yield from _unused(body)
    yield from _without_choice(body)
    yield from _wishes_to_prove(body)
    yield from dict.fromkeys(_mixed(body))


def _unused(body: PackBody) -> Iterator[str]:
    """What no rule speaks of: it was meant somewhere, or is asked for in vain. No reason to refuse a pack."""
    whole = [body.scope, body.rules, body.amounts, body.limits]
    nodes = list(parts(whole))
    remedies = [choice.remedy for rule in body.rules for choice in rule.choices]
    late = [promise.late for promise in (body.deadlines.answer, body.deadlines.pay) if promise is not None]
    directly = {body.recovery_floor, body.automatic.approve_up_to}
    used: dict[str, set[Any]] = {
        "facts": {*facts_named(whole), *(rule.chosen_by for rule in body.rules), *(one.extends for one in remedies)},
        "figures": {*(node.figure for node in nodes if isinstance(node, FigureRef)), *directly, *late},
        "amounts": {node.amount for node in nodes if isinstance(node, NamedAmount)},
        "reasons": {
            *(node.reason for node in nodes if isinstance(node, Condition)), *(limit.reason for limit in body.limits),
            *(node.needs_review for node in nodes if isinstance(node, NeedsReview)),
        },
    }  # fmt: skip
    for field, names in used.items():
        for name in getattr(body, field):
            if name not in names:
                yield f"{field}.{name}: nothing uses it; use it, or take it out"


def _without_choice(body: PackBody) -> Iterator[str]:
    for rule in body.rules:
        values = None if rule.chosen_by is None else body.facts[rule.chosen_by].values
        options = [choice.option for choice in rule.choices]
        for value in values or ():
            if value not in options:
                yield f"rules.{rule.code}: nothing is given to who chooses {value}; if that is meant, leave it so"


def _wishes_to_prove(body: PackBody) -> Iterator[str]:
    for name in dict.fromkeys(rule.chosen_by for rule in body.rules if rule.chosen_by is not None):
        spec = body.facts[name]
        if spec.of != "incident" and spec.decide != "claimant":
            yield f"facts.{name}: claimants choose by it, and nobody can prove a wish; say `decide: claimant`"


def _mixed(body: PackBody) -> Iterator[str]:
    for node in parts([body.scope, body.rules, body.amounts, body.limits]):
        for time, held_against in _held(node):
            figure = body.figures[held_against.figure]
            unit = TIMES.get(figure.unit.lower())
            if unit is not None and unit != time.counted:
                told = f"it is in {figure.unit}, and time counted in {time.counted} is held against it"
                yield f"figures.{held_against.figure}: {told}"


def _held(node: Any) -> Iterator[tuple[Counted, FigureRef]]:
    """Counted time, and each figure that a comparison, a tier or a unit holds it against."""
    against: list[Any] = []
    time: Any = None
    if isinstance(node, Condition):
        time, against = node.that, list(node.comparisons.values())
    elif isinstance(node, Tiers):
        time = node.of
        against = [end for tier in node.tiers for end in (tier.from_, tier.above, tier.up_to, tier.below)]
    elif isinstance(node, Completed | Started):
        time, against = getattr(node, kind_of(node) or ""), [node.per]
    if isinstance(time, Counted):
        yield from ((time, one) for one in against if isinstance(one, FigureRef))
