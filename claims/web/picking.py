"""What somebody may choose to be given: each option with what it is worth, as the engine has it, and cash before all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from claims.eligibility import FactSpec, Terms
from claims.eligibility.labels import INSTRUMENTS, PROVENANCES
from claims.eligibility.offers import Offer, options_of
from claims.eligibility.reading import Reading
from claims.eligibility.reasons import said_reason
from claims.eligibility.terms import CompiledRule
from claims.eligibility.wording import Wording
from claims.fact_forms import REFUSED
from claims.operations import ToldFact, ToldLoss
from claims.web.choices import Choice
from claims.web.our_form import OurForm
from claims.web.pick_words import say
from claims.web.quoted import said_amount_of
from services.language import in_english
from services.words import said_instant

Line = dict[str, Any]
Ruled = tuple[Line, CompiledRule]
GIVES = ("eligible", "needs_review", "unknown")  # outcomes of which something may come


@dataclass(frozen=True)
class Pick:
    """A fact by which somebody chooses. `loss`: as lines number it, None of the claim; `of`: what it is about, where it is of a
    loss; `name`: of its field, which stays while the loss does.
    """

    fact: str
    spec: FactSpec
    options: Sequence[str]
    name: str
    loss: int | None = None
    of: str = ""


def picks_of(terms: Terms, wanted: Mapping[str, FactSpec], losses: Sequence[tuple[int, str, str, str]]) -> list[Pick]:
    """`losses`: number, service, a name that stays, and what it is called."""
    found = []
    for fact, spec in wanted.items():
        rules = [compiled for compiled in terms.compiled if compiled.rule.chosen_by == fact]
        options = list(dict.fromkeys(option for compiled in rules for option in options_of(compiled.rule)))
        if spec.of == "claim":
            found.append(Pick(fact, spec, options, f"pick-{fact}"))
        answered = {service for compiled in rules for service in compiled.services}
        found += [
            Pick(fact, spec, options, f"pick-{fact}-{key}", number, called)
            for number, service, key, called in losses
            if spec.of == "loss" and service in answered
        ]
    return found


def picks_of_telling(
    terms: Terms, wanted: Mapping[str, FactSpec], losses: Sequence[ToldLoss], choices: Mapping[str, Choice]
) -> list[Pick]:
    """Of what is in no table yet: losses are numbered as a quote does."""
    named = []
    for place, told in enumerate(losses, start=1):
        end = "" if told.end_at is None else f"{told.end_at:%Y%m%d%H%M%S}"
        key = f"{told.service}-{told.start_at:%Y%m%d%H%M%S}-{end}"
        named.append((place, told.service, key, f"{choices[told.service].name} {said_instant(told.start_at)}"))
    return picks_of(terms, wanted, named)


class PickForm(OurForm):
    """A field for each pick; left alone it says nothing."""

    def __init__(self, *args: Any, picks: Sequence[Pick], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.picks = picks
        for pick in picks:
            choices = [("", ""), *((option, pick.spec.said_value(option, in_english())) for option in pick.options)]
            unknown = REFUSED["value_unknown"][in_english()]
            self.fields[pick.name] = forms.ChoiceField(
                choices=choices, required=False, error_messages={"invalid_choice": unknown}
            )

    def says_something(self) -> bool:
        return any(self.cleaned_data.get(pick.name) for pick in self.picks)

    def told(self, loss: int | None = None) -> tuple[ToldFact, ...]:
        """What was chosen of the claim or of this loss, of a valid form."""
        said = [(pick.fact, self.cleaned_data[pick.name]) for pick in self.picks if pick.loss == loss]
        return tuple(ToldFact(fact, option) for fact, option in said if option)

    def told_losses(self, losses: Sequence[ToldLoss]) -> list[ToldLoss]:
        """The same losses, numbered from 1, with what was chosen of each."""
        return [replace(one, facts=(*one.facts, *self.told(place))) for place, one in enumerate(losses, start=1)]

    def answers(self) -> list[tuple[str, str]]:
        """What it is about, and what was chosen."""
        said = [(pick, self.cleaned_data[pick.name]) for pick in self.picks]
        return [(pick_title(pick), pick.spec.said_value(option, in_english())) for pick, option in said if option]


def pick_title(pick: Pick) -> str:
    return " · ".join(filter(None, (pick.spec.label.said(in_english()), pick.of)))


@dataclass(frozen=True)
class Option:
    """`gives`: amounts, mostly one; `more`: what is to be known of it; `worth`: whether one of the amounts is known."""

    value: str
    label: str
    gives: Sequence[str]
    more: Sequence[str]
    cash: bool
    worth: bool


@dataclass(frozen=True)
class Choosing:
    """A pick as a page shows it, with the options that hold. `options`: cash first, then as the policy has them; fewer than two
    are no choice. `unchosen`: what is given while nothing is chosen; `chosen`: the option that was, and `gets` what it gives;
    `by`: whose word that is, if not the claimant's, who cannot change it then; `no_cash`: why not the cash that the policy has.
    """

    pick: Pick
    title: str
    options: Sequence[Option]
    unchosen: str
    chosen: str
    gets: str
    by: str
    no_cash: str

    @property
    def open(self) -> bool:
        return len(self.options) > 1 and not self.by

    @property
    def unchosen_said(self) -> str:
        return say("unchosen").format(self.unchosen) if self.unchosen else ""

    @property
    def chosen_said(self) -> str:
        named = self.pick.spec.said_value(self.chosen, in_english()) if self.chosen else ""
        if named.lower() in self.gets.lower():
            named = ""
        return " · ".join(filter(None, (named, self.gets, self.by)))

    @property
    def shown(self) -> bool:
        return len(self.options) > 1 or bool(self.no_cash or self.chosen)


def choosings(offers: Sequence[Offer], picks: Sequence[Pick], terms: Terms, wording: Wording) -> list[Choosing]:
    """What is to be shown of them."""
    by_fact = {offer.fact: offer for offer in offers}
    found = [_choosing(by_fact[pick.fact], pick, terms, wording) for pick in picks if pick.fact in by_fact]
    return [one for one in found if one.shown]


def _choosing(offer: Offer, pick: Pick, terms: Terms, wording: Wording) -> Choosing:
    lines = {
        option: [(line, _rule(line, terms)) for line in found if line["loss"] == pick.loss]
        for option, found in offer.lines.items()
    }
    found: dict[tuple[Any, ...], Option] = {}
    for option in pick.options:
        given = [(line, compiled) for line, compiled in lines[option] if _holds(line, compiled, option)]
        if given:
            found.setdefault(tuple(_same(line) for line, _ in given), _option(option, given, pick, wording))
    options = sorted(found.values(), key=lambda one: not one.cash) if any(one.worth for one in found.values()) else []
    said = [fact for line in offer.as_told if line["loss"] == pick.loss for fact in line["facts"] if fact["name"] == pick.fact]
    told = next((fact for fact in said if fact["provenance"] is not None), None)
    cash = any(one.cash for one in options)
    why = [] if cash else [told for option in pick.options for told in _no_cash(lines[option], wording)]
    return Choosing(
        pick=replace(pick, options=[one.value for one in options]), title=pick_title(pick), options=options,
        unchosen=_all_said(lines[None], wording),
        chosen="" if told is None else told["value"],
        gets=_all_said([(line, _rule(line, terms)) for line in offer.as_told if line["loss"] == pick.loss], wording),
        by="" if told is None or told["provenance"] == "claimant" else PROVENANCES[told["provenance"]][wording.pick],
        no_cash=why[0] if options and why else "",
    )  # fmt: skip


def _all_said(lines: Sequence[Ruled], wording: Wording) -> str:
    return ", ".join(dict.fromkeys(_said(line, compiled, wording) for line, compiled in lines if line["quantity"]))


def _rule(line: Line, terms: Terms) -> CompiledRule:
    compiled = terms.rule_of(line["policy"], line["rule"])
    assert compiled is not None  # offers have lines of rules only
    return compiled


def _same(line: Line) -> tuple[Any, ...]:
    """By which two options give the same."""
    return tuple(line[name] for name in ("policy", "rule", "outcome", "remedy", "unit", "currency", "quantity"))


def _holds(line: Line, compiled: CompiledRule, option: str) -> bool:
    """Whether it is what the option stands for: a fallback for whoever chose what is not given to them is no option."""
    if line["outcome"] not in GIVES or line["choice"] == -1:
        return False
    return line["choice"] is None or line["remedy"] == _instrument(compiled, option)


def _instrument(compiled: CompiledRule, option: str) -> str | None:
    """What the option stands for in the rule, if it has it: its first choice."""
    return next((choice.remedy.instrument for choice in compiled.rule.choices if choice.option == option), None)


def _option(option: str, given: Sequence[Ruled], pick: Pick, wording: Wording) -> Option:
    label = pick.spec.said_value(option, wording.pick)
    gives = [amount for line, compiled in given if (amount := said_amount_of(line, compiled, wording))]
    instruments = [_instrument(compiled, option) for _, compiled in given]
    named = f"{label} {' '.join(gives)}".lower()
    called = [INSTRUMENTS[one][wording.pick] for one in instruments if one]
    more = [one for one in called if one.lower() not in named]
    more += [text for line, compiled in given for text in _more(line, compiled, wording)]
    return Option(
        option, label, gives or [wording.amount(None, None)], list(dict.fromkeys(more)), "cash" in instruments, bool(gives)
    )  # fmt: skip


def _more(line: Line, compiled: CompiledRule, wording: Wording) -> Iterator[str]:
    yield from wording.given(line, compiled.pack)
    if line["outcome"] != "eligible":
        yield from (
            said_reason(code, compiled.pack, wording.pick) for code in line["reasons"] if not code.startswith("needs_proof")
        )


def _said(line: Line, compiled: CompiledRule, wording: Wording) -> str:
    """Like `cash 1,000 won`."""
    instrument, amount = INSTRUMENTS[line["remedy"]][wording.pick], said_amount_of(line, compiled, wording)
    return amount if instrument.lower() in amount.lower() else f"{instrument} {amount}"


def _no_cash(lines: Sequence[Ruled], wording: Wording) -> Iterator[str]:
    """Why the cash that a rule has is not given: what speaks against it, or where it would be."""
    for line, compiled in lines:
        for place, choice in enumerate(compiled.rule.choices):
            if choice.remedy.instrument == "cash" and line["choice"] == place:
                reasons = [said_reason(code, compiled.pack, wording.pick) for code in line["reasons"]]
                yield say("no_cash").format(" ".join(reasons))
            elif choice.remedy.instrument == "cash" and choice.when:
                reading = Reading(compiled.pack, wording.pick, wording.names)
                yield say("cash_if").format(reading.conditions(choice.when))
