"""What a claimant changes of what they told: prefilled, and read as what is different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from claims.eligibility import PROVENANCES, FactSpec, day_of, instant_of
from claims.fact_forms import FACT, FactsForm, typed
from claims.models import Fact, Loss, Provenance, WithdrawalReason
from claims.operations import ToldFact, ToldLoss
from claims.operations.intake import words_of
from claims.web.forms import SpanForm
from claims.web.my.correct_words import lazily, say
from claims.web.our_form import OurForm
from claims.web.unlisted import name_of_loss
from claims.web.words import say as said
from services.language import in_english
from services.seoul import SEOUL
from services.words import said_instant

Change = tuple[str, str, str]  # of what, before, now


class Said:
    """What the claimant said last, and what somebody else says with more weight; by loss (None: of the claim) and name."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._theirs: dict[tuple[int | None, str], Fact] = {}
        self._others: dict[tuple[int | None, str], Fact] = {}
        self._on_record: dict[int | None, list[Fact]] = {}
        for fact in facts:  # as they were said
            about = fact.loss_id, fact.name
            if fact.provenance == Provenance.CLAIMANT:
                self._theirs[about] = fact
                continue
            self._on_record.setdefault(fact.loss_id, []).append(fact)
            before = self._others.get(about)
            if before is None or PROVENANCES.index(fact.provenance) >= PROVENANCES.index(before.provenance):
                self._others[about] = fact

    def initial(self, loss: int | None, asked: Mapping[str, FactSpec]) -> dict[str, str]:
        """As a form has it, by the names of its fields."""
        return {
            FACT + name: _written(fact, spec) for name, spec in asked.items() if (fact := self._theirs.get((loss, name)))
        }  # fmt: skip

    def chosen(self, loss: int | None, picks: Mapping[str, FactSpec]) -> tuple[ToldFact, ...]:
        """What they chose to be given, which a correction asks for nowhere and leaves as it is."""
        theirs = [self._theirs.get((loss, name)) for name in picks]
        return tuple(ToldFact(fact.name, fact.text_value) for fact in theirs if fact is not None and fact.text_value)

    def known(self, loss: int | None, asked: Mapping[str, FactSpec]) -> dict[str, str]:
        """What stands on record beside their word, by the names of facts."""
        return {
            name: shown_value(_written(fact, spec), spec)
            for name, spec in asked.items()
            if (fact := self._others.get((loss, name)))
        }

    def on_record(self, loss: int | None) -> list[Fact]:
        """All that others than the claimant said."""
        return self._on_record.get(loss, [])


def _written(fact: Fact, spec: FactSpec) -> str:
    if fact.int_value is None:
        return fact.text_value or ""
    if spec.type == "boolean":
        return "yes" if fact.int_value else "no"
    if spec.type == "date":
        return day_of(fact.int_value).isoformat()
    if spec.type == "instant":
        at = instant_of(fact.int_value).astimezone(SEOUL).replace(tzinfo=None)
        return at.isoformat(timespec="seconds" if at.second else "minutes")
    return str(fact.int_value)


