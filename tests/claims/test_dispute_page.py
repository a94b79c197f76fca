"""The page of a dispute: hours as bars and as a table, and two buttons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.operations import create_staff
from claims.admin.dispute_chart import MOST_HOURS, chart_of
from claims.models import Dispute
from claims.operations import count_disputes
from services.models import Incident, RecordDraft
from tests.builders import MESSAGES, NOW, a_person, at, claim_of, told

HOUR = timedelta(hours=1)


def chart(counted: dict[str, int], **said: Any) -> Any:
    known = {"span": (at("14 10:00"), at("14 12:00")), "official": [], "threshold": 3, "around": timedelta()}
    return chart_of({at(hour): claims for hour, claims in counted.items()}, **{**known, **said})


def test_the_chart_has_a_bar_for_every_hour_counted_or_not():
    found = chart({"14 10:00": 3, "14 11:00": 6, "14 13:00": 1})
    assert [hour.claims for hour in found.hours] == [3, 6, 0, 1]
    assert [hour.disputed for hour in found.hours] == [True, True, False, False]
    assert [bar.height for bar in found.bars] == [75, 150, 0, 25]
    assert (found.most, found.threshold_y, found.cut) == (6, found.base - 75, False)


def test_official_windows_are_shaded_and_named_by_the_hour():
    official = [(at("14 11:30"), at("14 12:00")), (at("14 11:45"), at("14 12:30")), (at("14 13:00"), None)]
    found = chart({"14 10:00": 3, "14 13:00": 1}, official=official)
    assert [hour.official for hour in found.hours] == ["none", "part", "part", "whole"]
    assert [(box.x, box.width) for box in found.windows] == [(65, 7), (68.5, 10.5), (86, 14)]


def test_a_dispute_of_months_is_cut():
    found = chart({"14 10:00": 3}, span=(at("14 10:00"), at("14 10:00") + (MOST_HOURS + 1) * HOUR))
    assert (len(found.hours), found.cut) == (MOST_HOURS, True)


# --- the page --------------------------------------------------------------------------------------


def staff(name: str, *roles: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=list(roles), now=NOW)


@pytest.fixture
def writer(db: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def dispute(incident: Incident, settings: Any) -> Dispute:
    settings.CLAIMS_DISPUTE_THRESHOLD = 3
    for _ in range(3):
        claim_of(a_person(), incident, told(MESSAGES, "15 14:00", "15 17:00"))
    with transaction.atomic():
        count_disputes(now=NOW)
    return Dispute.objects.get()


def page(client: Client, dispute: Dispute, user: User, language: str = "ko", **posted: Any) -> str:
    client.force_login(user)
    url = reverse("admin:claims_dispute_change", args=[dispute.pk])
    more: Any = {"follow": True, "headers": {"accept-language": language}}
    answer = client.post(url, posted, **more) if posted else client.get(url, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_hours_in_both_languages(client: Client, dispute: Dispute, writer: User):
    shown = page(client, dispute, writer)
    assert shown.count('class="dispute-bar"') == 2
    assert shown.count('class="dispute-other"') == 12, "six hours on both sides"
    assert 'class="dispute-window"' in shown
    assert "<td>3</td>" in shown
    assert 'value="2022-10-15T14:00:00"' in shown
    assert "Reports outside the official windows" in page(client, dispute, writer, "en")
    listed = client.get(reverse("admin:claims_dispute_changelist")).content.decode()
    assert "[2022-10-15 14:00, 2022-10-15 16:00)" in listed
    assert client.get(reverse("admin:claims_dispute_change", args=[0])).status_code == 404


def accepting(**changed: Any) -> dict[str, Any]:
    sent = {
        "act": "accept", "notice": "operator-final", "severity": "full", "start_at": "2022-10-15T14:00",
        "end_at": "2022-10-15T15:30", "reason": "confirmed",
    }  # fmt: skip
    return {**sent, **changed}


def test_accepting_leads_to_the_draft(client: Client, dispute: Dispute, writer: User):
    shown = page(client, dispute, writer, **accepting())
    draft = RecordDraft.objects.get()
    assert reverse("admin:services_recorddraft_change", args=[draft.pk]) in shown
    assert 'value="accept"' not in shown
    assert draft.changes.get().reason == "confirmed"
    assert "dispute_closed" in page(client, dispute, writer, act="reject", reason="too late")


BAD = {
    "a citizens' notice": ({"notice": "citizen-1015-1800"}, "source_not_official"),
    "no notice": ({"notice": ""}, "필수 항목"),
    "no length": ({"end_at": "2022-10-15T14:00"}, "interval_invalid"),
    "no reason": ({"reason": ""}, "필수 항목"),
}


@pytest.mark.parametrize("case", BAD)
def test_the_page_says_what_is_wrong_and_stores_nothing(client: Client, dispute: Dispute, writer: User, case: str):
    changed, told_ = BAD[case]
    assert told_ in page(client, dispute, writer, **accepting(**changed))
    assert not RecordDraft.objects.exists()
    dispute.refresh_from_db()
    assert dispute.state == "open"


def test_rejecting_needs_a_role_and_a_reason(client: Client, dispute: Dispute, writer: User):
    auditor = staff("auditor", "auditor")
    assert 'value="reject"' not in page(client, dispute, auditor)
    assert (
        client.post(reverse("admin:claims_dispute_change", args=[dispute.pk]), {"act": "reject", "reason": "x"}).status_code
        == 403
    )
    assert "필수 항목" in page(client, dispute, writer, act="reject", reason="")
    shown = page(client, dispute, writer, act="reject", reason="a rumour")
    assert "a rumour" in shown
    dispute.refresh_from_db()
    assert (dispute.state, dispute.closed_by) == ("rejected", writer)
