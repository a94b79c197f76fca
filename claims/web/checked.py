"""What somebody said, as the last page before it is sent shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q

from claims.amounts import said_amount
from claims.eligibility import Terms
from claims.fact_forms import FACT, FactsForm, typed
from claims.models import ReviewStatus
from claims.queries.intake import losses_told
from claims.web.answered import Answered
from claims.web.choices import on_request
from claims.web.my.access import claims_here
from services import clock
from services.language import in_english
from services.resident_numbers import has_masked


def summary(tell: Answered) -> dict[str, Any]:
    """All that is about to be sent."""
    terms = tell.compiled.terms
    titles = {pack.code: pack.body.title.said(in_english()) for pack in on_request(terms)}
    spans, about, picked, you = (tell.answered(step) for step in ("times", "about", "expected", "you"))
    return {
        "losses": [
            (tell.choice(told.service).name, (told.start_at, told.end_at), _answers(form, terms))
            for form in (spans.forms if spans else ())
            if (told := form.told()) is not None
        ],
        "asked": [titles[code] for code in tell.said["asks_for"]],
        "about": _answers(about, terms) if about else [],
        "picked": picked.answers() if picked else [],
        "you": [(one.label, one.value()) for one in you if one.value()] if you else [],
        "masked": any(map(has_masked, _kept(tell))),
        "filed_before": _filed_before(tell),
        "form_key": tell.storage.extra_data.get("key", ""),
    }  # fmt: skip


def _filed_before(tell: Answered) -> list[str]:
    """References of claims, of those that may be seen in this browser, that tell part of the same."""
    same = Q(pk__in=[])
    for told in tell.listed():
        begins = Q() if told.end_at is None else Q(start_at__lt=told.end_at)
        same |= Q(service__code=told.service) & begins & (Q(end_at__isnull=True) | Q(end_at__gt=told.start_at))
    over = (ReviewStatus.MERGED, ReviewStatus.WITHDRAWN)
    here = claims_here(tell.request, clock.now()).filter(incident=tell.incident).exclude(status__review__in=over)
    losses = losses_told().filter(same, claim__in=here, withdrawn="").order_by("claim__reference")
    return list(losses.values_list("claim__reference", flat=True).distinct())


def _kept(tell: Answered) -> Iterator[str]:
    """Of the pages that are asked now, as it was typed in but for what may not be kept."""
    for step in tell.get_form_list():
        kept = tell.storage.get_step_data(step)
        for _, values in kept.lists() if kept else ():
            yield from values


def _answers(form: FactsForm, terms: Terms) -> list[tuple[str, str]]:
    """What somebody said to what policies ask, in the words of the form; money in the one currency of what asks for it."""
    return [(str(field.label), _said(form, field, terms)) for field in form.fact_fields() if field.value()]


def _said(form: FactsForm, field: forms.BoundField, terms: Terms) -> str:
    name, text = field.name.removeprefix(FACT), str(field.value())
    of = form.asked[name].type
    if of in ("money", "integer") and isinstance(number := typed(text, of), int):
        currencies = set(_currencies(name, terms)) if of == "money" else set()
        return said_amount(number, currencies.pop() if len(currencies) == 1 else None)
    if of == "instant":
        return text.replace("T", " ")
    return str(dict(getattr(field.field, "choices", ())).get(text, text))


def _currencies(fact: str, terms: Terms) -> Iterator[str]:
    """In which the policies that ask for it give."""
    for compiled in terms.compiled:
        if fact in compiled.pack.body.facts:
            yield from (choice.remedy.currency for choice in compiled.rule.choices if choice.remedy.currency)
