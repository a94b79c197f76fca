"""The admin of this project: it begins with what waits for somebody, and keeps the tables of queues at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.views import PasswordChangeView
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts import page_words
from accounts.models import Role, RoleChange, RoleChangeState, User
from accounts.web import OwnPasswordForm
from claims.models import (
    STOP_AT,
    Appeal,
    AppealState,
    AutomaticPause,
    BulkRun,
    BulkState,
    ClaimStatus,
    Dispute,
    Mail,
    MailKind,
    MailState,
    PolicyDraft,
    ReviewStatus,
    Twin,
    TwinState,
)
from claims.operations.decisions import DECIDERS
from claims.queries import overdue_appeals, stopping_patterns
from claims.staff_menu import menu_of
from services import clock
from services.clocks import duties_by_incident
from services.duties import ALARMING
from services.language import in_english
from services.model_words import picked
from services.models import Incident, RecordDraft
from services.proposals import open_proposals
from services.seoul import SEOUL

MOST = 1000
SOON = timedelta(days=7)
INTERNAL = ("Due", "Chunk", "MadeOf", "Hint", "WorkerBeat")  # ends of names: queues, their parts, and memories of work
WORDS: dict[str, tuple[str, str]] = {
    "todo": ("할 일", "To do"),
    "find": ("청구 찾기", "Find a claim"),
    "enter": ("청구 대신 적기", "Enter a claim"),
    "dashboard": ("현황판", "Dashboard"),
    "chain": ("기록 사슬 점검", "Check of the log"),
    "claims": ("심사할 청구", "Claims to review"),
    "late": ("답할 기한이 지난 청구", "Claims whose answer is overdue"),
    "appeals_late": ("답할 기한이 지난 이의", "Appeals whose answer is overdue"),
    "appeals": ("7일 안에 답할 이의", "Appeals to be answered within 7 days"),
    "patterns": ("규칙을 멈추는 무리", "Patterns that stop rules"),
    "twins": ("규칙을 멈추는 중복 표시", "Hints of duplicates that stop rules"),
    "pauses": ("사람이나 경보가 멈춘 자동 결정", "Automatic decisions paused by somebody or by an alarm"),
    "roles": ("두 번째 사람을 기다리는 역할 변경", "Changes of roles that wait for a second person"),
    "decisions": ("두 번째 사람을 기다리는 승인", "Approvals that wait for a second person"),
    "bulk": ("확인을 기다리는 한꺼번에 결정", "Bulk decisions that wait for a second person"),
    "proposals": ("답을 기다리는 구간 제안", "Proposals that wait for an answer"),
    "disputes": ("열린 이의", "Open disputes"),
    "record_drafts": ("열린 기록 초안", "Open drafts of the record"),
    "policy_drafts": ("열린 정책 초안", "Open drafts of policies"),
    "mails": ("보내지 못한 메일", "Mails that could not be sent"),
    "duties": ("기한이 임박했거나 지난 법정 의무", "Statutory duties due soon or overdue"),
    "internal": ("내부 (작업 대기열)", "Internal (queues of work)"),
}


class StaffSite(AdminSite):
    site_header = site_title = picked("플랫폼 장애 보상", "Outage claims")
    index_title = picked("담당자", "Staff")
    index_template = "admin/claims/start.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Not the tables of allauth: they hold addresses and keys of claimants, and looking at them would leave no row."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        ours = [model for model in models if not model.__module__.startswith("allauth.")]
        super().register(ours, admin_class, **options)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """As Django's, with a form that leaves an event."""
        context = {**self.each_context(request), **(extra_context or {})}
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm, success_url=reverse("admin:password_change_done"), extra_context=context,
            template_name="registration/password_change_form.html",
        )  # fmt: skip
        request.current_app = self.name
        return cast(TemplateResponse, view(request))

    @method_decorator(require_safe)
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        held = request.user.role_grants.values_list("role", flat=True) if isinstance(request.user, User) else ()
        roles = frozenset(held)

        def sees(table: str) -> bool:
            app, model = table.split("_")
            return self._registry[apps.get_model(app, model)].has_view_permission(request)

        waits = [one for one in open_work(now=clock.now(), manages=Role.MANAGER in roles) if sees(one["table"])]
        todo = {"todo": waits, "todo_title": say("todo"), "looks": [*_looks(sees), *_enters(roles)]}
        return super().index(request, {**(extra_context or {}), **todo})

    @method_decorator(require_safe)
    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().app_index(request, app_label, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """As Django's, with the menu of the day's work instead of all tables."""
        allowed = self.has_permission(request)
        return {
            "site_title": self.site_title, "site_header": self.site_header, "has_permission": allowed,
            "site_url": request.META["SCRIPT_NAME"] or self.site_url, "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar, "log_entries": self.get_log_entries(request),
            "available_apps": menu_of(self, request) if allowed else [],
            "own_tools": page_words.say("tools") if allowed else "",
        }  # fmt: skip

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Under the names that staff know. On the page of one app nothing is moved to the end."""
        apps: list[Any] = super().get_app_list(request, app_label)
        for app in apps:
            for model in app["models"]:
                model["name"] = capfirst(str(self._registry[model["model"]].opts.verbose_name_plural))
            app["models"].sort(key=lambda model: model["name"])
        return apps if app_label else _internal_last(apps)


def open_work(*, now: datetime, manages: bool = False) -> list[dict[str, Any]]:
    """What waits, how much of it, and where it is done; changes of roles for those who confirm them. As many queries however
    much it is.
    """
    duties = duties_by_incident(list(Incident.objects.all()), now=now).values()
    alarming = sum(duty.state in ALARMING for of_one in duties for duty in of_one)
    today = now.astimezone(SEOUL).date()
    queued, appeals = ClaimStatus.objects.filter(review=ReviewStatus.QUEUED), Appeal.objects.filter(state=AppealState.OPEN)
    stops = Twin.objects.filter(state=TwinState.OPEN, score__gte=STOP_AT)
    counts: dict[str, tuple[int | str, str, str]] = {
        "claims": (_at_most(queued), "claims_claimstatus", ""),
        "late": (
            _at_most(queued.filter(answer_due_date__lt=today).exclude(snoozed_until__gt=now)),
            "claims_claimstatus",
            f"?due={today - timedelta(days=1)}",
        ),
        "appeals_late": (_at_most(overdue_appeals(today)), "claims_appeal", "?show=overdue"),
        "appeals": (_at_most(appeals.filter(due_date__range=(today, today + SOON))), "claims_appeal", ""),
        "twins": (_at_most(stops), "claims_twin", "?show=stops"),
        "patterns": (_at_most(stopping_patterns()), "claims_pattern", ""),
        "pauses": (_at_most(AutomaticPause.objects.filter(lifted_at=None)), "claims_automaticpause", ""),
        "decisions": (
            _at_most(ClaimStatus.objects.filter(review=ReviewStatus.PROPOSED)),
            "claims_claimstatus",
            "?review=proposed",
        ),
        "bulk": (_at_most(BulkRun.objects.filter(state=BulkState.PROPOSED)), "claims_bulkrun", "?state__exact=proposed"),
        "proposals": (open_proposals().count(), "services_windowproposal", "?state=open"),
        "disputes": (_open(Dispute), "claims_dispute", "?state__exact=open"),
        "record_drafts": (_open(RecordDraft), "services_recorddraft", "?state__exact=open"),
        "policy_drafts": (_open(PolicyDraft), "claims_policydraft", "?state__exact=open"),
        "mails": (
            _at_most(Mail.objects.filter(state=MailState.FAILED, kind__in=(MailKind.ALERT, MailKind.NEWS))),
            "claims_mail",
            "?state__exact=failed",
        ),
        "duties": (alarming, "services_incident", ""),
    }
    if manages:
        waiting = _at_most(RoleChange.objects.filter(state=RoleChangeState.OPEN))
        counts["roles"] = (waiting, "accounts_rolechange", "?state__exact=open")
    return [
        {
            "key": key,
            "what": say(key),
            "count": count,
            "table": page,
            "address": reverse(f"admin:{page}_changelist") + filtered,
        }
        for key, (count, page, filtered) in counts.items()
    ]


def _looks(sees: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Of the tables that somebody may see."""
    pages = {"find": "claims_claim_find", "dashboard": "claims_tally_changelist", "chain": "claims_chaincheck_changelist"}
    return [(say(key), reverse(f"admin:{page}")) for key, page in pages.items() if sees(page.rpartition("_")[0])]


def _enters(roles: frozenset[str]) -> list[tuple[str, str]]:
    return [(say("enter"), reverse("admin:claims_claim_enter"))] if roles & {*DECIDERS} else []


def say(key: str) -> str:
    return WORDS[key][in_english()]


def _at_most(rows: QuerySet[Any]) -> int | str:
    """How many, as far as it matters: no table is counted whole."""
    count = rows.order_by()[: MOST + 1].count()
    return count if count <= MOST else f"{MOST:,}+"


def _open(model: type[Dispute | RecordDraft | PolicyDraft]) -> int:
    return model._default_manager.filter(state="open").count()


def _internal_last(apps: list[Any]) -> list[Any]:
    internal = [model for app in apps for model in app["models"] if model["object_name"].endswith(INTERNAL)]
    for app in apps:
        app["models"] = [model for model in app["models"] if model not in internal]
    last = {"name": say("internal"), "app_label": "internal", "app_url": reverse("admin:app_list", args=["claims"])}
    return [*apps, {**last, "has_module_perms": True, "models": internal}] if internal else apps
