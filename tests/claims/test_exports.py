"""Lists that leave the service: who, why, and in the log before the first byte."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import PersonalData
from claims.models import Claim, Event, Note
from claims.operations import ExportReasonUnknown, UnknownExport, make_payment_run, record_export
from claims.operations.refusals import Required
from claims.queries import exports
from services.staff import RoleMissing
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off

CLAIMS = "/admin/claims/tally/export/"
PAYMENTS = "/admin/claims/paymentrun/export/"
WHY = {"reason": "report", "note": "the week"}


@pytest.fixture
def claims(db: None) -> list[Claim]:
    """One is queued, the other two are to be paid."""
    incident = outage()
    a_policy()
    made = [claim_of(a_person(), incident, told(service)) for service in (BIKE, MESSAGES, MESSAGES)]
    work_off()
    follow_up()
    return made


def client_of(*roles: str) -> Client:
    client = Client()
    client.force_login(a_user(*roles))
    return client


def rows(answer: Any) -> list[dict[str, str]]:
    content = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_claims_go_out_masked_once_the_reason_is_logged(claims: list[Claim]):
    PersonalData.objects.filter(person=claims[0].person).update(name="=홍길동", email="hong@example.org")
    answer = client_of("checker").post(f"{CLAIMS}?service={BIKE}", WHY)
    (event,) = Event.objects.filter(kind="export_made")  # nothing of the list was read yet
    assert {key: event.data[key] for key in ("export", "reason", "wanted")} == {
        "export": "claims", "reason": "report", "wanted": {"service": BIKE},
    }  # fmt: skip
    assert Note.objects.get(event=event).text == "the week"
    (row,) = rows(answer)
    assert (row["claim"], row["review"], row["service"]) == (claims[0].reference, "queued", BIKE)
    assert (row["name"], row["email"]) == ("'=**동", "h***@example.org")


@pytest.mark.parametrize(
    ("address", "roles", "others"),
    [
        (CLAIMS, ["checker", "auditor"], ["caseworker", "finance", "manager"]),
        (PAYMENTS, ["finance", "auditor"], ["caseworker", "checker"]),
    ],
)
def test_who_may(claims: list[Claim], address: str, roles: list[str], others: list[str]):
    for role in roles:
        assert "attachment" in client_of(role).post(address, WHY).headers["content-disposition"]
    count = Event.objects.filter(kind="export_made").count()
    assert count == len(roles)
    for role in others:
        client = client_of(role)
        assert "<textarea" not in client.get(address).content.decode()
        assert client.post(address, WHY).status_code == 403
    assert Event.objects.filter(kind="export_made").count() == count


@pytest.mark.parametrize(
    "why", [{}, {"reason": ""}, {"reason": "curious"}, {"reason": "other"}, {"reason": "other", "note": " "}]
)
def test_without_a_reason_nothing_goes_out(claims: list[Claim], why: dict[str, str]):
    for client, address in ((client_of("auditor"), CLAIMS), (client_of("finance"), PAYMENTS)):
        answer = client.post(address, why)
        assert "errorlist" in answer.content.decode()
    assert not Event.objects.filter(kind="export_made").exists()


def test_a_filter_that_makes_no_sense_exports_nothing(claims: list[Claim]):
    answer = client_of("auditor").post(f"{CLAIMS}?least=x", WHY)
    assert "errorlist" in answer.content.decode()
    assert not Event.objects.filter(kind="export_made").exists()


def test_what_is_to_be_paid(claims: list[Claim]):
    found = rows(client_of("finance").post(PAYMENTS, WHY))
    assert [(row["claim"], row["unit"], row["quantity"]) for row in found] == [
        (claim.reference, "KRW", "3250") for claim in claims[1:]
    ]


def test_the_file_of_a_run_asks_why_too(claims: list[Claim]):
    finance = a_user("finance")
    run = make_payment_run(made_by=finance, note="x", now=NOW)
    here = f"/admin/claims/paymentrun/{run.pk}/file/"
    client = client_of("finance")
    assert claims[1].reference not in client.get(here).content.decode()
    assert [row["claim"] for row in rows(client.post(here, WHY))] == [claim.reference for claim in claims[1:]]
    assert Event.objects.get(kind="export_made").data["wanted"] == {"run": run.pk}


def test_memory_holds_a_page_and_a_page_costs_the_same(claims: list[Claim], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "ROWS", 1)
    answer = client_of("finance").post(PAYMENTS, WHY)
    assert answer.streaming
    with CaptureQueriesContext(connection) as queries:
        assert len(rows(answer)) == 2
    assert len(queries) == 17, "eight for each page, and one that finds no more"


def test_refusals_are_named(db: None):
    auditor = a_user("auditor")
    for what, reason, error in (
        ("people", "audit", UnknownExport), ("claims", "curious", ExportReasonUnknown), ("claims", "other", Required),
    ):  # fmt: skip
        with pytest.raises(error):
            record_export(what=what, reason=reason, exported_by=auditor, now=NOW)
    with pytest.raises(RoleMissing):
        record_export(what="payments", reason="payment", exported_by=a_user("checker"), now=NOW)
