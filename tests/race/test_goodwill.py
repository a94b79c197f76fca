"""Two at once at one goodwill budget: it is never overspent, and what is given back is given back once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import Claim, Decision, DecisionProposal, Goodwill, GoodwillBudget
from claims.operations import (
    BudgetBelowSpent,
    BudgetSpent,
    Gift,
    GoodwillTooMuch,
    confirm_proposal,
    decide_claim,
    decisions,
    goodwill,
    set_goodwill_budget,
    take_claim,
    undo_decision,
)
from services.refusals import Refusal
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.race.together import Step, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """Two in the queue, a budget that holds one gift; who gives first waits until the other waits for him."""
    incident = outage()
    a_policy(automatic="{}")
    claims = [claim_of(a_person(), incident, told()) for _ in range(2)]
    work_off()
    follow_up()
    authority()
    budget(claims[0], a_user("finance"), 1_000)
    give = goodwill.give

    def slowly(*arguments: Any, **more: Any) -> None:
        give(*arguments, **more)
        until_blocked()

    monkeypatch.setattr(decisions, "give", slowly)
    return claims


@transaction.atomic
def budget(claim: Claim, by: User, amount: int) -> GoodwillBudget:
    return set_goodwill_budget(
        incident_id=claim.incident_id, currency="KRW", amount_minor=amount, set_by=by, note="x", now=NOW
    )  # fmt: skip


@transaction.atomic
def taken(claim: Claim) -> User:
    worker = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    return worker


@transaction.atomic
def give(claim: Claim, worker: User) -> Decision | DecisionProposal:
    return decide_claim(
        claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=worker, now=NOW, note="x",
        goodwill=Gift(600, "KRW", "hardship"),
    )  # fmt: skip


def answer(call: Any) -> Any:
    """A refusal is one."""
    try:
        with transaction.atomic():
            return call()
    except Refusal as refused:
        return refused


def test_two_gifts_at_once_do_not_overspend(claims: list[Claim]):
    calls = [partial(answer, partial(give, claim, taken(claim))) for claim in claims]
    assert sorted(type(one).__name__ for one in together(*calls)) == [BudgetSpent.__name__, "Decision"]
    assert (GoodwillBudget.objects.get().spent_minor, Goodwill.objects.count(), Decision.objects.count()) == (600, 1, 1)


@pytest.mark.parametrize("first", ["gift", "cut"])
def test_a_gift_and_a_cut_at_once_have_one_winner(claims: list[Claim], monkeypatch: pytest.MonkeyPatch, first: str):
    finance, worker, begun = a_user("finance"), taken(claims[0]), Step()
    of, name = (decisions, "give") if first == "gift" else (goodwill, "log_event")
    done = getattr(goodwill, name)

    def slowly(*arguments: Any, **more: Any) -> None:
        done(*arguments, **more)
        begun.reach()
        until_blocked()

    monkeypatch.setattr(of, name, slowly)

    def after(call: Any) -> Any:
        begun.wait()
        return answer(call)

    calls = [partial(give, claims[0], worker), partial(budget, claims[0], finance, 500)]
    winner, loser = calls if first == "gift" else reversed(calls)
    results = together(partial(answer, winner), partial(after, loser))
    assert [type(one) for one in results if isinstance(one, Refusal)] == [
        BudgetBelowSpent if first == "gift" else GoodwillTooMuch
    ]
    row = GoodwillBudget.objects.get()
    assert (row.amount_minor, row.spent_minor) == ((1_000, 600) if first == "gift" else (500, 0))


def test_what_is_confirmed_twice_is_given_once(claims: list[Claim]):
    worker = taken(claims[0])
    authority("caseworker", per_decision=1)
    authority("checker")
    proposal = give(claims[0], worker)
    checkers = [a_user("checker") for _ in range(2)]
    confirm = [partial(confirm_proposal, proposal_id=proposal.pk, confirmed_by=one, now=NOW) for one in checkers]
    results = together(*(partial(answer, one) for one in confirm))
    assert sum(isinstance(one, Refusal) for one in results) == 1
    assert GoodwillBudget.objects.get().spent_minor == 600


def test_what_is_undone_twice_is_given_back_once(claims: list[Claim], monkeypatch: pytest.MonkeyPatch):
    worker, other = taken(claims[0]), a_user("checker")
    give(claims[0], worker)
    budget(claims[0], a_user("finance"), 1_200)
    give(claims[1], taken(claims[1]))
    give_back = goodwill.give_back

    def slowly(*arguments: Any, **more: Any) -> None:
        give_back(*arguments, **more)
        until_blocked()

    monkeypatch.setattr(decisions, "give_back", slowly)
    undo = [partial(undo_decision, claim_id=claims[0].pk, undone_by=one, note="x", now=NOW) for one in (worker, other)]
    results = together(*(partial(answer, one) for one in undo))
    assert sum(isinstance(one, Refusal) for one in results) == 1
    assert GoodwillBudget.objects.get().spent_minor == 600
