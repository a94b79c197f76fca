"""The claimant says where they are paid: just after they have filed at once, later after a code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.banks import BANKS, bank_name
from accounts.masking import masked_account
from accounts.models import Payee, PersonalData, User
from accounts.operations import checked_account, checked_bank, checked_holder
from accounts.payees import is_another, payee_of
from claims.amounts import said_amount
from claims.models import Claim
from claims.operations import CodeNeeded, ask_for_code, give_payee, may_give
from claims.queries.payees import held_until, on_their_way
from claims.web.account.limits import may_reach
from claims.web.account.words import say as account_say
from claims.web.my.access import ASKED, THEN, code_of, opened_by
from claims.web.my.act_words import WORDS as ACT_WORDS
from claims.web.my.act_words import said_refusal
from claims.web.my.foreseen import foreseen, where_it_goes
from claims.web.my.payee_words import WORDS, lazily, say
from claims.web.my.words import say as say_of_claims
from claims.web.our_form import OurForm
from claims.web.page import errors_of, page
from services import clock
from services.network import network_of
from services.refusals import Refusal
from services.words import said_instant

NUMBER_WORDS = {"resident_number": "number_resident", "too_long": "number_long"}


def _banks() -> list[tuple[str, str]]:
    return [("", say("bank_choose")), *((code, bank_name(code)) for code in BANKS)]


class AccountForm(OurForm):
    bank = forms.ChoiceField(
        label=lazily("bank"), choices=_banks, widget=forms.Select(attrs={"autocomplete": "off"}),
        error_messages={"required": lazily("bank_needed"), "invalid_choice": lazily("bank_needed")},
    )  # fmt: skip
    account = forms.CharField(
        label=lazily("number"), help_text=lazily("number_help"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": lazily("number_needed"), "max_length": lazily("number_long")},
    )  # fmt: skip
    holder = forms.CharField(
        label=lazily("holder"), help_text=lazily("holder_help"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": lazily("holder_needed"), "max_length": lazily("holder_long")},
    )  # fmt: skip

    def clean_bank(self) -> str:
        return _checked(checked_bank, self.cleaned_data["bank"])

    def clean_account(self) -> str:
        """With its hyphens, by which a number may be taken whose digits alone are not; a space is typed for one."""
        typed = "-".join(self.cleaned_data["account"].split())
        _checked(checked_account, typed, number=True)
        return typed

    def clean_holder(self) -> str:
        return _checked(checked_holder, self.cleaned_data["holder"])


def _checked(check: Callable[[str], str], typed: str, *, number: bool = False) -> str:
    try:
        return check(typed)
    except Refusal as refusal:
        own = NUMBER_WORDS.get(refusal.code) if number else None
        raise forms.ValidationError(say(own) if own else said_refusal(refusal)) from None


@require_http_methods(["GET", "HEAD", "POST"])
def payee(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """Asked where money is owed, or may be, and of who gave an account already."""
    stands = payee_of(claim.person_id)
    if stands is not None:
        return _asked(request, claim, user, stands)
    goes = where_it_goes(claim, claim.status, foreseen(claim, claim.status))
    if goes.money:
        return _asked(request, claim, user, None)
    at_service = say_of_claims("at_service") if goes.at_service else ""
    return _shown(request, claim, "payee_none", "where_paid", at_service=at_service)


def _asked(request: HttpRequest, claim: Claim, user: User, stands: Payee | None) -> HttpResponse:
    """What is typed in is looked at once more before it counts."""
    now, code = clock.now(), code_of(request, claim)
    pressed = request.POST.keys() & {"code", "change", "send"}
    if "code" in pressed:
        return _ask(request, claim, now)
    filed_here = opened_by(request, claim.reference) == "filed"
    needs_code = not may_give(claim, stands, code, now, filed_here=filed_here)
    if request.method != "POST" or (needs_code and "send" not in pressed):
        return _form(request, claim, AccountForm(), stands, now, needs_code=needs_code)
    if "change" in pressed:
        typed = {name: request.POST.get(name, "") for name in AccountForm.base_fields}
        return _form(request, claim, AccountForm(initial=typed), stands, now)
    form = AccountForm(request.POST)
    if form.is_valid() and "send" not in pressed:
        bank, another = bank_name(form.cleaned_data["bank"]), is_another(form.cleaned_data["holder"], claim.person_id)
        return _shown(request, claim, "payee_check", "check_account", form=form, bank=bank, another=another)
    if form.is_valid():
        try:
            with transaction.atomic(durable=True):
                give_payee(claim_id=claim.pk, given_by=user, code=code, filed_here=filed_here, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said_refusal(refusal))
            needs_code = isinstance(refusal, CodeNeeded)
        else:
            return HttpResponseRedirect(reverse("my:payee_given", args=[claim.reference]))
    return _form(request, claim, form, stands, now, needs_code=needs_code)


def payee_given(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    now, stands = clock.now(), payee_of(claim.person_id)
    if stands is None:
        return HttpResponseRedirect(reverse("my:payee", args=[claim.reference]))
    told = [say("given_1").format(masked(stands)), *said_held(claim, now), *_said_away(claim), say("given_2")]
    return _shown(request, claim, "done", "given", told=told)


def masked(one: Payee) -> str:
    """As much as its owner needs to know it again, and nobody else can use."""
    return f"{bank_name(one.bank)} {masked_account(one.account)}"


def said_held(claim: Claim, now: datetime) -> list[str]:
    held = held_until([claim.pk], now)
    return [say("held").format(said_instant(until.replace(second=0, microsecond=0))) for until in held.values()]


def _said_away(claim: Claim) -> list[str]:
    away = [(said_amount(quantity, unit), goes_to) for quantity, unit, goes_to in on_their_way(claim)]
    return [say("on_its_way").format(amount, masked(goes_to)) for amount, goes_to in away if goes_to is not None]


def _ask(request: HttpRequest, claim: Claim, now: datetime) -> HttpResponse:
    """A code goes to the claim's own address; whoever has it comes back here. Bounded with all other addresses only for who has
    shown nothing yet of having this one: an owner undoes here what somebody else has entered.
    """
    address = own_address(claim)
    if address and opened_by(request, claim.reference) == "filed" and not may_reach(request, address):
        wrong = [("content", account_say("too_many_addresses"))]
        return _form(request, claim, AccountForm(), payee_of(claim.person_id), now, needs_code=True, wrong=wrong)
    if address:
        key = uuid4()
        with transaction.atomic(durable=True):
            ask_for_code(key=key, reference=claim.reference, email=address, network=network_of(request), now=now)
        request.session[ASKED], request.session[THEN] = str(key), claim.reference
        return HttpResponseRedirect(reverse("my:code"))
    return HttpResponseRedirect(reverse("my:payee", args=[claim.reference]))


def own_address(claim: Claim) -> str:
    return PersonalData.objects.filter(person=claim.person_id).values_list("email", flat=True).first() or ""


def _form(
    request: HttpRequest,
    claim: Claim,
    form: AccountForm,
    stands: Payee | None,
    now: datetime,
    *,
    needs_code: bool = False,
    wrong: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    since = "" if stands is None else say("stands_since").format(said_instant(stands.event.at.replace(second=0, microsecond=0)))
    return _shown(
        request, claim, "payee", "where_paid", form=form, errors=[*wrong, *errors_of(form)],
        stands=masked(stands) if stands else "", since=since, away=_said_away(claim), held=said_held(claim, now),
        needs_code=needs_code, has_address=bool(own_address(claim)),
    )  # fmt: skip


def _shown(request: HttpRequest, claim: Claim, name: str, title: str, **more: Any) -> HttpResponse:
    context = page(request, say(title), {**ACT_WORDS, **WORDS}, claim=claim, **more)
    return render(request, f"claims/my/{name}.html", context)
