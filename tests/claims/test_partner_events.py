"""What partners' programs are told of claims: which moves say something, in which order, to whom, and what it costs others."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import CHOSEN_KINDS, Claim, ClaimStatus, Hint, WebhookDelivery, WebhookEvent, WebhookKind, WebhookPayload
from claims.operations import (
    ToldFact,
    ToldPoint,
    answer_appeal,
    derive_next,
    disable_endpoint,
    make_payment_run,
    open_appeal,
    remove_endpoint,
    request_evidence,
    take_claim,
    undo_decision,
    withdraw_claim,
)
from claims.operations.evidence import AskedDocument
from claims.operations.moves import Move, lock_statuses, make_moves
from claims.operations.partner_events import CONCERNED, WHEN
from claims.webhook_words import KINDS
from services.models import Incident
from tests.builders import (
    CASH,
    NOW,
    a_partner,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    paid_to,
    usage,
    work_off,
)
from tests.claims.hook_cast import PROGRAM, an_endpoint, known, move, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(incident: Incident) -> Claim:
    """A claim of somebody whom a partner with an endpoint knows."""
    an_endpoint()
    return claim_of(known("rider-1")[0], incident)


def kinds(claim: Claim) -> list[str]:
    return list(WebhookEvent.objects.filter(claim=claim).order_by("number").values_list("kind", flat=True))


def said(claim: Claim) -> list[dict[str, Any]]:
    texts = WebhookPayload.objects.filter(event__claim=claim).order_by("event__number").values_list("text", flat=True)
    return [json.loads(text) for text in texts]


def test_every_kind_has_words_and_every_kind_but_two_a_move():
    assert set(KINDS) == set(WebhookKind.values)
    assert set(WHEN) == set(CHOSEN_KINDS) - {WebhookKind.FILED}
    assert [kind for kind in WebhookKind.values if kind in WHEN] == list(WHEN)


def test_a_new_claim_is_told_with_nothing_that_names_anybody(theirs: Claim):
    (told_of,) = said(theirs)
    data = {"claim": theirs.reference, "number": 1, "incident": theirs.incident.key, "person": "rider-1"}
    where = {"review": "received", "decision": "undecided", "payment": "nothing"}
    assert told_of == {"type": "claim.filed", "timestamp": "2022-12-07T09:00:00.000000Z", "data": {**data, **where}}
    event = WebhookEvent.objects.get()
    assert (event.partner.code, event.number, event.made_at) == ("mobility", 1, NOW)
    assert event.digest == hashlib.sha256(f"{event.kept.salt}\n{event.kept.text}".encode()).hexdigest()
    assert Hint.objects.filter(task="claims.deliver_webhooks").exists()


def test_what_rules_decide_is_told_in_order(incident: Incident):
    a_policy()
    an_endpoint()
    claim = claim_of(known("rider-1")[0], incident, facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    assert kinds(claim) == ["claim.filed", "claim.decided", "claim.payment_changed", "claim.closed"]
    assert [one["data"]["number"] for one in said(claim)] == [1, 2, 3, 4]
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert {one["type"]: one["data"]["payment"] for one in said(claim)}["claim.decided"] == status.payment == "due"


QUEUED, TAKEN = {"review": "queued"}, {"review": "in_review", "assignee": True}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([QUEUED], ["claim.under_review"]),
        ([QUEUED, TAKEN, QUEUED], ["claim.under_review"]),
        (
            [
                QUEUED,
                {"review": "in_review", "assignee": True},
                {"review": "awaiting_claimant"},
                QUEUED,
            ],
            ["claim.under_review", "claim.documents_requested", "claim.under_review"],
        ),
        ([{"review": "held"}, QUEUED], ["claim.under_review"]),
        ([{"review": "withdrawn"}], ["claim.withdrawn"]),
        ([{"review": "merged"}, QUEUED], ["claim.merged", "claim.under_review"]),
        ([{"review": "closed"}], ["claim.closed"]),
        ([QUEUED, QUEUED, {}, {"reasons": ["returned"]}], ["claim.under_review"]),
    ],
)
def test_what_each_move_says(theirs: Claim, steps: list[dict[str, Any]], expected: list[str]):
    reviewer = a_user("caseworker")
    for step in steps:
        move(theirs.pk, **({**step, "assignee": reviewer.pk} if step.get("assignee") else step))
    assert kinds(theirs) == ["claim.filed", *expected]
    assert [one["data"]["number"] for one in said(theirs)] == list(range(1, len(expected) + 2))


def test_decisions_appeals_and_documents_by_the_operations_themselves(incident: Incident):
    """Their own words and not those of a test: which moves these make may change."""
    a_policy()
    an_endpoint()
    authority()
    checker, other = a_user("checker"), a_user("caseworker")
    claim = claim_of(known("rider-1")[0], incident, facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    decision = claim.decisions.get()
    about: dict[str, Any] = {"claim_id": claim.pk, "now": NOW}
    open_appeal(
        **about, decision_id=decision.pk, opened_by=checker, kind="appeal", channel="phone", note="x",
        points=[ToldPoint("line", position=0)],
    )  # fmt: skip
    take_claim(taken_by=other, **about)
    appeal = claim.appeals.get()
    answer_appeal(
        appeal_id=appeal.pk, accepted=False, assessment_id=claim.assessments.get().pk, answered_by=other, note="x", now=NOW
    )  # fmt: skip
    assert kinds(claim)[4:] == [
        "claim.appealed", "claim.under_review", "claim.decided", "claim.appeal_answered", "claim.closed",
    ]  # fmt: skip
    undone = claim_of(known("rider-3")[0], incident, facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    undo_decision(claim_id=undone.pk, undone_by=checker, note="x", now=NOW)
    assert kinds(undone)[4:] == ["claim.under_review", "claim.decision_undone", "claim.payment_changed"]

    waits = claim_of(known("rider-2")[0], incident)
    move(waits.pk, review="queued")
    take_claim(claim_id=waits.pk, taken_by=other, now=NOW)
    request_evidence(claim_id=waits.pk, asked=[AskedDocument(words="a bill")], requested_by=other, override="x", now=NOW)
    assert kinds(waits)[-1] == "claim.documents_requested"
    withdraw_claim(claim_id=waits.pk, withdrawn_by=other, note="x", now=NOW)
    assert kinds(waits)[-1] == "claim.withdrawn"


def test_payment_is_told_by_the_run(incident: Incident):
    a_policy(remedy=CASH)
    an_endpoint()
    person = known("rider-1")[0]
    paid_to(person)
    claim = claim_of(person, incident, facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    make_payment_run(made_by=a_user("finance"), note="x", now=NOW)
    assert kinds(claim)[-1] == "claim.payment_changed"
    assert said(claim)[-1]["data"]["payment"] == ClaimStatus.objects.get(pk=claim.pk).payment != "due"


def test_claims_that_are_derived_for_many_are_told_one_by_one(incident: Incident):
    endpoint, partner = an_endpoint(), a_partner()
    for person in known("a", "b", "c"):
        usage(person, "kakao_t_taxi_driver.app", "shift", "16 06:00", "16 14:00", partner=partner)
    while derive_next(now=NOW):
        pass
    told_of = WebhookPayload.objects.filter(event__kind="claim.filed").values_list("text", flat=True)
    assert {json.loads(text)["data"]["person"] for text in told_of} == {"a", "b", "c"}
    assert states(endpoint) == ["waiting"] * WebhookEvent.objects.count()


def test_many_moves_at_once_are_numbered_each_on_its_own(incident: Incident):
    an_endpoint()
    claims = [claim_of(person, incident) for person in known("a", "b", "c")]
    move(claims[1].pk, review="queued")
    with transaction.atomic():
        lock_statuses([claim.pk for claim in claims])
        make_moves([Move(claim.pk, "claim_closed", review="closed") for claim in reversed(claims)], actor=None, now=NOW)
    assert [kinds(claim)[-1] for claim in claims] == ["claim.closed"] * 3
    assert [claim.webhook_events.latest("number").number for claim in claims] == [2, 3, 2]


# --- to whom --------------------------------------------------------------------------------------------


def test_an_endpoint_gets_the_kinds_it_wants_and_numbers_go_on(incident: Incident):
    some, every = an_endpoint(kinds=["claim.withdrawn"]), an_endpoint()
    claim = claim_of(known("a")[0], incident)
    move(claim.pk, review="queued")
    move(claim.pk, review="withdrawn")
    assert [len(states(one)) for one in (some, every)] == [1, 3]
    assert WebhookDelivery.objects.get(endpoint=some).event.number == 3


def test_another_partner_gets_nothing(incident: Incident):
    ours, theirs = a_partner("ours"), a_partner("theirs")
    endpoint, other = an_endpoint(partner=ours), an_endpoint(partner=theirs)
    claim = claim_of(known("a", partner=ours)[0], incident)
    claim_of(a_person(), incident)
    assert (states(endpoint), states(other)) == (["waiting"], [])
    assert set(WebhookEvent.objects.values_list("claim", "partner")) == {(claim.pk, ours.pk)}


def test_while_an_endpoint_is_disabled_events_keep_their_numbers_and_none_waits(theirs: Claim):
    (endpoint,) = theirs.webhook_events.get().partner.webhook_endpoints.all()
    about: dict[str, Any] = {"partner_id": endpoint.partner_id, "endpoint": endpoint.key, "client_id": PROGRAM, "now": NOW}
    disable_endpoint(**about)
    move(theirs.pk, review="queued")
    assert (kinds(theirs), states(endpoint)) == (["claim.filed", "claim.under_review"], ["waiting"])
    remove_endpoint(**about)
    move(theirs.pk, review="withdrawn")
    assert len(kinds(theirs)) == 2, "a partner without endpoints is told nothing"


def test_of_claims_that_move_together_only_theirs_are_told_who_have_an_endpoint(incident: Incident):
    an_endpoint(partner=a_partner("ours"))
    claims = [claim_of(known("a", partner=a_partner(code))[0], incident) for code in ("ours", "without")]
    with transaction.atomic():
        lock_statuses([claim.pk for claim in claims])
        make_moves([Move(claim.pk, "claim_closed", review="closed") for claim in claims], actor=None, now=NOW)
    assert [kinds(claim) for claim in claims] == [["claim.filed", "claim.closed"], []]


# --- what it costs --------------------------------------------------------------------------------------


TABLE = re.compile(r"Scan.* on (claims|accounts|services)_")


def plan_of(claims: list[Claim]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + CONCERNED, {"claims": [claim.pk for claim in claims]})
        return "\n".join(line for (line,) in cursor.fetchall())


def test_where_no_partner_has_an_endpoint_nothing_else_is_read(incident: Incident):
    claims = [claim_of(person, incident) for person in known("a", "b")]
    assert not WebhookEvent.objects.exists()
    read = [line for line in plan_of(claims).splitlines() if TABLE.search(line) and "never executed" not in line]
    assert read, "the scans of tables are found"
    assert all("claims_webhookendpoint" in line for line in read), "\n".join(read)


def test_of_others_claims_nothing_is_written(incident: Incident):
    an_endpoint()
    with CaptureQueriesContext(connection) as asked:
        claim = claim_of(a_person(), incident)
        move(claim.pk, review="queued")
    assert not [query for query in asked if "INSERT INTO claims_webhook" in query["sql"]]


def test_a_move_that_leaves_all_statuses_asks_nothing(theirs: Claim):
    with CaptureQueriesContext(connection) as asked:
        move(theirs.pk, "facts_verified")
    assert not [query for query in asked if "webhook" in query["sql"]]


def test_payloads_can_be_erased_and_events_not(theirs: Claim):
    WebhookPayload.objects.filter(event__claim=theirs).delete()
    event = theirs.webhook_events.get()
    assert "rider-1" not in json.dumps({field.name: str(getattr(event, field.name)) for field in event._meta.concrete_fields})
