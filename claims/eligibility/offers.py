"""What somebody may choose between: of each fact by which rules let them choose, what every option would give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from .assess import FACTS, Batch, concerns
from .explain import Rows, explain, without_lines
from .plans import plans_of
from .rules import Rule
from .shapes import PROVENANCES
from .terms import Terms

THEIRS = PROVENANCES.index("claimant")


@dataclass(frozen=True)
class Offer:
    """`lines`: of the rules that the fact chooses for, as `explain` gives them: by option what it would give, None what is
    given while nothing is chosen. An option of losses is taken as chosen for each of them. `as_told`: with what was said.
    """

    fact: str
    lines: Mapping[str | None, Rows]
    as_told: Rows


def explain_with_offers(batch: Batch, terms: Terms) -> tuple[dict[str, Any], list[Offer]]:
    """A batch of one claim as `explain` has it, and what each option would give instead, by the same call of the engine.

    All else that was said holds. Nothing more is calculated where no rule leaves a choice.
    """
    (claim,) = batch.claims["claim"].to_list()
    choosing = choosing_facts(batch, terms)
    wishes = [(fact, option) for fact, options in choosing.items() for option in (None, *options)]
    shift = int(batch.losses["loss"].max() or 0) + 1  # type: ignore[arg-type]  # a column of whole numbers
    others = [_wishing(batch, wish, place, place * shift, terms) for place, wish in enumerate(wishes, 1)]
    explained = {told["claim"]: told for told in explain(_together([batch, *others]) if others else batch, terms)}
    document = explained.get(claim) or without_lines(claim, terms)
    by_wish = {
        (fact, option): _chosen_by(fact, explained.get(claim + place), terms, place * shift)
        for place, (fact, option) in enumerate(wishes, 1)
    }
    offers = [
        Offer(
            fact, {option: by_wish[fact, option] for option in (None, *options)}, _chosen_by(fact, document, terms, 0)
        )
        for fact, options in choosing.items()
    ]  # fmt: skip
    return document, offers


def choosing_facts(batch: Batch, terms: Terms) -> dict[str, list[str]]:
    """The options of each fact that a rule which may say something to this claim is chosen by, in the order of the rules."""
    found: dict[str, dict[str, None]] = {}
    for plan in plans_of(terms):
        fact = plan.rule.chosen_by
        if fact is not None and concerns(plan, batch) and plan.compiled.pack.body.facts[fact].of != "incident":
            found.setdefault(fact, {}).update(dict.fromkeys(options_of(plan.rule)))
    return {fact: list(options) for fact, options in found.items()}


def options_of(rule: Rule) -> list[str]:
    """What can be chosen, in the order in which it is given."""
    return list(dict.fromkeys(choice.option for choice in rule.choices if choice.option is not None))


def _wishing(batch: Batch, wish: tuple[str, str | None], place: int, shift: int, terms: Terms) -> Batch:
    """The same claim under another number, by the claimant's word with this option, or with none."""
    fact, option = wish
    claims = batch.claims.with_columns(pl.col("claim") + place)
    losses = batch.losses.with_columns(pl.col("claim") + place, pl.col("loss") + shift)
    facts = batch.facts.filter(pl.col("name") != fact).with_columns(pl.col("claim") + place, pl.col("loss") + shift)
    if option is not None:
        (claim,) = claims["claim"].to_list()
        chosen = [(claim, loss, fact, None, option, THEIRS) for loss in _places(losses, fact, terms)]
        facts = pl.concat([facts, pl.DataFrame(chosen, schema=FACTS, orient="row")])
    return Batch(claims, losses, facts)


def _places(losses: pl.DataFrame, fact: str, terms: Terms) -> Iterable[int | None]:
    """Where it is said: of the claim, or of each loss that a rule answers which it chooses for."""
    plans = [plan for plan in plans_of(terms) if plan.rule.chosen_by == fact]
    if all(plan.compiled.pack.body.facts[fact].of == "claim" for plan in plans):
        return [None]
    answered = frozenset[int]().union(*(plan.lost for plan in plans))
    return [loss for loss, service in losses.select("loss", "service").iter_rows() if service in answered]


def _together(batches: Sequence[Batch]) -> Batch:
    claims, losses, facts = (pl.concat([getattr(one, name) for one in batches]) for name in ("claims", "losses", "facts"))
    return Batch(claims, losses, facts)


def _chosen_by(fact: str, document: dict[str, Any] | None, terms: Terms, shift: int) -> Rows:
    """Of its lines those that the fact chooses for, with their losses as they are numbered."""
    lines = [] if document is None else document["lines"]
    found = [(line, terms.rule_of(line["policy"], line["rule"])) for line in lines]
    return [
        {**line, "loss": None if line["loss"] is None else line["loss"] - shift}
        for line, compiled in found
        if compiled is not None and compiled.rule.chosen_by == fact
    ]
