"""Somebody's claim is found by its reference and a code that is sent to where they are reached; and whether a mail is ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.models import MailKind
from claims.operations import ask_for_code, enter_code, genuine_attestation, genuine_mail, typed_reference
from claims.web.account.limits import may_reach
from claims.web.account.words import say as account_say
from claims.web.my.access import ASKED, THEN, claims_of, close, open_for, opened, owner_of
from claims.web.my.status import where_it_is
from claims.web.my.words import WORDS, lazily, say
from claims.web.our_form import OurForm
from claims.web.page import errors_of, page
from claims.web.words import lazily as of_all
from claims.web.words import say as say_to_all
from services import clock
from services.network import network_of
from services.seoul import SEOUL
from services.web import title_of
from services.words import said_day


class FindForm(OurForm):
    reference = forms.CharField(
        label=lazily("reference"), help_text=lazily("reference_help"), max_length=30,
        error_messages={"required": lazily("reference_needed")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=of_all("email"), error_messages={"required": of_all("email_needed"), "invalid": of_all("email_wrong")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def clean_reference(self) -> str:
        """By its form alone: whether there is such a claim is told to nobody."""
        if not typed_reference(self.cleaned_data["reference"]):
            raise forms.ValidationError(say("reference_wrong"))
        return str(self.cleaned_data["reference"])


class CodeForm(OurForm):
    code = forms.CharField(
        label=lazily("code"), max_length=20, error_messages={"required": lazily("code_needed")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class MailForm(OurForm):
    number = forms.CharField(
        label=lazily("mail_number"), max_length=40, error_messages={"required": lazily("mail_number_needed")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


def sent_to(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def find(request: HttpRequest) -> HttpResponse:
    """Ask for a code. Whatever was typed in, the next page is the same."""
    form = FindForm(sent_to(request), initial={"reference": request.GET.get("reference", "")[:30]})
    if request.method == "POST" and form.is_valid() and not may_reach(request, form.cleaned_data["email"]):
        form.add_error("email", account_say("too_many_addresses"))
    if request.method == "POST" and form.is_valid():
        key = uuid4()
        with transaction.atomic(durable=True):
            ask_for_code(key=key, **form.cleaned_data, network=network_of(request), now=clock.now())
        request.session[ASKED] = str(key)
        request.session.pop(THEN, None)
        return HttpResponseRedirect(reverse("my:code"))
    context = page(
        request, say("find"), WORDS, form=form, errors=errors_of(form), opened=opened(request, clock.now()),
        lost=request.method == "GET" and "closed" in request.GET, **_account(request),
    )  # fmt: skip
    return render(request, "claims/my/find.html", context)


def _account(request: HttpRequest) -> dict[str, Any]:
    """What the account that is logged in here has; otherwise how to get at one."""
    owner = owner_of(request)
    said = {"account": {key: account_say(key) for key in ("account", "log_in", "own_claims", "no_claims", "how_kept", "other")}}
    if owner is None:
        return said
    claims = [(claim.reference, title_of(claim.incident), where_it_is(claim.status)) for claim in claims_of(owner)]
    return {**said, "owner": owner, "own_claims": claims}


def code(request: HttpRequest) -> HttpResponse:
    """Type in the code; a right one opens the claim in this browser."""
    key = request.session.get(ASKED)
    if key is None:
        return HttpResponseRedirect(reverse("my:find"))
    form = CodeForm(sent_to(request))
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        with transaction.atomic(durable=True):
            claim = enter_code(key=UUID(key), code=form.cleaned_data["code"], now=now)
            if claim is not None:
                open_for(request, claim, by="code", now=now, code=UUID(key))
        if claim is not None:
            request.session.pop(ASKED, None)
            after = "payee" if request.session.pop(THEN, None) == claim.reference else "status"
            return HttpResponseRedirect(reverse(f"my:{after}", args=[claim.reference]))
        form.add_error("code", say("code_wrong"))
    return render(request, "claims/my/code.html", page(request, say("code_title"), WORDS, form=form, errors=errors_of(form)))


@require_POST
def leave(request: HttpRequest, reference: str) -> HttpResponse:
    close(request, reference)
    return HttpResponseRedirect(reverse("my:find"))


def genuine(request: HttpRequest) -> HttpResponse:
    """Whether a mail came from us."""
    form = MailForm(sent_to(request))
    context = page(request, say_to_all("genuine"), WORDS, form=form, errors=errors_of(form))
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        mail, issued = genuine_mail(number), genuine_attestation(number)
        context["asked"] = True
        if issued is not None:
            context["sent"] = say("is_proof").format(said_day(issued.made_at.astimezone(SEOUL).date()))
            context["proof"] = issued.number
        if mail is not None:
            about = ["code"] if mail.kind == MailKind.CODE else list(dict.fromkeys(mail.news))
            context["sent"] = say("is_genuine").format(said_day(mail.sent_at.astimezone(SEOUL).date()))
            context["about"] = [say(f"about_{kind}") for kind in about]
    return render(request, "claims/my/genuine.html", context)
