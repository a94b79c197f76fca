"""The staff's pages of a claim, of the queue and of bulk decisions: what each role may do there, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import PersonalData, User
from claims.admin import bulk_page
from claims.admin.claim_actions import ACTIONS
from claims.admin.claim_timeline import WIDTH, timeline_of
from claims.models import MOVES, BulkRun, CaseView, Claim, ClaimStatus, DecisionProposal, Event, PaymentRun, SavedView
from claims.operations import (
    ToldFact,
    ToldPoint,
    answer_payments,
    decide_claim,
    draft_bulk,
    make_payment_run,
    open_appeal,
    record_facts,
    reopen_claim,
    take_claim,
)
from claims.queries import losses_of_person
from tests.builders import (
    NOW,
    a_person,
    a_policy,
    a_policy_that_asks,
    a_user,
    at,
    authority,
    claim_of,
    follow_up,
    outage,
    told,
    usage,
    work_off,
)
from tests.claims.test_statuses import put
from tests.worlds import world

QUEUE = "/admin/claims/claimstatus/"


@world
def claim(db: None) -> Claim:
    incident = outage()
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return claim


@world
def worker(db: None) -> User:
    authority("caseworker")
    return a_user("caseworker")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def act(user: User, claim: Claim, name: str, **said: Any) -> str:
    """What the page says after the button was pressed."""
    answer = client_of(user).post(page_of(claim), {"act": name, **said}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def status(claim: Claim) -> ClaimStatus:
    return ClaimStatus.objects.get(pk=claim.pk)


def test_a_caseworker_takes_a_claim_and_decides_it(claim: Claim, worker: User):
    moves = status(claim).moves
    assert "맡기: 했습니다." in act(worker, claim, "take", moves=moves)
    assert "승인: 했습니다." in act(worker, claim, "approve", moves=moves + 1, note="기록을 확인함")
    assert (status(claim).review, status(claim).decision) == ("closed", "approved")
    page = client_of(worker).get(page_of(claim)).content.decode()
    for words in ("3,250원", "기록을 확인함", "심사 중 → 끝남", "유효", "맡음"):
        assert words in page, words


def test_who_looked_at_an_older_state_is_told_so(claim: Claim, worker: User):
    moves = status(claim).moves
    act(worker, claim, "take", moves=moves)
    assert "version_mismatch" in act(worker, claim, "approve", moves=moves)
    assert status(claim).decision == "undecided"


def test_what_a_form_lacks_is_said_beside_it(claim: Claim, worker: User):
    act(worker, claim, "take")
    page = act(worker, claim, "reject", note="x")
    assert '<details class="case-action" open>' in page
    assert status(claim).review == "in_review"
    assert "거절: 했습니다." in act(worker, claim, "reject", reasons=["no_loss"])


@pytest.mark.parametrize(
    ("fact", "value", "kept"),
    [("is_member", "예", 1), ("is_member", "no", 0), ("fee", "1,500", 1500), ("since", "2022-10-15 15:42", 1665816120000000)],
)
def test_a_fact_is_verified_as_its_type_is_written(claim: Claim, worker: User, fact: str, value: str, kept: int):
    a_policy(code="asks", asks={"is_member": "boolean", "fee": "money", "since": "instant"}, automatic="{}")
    act(worker, claim, "take")
    assert "사실 확인: 했습니다." in act(worker, claim, "verify", fact=fact, value=value, note="the contract")
    stored = claim.facts.get(name=fact)
    assert (stored.int_value, stored.provenance) == (kept, "staff")


@pytest.mark.parametrize(("fact", "value"), [("is_member", "maybe"), ("fee", "much"), ("since", "2022-13-01"), ("fee", "1e5")])
def test_a_value_of_another_type_is_refused(claim: Claim, worker: User, fact: str, value: str):
    a_policy(code="asks", asks={"is_member": "boolean", "fee": "money", "since": "instant"}, automatic="{}")
    act(worker, claim, "take")
    page = act(worker, claim, "verify", fact=fact, value=value, note="the contract")
    assert 'class="error"' in page
    assert not claim.facts.exists()


def test_a_checker_confirms_what_is_above_a_limit(claim: Claim):
    authority("caseworker", per_decision=1)
    authority("checker")
    worker, checker = a_user("caseworker"), a_user("checker")
    act(worker, claim, "take")
    act(worker, claim, "approve")
    assert DecisionProposal.objects.get().state == "open"
    assert 'value="confirm"' not in client_of(worker).get(page_of(claim)).content.decode()
    assert 'value="confirm"' in client_of(checker).get(page_of(claim)).content.decode()
    assert "확인: 했습니다." in act(checker, claim, "confirm")
    assert status(claim).decision == "approved"


@pytest.mark.parametrize("role", ["manager", "claimant"])
def test_who_has_nothing_to_do_with_claims_sees_none(claim: Claim, role: str):
    client = client_of(a_user(role))
    assert client.get(page_of(claim)).status_code == 403
    assert client.post(page_of(claim), {"act": "take"}).status_code == 403
    assert client.get(reverse("admin:claims_claim_changelist")).status_code == 403
    assert not CaseView.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "finance"])
def test_who_decides_nothing_reads_and_has_no_button(claim: Claim, role: str):
    client = client_of(a_user(role))
    page = client.get(page_of(claim)).content.decode()
    assert 'name="act"' not in page.split('<h2 id="h-actions">')[1]
    assert client.post(page_of(claim), {"act": "take"}).status_code == 403
    assert status(claim).review == "queued"


def test_a_page_names_nobody(claim: Claim, worker: User):
    PersonalData.objects.filter(person=claim.person).update(name="홍길동", phone="010-1234-5678", email="hong@example.org")
    page = client_of(worker).get(page_of(claim)).content.decode()
    assert "홍*동" in page
    for secret in ("홍길동", "010-1234-5678", "hong@example.org"):
        assert secret not in page


@pytest.mark.parametrize(("role", "seen"), [("auditor", True), ("finance", False)])
def test_a_fact_in_words_of_ones_own_is_not_for_every_role(claim: Claim, role: str, seen: bool):
    a_policy_that_asks(remark="text")
    record_facts(claim_id=claim.pk, facts=[ToldFact("remark", "my wife Hong Gildong called")], now=NOW)
    page = client_of(a_user(role)).get(page_of(claim)).content.decode()
    assert ("Hong Gildong" in page) == seen


@pytest.mark.django_db(transaction=True)
def test_by_the_page_only_listed_moves_are_made(monkeypatch: pytest.MonkeyPatch):
    """Every button at every status of the review, whether the page shows it there or not. Without what else the page shows."""
    monkeypatch.setattr("claims.admin.claim_page.about_claim", lambda claim, case: {})
    incident = outage()
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    user = a_user("caseworker", "checker")
    authority("checker")
    client = client_of(user)
    said = {"note": "x", "reasons": ["no_loss"], "until": "2099-01-01T10:00", "user": user.pk}
    made = set()
    for review in MOVES["review"]:
        for action in ACTIONS:
            put(claim, review=review, assignee_id=user.pk)
            before = status(claim)
            client.post(page_of(claim), {"act": action.name, **said})
            after = status(claim)
            if after.moves == before.moves:
                assert after.review == review
            else:
                assert Event.objects.filter(claim=claim, move=after.moves, actor=user).exists()
                made.add((review, after.review))
    listed = {(before, after) for before, afters in MOVES["review"].items() for after in afters}
    assert made <= listed | {("queued", "queued"), ("in_review", "in_review")}  # put off, and given to another
    by_hand = {(before, after) for before, after in listed if after not in ("awaiting_claimant", "merged", "proposed")}
    assert by_hand - made == {
        ("received", "queued"), ("received", "closed"), ("queued", "closed"), ("awaiting_claimant", "queued"),
        ("awaiting_claimant", "closed"), ("proposed", "queued"), ("proposed", "closed"),
    }  # fmt: skip  # by rules, in bulk, by the claimant, and of a proposal that there is none of here


def test_queries_do_not_grow_with_what_a_claim_has(claim: Claim, worker: User):
    def queries() -> int:
        client = client_of(worker)
        client.get(page_of(claim))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(claim))
        return len(captured)

    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    few = queries()
    for _ in range(3):
        act(worker, claim, "put_back", note="x")
        act(worker, claim, "take")
    assert queries() == few


# What each is begun as, by operations; then every button is pressed where it is closed, and where it is in review again.
Begin = Callable[[Claim, User, User], object]
STANDING: dict[str, Begin] = {
    "undecided, nothing": lambda claim, by, finance: None,
    "approved, due": lambda claim, by, finance: decided(claim, by),
    "approved, sent": lambda claim, by, finance: (decided(claim, by), run_of(finance)),
    "approved, paid": lambda claim, by, finance: (decided(claim, by), arrived(run_of(finance), finance)),
    "rejected, nothing": lambda claim, by, finance: decided(claim, by, approved=False),
    "rejected, sent": lambda claim, by, finance: (decided(claim, by), run_of(finance), decided(claim, by, approved=False)),
    "rejected, recovery": lambda claim, by, finance: (
        decided(claim, by), arrived(run_of(finance), finance), decided(claim, by, approved=False)
    ),
}  # fmt: skip


def decided(claim: Claim, by: User, *, approved: bool = True) -> ClaimStatus:
    if status(claim).review == "closed":
        reopen_claim(claim_id=claim.pk, reopened_by=by, note="once more", now=NOW)
    take_claim(claim_id=claim.pk, taken_by=by, now=NOW)
    newest = claim.assessments.latest("run")
    reasons = () if approved else ("no_loss",)
    decide_claim(claim_id=claim.pk, assessment_id=newest.pk, approved=approved, decided_by=by, reasons=reasons, now=NOW)
    return status(claim)


def run_of(finance: User) -> PaymentRun:
    return make_payment_run(made_by=finance, note="weekly", now=NOW)


def arrived(run: PaymentRun, finance: User) -> PaymentRun:
    answer_payments(run_id=run.pk, arrived=True, answered_by=finance, now=NOW)
    return run


def test_by_the_page_decisions_and_payments_move_as_listed_and_no_other_way(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("claims.admin.claim_page.about_claim", lambda claim, case: {})
    authority("checker", per_decision=50_000, per_day=5_000_000)
    by, user, finance = a_user("checker"), a_user("caseworker", "checker"), a_user("finance")
    client = client_of(user)
    made: set[tuple[str, str, str]] = set()
    for name, begin in STANDING.items():
        with _taken_back("begun"):
            begin(claim, by, finance)
            assert f"{status(claim).decision}, {status(claim).payment}" == name
            made |= _pressed(client, user, claim)
            if status(claim).review == "closed":
                reopen_claim(claim_id=claim.pk, reopened_by=by, note="once more", now=NOW)
            take_claim(claim_id=claim.pk, taken_by=user, now=NOW)
            made |= _pressed(client, user, claim)
    listed = {(of, one, other) for of in ("decision", "payment") for one, afters in MOVES[of].items() for other in afters}
    assert made <= listed
    decisions = {pair for pair in made if pair[0] == "decision"}
    assert decisions == {(of, *pair) for of, *pair in listed if of == "decision" and "answered" not in pair}
    assert made - decisions == {  # what payment runs move, or a correction, is not moved here
        ("payment", "nothing", "due"), ("payment", "due", "nothing"), ("payment", "paid", "recovery"),
        ("payment", "recovery", "paid"),
    }  # fmt: skip


@contextmanager
def _taken_back(name: str) -> Iterator[None]:
    """The pages begin transactions that must not be inside another one of Django's."""
    with connection.cursor() as cursor:
        cursor.execute(f"SAVEPOINT {name}")
        yield
        cursor.execute(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")


def _pressed(client: Client, user: User, claim: Claim) -> set[tuple[str, str, str]]:
    """What decision and payment became by each button; a decision that takes the place of one of its kind has moved as well."""
    said = {
        "note": "x",
        "reasons": ["no_loss"],
        "until": "2099-01-01T10:00",
        "user": user.pk,
        "kind": "question",
        "message": "x",
    }
    before, made = status(claim), set()
    for action in ACTIONS:
        with _taken_back("pressed"):
            client.post(page_of(claim), {"act": action.name, **said})
            after = status(claim)
            if (after.decision, after.stands_id) != (before.decision, before.stands_id):
                made.add(("decision", before.decision, after.decision))
            if after.payment != before.payment:
                made.add(("payment", before.payment, after.payment))
    return made


# --- the drawing -----------------------------------------------------------------------------------------


def test_losses_are_drawn_against_the_windows_in_one_scale(claim: Claim):
    (loss,) = losses_of_person(claim.person)
    window = (at("15 15:30"), at("15 22:00"))
    drawn = timeline_of([loss], {loss.service.code: [window, (at("10 00:00"), at("10 01:00"))]})
    assert drawn is not None
    (row,) = drawn.rows
    assert row.windows == [type(row.loss)(row.loss.x, row.loss.width, "")]  # the loss is the window here; the other is outside
    assert [row.loss.x, row.loss.x + row.loss.width] == pytest.approx([WIDTH * 2 / 10.5, WIDTH * 8.5 / 10.5], abs=1)
    assert [tick.text for tick in drawn.ticks][:2] == ["10-15 14", "10-15 16"]
    assert timeline_of([], {}) is None


# --- the queue -------------------------------------------------------------------------------------------


def test_the_next_claim_is_taken_at_a_button(claim: Claim, worker: User):
    client = client_of(worker)
    assert claim.reference in client.get(QUEUE).content.decode()
    answer = client.post(QUEUE, {"act": "next"})
    assert answer.headers["location"] == page_of(claim)
    assert status(claim).assignee == worker
    assert "맡을 수 있는 청구가 없습니다." in client.post(QUEUE, {"act": "next"}, follow=True).content.decode()
    assert "role_missing" in client_of(a_user("auditor")).post(QUEUE, {"act": "next"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("query", "code", "found"),
    [
        ("", 200, True), ("?service=kakaotalk", 200, True), ("?kind=thanks", 200, False), ("?least=3251", 200, False),
        ("?age=1", 200, True), ("?age=9999", 200, False), ("?age=-1", 200, False),
        ("?bogus=1", 400, False), ("?least=x", 200, False), ("?incident=999", 200, False), ("?after=%00", 200, True),
        ("?after=2099-01-01.1", 200, False), ("?reason=no_such", 200, False), ("?review=%27", 200, False),
    ],
)  # fmt: skip
def test_the_address_says_what_is_shown(claim: Claim, worker: User, query: str, code: int, found: bool):
    answer = client_of(worker).get(QUEUE + query)
    assert answer.status_code == code
    assert (page_of(claim) in answer.content.decode()) == found


def test_a_view_is_saved_and_deleted(claim: Claim, worker: User):
    client = client_of(worker)
    client.post(QUEUE + "?kind=claim", {"act": "save", "name": "claims"})
    assert '<a href="?kind=claim">claims</a>' in client.get(QUEUE).content.decode()
    client.post(QUEUE, {"act": "delete", "name": "claims"})
    assert not SavedView.objects.exists()


def test_those_chosen_are_previewed_begun_and_decided(claim: Claim, worker: User):
    client = client_of(worker)
    assert "out_of_range" in client.post(QUEUE, {"act": "approve"}, follow=True).content.decode()
    preview = client.post(QUEUE, {"act": "approve", "claim": [claim.pk, "x"]}, follow=True).content.decode()
    for words in ("3,250원", claim.reference, 'value="begin"'):
        assert words in preview
    run = BulkRun.objects.get()
    page = reverse("admin:claims_bulkrun_change", args=[run.pk])
    assert "data-refresh" in client.post(page, {"act": "begin"}, follow=True).content.decode()
    assert "transition_not_allowed" in client.post(page, {"act": "begin"}, follow=True).content.decode()
    assert client.get(reverse("admin:claims_bulkrun_change", args=[run.pk + 1])).status_code == 404


def test_each_claim_of_a_run_is_reached_by_pages_and_by_its_state(claim: Claim, worker: User, monkeypatch: pytest.MonkeyPatch):
    """Who, how much, why it is with people, and why not: as many queries however many there are."""
    monkeypatch.setattr(bulk_page, "SHOWN_ITEMS", 2)
    PersonalData.objects.filter(person=claim.person).update(name="홍길동")
    more = [claim_of(a_person(), claim.incident, told()) for _ in range(3)]
    work_off()
    follow_up()
    take_claim(claim_id=more[2].pk, taken_by=a_user("caseworker"), now=NOW)
    run = draft_bulk(what="approve", claim_ids=[claim.pk, *(one.pk for one in more)], made_by=worker, now=NOW)
    client, page = client_of(worker), reverse("admin:claims_bulkrun_change", args=[run.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as two:
        first = client.get(page).content.decode()
    assert ("홍*동" in first, "홍길동" in first, "사람이 결정하는 정책" in first) == (True, False, True)
    shown = [one.reference in first for one in (claim, *more)]
    assert shown == [True, True, False, False]
    after = first.split('href="?show=&amp;after=')[1].split("#")[0]
    with CaptureQueriesContext(connection) as queries:
        second = client.get(f"{page}?show=&after={after}").content.decode()
    assert [one.reference in second for one in (claim, *more)] == [False, False, True, True]
    assert len(queries) == len(two)
    refused = client.get(f"{page}?show=refused").content.decode()
    assert [one.reference in refused for one in (claim, *more)] == [False, False, False, True]
    assert client.get(f"{page}?show=bogus&after=x").status_code == 200


def test_all_that_the_filters_leave_are_chosen_and_none_by_a_filter_that_says_nothing(claim: Claim, worker: User):
    client = client_of(worker)
    for filters in ("?kind=thanks", "?bogus=1", "?least=x"):
        answer = client.post(QUEUE + filters, {"act": "approve", "scope": "all"}, follow=True)
        assert "out_of_range" in answer.content.decode(), filters
    assert not BulkRun.objects.exists()
    client.post(f"{QUEUE}?incident={claim.incident_id}", {"act": "approve", "scope": "all", "claim": "1"})
    assert [item.claim for item in BulkRun.objects.get().rows.all()] == [claim]


def test_a_claim_with_usage_says_where_its_losses_come_from(worker: User):
    incident = outage(version=2)
    a_policy(automatic="{}")
    person = a_person()
    usage(person, "kakao_t_bike.ride_end_billing", "ride", "15 15:20", "15 21:15")
    claim = claim_of(person, incident, told())
    work_off()
    page = client_of(worker).get(page_of(claim)).content.decode()
    assert "기록에서 나옴" in page
    assert "말함" in page


def test_an_appeal_is_shown_with_what_it_points_at(claim: Claim, worker: User):
    act(worker, claim, "take")
    act(worker, claim, "reject", reasons=["no_loss"])
    decision = claim.decisions.get()
    point = ToldPoint("other", words="저는 <b>이용자</b>입니다")
    open_appeal(
        claim_id=claim.pk, decision_id=decision.pk, points=[point], kind="appeal", opened_by=a_user("caseworker"),
        channel="phone", note="told us by phone", now=NOW,
    )  # fmt: skip
    page = client_of(worker).get(page_of(claim)).content.decode()
    assert "저는 &lt;b&gt;이용자&lt;/b&gt;입니다" in page
    assert "이의가 있음" in page
    assert "decided_before" in act(worker, claim, "take")
