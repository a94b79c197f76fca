"""The admin shows everything and changes nothing."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.operations import create_person, create_staff
from services.models import Notice, OutageWindow, RecordVersion
from services.operations import WindowSaid, name_governing, open_record_draft, publish_record_draft, record_window
from tests.services.conftest import NOW

MODELS = [model for app in ("services", "accounts") for model in apps.get_app_config(app).get_models()]


def address(model, page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def staff(record) -> Client:
    create_person(now=NOW, name="홍길동", phone="010-1234-5678", email="hong@example.org")
    client = Client()
    client.force_login(create_staff(email="staff@example.org", password="x", roles=["auditor"], now=NOW))
    return client


def test_every_table_is_there_in_a_fixed_number_of_queries(staff):
    for model in MODELS:
        assert admin.site.is_registered(model)
        with CaptureQueriesContext(connection) as queries:
            response = staff.get(address(model, "changelist"))
        assert response.status_code == 200, model
        assert len(queries) <= 10, f"{model}: session, user, roles, count, rows, and one per filter by a foreign key"
        for row in model._default_manager.all()[:1]:
            assert staff.get(address(model, "change", row.pk)).status_code == 200, model


def test_not_even_a_superuser_changes_anything(staff):
    staff.force_login(User.objects.create_superuser("root@example.org"))
    for model in MODELS:
        assert staff.get(address(model, "add")).status_code == 403, model
        assert staff.post(address(model, "add"), {}).status_code == 403, model
        for row in model._default_manager.all()[:1]:
            assert staff.post(address(model, "change", row.pk), {}).status_code == 403, model
            assert staff.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        assert "delete_selected" not in staff.get(address(model, "changelist")).content.decode(), model


def test_only_staff(record):
    client = Client()
    client.force_login(User.objects.create_user("claimant@example.org"))
    assert client.get(address(Notice, "changelist")).status_code == 302


def test_search_in_korean_and_by_code(staff):
    for words, found in (("카카오톡 메시지", 9), ("톡채널", 2), ("taxi_call", 3), ("없는 말", 0)):
        response = staff.get(address(OutageWindow, "changelist"), {"q": words})
        assert response.context["cl"].result_count == found, words


def test_times_are_half_open_and_korean(staff):
    response = staff.get(address(OutageWindow, "changelist"), {"q": "kakaotalk.text_message", "versions__number": 1})
    assert "[~2022-10-15 15:30, ~2022-10-16 02:00)" in response.content.decode()


def test_a_hand_written_lookup_is_refused(staff):
    assert staff.get(address(OutageWindow, "changelist"), {"service__code": "daum"}).status_code == 200
    for lookup in ("notice__text__contains", "notice__recorded_at__gte", "versions__published_by__password__startswith"):
        assert staff.get(address(OutageWindow, "changelist"), {lookup: "x"}).status_code == 400


def test_nonsense_in_the_address_is_no_error(staff):
    for parameters in ({"p": "-1"}, {"p": "x"}, {"o": "99"}, {"q": "\x00"}, {"severity__exact": "x"}, {"e": "1"}):
        assert staff.get(address(OutageWindow, "changelist"), parameters).status_code in {200, 302}, parameters


def test_a_version_lists_its_windows(staff):
    version = RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=2)
    page = staff.get(address(RecordVersion, "change", version.pk)).content.decode()
    assert "kakao_t.taxi_call  [2022-10-15 15:00, 2022-10-16 09:00)  full  mobility" in page


def test_a_window_says_whether_it_was_planned_and_when_it_was_announced(staff):
    said = WindowSaid(
        service="daum", notice="operator-1016-0800", severity="full", start_at=NOW, end_at=NOW + timedelta(hours=1),
        planned=True, announced_at=NOW - timedelta(days=3),
    )  # fmt: skip
    record_window(said, incident="kakao-2022-10-15")
    shown = staff.get(address(OutageWindow, "changelist"), {"planned__exact": "1"})
    assert [window.planned for window in shown.context["cl"].result_list] == [True]
    assert "2022-12-04 18:00" in shown.content.decode()


def test_a_version_links_to_its_draft_and_names_whom_it_follows(staff, version_2):
    writer, checker = (
        create_staff(email=f"{role}@example.org", password="a long password 1", roles=[role], now=NOW)
        for role in ("caseworker", "checker")
    )
    by = {"written_by": writer, "now": NOW}
    draft = open_record_draft(incident="kakao-2022-10-15", title="모빌리티의 말대로", opened_by=writer, now=NOW)
    name_governing(draft_id=draft.pk, read=0, source="mobility", reason="the closer one", **by)
    version = publish_record_draft(draft_id=draft.pk, read=1, after=2, published_by=checker, now=NOW)
    link = f'<a href="{reverse("admin:services_recorddraft_change", args=[draft.pk])}">모빌리티의 말대로</a>'
    for page in (address(RecordVersion, "changelist"), address(RecordVersion, "change", version.pk)):
        shown = staff.get(page).content.decode()
        assert link in shown
        assert re.search(r"field-governing\b.{0,500}>(<a [^>]*>)?mobility<", shown, re.DOTALL)
    assert link not in staff.get(address(RecordVersion, "change", version_2.pk)).content.decode()
