"""Find a claim while somebody is on the telephone: by its reference, the last digits of a number, a name.

What is typed in goes in the body of the request and stands in no address, and so in no log of a server. Who searches by
what names a person leaves a row with the kind of it; the people found are shown masked.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.masking import masked_name, masked_phone
from accounts.models import User
from accounts.operations import record_search
from claims.admin.choice_words import worded
from claims.admin.find_words import WORDS, lazily, say
from claims.admin.refused_words import said_in_words
from claims.admin.staff import staff_of
from claims.models import Claim
from claims.queries import MOST_FOUND, claims_by_person, claims_by_reference
from services import clock
from services.refusals import Refusal
from services.seoul import shown
from services.texts import normalised

REFERENCE = re.compile(r"c-[0-9a-z-]*", re.IGNORECASE)


class FindForm(forms.Form):
    q = forms.CharField(label=lazily("typed"), max_length=100, help_text=lazily("help"), strip=True)


def find_page(request: HttpRequest) -> HttpResponse:
    """The empty form, or what was found by the one that was sent."""
    user = staff_of(request)
    form = FindForm(request.POST or None)
    found: list[Claim] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _found(normalised(form.cleaned_data["q"], "q"), user)
        except Refusal as refusal:
            messages.error(request, said_in_words(refusal))
    context = {
        **admin.site.each_context(request), "title": say("title"), "form": form, "words": {key: say(key) for key in WORDS},
        "rows": None if found is None else [_row(claim) for claim in found[:MOST_FOUND]],
        "more": found is not None and len(found) > MOST_FOUND,
    }  # fmt: skip
    return TemplateResponse(request, "admin/claims/find.html", context)


def _found(typed: str, user: User) -> list[Claim]:
    if REFERENCE.fullmatch(typed):
        return claims_by_reference(typed)
    with transaction.atomic(durable=True):
        kind = record_search(text=typed, viewer=user, now=clock.now())
    return claims_by_person(typed, kind)


def _row(claim: Claim) -> dict[str, Any]:
    data = getattr(claim.person, "personal_data", None)
    return {
        "pk": claim.pk, "reference": claim.reference, "incident": claim.incident.title,
        "review": worded("review", claim.status.review), "decision": worded("decision", claim.status.decision),
        "name": masked_name(data.name) if data else "", "phone": masked_phone(data.phone) if data else "",
        "filed": shown(claim.filed_at),
    }  # fmt: skip
