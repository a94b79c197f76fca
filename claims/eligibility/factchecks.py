"""What is to be said of the facts that a rule names: which are missing, and which rest on too weak a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from . import shapes as p
from .amounts import Checks, Review, expanded, is_known
from .logic import ALWAYS, NEVER, both, either, opposite
from .pack import Pack
from .terms import CompiledRule


@dataclass(frozen=True)
class FactChecks:
    """What is to be said of the facts that a rule reads.

    `missing`: must be known and is not, or is told to be before its `not_before`; `absent`: may be unknown, and is;
    `unproved`: known by too weak a word to decide; `unpaid`: well enough to decide, and not to pay.
    """

    missing: Checks
    absent: Checks
    unproved: Checks
    unpaid: Checks


def fact_checks(compiled: CompiledRule, applies: Sequence[pl.Expr]) -> FactChecks:
    """A fact that the rule names is missing where nobody knows it.

    Unless the rule asks about it by `known`, it is only of use in some `cases`, under some value of a `match` or in
    some tier, or it has a default. Of alternatives (`first_known`) only the first known one needs proof, and only when
    none is known is something missing.
    """
    rule, pack = compiled.rule, compiled.pack
    named = _Mentions(compiled)
    optional = {
        c.fact for c in p.parts(expanded(named.said, pack.body.amounts)) if isinstance(c, p.Condition) and c.known is not None
    }
    asked = p.facts_named(expanded([pack.body.scope, rule.applies], pack.body.amounts)) if pack.body.asked_for else []
    missing: list[Review] = [
        (~is_known(fact, pack) & pl.any_horizontal([one.is_null() for one in applies]), f"missing_fact:{fact}")
        for fact in asked
        if (fact not in named.always or fact in optional) and pack.body.facts[fact].default is None
    ]
    absent: list[Review] = []
    for fact in named.plain:
        if fact == rule.chosen_by:  # while it is not known, the first option is given
            continue
        if fact in named.always and fact not in optional:
            missing.append((~is_known(fact, pack), f"missing_fact:{fact}"))
        elif pack.body.facts[fact].default is None:
            absent.append((~is_known(fact, pack), f"missing_fact:{fact}"))
    for node, always in named.alternatives:
        options = [p.facts_named(expanded(option, pack.body.amounts)) for option in node.first_known]
        none = opposite(either(*(_all_known(option, pack) for option in options)))
        (missing if always else absent).extend(
            (both(none, ~is_known(fact, pack)), f"missing_fact:{fact}") for fact in options[0]
        )
    used = [*named.used(), *([(ALWAYS, rule.chosen_by)] if rule.chosen_by is not None else [])]
    used += [
        (ALWAYS if rule.unconditional else pl.col("choice") == i, choice.remedy.extends)
        for i, choice in enumerate(rule.choices)
        if choice.remedy.extends is not None
    ]
    weak = {(fact, str(when)): (when, fact) for when, fact in used}.values()
    missing += [
        (both(used, is_known(fact, pack), is_known(earlier, pack), pl.col(f"v:{fact}") < pl.col(f"v:{earlier}")),
         f"out_of_order:{fact}")
        for used, fact in weak if (earlier := pack.body.facts[fact].not_before) is not None
    ]  # fmt: skip
    spoken = [(used, fact, pack.body.facts[fact]) for used, fact in weak if pack.body.facts[fact].of != "incident"]
    unproved = [
        (both(used, pl.col(f"p:{fact}") < p.PROVENANCES.index(spec.decide)), f"needs_proof:{fact}")
        for used, fact, spec in spoken
    ]
    unpaid = [
        (both(used, pl.col(f"p:{fact}").is_between(p.PROVENANCES.index(spec.decide), p.PROVENANCES.index(spec.pay) - 1)),
         f"proof_before_payment:{fact}")
        for used, fact, spec in spoken if spec.pay is not None
    ]  # fmt: skip
    return FactChecks(tuple(missing), tuple(absent), tuple(unproved), tuple(unpaid))


def earlier_facts(names: Iterable[str], pack: Pack) -> dict[str, str]:
    """Of these the ones that must not be before another, each with it."""
    asked = {name: pack.body.facts[name].not_before for name in names}
    return {name: earlier for name, earlier in asked.items() if earlier is not None}


class _Mentions:
    """Facts that a rule names.

    `plain`: outside of alternatives; `always`: of these the ones that it needs in any case; `alternatives`: each with
    whether it is reached in any case.
    """

    def __init__(self, compiled: CompiledRule) -> None:
        rule, body = compiled.rule, compiled.pack.body
        limit = compiled.limit
        self.pack = compiled.pack
        self.amounts = body.amounts
        self.facts = body.facts
        self.said = [rule.require, rule.review, rule.choices, rule.at_least, rule.at_most, rule.deduct, rule.minimum]
        self.said += [limit.at_most, limit.minimum] if limit else []
        self.plain: dict[str, None] = {}
        self.always: set[str] = set()
        self.alternatives: list[tuple[p.FirstKnown, bool]] = []
        self.concerned = [body.scope, rule.applies]  # they hold where there is a line, and may rest on too weak a word
        self._walk(self.said, always=True)

    def _walk(self, value: Any, *, always: bool) -> None:
        if isinstance(value, list | tuple):
            for item in value:
                self._walk(item, always=always)
        elif isinstance(value, p.FirstKnown):
            self.alternatives.append((value, always))
        elif isinstance(value, p.NamedAmount):
            self._walk(self.amounts[value.amount], always=always)
        elif isinstance(value, p.Cases):
            self._walk([value.cases, value.otherwise], always=False)
        elif isinstance(value, p.Match):
            self._mention(value.match, always=always)
            self._walk([*value.values.values(), value.otherwise], always=False)
        elif isinstance(value, p.Tiers):
            self._walk(value.of, always=always)
            self._walk([tier.pays for tier in value.tiers], always=False)
        elif isinstance(value, p.Part):
            for fact in _own_facts(value):
                self._mention(fact, always=always)
            for name in type(value).model_fields:
                self._walk(getattr(value, name), always=always)

    def used(self) -> list[tuple[pl.Expr, str]]:
        """Facts that need proof, each with when: of alternatives only the first known one does."""
        return list(self._used([self.concerned, self.said], ALWAYS))

    def _used(self, value: Any, when: pl.Expr) -> Iterator[tuple[pl.Expr, str]]:
        if isinstance(value, list | tuple):
            for item in value:
                yield from self._used(item, when)
        elif isinstance(value, Mapping):
            yield from self._used(list(value.values()), when)
        elif isinstance(value, p.FirstKnown):
            earlier: pl.Expr = NEVER
            for option in value.first_known:
                known = _all_known(p.facts_named(expanded(option, self.amounts)), self.pack)
                yield from self._used(option, both(when, known, opposite(earlier)))
                earlier = either(earlier, known)
        elif isinstance(value, p.NamedAmount):
            yield from self._used(self.amounts[value.amount], when)
        elif isinstance(value, p.Part):
            for fact in _own_facts(value):
                yield when, fact
            for name in type(value).model_fields:
                yield from self._used(getattr(value, name), when)

    def _mention(self, fact: str, *, always: bool) -> None:
        self.plain[fact] = None
        if always and self.facts[fact].default is None:
            self.always.add(fact)


def _own_facts(node: p.Part) -> list[str]:
    """Facts that a node itself names, not those below it."""
    if isinstance(node, p.FactRef):
        return [node.fact]
    if isinstance(node, p.Condition):
        return [] if node.fact is None else [node.fact]
    if isinstance(node, p.Match):
        return [node.match]
    return [end for end in node.between if isinstance(end, str)] if isinstance(node, p.Between) else []


def _all_known(facts: Iterable[str], pack: Pack) -> pl.Expr:
    return both(*(is_known(fact, pack) for fact in facts))
