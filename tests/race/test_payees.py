"""Two at once at where somebody is paid: both are logged and the later one counts; and a run, a confirmation or a new claim
meets it before or after, never in between.

Whoever is first waits, before he ends, until the other waits for him. What would come of it without the locks: a double click
twice, a claim without its key, a run to the account of before, a confirmation by who entered the account, a decision by who is
paid.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import AccountEvent, Payee, User
from accounts.operations import admit_guest
from accounts.operations import payees as storing
from accounts.payees import payee_of
from claims.models import Claim, DecisionProposal
from claims.operations import (
    confirm_proposal,
    decide_claim,
    decisions,
    give_payee,
    intake,
    make_payment_run,
    open_claim,
    payees,
    payment,
    take_claim,
)
from claims.queries import run_lines
from services.refusals import Refusal
from tests.builders import (
    CASH,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    paid_to,
    told,
    work_off,
)
from tests.claims.mine_cast import used_code
from tests.claims.test_filing import filed
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = "110-1111-1111", "110-2222-2222"


@pytest.fixture
def claim() -> Claim:
    """3,250 won wait to be paid, to the first account."""
    incident = outage()
    a_policy(remedy=CASH)
    claim = claim_of(a_person(), incident, told())
    paid_to(claim.person, FIRST)
    work_off()
    follow_up()
    return claim


def slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Step:
    """Whoever gets to the end of this first says so, and waits until somebody waits for him."""
    real, reached = getattr(module, name), Step()

    def wait(*arguments: Any, **named: Any) -> Any:
        done = real(*arguments, **named)
        if not reached.reached():
            reached.reach()
            until_blocked()
        return done

    monkeypatch.setattr(module, name, wait)
    return reached


def after(step: Step, call: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        step.wait()
        return call()

    return run


def test_of_two_at_once_both_are_logged_and_the_later_one_counts(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """The second sees what the first one gave as what counted before."""
    old, before = payee_of(claim.person_id), []
    stored = slowly(monkeypatch, payees, "store_payee")

    def look(person_id: int) -> Payee | None:
        before.append(payee_of(person_id))
        return before[-1]

    monkeypatch.setattr(storing, "payee_of", look)
    workers = [a_user("caseworker") for _ in range(2)]
    calls = [
        partial(paid_to, claim.person, account, by=by) for account, by in zip((SECOND, "110-3333-3333"), workers, strict=True)
    ]
    first, second = together(calls[0], after(stored, calls[1]))
    assert before == [old, first]
    assert payee_of(claim.person_id) == second
    assert (Payee.objects.count(), AccountEvent.objects.filter(kind="payee_set").count()) == (3, 3)
    assert claim.keys.filter(kind="payee").count() == 3
    assert first.pk < second.pk


def test_a_double_click_is_one(monkeypatch: pytest.MonkeyPatch):
    """Of somebody without a claim, so that only the lock of the person makes one wait."""
    stored, worker = slowly(monkeypatch, payees, "store_payee"), a_user("caseworker")
    call = partial(paid_to, a_person(), SECOND, by=worker)
    assert len(set(together(call, after(stored, call)))) == 1
    assert AccountEvent.objects.filter(kind="payee_set").count() == 1


@pytest.mark.parametrize("first", ["payee", "run"])
def test_a_run_goes_to_the_account_of_before_or_after(claim: Claim, monkeypatch: pytest.MonkeyPatch, first: str):
    finance, old = a_user("finance"), payee_of(claim.person_id)
    pay = in_transaction(make_payment_run, made_by=finance, note="x", now=NOW)
    give = partial(paid_to, claim.person, SECOND)
    if first == "payee":
        payee, run = together(give, after(slowly(monkeypatch, payees, "store_payee"), pay))
        expected = payee
    else:
        run, _ = together(pay, after(slowly(monkeypatch, payment, "_lock_first"), give))
        expected = old
    (line,) = run_lines(run)[1]
    assert line.payee == expected.pk


@pytest.mark.parametrize("first", ["payee", "confirmation"])
def test_who_enters_an_account_while_he_confirms_does_only_one_of_them(monkeypatch: pytest.MonkeyPatch, first: str):
    incident = outage()
    a_policy(automatic="{}", remedy=CASH)
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    authority("caseworker", per_decision=1_000, per_day=1_000)
    authority("checker")
    proposal, checker = _proposed(claim), a_user("checker")
    confirm = in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    give = partial(paid_to, claim.person, by=checker)
    calls: list[Callable[[], Any]]
    if first == "payee":
        calls = [give, after(slowly(monkeypatch, payees, "store_payee"), partial(_code, confirm))]
    else:
        calls = [confirm, after(slowly(monkeypatch, decisions, "carry_out"), partial(_code, give))]
    assert together(*calls)[1] == "four_eyes"


@pytest.mark.parametrize("first", ["claimant", "staff"])
def test_of_two_first_accounts_at_once_the_second_is_a_change(monkeypatch: pytest.MonkeyPatch, first: str):
    """From two windows just after it was filed, or of staff and the claimant, who needs a code then."""
    call_command("publish_consents", verbosity=0)
    claim = filed(outage()).claim
    guest = in_transaction(admit_guest, person=claim.person, by="filed", now=NOW)()
    said = {
        "claim_id": claim.pk,
        "bank": "088",
        "holder": "Kim",
        "given_by": guest,
        "code": None,
        "now": NOW,
        "filed_here": True,
    }
    before: Callable[[], Any] = in_transaction(give_payee, account=FIRST, **said)
    if first == "staff":
        before = partial(paid_to, claim.person, FIRST, by=a_user("caseworker"))
    give = in_transaction(give_payee, account=SECOND, **said)
    done = together(before, after(slowly(monkeypatch, payees, "store_payee"), partial(_code, give)))
    assert done[1] == "code_needed"
    assert Payee.objects.get() == done[0]


@pytest.mark.parametrize("first", ["payee", "run"])
def test_a_run_that_meets_a_change_by_the_claimant_goes_to_the_account_of_before_or_waits(
    claim: Claim, monkeypatch: pytest.MonkeyPatch, first: str
):
    old, finance = payee_of(claim.person_id), a_user("finance")
    guest = in_transaction(admit_guest, person=claim.person, by="code", now=NOW)()
    give = in_transaction(
        give_payee, claim_id=claim.pk, bank="088", account=SECOND, holder="Kim", given_by=guest, code=used_code(claim, NOW),
        now=NOW,
    )  # fmt: skip
    pay = in_transaction(make_payment_run, made_by=finance, note="x", now=NOW)
    if first == "payee":
        calls = [give, after(slowly(monkeypatch, payees, "store_payee"), partial(_code, pay))]
        assert together(*calls)[1] == "payee_held"
    else:
        run, _ = together(pay, after(slowly(monkeypatch, payment, "_lock_first"), give))
        (line,) = run_lines(run)[1]
        assert old is not None
        assert line.payee == old.pk


def _code(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Refusal as refused:
        return refused.code


@transaction.atomic
def _proposed(claim: Claim) -> DecisionProposal:
    worker: User = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    proposal = decide_claim(
        claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=worker, now=NOW
    )  # fmt: skip
    assert isinstance(proposal, DecisionProposal)
    return proposal


@pytest.mark.parametrize("first", ["payee", "claim"])
def test_a_claim_that_comes_meanwhile_has_the_key(monkeypatch: pytest.MonkeyPatch, first: str):
    incident, person = outage(), a_person()
    give = partial(paid_to, person, FIRST)
    come = in_transaction(open_claim, person=person, incident=incident, losses=[told()], now=NOW)
    if first == "payee":
        together(give, after(slowly(monkeypatch, payees, "store_payee"), come))
    else:
        together(come, after(slowly(monkeypatch, intake, "key_claims"), give))
    assert Claim.objects.get().keys.filter(kind="payee").count() == 1


def test_who_decides_meanwhile_waits_for_where_it_is_paid(monkeypatch: pytest.MonkeyPatch):
    """And is refused where that is an account of his own."""
    incident = outage()
    a_policy(automatic="{}", remedy=CASH)
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    authority()
    worker = a_user("caseworker")
    worker.person = a_person()
    worker.save(update_fields=["person"])
    paid_to(worker.person, FIRST)
    in_transaction(take_claim, claim_id=claim.pk, taken_by=worker, now=NOW)()
    stored = slowly(monkeypatch, payees, "store_payee")
    decide = in_transaction(
        decide_claim, claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=worker, now=NOW
    )

    def answer() -> Any:
        try:
            return decide()
        except decisions.OwnClaim as refused:
            return refused.code

    assert together(partial(paid_to, claim.person, FIRST), after(stored, answer))[1] == "conflict_of_interest"
