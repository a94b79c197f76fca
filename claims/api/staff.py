"""Tools of staff: the queue, who has a claim in hand, and decisions, within the same roles and limits as in the admin."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of
from accounts.logins import address_is
from accounts.models import AppScope, User
from claims.api.acting import version_seen
from claims.api.claims import ClaimSaid, claim_said
from claims.api.paging import PARAMETERS, limit_asked, opened, page_headers, sealed
from claims.api.questions import choice_asked, text_asked
from claims.api.sight import claim_seen, claims_seen, log_sight
from claims.api.views import ApiView, said, written
from claims.models import Claim, ClaimKind, ClaimStatus, Decision
from claims.operations import (
    AssessmentOutdated,
    assign_claim,
    decide_claim,
    put_back_claim,
    take_claim,
    take_next,
)
from claims.operations.refusals import ReferenceUnknown
from claims.queries import QueueFilter, queue_page
from services import clock
from services.bodies import Body
from services.body_fields import Code, Line, Prose
from services.lookups import find_incident

READS, WRITES = (AppScope.READ_CASES,), (AppScope.WRITE_CASES,)


class QueuedSaid(BaseModel):
    """A claim that waits for a person. `amount`: what an approval would newly give, in minor units."""

    reference: str
    incident: str
    kind: ClaimKind
    service: str | None
    reasons: list[str]
    amount: int | None
    currency: str | None
    answer_due_date: date | None


class QueueSaid(BaseModel):
    """The next deadline first."""

    data: list[QueuedSaid]
    next: str | None


class AssignmentSent(Body):
    """Left out, or null: to oneself. A checker gives it to somebody by their log-in address."""

    assignee: Annotated[Line, Field(max_length=254)] | None = None


class DecisionSent(Body):
    """On the strength of the assessment with this number, which has to be the newest."""

    assessment: Annotated[int, Field(ge=1, le=10**6)] = Field(description="Its `number`.")
    approved: bool
    reasons: Annotated[list[Annotated[Code, Field(max_length=60)]], Field(max_length=20)] = []
    note: Annotated[Prose, Field(max_length=2000)] = ""


class DecisionMade(BaseModel):
    """`proposed`: it is more than who decides may give alone; a second person confirms it."""

    outcome: Literal["decided", "proposed"]
    claim: ClaimSaid


class Queue(ApiView):
    """Claims that wait for a person, the next deadline first."""

    scopes = {"GET": READS, "HEAD": READS}
    parameters = (*PARAMETERS, "incident", "service", "kind", "reason")
    answers = {"GET": (200, QueueSaid)}

    def get(self, request: Request) -> Response:
        key, kind = text_asked(request, "incident"), choice_asked(request, "kind", ClaimKind.values)
        wanted = QueueFilter(
            incident_id=find_incident(key).pk if key is not None else None, service=text_asked(request, "service") or "",
            kind=kind or "", reason=text_asked(request, "reason") or "",
        )  # fmt: skip
        claims_seen(request)  # who may not see claims is refused
        limit, place = limit_asked(request), opened(request)
        after = None if place is None else (date.fromisoformat(place[0]), int(place[1]))
        rows = queue_page(wanted, now=clock.now(), after=after, most=limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        following = None if last is None else sealed(request, [last.answer_due_date.isoformat(), str(last.pk)])
        log_sight(request, [row.claim for row in rows[:limit]])
        shown = QueueSaid(data=[_queued(row) for row in rows[:limit]], next=following)
        return said(shown, headers=page_headers(following))


class QueueNext(ApiView):
    """Take the next claim that nobody has, within one's skills; 204 where there is none."""

    scopes = {"POST": WRITES}
    answers, may_find_nothing = {"POST": (200, ClaimSaid)}, True

    def post(self, request: Request) -> HttpResponse:
        def act(body: None, now: datetime) -> ClaimSaid | None:
            taken = take_next(taken_by=_staff(request), now=now)
            return None if taken is None else _said(request, taken.pk)

        return written(request, None, act, status=200)


class Assignment(ApiView):
    """Who has the claim in hand: taken or given by POST, put back by DELETE."""

    scopes = {"POST": WRITES, "DELETE": WRITES}
    bodies = {"POST": AssignmentSent}
    answers = {"POST": (200, ClaimSaid), "DELETE": (200, ClaimSaid)}
    versioned = ("POST",)

    def post(self, request: Request, reference: str) -> HttpResponse:
        """Take the claim in hand, or give it to somebody."""
        claim = claim_seen(request, reference)

        def act(body: AssignmentSent, now: datetime) -> ClaimSaid:
            moves, staff = version_seen(request, claim).moves, _staff(request)
            if body.assignee is None:
                take_claim(claim_id=claim.pk, taken_by=staff, moves=moves, now=now)
            else:
                assign_claim(claim_id=claim.pk, assignee=_assignee(body.assignee), assigned_by=staff, moves=moves, now=now)
            return _said(request, claim.pk)

        return written(request, AssignmentSent, act, status=200)

    def delete(self, request: Request, reference: str) -> HttpResponse:
        """Put the claim back into the queue."""
        claim = claim_seen(request, reference)

        def act(body: None, now: datetime) -> ClaimSaid:
            put_back_claim(claim_id=claim.pk, put_back_by=_staff(request), now=now)
            return _said(request, claim.pk)

        return written(request, None, act, status=200)


class ClaimDecisions(ApiView):
    """Decide a claim that one has in review. `If-Match` names what was read of it."""

    scopes = {"POST": WRITES}
    bodies, answers, versioned = {"POST": DecisionSent}, {"POST": (201, DecisionMade)}, ("POST",)

    def post(self, request: Request, reference: str) -> HttpResponse:
        claim = claim_seen(request, reference)

        def act(body: DecisionSent, now: datetime) -> DecisionMade:
            made = decide_claim(
                claim_id=claim.pk, assessment_id=_assessment(claim, body.assessment), approved=body.approved,
                reasons=body.reasons, note=body.note, decided_by=_staff(request), moves=version_seen(request, claim).moves,
                now=now,
            )  # fmt: skip
            return DecisionMade(outcome="decided" if isinstance(made, Decision) else "proposed", claim=_said(request, claim.pk))

        return written(request, DecisionSent, act)


def _staff(request: Request) -> User:
    user = caller_of(request).user
    assert user is not None, "only staff have the scope of these views"
    return user


def _said(request: Request, claim_id: int) -> ClaimSaid:
    return claim_said(caller_of(request), claims_seen(request).get(pk=claim_id))


def _queued(row: ClaimStatus) -> QueuedSaid:
    return QueuedSaid(
        reference=row.claim.reference, incident=row.claim.incident.key, kind=ClaimKind(row.kind), reasons=row.reasons,
        service=row.service.code if row.service else None, amount=row.amount_minor, currency=row.currency or None,
        answer_due_date=row.answer_due_date,
    )  # fmt: skip


def _assignee(address: str) -> User:
    """Raises ReferenceUnknown."""
    found = User.objects.filter(address_is("email", address), is_staff=True, is_active=True).first()
    if found is None:
        raise ReferenceUnknown("Nobody of the staff logs in by this address.", field="assignee")
    return found


def _assessment(claim: Claim, number: int) -> int:
    """Its id. Raises AssessmentOutdated where it is none, or not the newest."""
    made: list[Any] = list(claim.assessments.order_by("run_id").values_list("pk", flat=True))
    if number != len(made):
        raise AssessmentOutdated("Another assessment is the newest. Read the claim again.", field="assessment")
    return int(made[-1])
