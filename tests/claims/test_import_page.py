"""The page of an import: how far, what was refused and why; it moves by itself, and says nothing of what is in the file."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ImportPart, UsageImport
from claims.operations import imports as module
from claims.operations import work_next_part
from services.models import Incident
from tests.builders import NOW, a_partner
from tests.claims.import_cast import as_csv, ride, send, work
from tests.services.feed_cast import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> UsageImport:
    """In two parts; three rows of the second are wrong."""
    monkeypatch.setattr(module, "PART_BYTES", 1000)
    wrong = [ride(number, kind="flight") for number in range(20, 23)]
    return send(a_partner(), as_csv([*(ride(number) for number in range(17)), *wrong]), mode="per_row")


@pytest.fixture
def manager(client: Client, db: None) -> Client:
    client.force_login(staff("manager", "manager"))
    return client


def shown(reader: Client, one: UsageImport, language: str = "en") -> str:
    answer = reader.get(reverse("admin:claims_usageimport_change", args=[one.pk]), headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_moves_while_the_file_is_read_and_stands_still_afterwards(sent: UsageImport, manager: Client):
    rows = [part.rows for part in ImportPart.objects.filter(usage_import=sent)]
    assert len(rows) > 1
    page = shown(manager, sent)
    assert "data-refresh" in page
    assert f'value="0" max="{sum(rows)}"' in page
    work_next_part(import_id=sent.pk, worker="w", now=NOW)
    assert f'value="{rows[0]}" max="{sum(rows)}"' in shown(manager, sent)
    work(sent)
    page = shown(manager, sent)
    assert "data-refresh" not in page
    assert "20 / 20" in page


def test_of_what_was_refused_it_says_where_and_why_and_nothing_else(sent: UsageImport, manager: Client):
    work(sent)
    for language, words in (("ko", "틀린 행"), ("en", "Rows refused")):
        page = shown(manager, sent, language)
        assert words in page
        assert page.count("<code>kind_unknown</code>") == 3
        assert "ride-2" not in page
        assert "flight" not in page


def test_a_part_that_failed_is_told_with_its_error_as_text(sent: UsageImport, manager: Client):
    about: Any = {"state": "failed", "last_error": "<script>alert(1)</script>", "done_at": NOW}
    ImportPart.objects.filter(usage_import=sent, number=1).update(**about)
    page = shown(manager, sent)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_number_that_no_import_has_is_not_found(manager: Client):
    assert manager.get(reverse("admin:claims_usageimport_change", args=[10**9])).status_code == 404
