"""Staff enter a claim for who calls, writes or comes: who, what they said, a look at what that makes, and one button.

All that was typed goes along in the body of each request, so that nothing stands in an address or is lost by a refusal, and
the three steps work without scripts. The look at the end makes the entry and takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import Person, User
from accounts.operations import record_search
from claims.admin.choice_words import worded
from claims.admin.enter_forms import KNOWN, NEW, LossForm, LossForms, WhatForm, WhoForm
from claims.admin.enter_words import REFUSED, WORDS, say
from claims.admin.find_page import REFERENCE
from claims.admin.staff import number_of, staff_of
from claims.eligibility import FactSpec, fact_specs
from claims.fact_forms import MINUTES
from claims.models import Claim, ClaimStatus
from claims.operations import Entered, NewPerson, enter_claim, packs_in_force, published_facts
from claims.operations.decisions import DECIDERS
from claims.queries import MOST_PEOPLE_SHOWN, PersonFound, PersonLoss, losses_of_person, people_found
from services import clock
from services.admin_pages import told
from services.language import in_english
from services.models import Incident, Service
from services.queries import windows_of
from services.refusals import Refusal
from services.seoul import SEOUL, shown
from services.texts import normalised
from services.words import said_length

MORE_ROWS = 2
MOST_ENTRIES = 20  # that the claim's page shows, the newest
MODES = {"choose": KNOWN, "new": NEW}  # by the button


def enter_page(request: HttpRequest) -> HttpResponse:
    """Whichever step the button that was pressed leads to; back to an earlier one if something there is wrong."""
    user = staff_of(request)
    if not user.holds(*DECIDERS):
        raise PermissionDenied
    act = request.POST.get("act", "")
    data = request.POST.copy()
    if act in MODES:
        data["mode"] = MODES[act]
    if not act or act == "back_who":
        return _who_page(request, WhoForm(data if act else None, initial={"locale": "ko"}), data)
    who = WhoForm(data)
    if act == "find":
        data["mode"] = ""
        return _search_page(request, WhoForm(data), data, user)
    if not who.is_valid() or not who.cleaned_data["mode"]:
        return _who_page(request, who, data)
    if act == "more":
        data["loss-TOTAL_FORMS"] = str(min(number_of(data.get("loss-TOTAL_FORMS")), LossForms.max_num - MORE_ROWS) + MORE_ROWS)
    said = _said(who, data)
    if act not in ("preview", "enter") or not (said.what.is_valid() and said.losses.is_valid()):
        return _what_page(request, said, data)
    return _entered(request, said, data, user, really=act == "enter")


@dataclass
class Said:
    """What the forms of one request say, with what they were made from."""

    who: WhoForm
    what: WhatForm
    losses: Any  # a formset of LossForm
    incident: Incident
    services: Mapping[str, str]
    policies: Mapping[str, str]

    def for_operation(self) -> dict[str, Any]:
        what = self.what.cleaned_data
        return {
            "person": self.who.who(), "incident": self.incident, "channel": what["channel"], "received_at": what["received_at"],
            "losses": [form.told() for form in self.told_losses()], "facts": self.what.told_facts(),
            "asks_for": what["asks_for"], "message": what["message"],
        }  # fmt: skip

    def told_losses(self) -> list[LossForm]:
        return [form for form in self.losses if form.has_changed()]


def _said(who: WhoForm, data: QueryDict) -> Said:
    """Seven queries, whatever was typed."""
    incident, pick = who.cleaned_data["incident"], in_english()
    packs, known = packs_in_force(incident), published_facts()
    asked = {name: spec for name, spec in fact_specs(packs).items() if name in known}
    policies = {pack.code: pack.body.title.said(pick) for pack in packs}
    services = {one.code: _indented(one) for one in Service.objects.order_by("code")}
    version = incident.versions.order_by("-number").first()
    windows = [] if version is None else [one for one in windows_of(version) if one.source.official and not one.planned]
    sent = data if "channel" in data else None
    rows = {"windows": windows, "services": list(services.items()), "asked": _of(asked, "loss")}
    now = clock.now().astimezone(SEOUL)
    what = WhatForm(
        sent, policies=list(policies.items()), asked=_of(asked, "claim"), initial={"received_at": f"{now:{MINUTES}}"}
    )
    losses = LossForms(sent, prefix="loss", form_kwargs=rows)
    return Said(who, what, losses, incident, {code: name.strip("\u2003") for code, name in services.items()}, policies)


def _of(asked: Mapping[str, FactSpec], place: str) -> dict[str, FactSpec]:
    """But what the claim itself says, as when it was filed."""
    said = {name for name, spec in asked.items() if spec.attested_by is not None and spec.attested_by.claim is not None}
    return {name: spec for name, spec in sorted(asked.items()) if spec.of == place and name not in said}


def _indented(service: Service) -> str:
    name = service.name_en if in_english() else service.name_ko
    return "\u2003" * service.code.count(".") + name


# --- the steps ---------------------------------------------------------------------------------------------


def _search_page(request: HttpRequest, who: WhoForm, data: QueryDict, user: User) -> HttpResponse:
    who.full_clean()
    incident, text = who.cleaned_data.get("incident"), data.get("q", "").strip()
    found: list[PersonFound] = []
    try:
        typed_in, kind = normalised(text, "q"), None
        if not REFERENCE.fullmatch(typed_in):
            with transaction.atomic(durable=True):
                kind = record_search(text=typed_in, viewer=user, now=clock.now())
        found = people_found(typed_in, kind, incident) if incident else []
    except Refusal as refusal:
        who.add_error("q", _told(refusal))
    return _who_page(request, who, data, found=None if "q" in who.errors else found)


def _who_page(request: HttpRequest, who: WhoForm, data: QueryDict, *, found: list[PersonFound] | None = None) -> HttpResponse:
    chosen = data.get("person", "")
    if found is None and chosen:  # of an earlier search
        before = Person.objects.select_related("personal_data").filter(pk=number_of(chosen)).first()
        found = None if before is None else [PersonFound(before, "")]
    context = {
        "who": who, "found": None if found is None else [_row(one) for one in found[:MOST_PEOPLE_SHOWN]],
        "more_people": found is not None and len(found) > MOST_PEOPLE_SHOWN, "chosen": chosen,
        "open_new": data.get("mode") == NEW or found == [] or bool(data.get("name")),
        "ask_another": bool(data.get("another")) or "another" in who.errors,
    }  # fmt: skip
    return _page(request, "who", {**context, "kept": _kept(data, {*who.fields})})


def _what_page(request: HttpRequest, said: Said, data: QueryDict) -> HttpResponse:
    context = {
        "who_said": _who_said(said.who), "what": said.what, "losses": said.losses, "incident": said.incident,
        "offered": bool(said.losses.form_kwargs["windows"]),
    }  # fmt: skip
    shown_names = {"key", *said.what.fields, *(name for name in data if name.startswith("loss-"))}
    return _page(request, "what", {**context, "kept": _kept(data, shown_names)})


def _entered(request: HttpRequest, said: Said, data: QueryDict, user: User, *, really: bool) -> HttpResponse:
    """Enter it, and with `really` keep that; else show what it would make."""
    key = _key(data.get("key", "")) if really else None
    really = key is not None
    try:
        with transaction.atomic(durable=True):
            made = enter_claim(key=key or uuid4(), entered_by=user, now=clock.now(), **said.for_operation())
            status = ClaimStatus.objects.get(pk=made.claim.pk)
            measured = [] if really else losses_of_person(made.claim.person)
            transaction.set_rollback(not really)
    except Refusal as refusal:
        return _refused(request, said, data, refusal)
    if really:
        return _done(request, made, status)
    context = {
        "who_said": _who_said(said.who), "incident": said.incident, "made": made, "due": status.answer_due_date,
        "new_person": said.who.cleaned_data["mode"] == NEW, "rows": _rows(said), "key": uuid4(),
        "losses": _measured(said, [loss for loss in measured if loss.reference == made.claim.reference]),
    }  # fmt: skip
    return _page(request, "preview", {**context, "kept": _kept(data, {"key"})})


def _refused(request: HttpRequest, said: Said, data: QueryDict, refusal: Refusal) -> HttpResponse:
    """At the field that it is about, in the step that has it."""
    field = refusal.field
    text = say("nothing") if field == "losses" else _told(refusal)
    if field in said.who.fields:
        said.who.add_error(field, text)
        return _who_page(request, said.who, data)
    said.what.add_error(field if field in said.what.fields else None, text)
    return _what_page(request, said, data)


def _done(request: HttpRequest, made: Entered, status: ClaimStatus) -> HttpResponse:
    out = say("read_out").format(reference=made.claim.reference, due=f"{status.answer_due_date:%Y-%m-%d}")
    messages.success(request, out)
    if not made.opened:
        messages.warning(request, say("revised" if made.news else "same"))
    return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[made.claim.pk]))


# --- what is shown -----------------------------------------------------------------------------------------


def _row(found: PersonFound) -> dict[str, Any]:
    return {"pk": str(found.person.pk), "said": _masked(found.person), "reference": found.reference}


def _masked(person: Person) -> str:
    data = getattr(person, "personal_data", None)
    if data is None:
        return str(person.public_id)
    parts = (masked_name(data.name), masked_phone(data.phone), masked_email(data.email))
    return " · ".join(part for part in parts if part)


def _who_said(form: WhoForm) -> str:
    who = form.who()
    if isinstance(who, NewPerson):
        return " · ".join(filter(None, (who.name, who.phone, who.email, worded("locale", who.locale))))
    return _masked(who)


def _rows(said: Said) -> list[tuple[str, str]]:
    """What the claim would say beside its losses, in words."""
    what, fields = said.what.cleaned_data, said.what.fact_fields()
    for form in said.told_losses():
        fields += form.fact_fields()
    facts = [(str(field.label), str(field.value())) for field in fields if field.value()]
    asks = [(say("asks_for"), said.policies[code]) for code in what["asks_for"]]
    words = [(say("message"), what["message"])] if what["message"] else []
    came = [(say("channel"), worded("channel", what["channel"])), (say("received_at"), shown(what["received_at"]))]
    return [*came, *facts, *asks, *words]


def _measured(said: Said, losses: list[PersonLoss]) -> list[tuple[str, ...]]:
    """Each loss that was told, with how much of it the official record in force covers."""
    known = {(loss.service.code, loss.start_at, loss.end_at): loss for loss in losses}
    rows: list[tuple[str, ...]] = []
    for told_one in dict.fromkeys(form.told() for form in said.told_losses()):
        loss = known[told_one.service, told_one.start_at, told_one.end_at]
        until = say("goes_on") if told_one.end_at is None else shown(told_one.end_at)
        official = said_length(timedelta(seconds=loss.total_seconds)) if loss.official else say("not_official")
        rows.append((told_one.words or said.services[told_one.service], shown(told_one.start_at), until, official))
    return rows


def _kept(data: QueryDict, shown_names: set[str]) -> list[tuple[str, str]]:
    """What was typed in other steps, for fields that are not seen."""
    not_kept = {*shown_names, "csrfmiddlewaretoken", "act"}
    return [(name, value) for name, values in data.lists() if name not in not_kept for value in values]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(refusal: Refusal) -> str:
    korean = "" if in_english() else REFUSED.get(refusal.code, "")
    return f"{korean} ({refusal.code})" if korean else told(refusal)


def _page(request: HttpRequest, step: str, context: dict[str, Any]) -> HttpResponse:
    words = {key: say(key) for key in WORDS}
    steps = [(name, say(name), name == step) for name in ("who", "what", "preview")]
    whole = {**admin.site.each_context(request), "title": say("title"), "words": words, "steps": steps, **context}
    return TemplateResponse(request, f"admin/claims/enter/{step}.html", whole)


def said_entries(claim: Claim) -> list[str]:
    """Of the claim's page: how and when somebody told us, and who entered it. One query."""
    return [
        f"{worded('channel', one.channel)} · {shown(one.received_at)} · {one.event.actor or say('themselves')}"
        for one in claim.entries.select_related("event__actor").order_by("-event_id")[:MOST_ENTRIES]
    ]
