"""Finance pays what is approved: the list, the file, and what became of each item."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, ClaimStatus, PaymentRun
from claims.operations.payment import as_csv
from tests.builders import a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off
from tests.worlds import world

DUE = "/admin/claims/paymentrun/"


@world
def claims(db: None) -> list[Claim]:
    incident = outage()
    a_policy()
    made = [claim_of(a_person(), incident, told()) for _ in range(2)]
    work_off()
    follow_up()
    return made


def client_of(*roles: str) -> Client:
    client = Client()
    client.force_login(a_user(*roles))
    return client


def payments(claims: list[Claim]) -> list[str]:
    return [ClaimStatus.objects.get(pk=claim.pk).payment for claim in claims]


def test_what_is_approved_is_listed_paid_and_answered(claims: list[Claim]):
    client = client_of("finance")
    page = client.get(DUE).content.decode()
    for claim in claims:
        assert claim.reference in page
    assert page.count("3,250원") == 2
    assert "required" in client.post(DUE, {"note": " "}).content.decode()
    assert not PaymentRun.objects.exists()
    shown = client.post(DUE, {"note": "weekly"}, follow=True).content.decode()
    assert "6,500원" in shown
    run = PaymentRun.objects.get()
    answer = client.post(reverse("admin:claims_paymentrun_file", args=[run.pk]), {"reason": "payment"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    listed, file = bytes(run.content).decode().splitlines(), answer.getvalue().decode().splitlines()
    assert [line.rpartition(',"')[0] for line in listed] == [line.split(',"payee"')[0].split(',"payee_not')[0] for line in file]
    here = reverse("admin:claims_paymentrun_change", args=[run.pk])
    first = run.lines.order_by("pk")[0].pk
    assert "required" in client.post(here, {"act": "failed", "item": [first]}, follow=True).content.decode()
    client.post(here, {"act": "failed", "item": [first], "note": "no account"})
    assert payments(claims) == ["due", "sent"]
    for both in ({}, {"all": "1", "item": [run.lines.order_by("pk")[1].pk]}):  # which ones is not said, or said twice
        client.post(here, {"act": "arrived", **both})
        assert payments(claims) == ["due", "sent"]
    assert "아직 가는 중인 모두: 1 · 요금 차감 3,250원" in " ".join(client.get(here).content.decode().split())
    client.post(here, {"act": "arrived", "all": "1"})
    assert payments(claims) == ["due", "paid"]
    assert "payment_answered" in client.post(here, {"act": "arrived", "all": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("role", ["caseworker", "checker", "auditor"])
def test_nobody_else_pays(claims: list[Claim], role: str):
    client = client_of(role)
    assert 'name="note"' not in client.get(DUE).content.decode()
    assert client.post(DUE, {"note": "weekly"}).status_code == 403
    assert payments(claims) == ["due", "due"]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+82", "'+82"), ("-3", "'-3"), ("@x", "'@x"), (" =1", "' =1"), ("\t=1", "'\t=1"), ("＝1", "'＝1"),
        ("C-1", "C-1"), (-3, "-3"), ("", ""), ('a"b', 'a""b'),
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_compute_is_text(cell: Any, written: str):
    assert as_csv(["x"], [[cell]]) == f'\ufeff"x"\r\n"{written}"\r\n'.encode()
