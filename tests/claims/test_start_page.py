"""The first page of the staff: what waits for somebody, counted as far as it matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleChange, User
from claims import staff_site
from claims.models import AutomaticPause, Policy
from claims.staff_site import open_work
from services.models import Incident
from tests.builders import NOW, a_person, a_policy, a_user, claim_of, outage
from tests.claims.test_appeals import appeal, decided, standing
from tests.claims.test_case_pages import client_of
from tests.claims.test_twin_page import hint


def waiting(*, days: int = 0, manages: bool = False) -> dict[str, int | str]:
    return {one["key"]: one["count"] for one in open_work(now=NOW + timedelta(days=days), manages=manages)}


def test_appeals_are_due_soon_and_then_overdue(db: None):
    claim = decided(member=False)
    assert not standing(claim).approved
    appeal(claim)
    found = [(waiting(days=days)["appeals"], waiting(days=days)["appeals_late"]) for days in (0, 25, 30, 31)]
    assert found == [(0, 0), (1, 0), (1, 0), (0, 1)]
    assert [waiting(days=days)["late"] for days in (0, 365)] == [0, 1]


def test_hints_that_stop_rules_pauses_and_changes_of_roles_wait(db: None, monkeypatch: pytest.MonkeyPatch):
    incident: Incident = outage()
    claims = [claim_of(a_person(), incident) for _ in range(4)]
    for claim, score in zip(claims[1:], (60, 59, 100), strict=True):
        hint(claim, claims[0], score)
    a_policy()
    AutomaticPause.objects.create(policy=Policy.objects.get(), incident=incident, set_at=NOW)
    RoleChange.objects.create(
        user=a_user("auditor"), grants=["caseworker"], note="x", proposed_by=a_user("manager"), proposed_at=NOW
    )  # fmt: skip
    assert "roles" not in waiting()
    found = waiting(manages=True)
    assert (found["twins"], found["pauses"], found["roles"]) == (2, 1, 1)
    monkeypatch.setattr(staff_site, "MOST", 1)
    assert waiting()["twins"] == "1+"


@pytest.mark.parametrize(("role", "seen"), [("manager", True), ("checker", False)])
def test_each_item_leads_to_its_page(db: None, role: str, seen: bool):
    user: User = a_user(role)
    client = client_of(user)
    page = client.get("/admin/").content.decode()
    assert ("역할 변경" in page.split('id="h-todo"')[1].split("</section>")[0]) == seen
    shown = [one for one in open_work(now=NOW, manages=seen) if one["address"].replace("&", "&amp;") in page]
    assert ("claims" in [one["key"] for one in shown]) != seen, "a manager has nothing to do with claims"
    for one in shown:
        assert client.get(one["address"]).status_code == 200, one["address"]


def test_queries_do_not_grow_with_what_waits(db: None):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            open_work(now=NOW)
        return len(captured)

    incident = outage()
    few = queries()
    first, second = (claim_of(a_person(), incident) for _ in range(2))
    hint(second, first)
    assert queries() - few in (0, 1)  # of the incident's duties, if there is one