def shown_value(text: str, spec: FactSpec) -> str:
    """As it is read, of what a form has."""
    if not text:
        return say("unsaid")
    if spec.values is not None:
        return spec.said_value(text, in_english())
    value = typed(text, spec.type)
    if isinstance(value, bool):
        return (("아니오", "no"), ("예", "yes"))[value][in_english()]
    if isinstance(value, datetime):
        return said_instant(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


class ChangedFacts(OurForm, FactsForm):
    """Facts of the claim, prefilled; `on_record`: what stands on record, by name."""

    def __init__(self, *args: Any, on_record: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note_known(self, on_record)

    def changed(self) -> tuple[ToldFact, ...]:
        return changed_facts(self)

    def changes(self) -> list[Change]:
        return changes_of_facts(self)


class LossForm(SpanForm):
    """A loss that was told. `chosen`: what is to be given for it; `fixed`: only its facts are asked for."""

    take_back = forms.BooleanField(label=lazily("take_back"), help_text=lazily("take_back_help"), required=False)

    def __init__(
        self, *args: Any, loss: Loss, on_record: Mapping[str, str], chosen: tuple[ToldFact, ...], fixed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, service=loss.service.code, first=True, **kwargs)
        self.loss, self.chosen, self.fixed = loss, chosen, fixed
        note_known(self, on_record, "verified" if fixed else "verified_then")
        for name in ("start_at", "end_at", "still", "take_back") if fixed else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.data.get(self.add_prefix("take_back")) and not self.fixed:  # what else is said of it does not matter
            for name in list(self.errors):
                del self.errors[name]
        return said

    @property
    def name(self) -> str:
        return name_of_loss(self.loss)

    @property
    def taken_back(self) -> bool:
        return bool(self.cleaned_data.get("take_back"))

    @property
    def span(self) -> tuple[datetime, datetime | None]:
        """As told now; where the minutes are those of before, to the second as before."""
        start_at, end_at = self.cleaned_data["start_at"], self.cleaned_data["end_at"]
        end_at = None if self.cleaned_data["still"] else end_at
        before = self.loss
        return (
            before.start_at if _minute(before.start_at) == _minute(start_at) else start_at,
            before.end_at if _minute(before.end_at) == _minute(end_at) else end_at,
        )

    @property
    def moved(self) -> bool:
        return not self.taken_back and self.span != (self.loss.start_at, self.loss.end_at)

    @property
    def stays(self) -> int | None:
        """The number of the loss while it does: of another time what was verified does not hold."""
        return None if self.taken_back or self.moved else self.loss.pk

    def corrected(self) -> tuple[ToldLoss | None, str | None]:
        """What is told anew of it, and why it is withdrawn."""
        if self.taken_back:
            return None, WithdrawalReason.CLAIMANT_ASKED
        if self.moved:
            return self.after(), WithdrawalReason.WRONG_TIME
        facts = changed_facts(self)
        return (self._told(facts) if facts else None), None

    def after(self) -> ToldLoss | None:
        """All of it, as it is with the correction."""
        facts = (*facts_after(self), *self.chosen)
        return None if self.taken_back else self._told(facts)

    def _told(self, facts: tuple[ToldFact, ...]) -> ToldLoss:
        return ToldLoss(self.service, *self.span, self.loss.kind, facts, words_of(self.loss))

    def changes(self) -> list[Change]:
        if self.taken_back:
            return [("", said_span(self.loss.start_at, self.loss.end_at), say("taken_back"))]
        when = [(say("when"), said_span(self.loss.start_at, self.loss.end_at), said_span(*self.span))] if self.moved else []
        return [*when, *changes_of_facts(self)]


def facts_after(form: FactsForm) -> tuple[ToldFact, ...]:
    """What is said now, and of what was left empty what was said before: nothing is unsaid by an empty field."""
    said = form.told_facts()
    before = {name: str(form.initial.get(FACT + name, "")) for name in form.asked.keys() - {fact.name for fact in said}}
    return (*said, *(ToldFact(name, typed(text, form.asked[name].type)) for name, text in before.items() if text))


def changed_facts(form: FactsForm) -> tuple[ToldFact, ...]:
    """What is said otherwise than before."""
    before = {name: typed(str(form.initial.get(FACT + name, "")), spec.type) for name, spec in form.asked.items()}
    return tuple(fact for fact in form.told_facts() if fact.value != before[fact.name])


def changes_of_facts(form: FactsForm) -> list[Change]:
    return [
        (spec.label.said(in_english()), shown_value(str(form.initial.get(FACT + fact.name, "")), spec),
         shown_value(form.cleaned_data[FACT + fact.name], spec))
        for fact in changed_facts(form)
        if (spec := form.asked[fact.name])
    ]  # fmt: skip


def note_known(form: FactsForm, on_record: Mapping[str, str], key: str = "verified") -> None:
    for name, value in on_record.items():
        field = form.fields[FACT + name]
        field.help_text = " ".join(filter(None, (str(field.help_text), say(key).format(value))))


def said_span(start_at: datetime, end_at: datetime | None) -> str:
    return f"{said_instant(start_at)} ~ {said('ongoing') if end_at is None else said_instant(end_at)}"


def _minute(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(second=0, microsecond=0)


def missing(form: forms.Form, data: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether it asks for something that the page did not have."""
    return any(form.add_prefix(name) not in data for name in names)
