"""Claims are corrected over the API: by a partner what is its own, by claimants what is theirs, as it was read."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import AccountEvent, Person, User
from accounts.operations import keep_person
from claims.models import Claim, ClaimRevision, ClaimStatus, Event, Fact, Loss
from claims.operations import correct_claim, decide_claim, merge_claims, take_claim, withdraw_loss
from services.models import Incident
from tests.api.cast import API, Program, a_claim, a_ride, a_token, problem
from tests.builders import (
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.choice_cast import REMEDY, of_webtoon

pytestmark = pytest.mark.usefixtures("incident")
KEYS = count(1)
LOSS = a_claim()["losses"][0]
LONGER = {**LOSS, "start_at": "2022-10-15T15:30:00+09:00", "end_at": "2022-10-15T23:00:00+09:00"}


@pytest.fixture
def reference(ours: Program) -> str:
    """It waits for people."""
    a_policy(asks={"is_member": "boolean", "fee": "money", "seats": "integer of loss"}, automatic="{}")
    return str(ours.post("/claims", a_claim()).json()["reference"])


def etag(program: Program, reference: str) -> str:
    return str(program.get(f"/claims/{reference}")["ETag"])


def corrected(program: Program, reference: str, said: dict[str, Any], **headers: str) -> Any:
    """As it stands now, if nothing else is said."""
    return program.post(
        f"/claims/{reference}/corrections", said, **{"If_Match": etag(program, reference), **headers}
    )  # fmt: skip


def test_a_partner_tells_more_and_is_answered_with_the_claim_as_it_stands(ours: Program, reference: str):
    before = etag(ours, reference)
    said = {
        "losses": [{**LOSS, "facts": {"seats": 2}}, LONGER], "facts": {"is_member": True}, "recorded_facts": {"fee": 4900},
        "asks_for": ["half_hours_of_messages"],
    }  # fmt: skip
    answer = corrected(ours, reference, said)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["reference"], f'"{answer.json()["version"]}"') == (reference, etag(ours, reference))
    assert etag(ours, reference) != before
    claim = Claim.objects.get()
    revision = claim.revisions.latest("number")
    assert (revision.number, revision.cause, revision.asks_for) == (2, "corrected", ["half_hours_of_messages"])
    assert claim.losses.count() == len(ours.get(f"/claims/{reference}").json()["losses"]) == 2
    facts = claim.facts.values_list("name", "provenance", "loss", "revision")
    first = claim.losses.earliest("pk").pk
    assert set(facts) == {
        ("is_member", "claimant", None, 2), ("fee", "partner", None, 2), ("seats", "claimant", first, 2),
    }  # fmt: skip


def test_what_is_not_new_makes_no_revision(ours: Program, reference: str):
    said = {"losses": [LOSS], "facts": {"is_member": True}}
    assert corrected(ours, reference, said).status_code == 200
    stands = etag(ours, reference)
    nothing: list[dict[str, Any]] = [said, {}, {"losses": [], "facts": {}}, {"losses": [LOSS]}]
    for again in nothing:
        answer = corrected(ours, reference, again)
        assert (answer.status_code, f'"{answer.json()["version"]}"') == (200, stands)
    assert (ClaimRevision.objects.count(), Loss.objects.count(), Fact.objects.count()) == (2, 1, 1)
    corrected(ours, reference, {"facts": {"is_member": False}})
    assert list(Fact.objects.order_by("pk").values_list("int_value", flat=True)) == [1, 0]


def test_it_is_of_what_was_read(ours: Program, reference: str):
    first, said = etag(ours, reference), {"facts": {"is_member": True}}
    address = f"/claims/{reference}/corrections"
    assert problem(ours.post(address, said)) == (428, "version_required")
    for wrong in ('"1.9"', '"9.0"', '"1"', first.strip('"'), "*", f"W/{first}", "", '"1.0", "1.1"'):
        assert problem(ours.post(address, said, If_Match=wrong)) == (412, "version_mismatch"), wrong
    assert ours.post(address, said, If_Match=first, Idempotency_Key="k").status_code == 200
    assert ours.post(address, said, If_Match=first, Idempotency_Key="k")["Idempotency-Replayed"] == "true"
    assert problem(ours.post(address, said, If_Match=first)) == (412, "version_mismatch")
    assert problem(ours.post(address, {"facts": {"is_member": False}}, If_Match=first)) == (412, "version_mismatch")
    now = etag(ours, reference)
    work_off()
    follow_up()
    assert etag(ours, reference) != now, "it moved, and says the same"
    assert problem(ours.post(address, {"losses": [LONGER]}, If_Match=now)) == (412, "version_mismatch")
    assert ClaimRevision.objects.count() == 2


def test_it_is_assessed_again_after_a_decision_too_and_the_log_names_the_partner(ours: Program):
    a_policy()
    reference = ours.post("/claims", a_claim()).json()["reference"]
    authority()
    work_off()
    follow_up()
    assert ClaimStatus.objects.get().decision == "approved"
    corrected(ours, reference, {"losses": [LONGER]})
    work_off()
    assert ours.get(f"/claims/{reference}").json()["assessment"]["lines"][0]["quantity"] == 3750
    event, claim = Event.objects.get(kind="claim_revised"), Claim.objects.get()
    assert event.actor is not None
    assert event.actor.person == claim.person
    admitted = AccountEvent.objects.filter(kind="guest_admitted").latest("pk")
    assert (admitted.partner, admitted.data["client_id"]) == (ours.partner, ours.credential.client_id)


def test_a_claim_that_was_withdrawn_is_claimed_again(ours: Program, reference: str):
    ours.post(f"/claims/{reference}/withdrawal", If_Match=etag(ours, reference))
    assert corrected(ours, reference, {"losses": [LOSS]}).json()["review"] == "withdrawn"
    assert corrected(ours, reference, {"losses": [LONGER]}).json()["review"] == "queued"


def test_whose_claim_a_partner_corrects(ours: Program, theirs: Program, incident: Incident):
    a_policy()
    ours.post("/usage", a_ride())
    work_off()
    derived = ours.get("/claims").json()["data"][0]["reference"]
    assert corrected(ours, derived, {"losses": [LOSS]}).status_code == 200, "it came of its usage"
    theirs.post("/usage", a_ride(person="rider-2"))
    filed = claim_of(Person.objects.get(known_to_partner__external_id="rider-2"), incident, told(MESSAGES))
    refused = corrected(theirs, filed.reference, {"losses": [LONGER]})
    assert problem(refused) == (403, "not_the_claimant"), "the person filed it themself"
    for told_more in ({"losses": [LONGER]}, {}):
        answer = ours.post(f"/claims/{filed.reference}/corrections", told_more, If_Match='"1.0"')
        assert problem(answer) == (404, "not_found")
    assert filed.revisions.count() == 1
    theirs.post("/claims", a_claim(person="rider-2", losses=[LOSS]))
    assert corrected(theirs, filed.reference, {"losses": [LONGER]}).status_code == 200, "it has claimed for them since"


# --- claimants --------------------------------------------------------------------------------------------


def sent(user: User, reference: str, said: dict[str, Any], match: str, *scopes: str) -> Any:
    headers = {
        "Authorization": f"Bearer {a_token(user, *scopes or ('own:read', 'own:write'))}", "If-Match": match,
        "Idempotency-Key": f"own-{next(KEYS)}", "Accept-Language": "en",
    }  # fmt: skip
    return Client().post(f"{API}/claims/{reference}/corrections", json.dumps(said), "application/json", headers=headers)


@pytest.mark.parametrize("kept", [False, True])
def test_a_claimant_corrects_their_own_by_their_word(incident: Incident, *, kept: bool):
    a_policy(asks={"is_member": "boolean", "seats": "integer of loss"})
    claim = claim_of(a_person(), incident, told(MESSAGES))
    owner = User.objects.create_user("own@example.org", person=None if kept else claim.person)
    if kept:
        keep_person(user=owner, person=claim.person, by="code", now=NOW)
    answer = sent(owner, claim.reference, {"losses": [LONGER], "facts": {"is_member": True}}, '"1.0"')
    assert answer.status_code == 200, answer.content
    assert (claim.losses.count(), claim.facts.get().provenance) == (2, "claimant")
    recorded: tuple[dict[str, Any], ...] = (
        {"recorded_facts": {"is_member": True}}, {"losses": [{**LOSS, "recorded_facts": {"seats": 2}}]},
    )  # fmt: skip
    for said in recorded:
        assert problem(sent(owner, claim.reference, said, '"2.0"')) == (422, "not_their_word")
    assert problem(sent(owner, claim.reference, {"facts": {"is_member": False}}, '"2.0"', "own:read")) == (403, "scope_missing")
    other = User.objects.create_user("other@example.org")
    assert problem(sent(other, claim.reference, {"losses": [LOSS]}, '"2.0"')) == (404, "not_found")
    assert claim.revisions.count() == 2


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"facts": {"nobody_asks": 1}}, "fact_unknown"), ({"facts": {"is_member": "yes"}}, "boolean_expected"),
        ({"facts": {"seats": 1}}, "fact_of_another_place"), ({"recorded_facts": {"fee": -1}}, "out_of_range"),
        ({"losses": [{**LOSS, "service": "no.such"}]}, "reference_unknown"), ({"asks_for": ["none"]}, "reference_unknown"),
        ({"losses": [{**LOSS, "end_at": "2099-10-15T22:00:00+09:00"}]}, "in_the_future"),
        ({"losses": [{**LOSS, "words": "x"}]}, "words_not_asked"),
        ({"losses": [{**LOSS, "service": "unlisted"}]}, "required"),
        ({"losses": [{**LOSS, "kind": "x"}]}, "unknown_field"), ({"losses": [LOSS] * 51}, "too_many_items"),
        ({"incident": "kakao-2022-10-15"}, "unknown_field"), ({"message": "x"}, "unknown_field"),
        ({"withdrawn": [1]}, "unknown_field"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_as_in_a_claim_and_changes_nothing(
    ours: Program, reference: str, said: dict[str, Any], code: str
):
    before = etag(ours, reference)
    refused = corrected(ours, reference, {"losses": [LONGER], **said})
    assert problem(refused) == (422, code)
    assert (etag(ours, reference), Loss.objects.count(), Fact.objects.count()) == (before, 1, 0)


def test_what_staff_withdrew_is_not_told_again(ours: Program, reference: str):
    claim, worker = Claim.objects.get(), a_user("caseworker")
    work_off()
    follow_up()
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        withdraw_loss(
            claim_id=claim.pk, loss_id=claim.losses.get().pk, reason="not_lost", withdrawn_by=worker, note="x", now=NOW
        )
    assert problem(corrected(ours, reference, {"losses": [LOSS]})) == (409, "loss_withdrawn")


def test_what_the_claimant_took_back_counts_again_when_it_is_told_again(ours: Program, reference: str):
    claim = Claim.objects.get()
    guest = User.objects.create_user("own@example.org", person=claim.person)
    lost = claim.losses.get()
    with transaction.atomic():
        correct_claim(claim_id=claim.pk, corrected_by=guest, seen=1, withdrawn={lost.pk: "claimant_asked"}, now=NOW)
    assert ours.get(f"/claims/{reference}").json()["losses"][0]["withdrawn"] == "claimant_asked"
    assert corrected(ours, reference, {"losses": [LOSS]}).status_code == 200
    assert ours.get(f"/claims/{reference}").json()["losses"][0]["withdrawn"] is None


def test_nothing_else_is_chosen_of_what_was_decided(incident: Incident):
    policies_of_the_demonstration()
    claim, worker = of_webtoon(incident, remedy="cash"), a_user("caseworker")
    owner = User.objects.create_user("own@example.org", person=claim.person)
    work_off()
    follow_up()
    authority()
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        newest = claim.assessments.get().pk
        decide_claim(claim_id=claim.pk, assessment_id=newest, approved=True, decided_by=worker, now=NOW)
    stands = f'"1.{ClaimStatus.objects.get().moves}"'
    assert problem(sent(owner, claim.reference, {"facts": {REMEDY: "points"}}, stands)) == (409, "already_decided")
    assert sent(owner, claim.reference, {"facts": {"claimant_kind": "consumer"}}, stands).status_code == 200


def test_a_merged_claim_is_not_corrected(ours: Program, reference: str, incident: Incident):
    claim, other = Claim.objects.get(), claim_of(a_person(), incident, told(MESSAGES))
    work_off()
    follow_up()
    with transaction.atomic():
        merge_claims(claim_id=claim.pk, into_id=other.pk, merged_by=a_user("caseworker"), note="x", now=NOW)
    assert problem(corrected(ours, reference, {"losses": [LONGER]})) == (409, "transition_not_allowed")
