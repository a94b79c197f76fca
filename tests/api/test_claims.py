"""Claims over the API: one for each person and incident, once for each number, and nobody else's in sight."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Consent, Person, PersonalData
from accounts.operations import publish_consent_text
from claims.models import Claim, Event, Fact, KeptAnswer, Loss, PartnerClaim
from tests.api.cast import Program, a_claim, a_ride, problem
from tests.builders import NOW, a_policy, work_off

pytestmark = pytest.mark.usefixtures("incident")
WHO = {"name": "홍길동", "email": "hong@example.com", "phone": "010-1234-5678"}


@pytest.fixture
def consents() -> list[dict[str, Any]]:
    texts = {f"{part}_{language}": "x" for part in ("title", "text") for language in ("ko", "en")}
    for code in ("privacy", "records"):
        publish_consent_text(code=code, required=code == "privacy", **texts, published_by=None, now=NOW)
    return [{"code": "privacy", "number": 1, "given": True}, {"code": "records", "number": 1, "given": False}]


def test_a_claim_is_made_and_read_with_its_losses(ours: Program):
    made = ours.post("/claims", a_claim(external_id="c-1"))
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["external_id"], said["person"], said["origin"], said["review"]) == ("c-1", "rider-1", "partner", "received")
    assert made["Location"] == f"/api/v1/claims/{said['reference']}"
    whole = ours.get(f"/claims/{said['reference']}")
    assert whole["ETag"] == f'"{said["version"]}"'
    (loss,) = whole.json()["losses"]
    assert (loss["service"], loss["official_seconds"]) == ("kakaotalk.text_message", {"full": 23_400})
    assert whole.json()["assessment"] is None
    assert Event.objects.filter(kind="claim_filed", claim__reference=said["reference"]).count() == 1


def test_it_is_assessed_and_explained_in_the_language_that_is_asked_for(ours: Program):
    a_policy()
    reference = ours.post("/claims", a_claim()).json()["reference"]
    work_off()
    for language, word in (("en", "won"), ("ko", "원")):
        answer = ours.get(f"/claims/{reference}", Accept_Language=language)
        assert answer["Content-Language"] == language
        assessment = answer.json()["assessment"]
        assert assessment["lines"][0]["quantity"] == 3250
        assert any(word in line for line in assessment["explanation"])


def test_the_same_number_is_the_same_claim_whatever_the_key(ours: Program):
    claim = a_claim()
    first, second = ours.post("/claims", claim), ours.post("/claims", claim)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (Claim.objects.count(), PartnerClaim.objects.count(), Loss.objects.count()) == (1, 1, 1)
    assert problem(ours.post("/claims", {**claim, "losses": [], "message": "x"})) == (409, "claim_differs")
    assert problem(ours.post("/claims", {**claim, "person": "another"})) == (409, "claim_differs")
    assert Person.objects.count() == 1


def test_the_same_key_gets_the_same_answer_and_no_other_request(ours: Program, theirs: Program):
    claim = a_claim()
    first = ours.post("/claims", claim, Idempotency_Key="k1")
    again = ours.post("/claims", claim, Idempotency_Key="k1")
    assert (again.status_code, again.content, again["Location"]) == (first.status_code, first.content, first["Location"])
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert problem(ours.post("/claims", a_claim(), Idempotency_Key="k1")) == (422, "idempotency_key_reused")
    assert problem(ours.post("/usage", a_ride(), Idempotency_Key="k1")) == (422, "idempotency_key_reused")
    assert theirs.post("/claims", claim, Idempotency_Key="k1").status_code == 201
    assert (Claim.objects.count(), KeptAnswer.objects.count()) == (2, 2)


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "é", "a\x7f"])
def test_a_key_that_is_none_is_refused(ours: Program, key: str):
    assert problem(ours.post("/claims", a_claim(), Idempotency_Key=key)) == (400, "idempotency_key_invalid")


def test_without_a_key_nothing_is_written(ours: Program):
    body = b'{"external_id": "x"}'
    answer = ours.client.post("/api/v1/claims", body, "application/json", headers={"Authorization": f"Bearer {ours.token}"})
    assert problem(answer) == (400, "idempotency_key_required")


def test_what_was_refused_may_be_sent_right_under_the_same_key(ours: Program):
    assert ours.post("/claims", a_claim(incident="none"), Idempotency_Key="k").status_code == 422
    assert ours.post("/claims", a_claim(), Idempotency_Key="k").status_code == 201


def test_a_second_number_for_one_person_and_incident_is_refused(ours: Program):
    ours.post("/claims", a_claim())
    assert problem(ours.post("/claims", a_claim())) == (409, "duplicate_claim")
    assert Claim.objects.count() == 1


def test_whoever_has_usage_needs_no_other_loss_and_the_claim_that_came_of_it_is_theirs(ours: Program):
    assert problem(ours.post("/claims", a_claim(losses=[]))) == (422, "required")
    ours.post("/usage", a_ride())
    work_off()
    derived = ours.get("/claims").json()["data"]
    assert [(one["external_id"], one["origin"]) for one in derived] == [(None, "partner")]
    claimed = ours.post("/claims", a_claim(losses=[])).json()
    assert claimed["reference"] == derived[0]["reference"]
    assert Claim.objects.count() == 1


def test_who_claims_is_kept_apart_with_what_they_agreed_to(ours: Program, consents: Any):
    claimant = {**WHO, "consents": consents}
    reference = ours.post("/claims", a_claim(claimant=claimant)).json()["reference"]
    person = Claim.objects.get(reference=reference).person
    assert PersonalData.objects.get(person=person).email == "hong@example.com"
    assert dict(Consent.objects.values_list("text__code", "given")) == {"privacy": True, "records": False}
    assert set(Consent.objects.values_list("channel", flat=True)) == {"partner"}
    assert "hong" not in ours.get(f"/claims/{reference}").content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"consents": []}, "consent_required"), ({"email": "a@b"}, "email_format"), ({"phone": "abc"}, "phone_invalid"),
        ({"phone": "1"}, "phone_invalid"),
        ({"email": "a\nb@example.com"}, "email_format"), ({"email": "a" * 300 + "@example.com"}, "email_format"),
        ({"name": " "}, "required"), ({"name": "a" * 101}, "too_long"), ({"phone": "900101-1234567"}, "resident_number"),
        ({"locale": "fr"}, "choice_unknown"), ({"age": 3}, "unknown_field"),
    ],
)  # fmt: skip
def test_a_claimant_who_cannot_be_kept_leaves_nothing(ours: Program, consents: Any, change: dict[str, Any], code: str):
    claimant = {**WHO, "consents": consents, **change}
    assert problem(ours.post("/claims", a_claim(claimant=claimant)))[1] == code
    assert (Person.objects.count(), PersonalData.objects.count(), Consent.objects.count()) == (0, 0, 0)


def test_consents_name_the_version_that_was_read(ours: Program, consents: Any):
    no = [{**consents[0], "given": False}, consents[1]]
    assert problem(ours.post("/claims", a_claim(claimant={**WHO, "consents": no}))) == (422, "consent_required")
    for wrong in ([consents[0]], [*consents, consents[0]], [{**consents[0], "number": 2}, consents[1]]):
        assert problem(ours.post("/claims", a_claim(claimant={**WHO, "consents": wrong}))) == (422, "consent_outdated")


def test_somebody_is_not_renamed_by_who_knows_their_number(ours: Program, consents: Any):
    ours.post("/usage", a_ride())
    assert ours.post("/claims", a_claim(claimant={**WHO, "consents": consents})).status_code == 201
    other = {**WHO, "name": "another", "consents": consents}
    assert problem(ours.post("/claims", a_claim(incident="kakao-2022-10-15", claimant=other)))[0] in (409, 422)
    assert PersonalData.objects.get().name == "홍길동"


def test_facts_are_the_claimants_word_or_what_the_partner_has_on_record(ours: Program):
    a_policy(asks={"is_member": "boolean", "fee": "money"})
    ours.post("/claims", a_claim(facts={"is_member": True}, recorded_facts={"fee": 4900}))
    assert dict(Fact.objects.values_list("name", "provenance")) == {"is_member": "claimant", "fee": "partner"}
    refused = ours.post("/claims", a_claim(person="r2", facts={"is_member": "yes"}))
    assert problem(refused) == (422, "boolean_expected")
    assert problem(ours.post("/claims", a_claim(person="r2", facts={"nobody_asks": 1}))) == (422, "fact_unknown")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"incident": "none"}, "reference_unknown"), ({"incident": "\u202e"}, "invalid_character"),
        ({"incident": ...}, "required"),
        ({"losses": [{}]}, "required"), ({"losses": {}}, "array_expected"), ({"losses": [None]}, "object_expected"),
        ({"asks_for": ["none"]}, "reference_unknown"), ({"message": "a\x00"}, "invalid_character"),
        ({"message": "a" * 4001}, "too_long"),
        ({"reference": "C-0000-0000"}, "unknown_field"), ({"decision": "approved"}, "unknown_field"),
        ({"filed_at": "2022-10-15T00:00:00Z"}, "unknown_field"),
        ({"facts": {"Is": 1}}, "format_invalid"), ({"facts": {"a": 1.5}}, "integer_expected"),
        ({"facts": {"a": None}}, "value_invalid"),
        ({"facts": {"a": {"b": 1}}}, "value_invalid"), ({"facts": []}, "object_expected"),
    ],
)  # fmt: skip
def test_a_claim_that_is_wrong_leaves_nothing(ours: Program, change: dict[str, Any], code: str):
    assert problem(ours.post("/claims", a_claim(**change))) == (422, code)
    assert (Person.objects.count(), Claim.objects.count(), KeptAnswer.objects.count()) == (0, 0, 0)


def test_what_is_of_another_partner_is_not_there(ours: Program, theirs: Program):
    reference = theirs.post("/claims", a_claim()).json()["reference"]
    theirs.post("/usage", a_ride(person="rider-9"))
    assert problem(ours.get(f"/claims/{reference}")) == (404, "not_found")
    assert problem(ours.get("/claims/C-0000-0000")) == (404, "not_found")
    assert problem(ours.get("/people/rider-9/losses")) == (404, "not_found")
    assert ours.get("/claims").json() == {"data": [], "next": None}
    assert ours.get("/claims?external_id=claim-1&incident=kakao-2022-10-15").json()["data"] == []


def test_a_quote_stores_nothing_and_says_what_a_claim_would_come_to(ours: Program):
    a_policy()
    story = {name: value for name, value in a_claim().items() if name in ("incident", "losses")}
    answer = ours.post("/quotes", story)
    assert answer.status_code == 200, answer.content
    assert answer.json()["expected"] == [{"remedy": "credit", "unit": "KRW", "currency": "KRW", "quantity": 3250}]
    assert any("won" in line for line in answer.json()["explanation"])
    assert (Person.objects.count(), Claim.objects.count(), KeptAnswer.objects.count()) == (0, 0, 0)
    assert problem(ours.post("/quotes", {**story, "losses": []})) == (422, "required")


def test_the_losses_of_a_person_are_there_without_any_policy(ours: Program):
    ours.post("/claims", a_claim(person="a/b ü"))
    answer = ours.get("/people/a%2Fb%20%C3%BC/losses")
    assert answer.status_code == 200
    assert [one["official_seconds"] for one in answer.json()["losses"]] == [{"full": 23_400}]


@pytest.mark.parametrize(
    ("query", "code"),
    [("review=gone", "choice_unknown"), ("decision=%00", "invalid_character"), ("state=x", "unknown_parameter")],
)
def test_a_filter_that_is_not_known_is_refused(ours: Program, query: str, code: str):
    assert problem(ours.get(f"/claims?{query}")) == (400, code)


def test_a_name_of_a_fact_that_cannot_be_seen_is_said_to_be_that(ours: Program):
    assert problem(ours.post("/claims", a_claim(facts={"a\x00": 1}))) == (422, "invalid_character")
    assert problem(ours.post("/claims", a_claim(facts={"A": 1}))) == (422, "format_invalid")


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_text_says_nothing(ours: Program, blank: str):
    assert problem(ours.post("/claims", a_claim(incident=blank))) == (422, "required")
    assert problem(ours.post("/webhooks", {"url": blank})) == (422, "required")
