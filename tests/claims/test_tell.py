"""Somebody looks what they may expect before they leave anything: on pages without scripts, and nothing is stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.demonstration.loading import scenario
from claims.models import Claim
from claims.operations import publish_policy
from services.models import Incident
from tests.builders import BIKE, NOW, OUTAGE, outage
from tests.databases import written
from tests.eligibility.cast import POLICIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """With the policies of the demonstration."""
    found = outage(version=2)
    for name in scenario()["policies"]:
        publish_policy(pack_yaml=(POLICIES / f"{name}.yaml").read_text(encoding="utf-8"), now=NOW)
    return found


def here(step: str) -> str:
    return reverse("claim:step", args=[OUTAGE, step])


def sent(client: Client, step: str, **said: Any) -> Any:
    """To the page that comes next."""
    management = {f"tell-{OUTAGE}-current_step": step}
    return client.post(here(step), {**management, **said}, follow=True)


def choose(client: Client, *services: str, **more: Any) -> Any:
    client.get(f"{reverse('claim:begin', args=[OUTAGE])}?reset=1")
    return sent(client, "services", **{"services-services": services, **more})


SPANS = {"times-TOTAL_FORMS": 1, "times-INITIAL_FORMS": 1}
RIDE = {
    **SPANS, "times-0-start_at": "2022-10-15T15:20", "times-0-end_at": "2022-10-15T21:15",
    "times-0-fact-ride_started_at": "2022-10-15T15:20", "times-0-fact-ride_locked_at": "2022-10-15T15:42",
    "times-0-fact-ride_charge": "53,450",
}  # fmt: skip


def test_the_bike_renter_sees_49950_won_before_giving_a_name(client: Client, incident: Incident):
    assert OUTAGE in client.get(reverse("claim:start")).content.decode()
    before = {table: rows for table, rows in written().items() if not table.startswith("django_session")}
    page = choose(client, BIKE)
    assert page.request["PATH_INFO"] == here("times")
    for asked in ("잠금 레버를 내린 시각", "청구된 요금(원)", 'value="2022-10-15T15:30"'):
        assert asked in page.content.decode()
    page = sent(client, "times", **RIDE)
    assert page.request["PATH_INFO"] == here("expected")
    text = page.content.decode()
    for said in ("49,950원", "담당자가 확인함", "53,450 - (200 + (150 ×", "이용 영수증", "운영사의 기록에서 찾거나"):
        assert said in text, said
    assert {table: rows for table, rows in written().items() if not table.startswith("django_session")} == before
    assert not Claim.objects.exists()
