"""Ways round limits and four eyes, each found by trying, and shut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import Claim, ClaimStatus, Decision, DecisionProposal, EvidenceFile, Pattern, Payout, Twin
from claims.operations import (
    AmountChanged,
    OwnClaim,
    OwnProposal,
    ToldFact,
    add_key,
    assign_claim,
    begin_bulk,
    confirm_proposal,
    decide_claim,
    dismiss_pattern,
    dismiss_twin,
    draft_bulk,
    drop_bulk,
    find_twins,
    hold_claim,
    publish_policy,
    put_back_claim,
    record_facts,
    release_claim,
    reopen_claim,
    return_proposal,
    take_claim,
    undo_decision,
)
from services.staff import RoleMissing
from tests.builders import (
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    pack,
    paid_to,
    told,
    work_off,
)
from tests.claims.enter_cast import entry
from tests.claims.test_authority import LATER, arrived, checker, decide, finance, pay, rejections, settled, worker
from tests.race.together import in_transaction

__all__ = ["checker", "finance", "worker"]  # fixtures
CASH = "{instrument: cash, unit: KRW, currency: KRW}"


def settle() -> None:
    work_off()
    follow_up()


def also_owed(claim: Claim, **policy: Any) -> None:
    """By another policy, or by the same that says otherwise; what the claimant says makes it assessed again."""
    a_policy(**policy)
    known = claim.facts.count() % 2 == 0
    in_transaction(record_facts, claim_id=claim.pk, facts=[ToldFact("is_member", known)], now=NOW)()


@pytest.mark.parametrize("says", ["a second call", "a fact that is recorded"])
def test_what_staff_add_to_a_claim_lets_no_rule_ask_back(worker: User, finance: User, says: str):
    incident, person = outage(), a_person()
    text = pack(needs="is_member").replace(
        "attested_by: null,", "attested_by: null, quote: claimant, decide: claimant, pay: claimant,"
    )
    in_transaction(publish_policy, pack_yaml=text, now=NOW)()
    claim = claim_of(person, incident, told(), facts=[ToldFact("is_member", True)])
    settle()
    arrived(finance)
    no = [ToldFact("is_member", False)]
    if says == "a second call":
        entry(person, incident, worker, facts=no)
    else:
        in_transaction(record_facts, claim_id=claim.pk, facts=no, author=worker, now=NOW)()
    settle()
    assert "staff_word" in ClaimStatus.objects.get(pk=claim.pk).reasons
    assert not Payout.objects.filter(kind="recovery").exists()


def test_what_waits_by_another_remedy_hides_no_claw_back(worker: User, finance: User):
    (claim,) = settled()
    arrived(finance)
    also_owed(claim, code="cash_too", remedy=CASH)
    settle()
    also_owed(claim, won=1)
    if ClaimStatus.objects.get(pk=claim.pk).review == "closed":
        in_transaction(reopen_claim, claim_id=claim.pk, reopened_by=worker, note="x", now=LATER)()
    in_transaction(take_claim, claim_id=claim.pk, taken_by=worker, now=LATER)()
    work_off()
    about: dict[str, Any] = {"claim_id": claim.pk, "assessment_id": claim.assessments.order_by("-pk")[0].pk, "now": LATER}
    made = in_transaction(decide_claim, approved=True, decided_by=worker, **about)()
    assert isinstance(made, DecisionProposal)
    assert made.asks_back == {"credit:KRW": 3250 - 13}


def test_sums_that_have_changed_are_not_confirmed(worker: User, checker: User, finance: User):
    (claim,) = settled()
    arrived(finance)
    also_owed(claim, code="cash_too", remedy=CASH)
    settle()
    proposal = decide(claim, worker)
    assert proposal.asks_back == {"credit:KRW": 3250}, "the other sum waits"
    paid_to(claim.person)
    arrived(finance)
    with pytest.raises(AmountChanged):
        in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=LATER)()
    in_transaction(return_proposal, proposal_id=proposal.pk, returned_by=checker, note="x", now=LATER)()
    assert decide(claim, worker).asks_back == {"credit:KRW": 3250, "KRW": 3250}


def test_a_claw_back_of_two_is_not_undone_by_one_of_them_alone(worker: User, checker: User, finance: User):
    (claim,) = settled()
    arrived(finance)
    proposal = decide(claim, worker)
    in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=LATER)()
    undo = {"claim_id": claim.pk, "note": "x", "now": LATER}
    with pytest.raises(RoleMissing):
        in_transaction(undo_decision, undone_by=worker, **undo)()
    same = a_user("checker")
    same.person = worker.person = a_person()
    for user in (same, worker):
        user.save(update_fields=["person"])
    with pytest.raises(OwnProposal):
        in_transaction(undo_decision, undone_by=same, **undo)()
    in_transaction(undo_decision, undone_by=checker, **undo)()


def own(claim: Claim) -> User:
    """A checker who is the claimant."""
    user = a_user("checker")
    user.person = claim.person
    user.save(update_fields=["person"])
    return user


OF_HIS_OWN: dict[str, Callable[[Claim, User, User], Any]] = {
    "returns": lambda claim, user, worker: return_proposal(
        proposal_id=decide(claim, worker).pk, returned_by=user, note="x", now=LATER
    ),
    "holds": lambda claim, user, worker: hold_claim(claim_id=claim.pk, held_by=user, note="x", now=LATER),
    "puts back": lambda claim, user, worker: put_back_claim(claim_id=reviewed(claim, worker), put_back_by=user, now=LATER),
    "assigns": lambda claim, user, worker: assign_claim(
        claim_id=reviewed(claim, worker), assignee=a_user("caseworker"), assigned_by=user, now=LATER
    ),
    "drops": lambda claim, user, worker: drop_bulk(run_id=proposed(claim, worker), dropped_by=user, now=LATER),
}  # fmt: skip


def reviewed(claim: Claim, worker: User) -> int:
    in_transaction(reopen_claim, claim_id=claim.pk, reopened_by=worker, note="x", now=LATER)()
    return int(in_transaction(take_claim, claim_id=claim.pk, taken_by=worker, now=LATER)().pk)


def proposed(claim: Claim, worker: User) -> int:
    run = rejections([claim], worker)
    return int(in_transaction(begin_bulk, run_id=run.pk, begun_by=worker, now=LATER)().pk)


@pytest.mark.parametrize("what", OF_HIS_OWN)
def test_nobody_keeps_his_own_claim_from_being_decided(worker: User, finance: User, what: str):
    (claim,) = settled()
    arrived(finance)
    with pytest.raises(OwnClaim), transaction.atomic():
        OF_HIS_OWN[what](claim, own(claim), worker)


# --- hints ----------------------------------------------------------------------------------------------


@transaction.atomic
def alike(*claims: Claim) -> None:
    for claim in claims:
        add_key(claim_id=claim.pk, kind="payee", value="088:1", now=NOW)
    find_twins(incident_id=claims[0].incident_id, now=NOW)


def test_who_entered_two_claims_does_not_say_that_they_are_two(worker: User):
    incident = outage()
    a_policy()
    claims = [entry(person, incident, worker).claim for person in (a_person(), a_person())]
    alike(*claims)
    settle()
    twin = {"twin_id": Twin.objects.get().pk, "note": "brothers", "now": LATER}
    with pytest.raises(OwnProposal):
        in_transaction(dismiss_twin, dismissed_by=worker, **twin)()
    in_transaction(dismiss_twin, dismissed_by=a_user("caseworker"), **twin)()


def test_who_took_in_a_document_does_not_say_that_many_may_have_it(checker: User):
    incident = outage()
    a_policy()
    claims = [claim_of(a_person(), incident, told()) for _ in range(11)]
    with transaction.atomic():
        for claim in claims:
            EvidenceFile.objects.create(
                claim=claim, sha256="0" * 64, size=1, media_type="application/pdf", received_by=checker, received_at=NOW
            )
            add_key(claim_id=claim.pk, kind="document", value=b"x", now=NOW)
        find_twins(incident_id=incident.pk, now=NOW)
    about = {"pattern_id": Pattern.objects.get(kind="document").pk, "up_to": 11, "note": "x", "now": LATER}
    with pytest.raises(OwnProposal):
        in_transaction(dismiss_pattern, dismissed_by=checker, **about)()
    in_transaction(dismiss_pattern, dismissed_by=a_user("checker"), **about)()


def drafted(by: User, *claims: Claim) -> list[str]:
    run = in_transaction(draft_bulk, what="approve", claim_ids=[one.pk for one in claims], made_by=by, now=LATER)()
    return list(run.rows.values_list("code", flat=True))


def test_what_is_decided_one_by_one_stays_so_whatever_the_queue_says(db: None):
    authority("caseworker")
    by, claims = a_user("caseworker"), settled(many=2, automatic="{}")
    alike(*claims)
    assert drafted(by, *claims) == ["one_by_one"] * 2, "found after it was queued"
    sampled = settled(automatic="{approve_up_to: most, reject: true, sample_per_thousand: 1000}")
    for claim in (*claims, *sampled):
        in_transaction(hold_claim, claim_id=claim.pk, held_by=by, note="x", now=LATER)()
        in_transaction(release_claim, claim_id=claim.pk, released_by=by, now=LATER)()
    assert drafted(by, *claims, *sampled) == ["one_by_one"] * 3
    in_transaction(dismiss_twin, twin_id=Twin.objects.get().pk, dismissed_by=by, note="x", now=LATER)()
    assert drafted(by, *claims) == ["one_by_one"] * 2, "the newest version of the policy draws all"


# --- accounts -------------------------------------------------------------------------------------------


def test_where_a_person_decided_since_an_account_of_one_does(checker: User, finance: User):
    authority("caseworker", per_decision=3_250, per_day=3_250)
    (claim,), giver = settled(), a_user("caseworker")
    paid_to(claim.person, by=giver)
    in_transaction(undo_decision, claim_id=claim.pk, undone_by=checker, note="x", now=LATER)()
    assert isinstance(decide(claim, a_user("caseworker"), approved=True), Decision)
    authority("caseworker", per_decision=1, per_day=1)
    assert pay(finance).lines.get().claim_id == claim.pk


def test_who_entered_the_account_may_reject_in_bulk_and_who_proposed_a_rejection_enters_one(worker: User, finance: User):
    """A rejection pays nobody, so where it would be paid is no conflict."""
    (claim,) = settled()
    arrived(finance)
    proposal = decide(claim, worker)
    paid_to(claim.person, by=worker)
    confirmer = a_user("checker")
    authority("checker")
    paid_to(claim.person, "110-2222-3333", by=confirmer)
    assert in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=confirmer, now=LATER)().approved is False
