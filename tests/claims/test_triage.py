"""Claims are sorted by rules where these are clear, and by people, who have the last word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import Claim, ClaimStatus, Event, SortDue
from claims.operations import (
    OwnClaim,
    Required,
    ReviewedByAnother,
    SortedAlready,
    SortUnknown,
    ToldFact,
    revise_claim,
    snooze_claim,
    sort_claim,
    sort_next,
    take_claim,
    triage,
    withdraw_loss,
)
from claims.operations.sorting import Sorting, sort_message
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import BIKE, NOW, a_person, a_policy, a_user, chase, claim_of, follow_up, told, work_off
from tests.claims.reply_cast import says, sort, wrote


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


def kind_of(claim: Claim) -> str:
    return ClaimStatus.objects.get(pk=claim.pk).kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("복구는 언제 되나요?", "question"), ("정말 실망했습니다.", "complaint"), ("고맙습니다", "thanks"),
        ("How do I know?", "question"), ("보상은 언제 되나요?", "unsorted"), ("카카오", "unsorted"),
    ],
)  # fmt: skip
def test_who_tells_no_loss_wrote_a_message(incident: Incident, text: str, kind: str):
    claim = wrote(incident, text)
    sort()
    assert kind_of(claim) == kind
    events = list(Event.objects.filter(claim=claim, kind="claim_sorted"))
    assert [(one.actor, one.data["sort"]) for one in events] == ([] if kind == "unsorted" else [(None, ["unsorted", kind])])
    assert all(one.data["words"] for one in events)
    assert not SortDue.objects.exists()


def test_nothing_of_what_somebody_wrote_is_in_the_log(incident: Incident):
    claim = wrote(incident, "언제 되나요?")
    sort()
    says(claim, "1,234,567원 주세요")
    sort()
    assert kind_of(claim) == "unsorted"
    assert Event.objects.filter(claim=claim, kind="claim_sorted").latest("pk").data["words"] == []


def test_a_loss_of_which_no_policy_speaks_is_impact(incident: Incident):
    a_policy()
    silent = claim_of(a_person(), incident, told(BIKE), message="고맙습니다")
    spoken = claim_of(a_person(), incident, told(), message="고맙습니다")
    sort()
    assert [kind_of(silent), kind_of(spoken)] == ["claim", "claim"], "before anybody has assessed it"
    work_off()
    follow_up()
    assert [kind_of(silent), kind_of(spoken)] == ["impact", "claim"]
    SortDue.objects.bulk_create(SortDue(claim=one, created_at=NOW) for one in (silent, spoken))
    sort()
    assert [kind_of(silent), kind_of(spoken)] == ["impact", "claim"]


def test_who_gives_a_fact_or_asks_for_a_policy_claims(incident: Incident):
    a_policy()
    with transaction.atomic():
        gives = claim_of(a_person(), incident, told(), facts=[ToldFact("is_member", True)])
    asks = wrote(incident, "언제 되나요?")
    sort()
    with transaction.atomic():
        revise_claim(claim_id=asks.pk, asks_for=["half_hours_of_messages"], cause="filed", now=NOW)
    says(gives)
    sort()
    assert [kind_of(gives), kind_of(asks)] == ["claim", "claim"]


def test_a_question_that_gets_a_loss_and_is_paid_was_a_claim(incident: Incident):
    claim = wrote(incident, "언제 되나요?")
    sort()
    assert kind_of(claim) == "question"
    a_policy()
    with transaction.atomic():
        revise_claim(claim_id=claim.pk, losses=[told()], cause="filed", now=NOW)
    work_off()
    follow_up()
    assert kind_of(claim) == "claim"


def test_what_was_impact_is_a_claim_once_a_new_policy_pays_it(incident: Incident):
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    assert kind_of(claim) == "impact"
    a_policy()
    chase()
    work_off()
    follow_up()
    assert (claim.payouts.count(), kind_of(claim)) == (1, "claim")


def test_what_is_withdrawn_leaves_what_was_written(incident: Incident, worker: User):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told(), message="복구는 언제 되나요?")
    work_off()
    follow_up()
    sort()
    assert kind_of(claim) == "claim"
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    loss = claim.losses.get().pk
    withdraw_loss(claim_id=claim.pk, loss_id=loss, reason="told_twice", withdrawn_by=worker, note="x", now=NOW)
    sort()
    assert kind_of(claim) == "question"


def test_sorting_wakes_nobody(incident: Incident, worker: User):
    claim = wrote(incident, "언제 되나요?")
    later = NOW + timedelta(days=1)
    snooze_claim(claim_id=claim.pk, until=later, snoozed_by=worker, now=NOW)
    sort()
    assert (kind_of(claim), ClaimStatus.objects.get(pk=claim.pk).snoozed_until) == ("question", later)


def test_what_fails_is_tried_alone_and_holds_up_nobody(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    bad, good = wrote(incident, "poison"), wrote(incident, "언제 되나요?")

    def failing(text: str) -> Sorting:
        if text == "poison":
            raise ArithmeticError(text)
        return sort_message(text)

    monkeypatch.setattr(triage, "sort_message", failing)
    sort()
    assert [kind_of(bad), kind_of(good)] == ["unsorted", "question"]
    left = SortDue.objects.all()
    assert {(one.claim_id, one.attempts, "poison" in one.last_error) for one in left} == {(bad.pk, 5, True)}
    assert not sort_next(now=NOW)


# --- by a person ---------------------------------------------------------------------------------------


def test_a_person_sorts_otherwise_and_rules_leave_it(incident: Incident, worker: User):
    claim = wrote(incident, "언제 되나요?")
    sort()
    sort_claim(claim_id=claim.pk, kind="complaint", sorted_by=worker, note="it is one", now=NOW)
    says(claim, "또 언제 되나요?")
    sort()
    assert kind_of(claim) == "complaint"
    event = Event.objects.filter(claim=claim, kind="claim_sorted").latest("pk")
    assert (event.actor, event.data["sort"], event.note.text) == (worker, ["question", "complaint"], "it is one")
    sort_claim(claim_id=claim.pk, kind="question", sorted_by=worker, note="no", now=NOW)
    assert kind_of(claim) == "question"


def test_what_a_person_sorted_stays_so_when_rules_queue_or_pay_it(incident: Incident, worker: User):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    sort_claim(claim_id=claim.pk, kind="thanks", sorted_by=worker, note="x", now=NOW)
    work_off()
    follow_up()
    assert kind_of(claim) == "thanks"
    assert claim.payouts.exists()


def test_who_may_sort_and_as_what(incident: Incident, worker: User):
    claim = wrote(incident)
    by: dict[str, Any] = {"claim_id": claim.pk, "kind": "thanks", "sorted_by": worker, "note": "x", "now": NOW}
    for wrong, refusal in (
        ({"sorted_by": a_user("finance")}, RoleMissing), ({"note": " "}, Required), ({"kind": "unsorted"}, SortUnknown),
        ({"kind": "x"}, SortUnknown),
    ):  # fmt: skip
        with pytest.raises(refusal):
            sort_claim(**{**by, **wrong})
    take_claim(claim_id=claim.pk, taken_by=a_user("caseworker"), now=NOW)
    with pytest.raises(ReviewedByAnother):
        sort_claim(**by)
    checker = a_user("checker")
    sort_claim(**{**by, "sorted_by": checker})
    with pytest.raises(SortedAlready):
        sort_claim(**{**by, "sorted_by": checker})
    worker.person = claim.person
    worker.save()
    with pytest.raises(OwnClaim):
        sort_claim(**by)
