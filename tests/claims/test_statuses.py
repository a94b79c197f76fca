"""All pairs of each status, by SQL, by the ORM and by operation: only the listed moves are made, each with its event."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import User
from claims.models import MOVES, Claim, ClaimStatus, Decision, Event, Letter
from claims.operations import (
    assign_claim,
    decide_claim,
    hold_claim,
    merge_claims,
    put_back_claim,
    release_claim,
    reopen_claim,
    take_claim,
    withdraw_claim,
)
from services.refusals import Refusal
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, outage, told, work_off
from tests.claims.reply_cast import template
from tests.databases import owner_connection
from tests.worlds import world

pytestmark = pytest.mark.django_db(transaction=True)

AT_REST: dict[str, Any] = {"review": "queued", "decision": "undecided", "payment": "nothing"}
PAIRS = [(of, before, after) for of, moves in MOVES.items() for before in moves for after in moves]
STANDS = {"approved": True, "rejected": False}


@world
def claim() -> Claim:
    incident = outage()
    a_policy()
    claim = claim_of(a_person(), incident, told())
    work_off()
    return claim


@world
def decisions(claim: Claim) -> dict[str, list[int]]:
    """Two of each answer, so that one can take the place of the other."""
    assessment = claim.assessments.get()
    by = a_user("checker")
    return {
        status: [
            Decision.objects.create(
                claim=claim, assessment=assessment, approved=approved, reasons=[] if approved else ["no_loss"], decided_by=by,
                decided_at=NOW,
            ).pk
            for _ in range(2)
        ]
        for status, approved in STANDS.items()
    }  # fmt: skip


def put(claim: Claim, **at: Any) -> None:
    """As no operation could: by the owner, with triggers off."""
    values = {"assignee_id": None, "stands_id": None, "reasons": [], **AT_REST, **at}
    columns = ", ".join(f"{name} = %s" for name in values)
    with owner_connection() as owner, owner.transaction():
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("ALTER TABLE claims_claimstatus DISABLE TRIGGER USER")
        owner.execute(f"UPDATE claims_claimstatus SET {columns} WHERE claim_id = %s", [*values.values(), claim.pk])
        owner.execute("ALTER TABLE claims_claimstatus ENABLE TRIGGER USER")


def test_there_are_as_many_pairs_as_statuses_make():
    assert len(PAIRS) == 9 * 9 + 4 * 4 + 5 * 5
    for moves in MOVES.values():
        assert {after for afters in moves.values() for after in afters} <= set(moves)


def by_sql(claim: Claim, **becomes: Any) -> None:
    columns = ", ".join(f"{name} = %s" for name in becomes)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE claims_claimstatus SET {columns} WHERE claim_id = %s", [*becomes.values(), claim.pk])


def by_orm(claim: Claim, **becomes: Any) -> None:
    ClaimStatus.objects.filter(pk=claim.pk).update(**becomes)


def with_event(way: Callable[..., None], claim: Claim, **becomes: Any) -> None:
    Event.objects.create(at=NOW, kind="tried", claim=claim, move=becomes["moves"])
    way(claim, **becomes)


def refusal_of(call: Callable[[], object]) -> Exception | None:
    try:
        with transaction.atomic():
            call()
    except (IntegrityError, Refusal) as refused:
        return refused
    return None


@pytest.mark.parametrize("way", [by_sql, by_orm])
def test_only_listed_moves_are_made(claim: Claim, decisions: dict[str, list[int]], way: Callable[..., None]):
    user = a_user("caseworker")
    reply = template(a_user("checker"))
    letter = {"claim": claim, "language": "ko", "content": b"x", "content_hash": "0" * 64, "made_at": NOW}
    Letter.objects.create(**letter, reply=reply)  # without which nothing is answered
    done = set()
    for of, before, after in PAIRS:
        first, second = (decisions.get(status, [None, None]) for status in (before, after))
        put(claim, **{of: before}, stands_id=first[0], assignee_id=user.pk)
        status = ClaimStatus.objects.get(pk=claim.pk)
        becomes = {of: after, "moves": status.moves + 1}
        if of == "decision":
            becomes["stands_id"] = second[1]
        refused = refusal_of(partial(with_event, way, claim, **becomes))
        if refused is None:
            done.add((of, before, after))
        else:
            assert "transition_not_allowed" in str(refused), (of, before, after)
            assert ClaimStatus.objects.filter(pk=claim.pk, **{of: before}, moves=status.moves).exists()
    listed = {(of, before, after) for of, moves in MOVES.items() for before in moves for after in moves[before]}
    unmoved = {(of, status, status) for of in ("review", "payment") for status in MOVES[of]}
    unmoved |= {("decision", status, status) for status in ("undecided", "answered")}
    assert done == listed | unmoved  # a move that changes no status is one all the same: it has its event


def test_a_move_needs_its_event_in_the_same_transaction(claim: Claim):
    moved: dict[str, Any] = {"review": "closed", "moves": ClaimStatus.objects.get(pk=claim.pk).moves + 1}
    with pytest.raises(IntegrityError, match="move_without_event"):
        by_sql(claim, **moved)
    Event.objects.create(at=NOW, kind="earlier", claim=claim, move=moved["moves"])
    with pytest.raises(IntegrityError, match="move_without_event"):
        by_sql(claim, **moved)
    with pytest.raises(IntegrityError, match="claim_makes_a_move_once"), transaction.atomic():
        Event.objects.create(at=NOW, kind="again", claim=claim, move=moved["moves"])
    skips = refusal_of(lambda: with_event(by_sql, claim, review="closed", moves=moved["moves"] + 1))
    assert "move_without_event" in str(skips)
    assert ClaimStatus.objects.get(pk=claim.pk).review == "received"


def test_a_move_that_is_not_counted_is_refused(claim: Claim):
    with pytest.raises(IntegrityError, match="move_without_event"):
        by_sql(claim, review="closed")
    with pytest.raises(IntegrityError, match="move_without_event"):
        by_sql(claim, moves=7)


def test_what_stands_is_a_decision_of_the_claim_that_fits(claim: Claim, decisions: dict[str, list[int]]):
    other = claim_of(a_person(), claim.incident)
    for of, stands, word in (
        (other, decisions["approved"][0], "no such decision"),
        (claim, decisions["rejected"][0], "no such decision"),
        (claim, None, "what_is_approved_or_rejected_has_a_decision"),
    ):
        moves = ClaimStatus.objects.get(pk=of.pk).moves + 1
        moved = {"decision": "approved", "stands_id": stands, "moves": moves}
        assert word in str(refusal_of(partial(with_event, by_sql, of, **moved)))


def test_a_status_begins_at_the_beginning_and_never_goes(claim: Claim):
    with pytest.raises(IntegrityError, match="begins as received"):
        ClaimStatus.objects.create(
            claim_id=claim.pk + 1, incident=claim.incident, review="closed", moved_at=NOW, answer_due_date=NOW.date()
        )
    with pytest.raises(ProgrammingError, match="permission denied"):
        ClaimStatus.objects.filter(pk=claim.pk).delete()
    with owner_connection() as owner, pytest.raises(Exception, match="status for ever"):
        owner.execute("DELETE FROM claims_claimstatus")
    with owner_connection() as owner, pytest.raises(Exception, match="stays its own"):
        owner.execute("UPDATE claims_claimstatus SET incident_id = incident_id + 1")


# --- by operation ----------------------------------------------------------------------------------

EVERYWHERE = tuple(MOVES["review"])
OPERATIONS: dict[str, tuple[Callable[..., object], tuple[str, ...], str]] = {  # what it is, where it may begin, where it ends
    "take": (lambda claim, by: take_claim(claim_id=claim.pk, taken_by=by, now=NOW), ("queued",), "in_review"),
    "assign": (
        lambda claim, by: assign_claim(claim_id=claim.pk, assignee=by, assigned_by=by, now=NOW),
        ("queued", "in_review"), "in_review",
    ),
    "put back": (lambda claim, by: put_back_claim(claim_id=claim.pk, put_back_by=by, now=NOW), ("in_review",), "queued"),
    "hold": (
        lambda claim, by: hold_claim(claim_id=claim.pk, held_by=by, note="a doubt", now=NOW),
        ("received", "queued", "in_review", "awaiting_claimant", "proposed"), "held",
    ),
    "release": (lambda claim, by: release_claim(claim_id=claim.pk, released_by=by, now=NOW), ("held",), "queued"),
    "reopen": (
        lambda claim, by: reopen_claim(claim_id=claim.pk, reopened_by=by, note="a mistake", now=NOW),
        ("closed", "withdrawn", "merged"), "queued",
    ),
    "withdraw": (
        lambda claim, by: withdraw_claim(claim_id=claim.pk, withdrawn_by=by, note="told us by phone", now=NOW),
        ("received", "queued", "in_review", "awaiting_claimant", "proposed", "held"), "withdrawn",
    ),
    "merge": (
        lambda claim, by: merge_claims(
            claim_id=claim.pk, into_id=claim_of(a_person(), claim.incident).pk, merged_by=by, note="the same", now=NOW
        ), ("received", "queued", "in_review", "awaiting_claimant", "held"), "merged",
    ),
    "approve": (
        lambda claim, by: decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=by, now=NOW
        ), ("in_review",), "closed",
    ),
    "reject": (
        lambda claim, by: decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=False, reasons=["no_loss"], decided_by=by,
            now=NOW,
        ), ("in_review",), "closed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_begins_only_where_it_may(claim: Claim, name: str):
    operation, allowed, end = OPERATIONS[name]
    user: User = a_user("caseworker", "checker")
    authority("checker")
    for review in EVERYWHERE:
        put(claim, review=review, assignee_id=user.pk)
        before = ClaimStatus.objects.get(pk=claim.pk)
        refused = refusal_of(lambda: operation(claim, user))
        after = ClaimStatus.objects.get(pk=claim.pk)
        assert (refused is None) == (review in allowed), (review, refused)
        if refused is not None:
            assert isinstance(refused, Refusal), (review, refused)
            assert vars_of(after) == vars_of(before)
        else:
            assert (after.review, after.moves) == (end, before.moves + 1)
            event = Event.objects.get(claim=claim, move=after.moves)
            assert event.actor == user
            assert event.data.get("review") == (None if review == end else [review, end])


def vars_of(status: ClaimStatus) -> dict[str, Any]:
    return {name: value for name, value in vars(status).items() if not name.startswith("_")}
