"""The switch of automatic decisions by policy, and alarms of cohorts: checkers press it; who sees claims looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import Role
from claims.admin.limits_words import WORDS, said_refusal, say
from claims.admin.queue_page import CSS
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.admin.switches_forms import AlarmForm, PauseForm, ResumeForm, said_incident
from claims.models import AutomaticPause, Cohort, Policy
from claims.operations import lift_pause, pause_automatic, set_alarm
from claims.queries.switches import (
    PAGE,
    PAUSED,
    RESUMED,
    cohorts,
    cohorts_of,
    lifted_pauses,
    notes_of,
    open_pauses,
    pauses_of,
    switches,
)
from services import clock
from services.admin_pages import may_send
from services.refusals import Refusal
from services.seoul import shown
from services.texts import is_text


class SwitchesAdmin(ClaimsAdmin):
    """Pages on which checkers do something and others of those who see claims look."""

    class Media:
        css: ClassVar = {"all": CSS}

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media,
            "words": {key: say(key) for key in WORDS}, **context,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/claims/switch/{name}.html", whole)


@admin.register(AutomaticPause)
class AutomaticPauseAdmin(SwitchesAdmin):
    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.switches_page)
        return [path("", page, name="claims_automaticpause_changelist"), *super().get_urls()]

    def switches_page(self, request: HttpRequest) -> HttpResponse:
        """What is paused now, each with a form that resumes it, all policies with one that pauses, and what was paused."""
        user = staff_of(request)
        may = may_send(request, Role.CHECKER)
        resumed = number_of(request.POST.get("resume"))
        form, resume = PauseForm(initial={"policy": request.GET.get("policy", "")}), None
        if request.method == "POST" and "resume" in request.POST:
            pause = AutomaticPause.objects.filter(pk=resumed).first()
            cohort = _alarmed(pause, cohorts_of([pause])) if pause else None
            resume = ResumeForm(request.POST, cohort=cohort, prefix=_prefix(resumed))
            if _done(request, resume, partial(lift_pause, pause_id=resumed, lifted_by=user), "resume_done"):
                return HttpResponseRedirect(reverse("admin:claims_automaticpause_changelist"))
        elif request.method == "POST":
            form = PauseForm(request.POST)
            if _done(request, form, partial(_pause, paused_by=user), "pause_done"):
                return HttpResponseRedirect(reverse("admin:claims_automaticpause_changelist"))
        return self.page(
            request, "switches", {"title": say("switches"), "may": may, "form": form, **_said(request, resume, may)}
        )


@admin.register(Cohort)
class CohortAdmin(SwitchesAdmin):
    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.alarms_page)
        return [path("", page, name="claims_cohort_changelist"), *super().get_urls()]

    def alarms_page(self, request: HttpRequest) -> HttpResponse:
        """How far each cohort is from its alarm, and for checkers a form that sets one."""
        user = staff_of(request)
        may = may_send(request, Role.CHECKER)
        form = AlarmForm(request.POST or None)
        if request.method == "POST" and _done(request, form, partial(_set_alarm, set_by=user), "alarm_done"):
            return HttpResponseRedirect(reverse("admin:claims_cohort_changelist"))
        found = cohorts(before=number_of(request.GET.get("before")), most=PAGE + 1)
        paused = pauses_of(found[:PAGE])
        context = {
            "title": say("alarms"), "may": may, "form": form,
            "rows": [_cohort(one, paused) for one in found[:PAGE]],
            "next": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        }  # fmt: skip
        return self.page(request, "alarms", context)


# --- what is done ------------------------------------------------------------------------------------------


def _done(request: HttpRequest, form: forms.Form, operation: Callable[..., Any], done: str) -> bool:
    """Whether it is; what the operation refuses stands beside the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic(durable=True):
            operation(**form.cleaned_data, now=clock.now())
    except Refusal as refusal:
        if refusal.field == "pause":  # its form is not on the page any more
            messages.error(request, said_refusal(refusal))
        form.add_error(refusal.field if refusal.field in form.fields else None, said_refusal(refusal))
        return False
    messages.success(request, say(done))
    return True


