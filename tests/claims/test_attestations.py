"""A proof of the outage for others: what the record says of the claim's services, nameless, once, and known by its number."""

from __future__ import annotations

from io import BytesIO
from typing import Any, get_args

import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from accounts.operations import admit_guest
from claims.models import Attestation, Claim, Event
from claims.operations import NoOfficialOutage, NoServices, NotTheClaimant, attest_outage, genuine_attestation, open_claim
from claims.operations.numbers import Kind
from claims.web.my.words import REFUSED
from services.refusals import InvalidValue
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_user, claim_of, outage, told
from tests.claims.mine_cast import let_in, mine

BANK = "unnamed_bank.banking"


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


def test_a_claim_that_names_no_service_gets_none(client: Client, db: None):
    with transaction.atomic():
        claim = open_claim(person=a_person(), incident=outage(), message="언제 되나요?", now=NOW)
    with pytest.raises(NoServices):
        attested(claim)
    let_in(client, claim)
    page = client.get(mine("proof", claim)).content.decode()
    assert REFUSED["no_services"][0] in page
    assert "확인서 만들기" not in page


def test_a_service_without_an_official_outage_gets_no_proof(claim: Claim):
    """Nothing is said to have been down that the record does not say was."""
    with transaction.atomic():
        bank, both = (
            open_claim(person=a_person(), incident=claim.incident, losses=losses, now=NOW)
            for losses in ([told(BANK)], [told(BANK), told(MESSAGES)])
        )
    with pytest.raises(NoOfficialOutage) as refused:
        attested(bank)
    assert refused.value.code == "no_official_outage"
    assert Attestation.objects.count() == 0
    text = bytes(attested(both).content).decode()
    assert "카카오톡" in text
    assert "은행" not in text


def test_one_that_said_so_once_is_made_no_more(claim: Claim):
    """Of the time when such a service was listed with no outage."""
    guest = admit_guest(person=a_person(), by="code", now=NOW)
    assert guest.person is not None
    with transaction.atomic():
        bank = open_claim(person=guest.person, incident=claim.incident, losses=[told(BANK)], now=NOW)
    kept = attested(claim)
    of_old = {"number": "A-0000-0000-0001", "language": "ko", "revision": 1, "made_at": NOW, "content_hash": kept.content_hash}
    Attestation.objects.create(claim=bank, record_version=kept.record_version, content=b"x", pdf=b"x", **of_old)
    with pytest.raises(NoOfficialOutage):
        attested(bank)


@pytest.mark.parametrize("losses", [("bank",), ("bank", "messages")])
def test_the_page_says_of_which_services_none_is_made_and_why(client: Client, claim: Claim, losses: tuple[str, ...]):
    services = {"bank": BANK, "messages": MESSAGES}
    with transaction.atomic():
        other = open_claim(person=a_person(), incident=claim.incident, losses=[told(services[one]) for one in losses], now=NOW)
    let_in(client, other)
    for language, why, button in (("ko", "공식 기록에 장애가 없습니다", "확인서 만들기"), ("en", "no outage of", "Make it")):
        page = client.get(mine("proof", other), headers={"accept-language": language}).content.decode()
        assert why in page
        assert f"/incidents/{claim.incident.key}/" in page
        assert (button in page) == ("messages" in losses)
    if losses == ("bank",):
        refused = client.post(mine("proof", other), headers={"accept-language": "ko"}).content.decode()
        assert REFUSED["no_official_outage"][0] in refused
    whole = client.get(mine("proof", other)).content.decode()
    assert ("카카오톡" in whole) == ("messages" in losses), "those that a proof names are said"


def test_of_a_claim_that_is_all_official_nothing_is_left_out(client: Client, claim: Claim):
    let_in(client, claim)
    assert "공식 기록에 장애가 없습니다" not in client.get(mine("proof", claim)).content.decode()


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


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en"])
def test_where_numbers_are_checked_each_kind_is_named(client: Client, language: str):
    hint = client.get("/my/check/", headers={"accept-language": language}).content.decode()
    assert all(f" {kind}-" in hint for kind in get_args(Kind))


def test_the_page_makes_one_and_lists_it(client: Client, claim: Claim):
    let_in(client, claim)
    here = mine("proof", claim)
    assert here in client.get(mine("status", claim)).content.decode()
    assert client.post(here).headers["Location"] == here
    client.post(here)
    made = Attestation.objects.get()
    for language, said in (("ko", False), ("en", True)):
        page = client.get(here, headers={"accept-language": language}).content.decode()
        assert made.number in page
        assert ("in Korean" in page) == said, "a proof is in the language in which it was asked for"
    pdf = client.get(mine("proof_pdf", claim, made.number))
    assert pdf.content == bytes(made.pdf)
    other = claim_of(a_person(), claim.incident)
    let_in(client, other)
    assert client.get(mine("proof_pdf", other, made.number)).status_code == 404
