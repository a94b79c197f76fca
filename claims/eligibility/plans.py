"""A rule as expressions over the columns of its subjects, prepared once per terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from . import shapes as p
from .amounts import AmountCompiler, Checks, Pieces, Stages, Step, compared, expanded, staged
from .exact import MOST_UNITS, Exact, difference, first_of, least, most, rounded, too_large, total, whole_units
from .factchecks import earlier_facts, fact_checks
from .logic import ALWAYS, NEVER, both, either, opposite
from .pack import FactSpec, Pack
from .record import Record, is_below
from .refusals import EngineRefusal, Path, Problem
from .rules import Rounding, Rule
from .segments import Segment, cut
from .terms import CompiledRule, Terms, compile_terms, read_by


@dataclass(frozen=True, eq=False)
class MeasurePlan:
    """One way to count: its segments as columns, cut at the borders of `periods`, and the weights that it knows.

    `frame`: service (index), seg_start, seg_end (µs), weight, segment (position in the rule's), and per period
    `q:<period>`, the start of the one that the row lies in.
    """

    name: str
    frame: pl.DataFrame
    periods: tuple[str, ...]
    weights: tuple[int, ...]  # above 0, ascending
    unit: int
    planned: tuple[int, ...]  # the segments that do not count because they are planned maintenance

    @property
    def plain(self) -> bool:
        """Whether it is the rule's windows, and time counts in full or not at all: what is counted anyway."""
        return not self.name and self.weights in ((), (1,)) and self.unit == 1


@dataclass(frozen=True)
class FactColumns:
    """A fact as the columns v: (number) or t: (text) and p: (whose word) of a subject.

    `heard`: as the batch tells it (columns value_, text_ and provenance_<name>), if by a word that may quote, else what
    is assumed of it. `silent`: where the batch has no such fact, and of the incident always.
    """

    name: str
    of: str
    heard: tuple[pl.Expr, ...]
    silent: tuple[pl.Expr, ...]


@dataclass(frozen=True, eq=False)
class RulePlan:
    """A rule as expressions over its subjects' columns; made once per terms."""

    compiled: CompiledRule
    nodes: tuple[p.Part, ...]  # every part of the pack that it calculates with
    facts: tuple[FactColumns, ...]
    claim_facts: tuple[FactColumns, ...]  # of the scope and of `applies`
    applies: tuple[pl.Expr, ...]  # of the scope and of the rule: where one is not true, there is no line
    applies_shared: Stages
    uncut: Mapping[str, pl.DataFrame]  # by measure its segments as they are, as `Terms.segment_frame` gives them
    measures: Mapping[str, MeasurePlan]
    instants: tuple[str, ...]  # columns that `at` needs
    services: pl.DataFrame  # service index, official, reported
    lost: frozenset[int]  # indexes of the services that it answers
    shared: Stages  # columns that others are made of, among them
    # `choice`: position of the choice that holds, -1 if none does, null if not known; `amount`: whole units or null
    limit: pl.Expr  # what the lines of a claim may give together
    floor: pl.Expr  # less than this together is not paid
    refused: Checks
    known: pl.Expr  # the amount, and whether every requirement holds
    missing: Checks
    absent: Checks  # facts that may be absent, missing only where the amount needs them
    reviews: Checks
    notes: Checks  # what is said beside, without changing the outcome
    small: Checks  # why an amount is not paid although it is above 0
    steps: tuple[Step, ...]
    pieces: tuple[Pieces, ...]

    @property
    def rule(self) -> Rule:
        return self.compiled.rule

    @property
    def answers_losses(self) -> bool:
        return self.rule.losses is not None

    @property
    def keys(self) -> list[str]:
        return ["claim", "loss"] if self.rule.losses and self.rule.losses.each else ["claim"]


@lru_cache(maxsize=64)
def plans_of(terms: Terms) -> tuple[RulePlan, ...]:
    return tuple(_plan(rule, terms) for rule in terms.compiled)


def check_plans(pack: Pack) -> Iterator[Problem]:
    """What is wrong with a pack's rules before there is any record: kinds, divisors, and numbers that could overflow."""
    named = [code for rule in pack.rules if rule.losses for code in rule.losses.services]
    record = Record("check", 1, pack.incidents_from, (), ()).with_services(named)
    try:
        terms = compile_terms(record, [pack])
    except EngineRefusal as refusal:
        yield Problem(refusal.code, (), refusal.message)
        return
    for place, compiled in enumerate(terms.compiled):
        try:
            _plan(compiled, terms)
        except EngineRefusal as refusal:
            path = _path(refusal.where)
            whole = path[:1] in (("amounts",), ("limits",), ("scope",))
            yield Problem(refusal.code, path if whole else ("rules", place, *path), refusal.message)


def _path(where: str) -> Path:
    """`choices[0].amount` as a path."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", where))


def _plan(compiled: CompiledRule, terms: Terms) -> RulePlan:
    rule, pack = compiled.rule, compiled.pack
    amounts = AmountCompiler(pack, terms, compiled.units)
    amounts.shared.append(("choice", _choice(rule, amounts)))
    whole, small = _amount(rule, amounts)
    whole = amounts.share(whole, "amount:whole")
    amounts.shared.append(("amount", whole_units(whole)))
    required = [amounts.holds(c, f"require[{n}]") for n, c in enumerate(rule.require)]
    refused = tuple((opposite(held), c.reason or "") for held, c in zip(required, rule.require, strict=True))
    reviews = [(amounts.holds(c, f"review[{n}]"), c.reason or "") for n, c in enumerate(rule.review)]
    limit, floor = _limit(compiled, amounts), _floor(compiled, amounts)
    steps, pieces = tuple(amounts.steps), tuple(amounts.pieces)
    scope = AmountCompiler(pack, terms, compiled.units)
    applies = [scope.holds(c, f"scope[{n}]") for n, c in enumerate(pack.body.scope)]
    applies += [scope.holds(c, f"applies[{n}]") for n, c in enumerate(rule.applies)]
    facts = fact_checks(compiled, applies)
    read = [pack.body.scope, *read_by(compiled)]
    named = [*p.facts_named(read), *named_besides(rule)]
    return RulePlan(
        compiled=compiled,
        nodes=tuple(p.parts(read_by(compiled))),
        facts=_columns([*named, *earlier_facts(named, pack).values()], pack, terms),
        claim_facts=_columns(p.facts_named(expanded([pack.body.scope, rule.applies], pack.body.amounts)), pack, terms),
        applies=tuple(applies),
        applies_shared=staged(scope.shared),
        uncut={name: terms.segment_frame(found) for name, found in compiled.counted.items()},
        measures=_measures(compiled, pieces, terms),
        instants=_instants(read),
        services=_services(compiled, terms),
        lost=frozenset(terms.service_index[code] for code in compiled.services),
        shared=staged([*scope.shared, *amounts.shared]),
        limit=limit,
        floor=floor,
        refused=refused,
        known=both(pl.col("amount").is_not_null(), *(held.is_not_null() for held in required)),
        missing=facts.missing,
        absent=facts.absent,
        reviews=(*reviews, *amounts.reviews, *facts.unproved, *_unconfirmed(compiled), *_too_large(whole)),
        notes=facts.unpaid,
        small=small,
        steps=steps,
        pieces=pieces,
    )


def _choice(rule: Rule, amounts: AmountCompiler) -> pl.Expr:
    held: list[pl.Expr] = []
    earlier: pl.Expr = NEVER
    for i, one in enumerate(rule.choices):
        chosen: pl.Expr = ALWAYS
        if rule.chosen_by is not None:
            option = pl.col(f"t:{rule.chosen_by}")
            chosen = option.is_null() | (option == one.option).fill_null(False)
        with amounts.only_if(both(chosen, opposite(earlier))):
            conditions = [amounts.holds(c, f"choices[{i}].when[{n}]") for n, c in enumerate(one.when)]
        held.append(both(chosen, *conditions))
        earlier = either(earlier, held[-1])
    choice: pl.Expr = pl.lit(-1, dtype=pl.Int32)
    for i, holding in reversed(list(enumerate(held))):
        if holding is NEVER:
            continue
        this = pl.lit(i, dtype=pl.Int32)
        choice = this if holding is ALWAYS else pl.when(holding).then(this).when(~holding).then(choice)
    return choice


def _instants(read: Any) -> tuple[str, ...]:
    found = {f"{node.of}_{node.at}" for node in p.parts(read) if isinstance(node, p.At) and node.of in ("losses", "counted")}
    return tuple(sorted(found))


def named_besides(rule: Rule) -> list[str]:
    """Facts that a rule names outside of amounts and conditions."""
    extended = [choice.remedy.extends for choice in rule.choices]
    return [fact for fact in (rule.chosen_by, *extended) if fact is not None]


def _unconfirmed(compiled: CompiledRule) -> Checks:
    """An amount by where losses begin or end, as they were told, where no official window says so too."""
    rule, body = compiled.rule, compiled.pack.body
    if rule.losses is None or rule.losses.overlap == "not_required":
        return ()
    limit = compiled.limit
    amounts = [rule.choices, rule.at_least, rule.at_most, rule.deduct, rule.minimum]
    amounts += [limit.at_most, limit.minimum] if limit else []
    told = any(isinstance(node, p.At) and node.of == "losses" for node in p.parts(expanded(amounts, body.amounts)))
    return ((pl.col("touched") < pl.col("length"), "loss_not_confirmed"),) if told else ()


def _too_large(whole: Exact) -> Checks:
    return () if whole.high <= MOST_UNITS else ((too_large(whole), "amount_too_large"),)


def _amount(rule: Rule, amounts: AmountCompiler) -> tuple[Exact, Checks]:
    """The amount in whole units, worked out in the order that `Rule` states, and why it may be nothing after all."""
    choices = []
    for i, one in enumerate(rule.choices):
        taken = ALWAYS if rule.unconditional else pl.col("choice") == i
        with amounts.only_if(taken):
            choices.append((taken, amounts.number(one.amount, f"choices[{i}].amount")))
    amount = first_of(choices, "choices")
    small: Checks = ()
    cap: Exact | None = None
    with amounts.only_if(ALWAYS if rule.unconditional else pl.col("choice") >= 0):
        if rule.at_least is not None:
            amount = amounts.share(amount, "amount:before_floor")
            with amounts.only_if(amount.numerator > 0):
                floor = amounts.number(rule.at_least, "at_least")
            amount = first_of([(amount.numerator > 0, most([amount, floor], "at_least")), (ALWAYS, amount)], "at_least")
        if rule.at_most is not None:
            amount = amounts.share(amount, "amount:before_cap")
            cap = amounts.number(rule.at_most, "at_most")
            amount = least([amount, cap], "at_most")
        if rule.deduct:
            amount = amounts.share(amount, "amount:before_deduction")
            nothing = Exact.constant(0)
            given = [most([one, nothing], "deduct") for one in amounts.compile_all(rule.deduct, "deduct")]
            amount = most([difference(amount, total(given, "deduct"), "deduct"), nothing], "deduct")
        if rule.minimum is not None:
            amount = amounts.share(amount, "amount:before_minimum")
            name = "at_least" if rule.minimum.at_least is not None else "above"
            with amounts.only_if(amount.numerator > 0):
                border = amounts.number(getattr(rule.minimum, name), f"minimum.{name}")
            enough = compared(amount, name, border, "minimum")
            small = (((amount.numerator > 0) & ~enough, rule.minimum.reason),)
            free = amount.numerator <= 0  # then it does not matter whether the minimum is known
            amount = first_of([(free | enough, amount), (ALWAYS, Exact.constant(0))], "minimum")
    whole = rounded(amount, rule.round)
    if cap is not None and rule.round.mode != "down":  # what rounding would lift above the cap is rounded down
        whole = least([whole, rounded(cap, Rounding(to=rule.round.to, mode="down"))], "at_most")
    return whole, small


def _limit(compiled: CompiledRule, amounts: AmountCompiler) -> pl.Expr:
    limit = compiled.limit
    if limit is None or limit.at_most is None:
        return pl.lit(None, dtype=pl.Int64)
    where = f"limits[{compiled.pack.body.limits.index(limit)}].at_most"
    whole = rounded(amounts.number(limit.at_most, where), Rounding(to=1, mode="down"), where)
    return whole_units(least([whole, Exact.constant(MOST_UNITS)], where)).clip(0)


def _floor(compiled: CompiledRule, amounts: AmountCompiler) -> pl.Expr:
    """The smallest whole sum that is paid; 0 where there is no minimum."""
    limit = compiled.limit
    if limit is None or limit.minimum is None:
        return pl.lit(0, dtype=pl.Int64)
    name = "at_least" if limit.minimum.at_least is not None else "above"
    where = f"limits[{compiled.pack.body.limits.index(limit)}].minimum.{name}"
    border = amounts.number(getattr(limit.minimum, name), where)
    whole = rounded(border, Rounding(to=1, mode="up" if name == "at_least" else "down"), where)
    return whole_units(least([whole, Exact.constant(MOST_UNITS - 1)], where)).clip(-1) + (name == "above")


def _services(compiled: CompiledRule, terms: Terms) -> pl.DataFrame:
    stated = [code for window in compiled.rule.windows.stated for code in window.services]
    rows = [
        (
            terms.service_index[code],
            code in terms.official_services or any(is_below(code, one) for one in stated),
            code in terms.record.reported,
        )
        for code in compiled.services
    ]
    schema = {"service": pl.Int32, "official": pl.Boolean, "reported": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


# --- measures --------------------------------------------------------------------------------------


def _measures(compiled: CompiledRule, pieces: Sequence[Pieces], terms: Terms) -> dict[str, MeasurePlan]:
    return {
        name: _measure(name, found, _periods(p_ for p_ in pieces if p_.measure == name), compiled, terms)
        for name, found in compiled.counted.items()
    }


def _periods(pieces: Iterable[Pieces]) -> set[str]:
    found: set[str] = set()
    for one in pieces:
        found |= {one.node.each} | _periods(one.inner)
    return found - {"run"}


def _measure(name: str, segments: Sequence[Segment], periods: set[str], compiled: CompiledRule, terms: Terms) -> MeasurePlan:
    named = tuple(sorted(periods))
    cuts = list(cut(segments, named, compiled.pack.zone))
    columns: dict[str, Any] = {
        "service": [terms.service_index[segments[one.segment].service] for one in cuts],
        "seg_start": [one.start_at for one in cuts],
        "seg_end": [one.end_at for one in cuts],
        "weight": [segments[one.segment].weight for one in cuts],
        "segment": [one.segment for one in cuts],
    }
    columns |= {f"q:{period}": [one.periods[i] for one in cuts] for i, period in enumerate(named)}
    schema = dict.fromkeys(columns, pl.Int64) | {"service": pl.Int32, "segment": pl.Int32}
    weights = tuple(sorted({segment.weight for segment in segments} - {0}))
    planned = tuple(place for place, segment in enumerate(segments) if segment.planned)
    return MeasurePlan(name, pl.DataFrame(columns, schema=schema), named, weights, compiled.units[name], planned)


# --- facts -----------------------------------------------------------------------------------------


def _columns(names: Iterable[str], pack: Pack, terms: Terms) -> tuple[FactColumns, ...]:
    return tuple(_fact_columns(name, pack.body.facts[name], terms) for name in dict.fromkeys(names))


def _fact_columns(name: str, spec: FactSpec, terms: Terms) -> FactColumns:
    found = terms.record.finding(name, spec.type) if spec.of == "incident" else None
    value = None if found is None else found.value
    word = None if value is None else len(p.PROVENANCES) - 1  # of the incident: verified by staff
    known = spec.default if value is None else value
    column, kind = ("t", "text") if spec.type == "text" else ("v", "value")
    number = int(known) if kind == "value" and known is not None else known
    otherwise = pl.lit(number, dtype=pl.String if kind == "text" else pl.Int64)
    told, whose = pl.col(f"{kind}_{name}"), pl.col(f"provenance_{name}")
    weakest = p.PROVENANCES.index(spec.quote)
    listened = weakest == 0 and known is None  # to everybody, and nothing is assumed
    heard = (told, whose) if listened else (
        pl.when(whose >= weakest).then(told).otherwise(otherwise), pl.when(whose >= weakest).then(whose),
    )  # fmt: skip
    silent = (otherwise, pl.lit(word, dtype=pl.Int8))
    named = (f"{column}:{name}", f"p:{name}")
    return FactColumns(name, spec.of, *(tuple(map(pl.Expr.alias, made, named)) for made in (heard, silent)))
