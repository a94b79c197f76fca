"""A proof of the outage for others: what the record says of the claim's services, nameless, once, and known by its number."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from accounts.operations import admit_guest
from claims.models import Attestation, Claim, Event
from claims.operations import NoServices, NotTheClaimant, attest_outage, genuine_attestation, open_claim
from services.refusals import InvalidValue
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_user, claim_of, outage, told
from tests.claims.mine_cast import let_in, mine


@pytest.fixture
def claim(db: None) -> Claim:
    return claim_of(a_person(), outage(version=2), told(MESSAGES), told("kakao_t_taxi_driver.app"), told(BIKE))


@transaction.atomic
def attested(claim: Claim, by: User | None = None, **otherwise: Any) -> Attestation:
    guest = by or admit_guest(person=claim.person, by="code", now=NOW)
    return attest_outage(claim_id=claim.pk, asked_by=guest, **{"language": "ko", "now": NOW, **otherwise})


def test_it_says_when_the_services_were_down_and_by_whom_and_names_nobody(claim: Claim):
    made = attested(claim)
    text = bytes(made.content).decode()
    for words in ("장애 사실 확인서", made.number, "제2판", "카카오톡", "메시지 확인", "이용했는지"):
        assert words in text, words
    assert "Kim" not in text
    assert claim.reference not in text, "who is shown it learns no number of a claim"
    pages = "".join(page.extract_text() for page in PdfReader(BytesIO(bytes(made.pdf))).pages)
    assert made.number in pages
    english = bytes(attested(claim, language="en").content).decode()
    assert "Proof of an outage" in english
    assert "version 2" in english


def test_what_a_service_lost_through_another_says_so(claim: Claim):
    assert "because" in bytes(attested(claim, language="en").content).decode()


def test_asked_again_it_is_the_same_until_something_new_is_said(claim: Claim):
    first = attested(claim)
    assert attested(claim) == first
    assert Event.objects.filter(kind="outage_attested").count() == 1
    claim_of(claim.person, claim.incident, told(BIKE, "15 16:00", "15 17:00"))
    assert attested(claim) != first
    assert bytes(Attestation.objects.get(pk=first.pk).content) == bytes(first.content)


def test_a_claim_that_names_no_service_gets_none(db: None):
    with transaction.atomic():
        claim = open_claim(person=a_person(), incident=outage(), message="언제 되나요?", now=NOW)
    with pytest.raises(NoServices):
        attested(claim)


def test_only_who_made_the_claim_gets_one(claim: Claim):
    for other in (a_user("caseworker"), admit_guest(person=a_person(), by="code", now=NOW)):
        with pytest.raises(NotTheClaimant):
            attested(claim, by=other)
    with pytest.raises(InvalidValue):
        attested(claim, language="fr")
    assert Attestation.objects.count() == 0


def test_whoever_holds_its_number_sees_it(client: Client, claim: Claim):
    made = attested(claim)
    for typed in (made.number, made.number.lower().replace("-", " ")):
        assert genuine_attestation(typed) == made
        page = client.post("/my/check/", {"number": typed}).content.decode()
        assert "발급한 확인서입니다" in page
        assert f"/my/check/{made.number}/" in page
    shown = client.get(f"/my/check/{made.number}/")
    assert (shown.content, shown.headers["Content-Security-Policy"][:7]) == (bytes(made.content), "sandbox")
    for wrong in ("A-0000-0000-0000", "x", "M" + made.number[1:]):
        assert client.get(f"/my/check/{wrong}/").status_code == 404
        assert genuine_attestation(wrong) is None


def test_the_page_makes_one_and_lists_it(client: Client, claim: Claim):
    let_in(client, claim)
    here = mine("proof", claim)
    assert here in client.get(mine("status", claim)).content.decode()
    assert client.post(here).headers["Location"] == here
    client.post(here)
    made = Attestation.objects.get()
    assert made.number in client.get(here).content.decode()
    pdf = client.get(mine("proof_pdf", claim, made.number))
    assert pdf.content == bytes(made.pdf)
    other = claim_of(a_person(), claim.incident)
    let_in(client, other)
    assert client.get(mine("proof_pdf", other, made.number)).status_code == 404