def _pause(*, policy: Policy, **said: Any) -> AutomaticPause:
    return pause_automatic(policy=policy.code, **said)


def _set_alarm(*, policy: Policy, incident: Any, **said: Any) -> Cohort:
    return set_alarm(policy=policy.code, incident_id=incident.pk, **said)


# --- what is shown -----------------------------------------------------------------------------------------


def _said(request: HttpRequest, resume: ResumeForm | None, may: bool) -> dict[str, Any]:
    """Three lists, each in pages of its own. As many queries however long they are."""
    after = request.GET.get("policies", "")
    policies = switches(after=after if is_text(after) else "", most=PAGE + 1)
    now = open_pauses(after=number_of(request.GET.get("after")), most=PAGE + 1)
    lifted = lifted_pauses(before=number_of(request.GET.get("before")), most=PAGE + 1)
    notes, full = notes_of([*now[:PAGE], *lifted[:PAGE]]), cohorts_of(now[:PAGE])
    paused = []
    for one in now[:PAGE]:
        prefix = _prefix(one.pk)
        asked = resume if resume and resume.prefix == prefix else ResumeForm(cohort=_alarmed(one, full), prefix=prefix)
        paused.append({**_paused(one, notes), "form": asked if may else None})
    return {
        "paused": paused, "policies": [_switch(one) for one in policies[:PAGE]],
        "lifted": [_paused(one, notes) for one in lifted[:PAGE]],
        "next_paused": f"?after={now[PAGE - 1].pk}" if len(now) > PAGE else "",
        "next_policies": f"?policies={policies[PAGE - 1].code}" if len(policies) > PAGE else "",
        "next_lifted": f"?before={lifted[PAGE - 1].pk}" if len(lifted) > PAGE else "",
    }  # fmt: skip


def _prefix(pause_id: int) -> str:
    return f"pause-{pause_id}"


def _alarmed(pause: AutomaticPause, found: dict[tuple[int, int | None], Cohort]) -> Cohort | None:
    """The cohort whose alarm has set the pause; None if a person has."""
    return None if pause.set_by_id else found.get((pause.policy_id, pause.incident_id))


def _switch(policy: Any) -> dict[str, Any]:
    partly = say("paused_partly").format(count=policy.partly) if policy.partly else say("running")
    return {"code": policy.code, "everywhere": policy.everywhere, "state": say("paused") if policy.everywhere else partly}


def _paused(one: AutomaticPause, notes: dict[tuple[int, str], str]) -> dict[str, Any]:
    return {
        "pk": one.pk, "policy": one.policy.code, "incident": said_incident(one.incident), "since": shown(one.set_at),
        "by": one.set_by or say("by_alarm"), "why": notes.get((one.pk, PAUSED), ""),
        "until": shown(one.lifted_at) if one.lifted_at else "", "resumed_by": one.lifted_by,
        "why_resumed": notes.get((one.pk, RESUMED), ""),
    }  # fmt: skip


def _cohort(one: Cohort, paused: dict[tuple[int, int | None], AutomaticPause]) -> dict[str, Any]:
    pause = paused.get((one.policy_id, one.incident_id)) or paused.get((one.policy_id, None))
    state = "full" if one.approved >= one.alarm_above else "quiet"
    if pause is not None:
        state = "held" if pause.set_by_id else "alarmed"
    return {
        "policy": one.policy.code, "incident": said_incident(one.incident), "approved": f"{one.approved:,}",
        "threshold": f"{one.alarm_above:,}", "rest": f"{one.alarm_above - one.approved:,}", "state": say(state),
        "pause": pause, "after": pause.pk - 1 if pause else 0,
    }  # fmt: skip
