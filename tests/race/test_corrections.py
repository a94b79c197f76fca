"""A claimant corrects from two tabs, and while somebody decides."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from claims.models import Claim, LossStanding
from claims.operations import ClaimMoved, ToldFact, correct_claim, corrections, decide_claim, decisions, take_claim
from claims.operations.review import AlreadyDecided
from tests.builders import (
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.choice_cast import REMEDY, of_webtoon
from tests.claims.test_appeals import login_of
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def a_claim() -> Claim:
    incident = outage()
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return claim


def correction(claim: Claim) -> Any:
    return in_transaction(
        correct_claim, claim_id=claim.pk, corrected_by=login_of(claim.person), seen=1, now=NOW,
        losses=[told(MESSAGES, "15 15:30", "15 16:30")], withdrawn={claim.losses.get().pk: "wrong_time"},
    )  # fmt: skip


def test_a_correction_that_is_sent_from_two_tabs_at_once_is_one(monkeypatch: pytest.MonkeyPatch):
    """Whoever is first waits, before they write, until the other waits for the claim."""
    claim = a_claim()
    corrects, read = correction(claim), corrections._told_again

    def read_slowly(*said: Any) -> Any:
        until_blocked()
        return read(*said)

    monkeypatch.setattr(corrections, "_told_again", read_slowly)
    assert {revision.number for revision in together(corrects, corrects)} == {2}
    assert (claim.revisions.count(), claim.losses.count(), LossStanding.objects.count()) == (2, 2, 1)


def test_of_two_corrections_at_once_the_second_is_of_what_is_not_there_any_more(monkeypatch: pytest.MonkeyPatch):
    claim = a_claim()
    about = {"claim_id": claim.pk, "corrected_by": login_of(claim.person), "seen": 1, "now": NOW}
    read = corrections._told_again

    def read_slowly(*said: Any) -> Any:
        until_blocked()
        return read(*said)

    def corrects(end: str) -> str:
        try:
            in_transaction(correct_claim, losses=[told(MESSAGES, "15 15:30", end)], **about)()
        except ClaimMoved as refused:
            return refused.code
        return ""

    monkeypatch.setattr(corrections, "_told_again", read_slowly)
    assert sorted(together(partial(corrects, "15 16:30"), partial(corrects, "15 17:30"))) == ["", "version_mismatch"]
    assert (claim.revisions.count(), claim.losses.count()) == (2, 2)


def test_nothing_is_taken_back_of_what_is_being_decided(monkeypatch: pytest.MonkeyPatch):
    claim = a_claim()
    decided_before(claim, correction(claim), monkeypatch)
    assert not LossStanding.objects.exists()


def test_nothing_is_chosen_of_what_is_being_decided(monkeypatch: pytest.MonkeyPatch):
    incident = outage()
    policies_of_the_demonstration()
    claim = of_webtoon(incident)
    work_off()
    follow_up()
    authority(unit="point")
    chooses = in_transaction(
        correct_claim, claim_id=claim.pk, corrected_by=login_of(claim.person), seen=1, now=NOW, facts=[ToldFact(REMEDY, "cash")]
    )
    decided_before(claim, chooses, monkeypatch)
    assert (claim.revisions.count(), claim.facts.count()) == (1, 0)


def decided_before(claim: Claim, corrects: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody decides, and before that is on record the claimant corrects, who then is refused."""
    authority()
    worker, newest = a_user("caseworker"), claim.assessments.get().pk
    in_transaction(take_claim, claim_id=claim.pk, taken_by=worker, now=NOW)()
    decided, carry_out = Step(), decisions.carry_out

    def carry_out_slowly(*said: Any, **more: Any) -> Any:
        carry_out(*said, **more)
        decided.reach()
        until_blocked()

    monkeypatch.setattr(decisions, "carry_out", carry_out_slowly)

    def late() -> None:
        decided.wait()
        with pytest.raises(AlreadyDecided):
            corrects()

    decide = in_transaction(decide_claim, claim_id=claim.pk, assessment_id=newest, approved=True, decided_by=worker, now=NOW)
    together(decide, late)
