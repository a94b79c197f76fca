"""A correction as it is filled in: of what was told before, of what is new, and of what policies ask then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from claims.eligibility import Pack
from claims.models import Claim, ClaimRevision, Fact, Loss, LossOrigin
from claims.operations import Quote, ToldFact, ToldLoss, quote_claim
from claims.operations.intake import withdrawn_losses
from claims.operations.policy import CompiledNow
from claims.operations.quotes import MOST_LOSSES
from claims.web.choices import Choice, Product, known_of, on_request, products, wanted
from claims.web.forms import SpanForm, UnlistedForm
from claims.web.my.correct_forms import Change, ChangedFacts, LossForm, Said, changes_of_facts, facts_after, missing, said_span
from claims.web.my.correct_words import say
from claims.web.page import numbered
from claims.web.unlisted import name_of_loss, unlisted_choice
from claims.web.words import say as say_of_all
from services import clock
from services.language import in_english
from services.names import UNLISTED, service_names
from services.resident_numbers import without_resident_numbers
from services.seoul import SEOUL

MOST_ROWS = 20
ROW, SERVICES, ASKS, UNLISTED_WORDS = "row", "services-services", "services-asks_for", "services-unlisted"


@dataclass(frozen=True)
class Told:
    """What `correct_claim` takes."""

    losses: list[ToldLoss] = field(default_factory=list)
    facts: tuple[ToldFact, ...] = ()
    asks_for: list[str] = field(default_factory=list)
    withdrawn: dict[int, str] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        return bool(self.losses or self.facts or self.asks_for or self.withdrawn)


class Correction:
    """`data`: what was sent, or None. `bound`: the forms are checked; else they are only filled in with it, and are those of
    what stands now.
    """

    def __init__(self, claim: Claim, compiled: CompiledNow, data: QueryDict | None, *, fixed: bool, bound: bool) -> None:
        self.claim, self.compiled, self.fixed = claim, compiled, fixed
        self.data = QueryDict() if data is None else data
        self.bound = bound
        self.products = products(compiled, service_names())
        self.names = {choice.code: choice for product in self.products for choice in product.choices}
        self.names[UNLISTED] = unlisted_choice(say_of_all("unlisted_here"))
        newest: ClaimRevision = claim.revisions.order_by("-number")[0]
        self.newest, self.asked_before = newest.number, list(newest.asks_for)
        self.seen = self.data.get("seen", str(newest.number))
        self.rows = list(self._rows())
        told, self.found = self._standing()
        self.asks_for = [*self.asked_before, *self._asks_for()]
        self.lost = {loss.service.code for loss in [*told, *self.found]}
        services = list(dict.fromkeys([*(loss.service.code for loss in told), *(code for _, code in self.rows)]))
        asked = wanted(compiled.terms, services, self.asks_for)
        self.said = said = Said(claim.facts.order_by("pk"))
        known = known_of(compiled.terms)
        self.losses = [
            LossForm(
                **self._with(f"loss-{loss.pk}", {**_times(loss), **said.initial(loss.pk, specs)}), loss=loss, asked=specs,
                on_record=said.known(loss.pk, specs), chosen=said.chosen(loss.pk, asked.picks), fixed=fixed,
                known=None if known and known.far(loss.start_at, loss.end_at) else known,  # what was taken once stays so
            )
            for loss in told
            if (specs := asked.of_losses[loss.service.code]) is not None
        ]  # fmt: skip
        self.new = [
            (number, (UnlistedForm if code == UNLISTED else SpanForm)(
                **self._with(f"new-{number}", self._prefilled(code)), service=code, first=False, asked=asked.of_losses[code],
                known=known,
            ))
            for number, code in self.rows
        ]  # fmt: skip
        of_claim, self.chosen, self.leaves_choice = asked.of_claim, said.chosen(None, asked.picks), bool(asked.picks)
        self.about = ChangedFacts(
            **self._with("about", said.initial(None, of_claim)), asked=of_claim, on_record=said.known(None, of_claim)
        )

    # --- what is asked ---------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[tuple[int, str]]:
        """Each with a number of its own, which it keeps; those that are added now come last."""
        dropped = self.data.get("drop", "")
        numbers = [0]
        for text in self.data.getlist(ROW)[:MOST_ROWS]:
            number, _, code = text.partition("|")
            if code in self.names and number.isascii() and number.isdigit() and len(number) < 4:
                numbers.append(int(number))
                if number != dropped:
                    yield int(number), code
        added = [code for code in dict.fromkeys(self.data.getlist(SERVICES)) if code in self.names and code != UNLISTED]
        added += [UNLISTED] if self._unlisted else []
        for place, code in enumerate(added[: MOST_ROWS - len(numbers) + 1]):
            yield max(numbers) + 1 + place, code

    def _standing(self) -> tuple[list[Loss], list[Loss]]:
        """What was told, and what was found in records. Of what was sent also what does not stand any more: it may be the same
        correction again.
        """
        gone = withdrawn_losses(self.claim)
        sent = {text for text in self.data.getlist("loss") if text.isascii() and text.isdigit()} if self.bound else set()
        losses = list(self.claim.losses.select_related("service", "words").order_by("start_at", "pk"))
        told = [one for one in losses if one.origin == LossOrigin.TOLD]
        asked = [one for one in told if (str(one.pk) in sent if self.bound else one.pk not in gone)]
        return asked[:MOST_LOSSES], [one for one in losses if one.origin != LossOrigin.TOLD and one.pk not in gone]

    @property
    def offered(self) -> list[Pack]:
        """What is given on request and not asked for yet."""
        return [pack for pack in on_request(self.compiled.terms) if pack.code not in self.asked_before]

    def _asks_for(self) -> list[str]:
        chosen = self.data.getlist(ASKS)
        return [pack.code for pack in self.offered if pack.code in chosen]

    def _with(self, prefix: str, stored: dict[str, Any]) -> dict[str, Any]:
        if self.bound:
            return {"data": self.data, "prefix": prefix, "initial": stored}
        sent = {name.removeprefix(f"{prefix}-"): self.data[name] for name in self.data if name.startswith(f"{prefix}-")}
        if sent:  # a box that is not ticked is not sent
            stored = {name: value for name, value in stored.items() if name != "still"}
        return {"prefix": prefix, "initial": {**stored, **sent}}

    @property
    def _unlisted(self) -> str:
        """What was written in that is in no list, to be added."""
        return without_resident_numbers(self.data.get(UNLISTED_WORDS, "")).strip()

    def _prefilled(self, code: str) -> dict[str, Any]:
        """What the record says, unless something of the service is lost already: then it is about another time. Of what is in
        no list what it is called.
        """
        if code == UNLISTED:
            return {"words": self._unlisted}
        span = self.names[code].span
        if span is None or code in self.lost:
            return {}
        start_at, end_at = span
        return {"start_at": start_at.astimezone(SEOUL), "end_at": end_at and end_at.astimezone(SEOUL), "still": end_at is None}

    # --- what was said ---------------------------------------------------------------------------------------

    @property
    def forms(self) -> list[forms.Form]:
        return [*self.losses, *(form for _, form in self.new), self.about]

    def named(self) -> dict[Any, str]:
        """What each of the forms is about; nothing of that of the whole claim."""
        losses: list[tuple[Any, str]] = [(form, name_of_loss(form.loss)) for form in self.losses]
        losses += [(form, self.names[form.service].name) for _, form in self.new]
        names = numbered([name for _, name in losses])
        return {self.about: "", **{form: name for (form, _), name in zip(losses, names, strict=True)}}

    @property
    def asks_more(self) -> bool:
        """Something is asked for that was not there when it was sent."""
        span = () if self.fixed else ("start_at", "end_at")
        return (
            any(missing(form, self.data, [*span, *_facts(form)]) for form in self.losses)
            or any(missing(form, self.data, ["start_at", "end_at", *_facts(form)]) for _, form in self.new)
            or missing(self.about, self.data, _facts(self.about))
        )

    @property
    def is_valid(self) -> bool:
        return not any(form.errors for form in self.forms)

    def told(self) -> Told:
        """Of valid forms."""
        losses, withdrawn = [], {}
        for form in self.losses:
            told, why = form.corrected()
            losses += [told] if told else []
            if why is not None:
                withdrawn[form.loss.pk] = why
        losses += [told for _, form in self.new if (told := form.told()) is not None]
        return Told(losses, self.about.changed(), self._asks_for(), withdrawn)

    def quote(self) -> Quote:
        """Of the claim as it is with the correction, and by what others said of it. Raises what `quote_claim` raises."""
        now = clock.now()
        losses = [(told, form.stays) for form in self.losses if (told := form.after()) is not None]
        losses += [(told, None) for _, form in self.new if (told := form.told()) is not None]
        losses += [
            (
                ToldLoss(one.service.code, one.start_at, one.end_at if one.end_at and one.end_at <= now else None, one.kind),
                one.pk,
            )
            for one in self.found  # of a record, which may know when it will end
            if one.start_at <= now
        ]
        on_record: list[tuple[int | None, Fact]] = [(None, fact) for fact in self.said.on_record(None)]
        for place, (_, loss) in enumerate(losses):
            on_record += [(place, fact) for fact in (self.said.on_record(loss) if loss else ())]
        return quote_claim(
            incident=self.claim.incident, now=now, filed_at=self.claim.filed_at, losses=[told for told, _ in losses],
            asks_for=self.asks_for, facts=(*facts_after(self.about), *self.chosen), on_record=on_record,
        )  # fmt: skip

    def changes(self) -> list[tuple[str, list[Change]]]:
        """Of each part what was before and what is now; of what is new only that."""
        found = [(name_of_loss(form.loss), form.changes()) for form in self.losses]
        for _, form in self.new:
            if (told := form.told()) is not None:
                when = (say("when"), say("unsaid"), said_span(told.start_at, told.end_at))
                found.append(
                    (f"{told.words or self.names[form.service].name} ({say('added')})", [when, *changes_of_facts(form)])
                )
        found.append((say("of_claim"), self.about.changes()))
        titles = [pack.body.title.said(in_english()) for pack in self.offered if pack.code in self._asks_for()]
        found.append((say("ask_also"), [(title, say("unsaid"), say("added")) for title in titles]))
        return [(name, changes) for name, changes in found if changes]

    # --- as the page shows it ----------------------------------------------------------------------------------

    def shown_new(self) -> list[tuple[int, Choice, SpanForm]]:
        return [(number, self.names[form.service], form) for number, form in self.new]

    def boxes(self) -> list[tuple[Product, list[tuple[Choice, bool]], bool]]:
        return [(product, [(choice, False) for choice in product.choices], False) for product in self.products]

    def requests(self) -> list[tuple[str, str, bool]]:
        """Code, title and whether it is chosen."""
        chosen = self._asks_for()
        return [(pack.code, pack.body.title.said(in_english()), pack.code in chosen) for pack in self.offered]

    def asked_titles(self) -> list[str]:
        packs = on_request(self.compiled.terms)
        return [pack.body.title.said(in_english()) for pack in packs if pack.code in self.asked_before]

    def found_shown(self) -> list[tuple[str, str]]:
        return [(name_of_loss(one), said_span(one.start_at, one.end_at)) for one in self.found]


def _times(loss: Loss) -> dict[str, Any]:
    end_at = None if loss.end_at is None else loss.end_at.astimezone(SEOUL)
    return {"start_at": loss.start_at.astimezone(SEOUL), "end_at": end_at, "still": loss.end_at is None}


def _facts(form: Any) -> list[str]:
    return [bound.name for bound in form.fact_fields()]
