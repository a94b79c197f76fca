"""Who reviews what, and claims given out in turn: for checkers; everybody of the staff may look."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import Role, RoleGrant, User
from claims.admin.choice_words import worded
from claims.admin.refused_words import said_in_words
from claims.admin.sharing_words import WORDS, lazily, say
from claims.admin.staff import ClaimsAdmin, staff_of
from claims.models import ClaimStatus, ReviewStatus, Skill
from claims.operations import set_skills, share_out
from claims.operations.queue import MOST_SHARED
from claims.queries import QueueFilter
from services import clock
from services.admin_pages import may_send
from services.models import Service
from services.refusals import Refusal

DECIDERS = (Role.CASEWORKER, Role.CHECKER)


def _services() -> list[tuple[str, str]]:
    return [(service.code, f"{service.code} · {service.name}") for service in Service.objects.order_by("code")]


def _deciders() -> Any:
    who = User.objects.filter(is_active=True, role_grants__role__in=DECIDERS).distinct().order_by("email")
    return who.prefetch_related(Prefetch("role_grants", RoleGrant.objects.order_by("role")))


class ShareForm(forms.Form):
    most = forms.IntegerField(label=lazily("most"), min_value=1, max_value=MOST_SHARED, initial=20)
    service = forms.ChoiceField(label=lazily("service"), required=False, choices=lambda: [("", "-"), *_services()])
    among = forms.ModelMultipleChoiceField(User.objects.none(), label=lazily("among"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["among"].queryset = _deciders()  # type: ignore[attr-defined]


class SkillForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=lazily("who"))
    services = forms.MultipleChoiceField(
        label=lazily("services"), required=False, choices=_services, widget=forms.SelectMultiple(attrs={"size": 8})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = _deciders()  # type: ignore[attr-defined]


@admin.register(Skill)
class SharingAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": ["claims/draft.css", "claims/record_draft.css", "claims/dispute.css", "claims/case.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(self.page), name="claims_skill_changelist"), *super().get_urls()]

    def page(self, request: HttpRequest) -> HttpResponse:
        """Each button is one operation."""
        user = staff_of(request)
        checks = may_send(request, Role.CHECKER)
        act = request.POST.get("act")
        kinds: dict[str, type[forms.Form]] = {"share": ShareForm, "skills": SkillForm}
        shown = {name: kind(request.POST if act == name else None, auto_id=f"{name}_%s") for name, kind in kinds.items()}
        if request.method == "POST" and _acted(request, shown, user):
            return HttpResponseRedirect(reverse("admin:claims_skill_changelist"))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": say("title"),
            "words": {key: say(key) for key in WORDS}, "people": _people(), "forms": shown if checks else {},
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/sharing.html", context)


def _people() -> list[dict[str, Any]]:
    """As many queries however many they are."""
    skills: dict[int, list[str]] = {}
    for user, name in Skill.objects.order_by("service__code").values_list("user", "service__name_ko"):
        skills.setdefault(user, []).append(name)
    people = list(_deciders())
    in_review = ClaimStatus.objects.filter(assignee__in=[who.pk for who in people], review=ReviewStatus.IN_REVIEW)
    in_hand = dict(in_review.order_by().values_list("assignee").annotate(Count("pk")))
    return [
        {
            "who": who, "roles": ", ".join(worded("role", grant.role) for grant in who.role_grants.all()),
            "services": ", ".join(skills.get(who.pk, [])) or say("everything"), "in_hand": in_hand.get(who.pk, 0),
        }
        for who in people
    ]  # fmt: skip


def _acted(request: HttpRequest, shown: dict[str, forms.Form], user: User) -> bool:
    """False to show the page again, with what is wrong."""
    act = request.POST.get("act", "")
    form = shown.get(act)
    if form is None or not form.is_valid():
        return False
    try:
        with transaction.atomic(durable=True):
            done = _do(act, form.cleaned_data, user, clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, said_in_words(refusal))
        return False
    messages.success(request, done)
    return True


def _do(act: str, said: dict[str, Any], user: User, now: datetime) -> str:
    if act == "skills":
        set_skills(user=said["user"], services=said["services"], set_by=user)
        return say("done")
    wanted = QueueFilter(service=said["service"])
    given = share_out(among=list(said["among"]), most=said["most"], shared_by=user, now=now, wanted=wanted)
    each = ", ".join(f"{who} {given[who.pk]}" for who in said["among"])
    return f"{say('given')}: {sum(given.values())} ({each})"
