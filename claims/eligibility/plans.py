"""A rule as expressions over the columns of its subjects, prepared once per terms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from . import shapes as p
from .amounts import AmountCompiler, Exact, Step, rounded
from .conditions import holds
from .pack import Pack
from .terms import CompiledRule, Terms


@dataclass(frozen=True, eq=False)
class RulePlan:
    """A rule as expressions over its subjects' columns; made once per terms."""

    compiled: CompiledRule
    facts: tuple[str, ...]
    segments: pl.DataFrame
    services: pl.DataFrame  # service index, official, reported
    amount: pl.Expr  # whole units or null
    choice: pl.Expr  # position of the choice that holds, -1 if none does, null if not known
    refused: tuple[tuple[pl.Expr, str], ...]
    missing: tuple[tuple[pl.Expr, str], ...]
    absent: tuple[tuple[pl.Expr, str], ...]  # facts that may be absent, missing only where the amount needs them
    reviews: tuple[tuple[pl.Expr, str], ...]
    steps: tuple[Step, ...]

    @property
    def rule(self) -> p.Rule:
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


def _plan(compiled: CompiledRule, terms: Terms) -> RulePlan:
    rule, pack = compiled.rule, compiled.pack
    amounts = AmountCompiler(pack, terms.record)
    values: list[Exact] = []
    reviews: list[tuple[pl.Expr, str]] = []
    for i, one in enumerate(rule.choices):
        values.append(amounts.compile(one.amount, f"choices[{i}].amount"))
        reviews += [((pl.col("choice") == i) & check, reason) for check, reason in amounts.taken_reviews()]
    choice: pl.Expr = pl.lit(-1, dtype=pl.Int32)
    for i in reversed(range(len(values))):
        conditions = [holds(c, amounts, f"choices[{i}].when[{n}]") for n, c in enumerate(rule.choices[i].when)]
        holding = pl.all_horizontal(conditions) if conditions else pl.lit(True)
        unknown = holding.is_null()
        choice = pl.when(unknown).then(None).when(holding).then(pl.lit(i, dtype=pl.Int32)).otherwise(choice)
    amount = Exact.either([(pl.col("choice") == i, value) for i, value in enumerate(values)])
    reviews += amounts.taken_reviews()  # of the choices' conditions
    if rule.at_most is not None:
        cap = amounts.compile(rule.at_most, "at_most")
        amount = amounts.lesser([amount, cap], "at_most")
        reviews += [((pl.col("choice") >= 0) & check, reason) for check, reason in amounts.taken_reviews()]
    refused = tuple((~holds(c, amounts, f"require[{n}]"), c.reason or "") for n, c in enumerate(rule.require))
    reviews += [(holds(c, amounts, f"review[{n}]"), c.reason or "") for n, c in enumerate(rule.review)]
    missing, absent, unproved = _fact_checks(rule, pack)
    services = pl.DataFrame(
        [
            (terms.service_index[code], code in terms.official_services, code in terms.record.reported)
            for code in compiled.services
        ],
        schema={"service": pl.Int32, "official": pl.Boolean, "reported": pl.Boolean},
        orient="row",
    )
    return RulePlan(
        compiled=compiled,
        facts=tuple(p.facts_named([rule, pack.body.scope])),
        segments=terms.segment_frame(compiled.segments),
        services=services,
        amount=rounded(amount, rule.round),
        choice=choice,
        refused=refused,
        missing=missing,
        absent=absent,
        reviews=(*reviews, *amounts.taken_reviews(), *unproved),
        steps=tuple(amounts.steps),
    )


Checks = tuple[tuple[pl.Expr, str], ...]


def _fact_checks(rule: p.Rule, pack: Pack) -> tuple[Checks, Checks, Checks]:
    """(missing, absent, unproved): a fact that must be known and is not; one that may be unknown and is; one
    that is known only by too weak a word.

    A fact whose absence the rule asks about (`known`) is never missing. Of alternatives (`first_known`)
    only the first known one needs proof, and only when none is known is something missing.
    """
    optional = {c.fact for c in p.parts(rule) if isinstance(c, p.Condition) and c.known is not None}
    alternatives = [node for node in p.parts(rule) if isinstance(node, p.FirstKnown)]
    missing: list[tuple[pl.Expr, str]] = []
    absent: list[tuple[pl.Expr, str]] = []
    unproved: list[tuple[pl.Expr, str]] = []
    for fact in p.facts_named(rule, outside=p.FirstKnown):
        weakest = p.PROVENANCES.index(pack.body.facts[fact].decide)
        weak = _known(fact, pack) & (pl.col(f"p:{fact}") < weakest)
        (absent if fact in optional else missing).append((~_known(fact, pack), f"missing_fact:{fact}"))
        unproved.append((weak, f"needs_proof:{fact}"))
    for node in alternatives:
        earlier_known: pl.Expr = pl.lit(False)
        for alternative in node.first_known:
            facts = p.facts_named(alternative)
            known = pl.all_horizontal([pl.lit(True), *(_known(fact, pack) for fact in facts)])
            for fact in facts:
                weakest = p.PROVENANCES.index(pack.body.facts[fact].decide)
                weak = known & ~earlier_known & (pl.col(f"p:{fact}") < weakest)
                unproved.append((weak, f"needs_proof:{fact}"))
            earlier_known = earlier_known | known
        missing += [(~earlier_known, f"missing_fact:{fact}") for fact in p.facts_named(node)[:1]]
    return tuple(missing), tuple(absent), tuple(unproved)


def _known(fact: str, pack: Pack) -> pl.Expr:
    column = "t" if pack.body.facts[fact].type == "text" else "v"
    return pl.col(f"{column}:{fact}").is_not_null()
