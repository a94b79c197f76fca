"""The menu beside every page of the staff: what is worked on day by day, and last all tables.

Django would list a hundred tables there, by app, on each page: nobody finds the queue among them, and it cost a page a fifth of
its time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from services.language import in_english

# By group: the tables whose lists are pages of work, for who may see them.
MENU: dict[str, tuple[tuple[str, str], tuple[str, ...]]] = {
    "review": (
        ("심사", "Review"),
        (
            "claims_claimstatus", "claims_appeal", "claims_twin", "claims_pattern", "claims_evidencerequest", "claims_bulkrun",
            "claims_replytemplate", "claims_mail", "claims_skill",
        ),
    ),
    "money": (
        ("결정과 지급", "Decisions and payment"),
        (
            "claims_paymentrun", "claims_goodwillbudget", "claims_authoritylimit", "claims_automaticpause", "claims_cohort",
        ),
    ),
    "rules": (
        ("정책과 산정", "Policies and assessments"),
        ("claims_policy", "claims_policydraft", "claims_assessmentrun"),
    ),
    "record": (
        ("장애와 공식 기록", "Outages and the official record"),
        (
            "services_incident", "services_recorddraft", "services_notice", "services_windowproposal", "services_feed",
            "claims_dispute",
        ),
    ),
    "people": (
        ("사람과 제휴사", "People and partners"),
        (
            "accounts_personaldata", "accounts_user", "accounts_rolechange", "accounts_partner", "claims_usageimport",
            "claims_webhookendpoint",
        ),
    ),
    "watch": (
        ("살피기", "Watching"),
        ("claims_tally", "claims_chaincheck", "claims_event", "claims_caseview"),
    ),
}  # fmt: skip
# Where the page is called otherwise than its table.
NAMES: dict[str, tuple[str, str]] = {
    "claims_claimstatus": ("심사할 청구", "Claims to review"), "claims_skill": ("일 나누기", "Sharing work"),
    "claims_pattern": ("여러 청구가 함께 쓰는 것", "What many claims have"),
    "claims_automaticpause": ("자동 결정 스위치", "Switch of automatic decisions"),
    "claims_cohort": ("승인 수 경보", "Alarms of approvals"), "claims_tally": ("현황판", "Dashboard"),
    "claims_chaincheck": ("기록 사슬 점검", "Check of the log"),
}  # fmt: skip
ALL = ("모든 표", "All tables")


def menu_of(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """By group; `here` is what `aria-current` says of a row: page for its own list, true for pages below it."""
    pick, start = in_english(), reverse("admin:index")
    groups = []
    for name, tables in MENU.values():
        rows = [row for table in tables if (row := _row(site, request, table)) is not None]
        if rows:
            groups.append({"name": name[pick], "models": rows})
    everything = {"name": ALL[pick], "object_name": "all", "admin_url": start, "here": "page" if request.path == start else ""}
    return [*groups, {"name": ALL[pick], "models": [everything]}]


@lru_cache(maxsize=256)
def _address(table: str, prefix: str) -> str:
    """Where its list is, below where the site is."""
    return reverse(f"admin:{table}_changelist")


def _row(site: AdminSite, request: HttpRequest, table: str) -> dict[str, Any] | None:
    app, model = table.split("_")
    page = site._registry[apps.get_model(app, model)]
    if not page.get_model_perms(request)["view"]:  # which asks nothing of its own
        return None
    name = NAMES[table][in_english()] if table in NAMES else str(page.opts.verbose_name_plural)
    address = _address(table, get_script_prefix())
    here = "page" if request.path == address else "true" if request.path.startswith(address) else ""
    return {"name": name, "object_name": table, "admin_url": address, "here": here}
