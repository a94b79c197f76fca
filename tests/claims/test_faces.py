"""Claims in the admin: staff only, explained, nothing can be written there."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Payee, Person, PersonalData, User, ViewNote
from claims import facts as terms_module
from claims.eligibility import terms as engine_terms
from claims.models import CaseView, ChainLink, Claim
from claims.operations import link_log
from services.models import Incident
from tests.builders import BIKE, NOW, a_partner, a_policy, a_user, claim_of, follow_up, told, usage, work_off


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(a_user("finance"))
    return client


@pytest.fixture
def claim(incident: Incident, person: Person) -> Claim:
    """Messages from before the outage into the partial window, and a bank without any window."""
    a_policy()
    lost = (told("kakaotalk.text_message", "15 15:00", "16 03:00"), told("unnamed_bank.banking"))
    return claim_of(person, incident, *lost)


def test_every_admin_page_opens_and_none_writes(staff: Client, claim: Claim) -> None:
    work_off()
    shown = 0
    for model in admin.site._registry:
        if model._meta.app_label not in ("claims", "services", "accounts"):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        may = 403 if model in (Payee, PersonalData, ViewNote) else 200  # which need a role
        assert staff.get(reverse(f"{name}_changelist")).status_code == may, name
        assert staff.get(reverse(f"{name}_add")).status_code == 403, name
        row = model._default_manager.first()
        if row is None:
            continue
        shown += 1
        page = reverse(f"{name}_change", args=[row.pk])
        assert staff.get(page).status_code == may, page
        assert staff.post(page, {}).status_code in (403, 405), page
        assert staff.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403, page
    assert shown > 15


def test_the_claim_page_explains(staff: Client, claim: Claim) -> None:
    page = reverse("admin:claims_claim_change", args=[claim.pk])
    assert "산정을 기다리고 있습니다" in staff.get(page).content.decode()
    work_off()
    told_there = staff.get(page).content.decode()
    assert "5,250원" in told_there
    assert "공식 구간 2022-10-15 15:30 ~ 2022-10-16 02:00" in told_there


def test_an_explanation_that_no_longer_comes_out_is_an_alarm_and_no_error(
    staff: Client, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_off()
    terms_module._terms_by_id.cache_clear()
    monkeypatch.setattr(engine_terms, "ENGINE_VERSION", "another")
    page = staff.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert "explanation_unavailable" in page
    terms_module._terms_by_id.cache_clear()


def test_who_looked_at_a_claim_is_logged(staff: Client, claim: Claim) -> None:
    work_off()
    follow_up()
    user = User.objects.get()
    page = reverse("admin:claims_claim_change", args=[claim.pk])
    for address in (
        page,
        reverse("admin:claims_letter_content", args=[claim.letters.get().pk]),
    ):
        assert staff.get(address).status_code == 200
    assert list(CaseView.objects.values_list("page", "viewer")) == [("claim", user.pk), ("letter", user.pk)]
    stranger = Client()
    stranger.force_login(User.objects.create_user("claimant@example.org"))
    assert stranger.get(page).status_code in (302, 403)
    assert staff.get(reverse("admin:claims_claim_change", args=[claim.pk + 1])).status_code == 404
    assert CaseView.objects.count() == 2
    link_log(now=NOW)
    assert ChainLink.objects.filter(log="claims.caseview").count() == 2


def test_a_usage_and_a_logged_row_are_looked_up_whole(staff: Client, claim: Claim):
    usage(claim.person, BIKE, "ride", "15 15:00", "15 16:00", external_id="ride-77", partner=a_partner())
    usage(claim.person, BIKE, "ride", "16 15:00", "16 16:00", external_id="ride-78")
    link_log(now=NOW)
    row = ChainLink.objects.filter(log="claims.event")[0].row
    for page, typed, found in (
        ("usage", "ride-77", 1), ("usage", " ride-78", 1), ("usage", "ride-7", 0), ("usage", "", 2),
        ("chainlink", "x", 0), ("chainlink", "9" * 30, 0),
    ):  # fmt: skip
        answer = staff.get(reverse(f"admin:claims_{page}_changelist"), {"q": typed})
        assert answer.context["cl"].result_count == found, typed
    answer = staff.get(reverse("admin:claims_chainlink_changelist"), {"q": str(row)})
    assert row in {link.row for link in answer.context["cl"].result_list}
