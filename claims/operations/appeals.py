"""Claimants object to decisions, and somebody else answers them. Each expects a transaction, and locks the status first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Channel, User
from claims.facts import terms_of
from claims.models import (
    QUEUED_AS,
    Appeal,
    AppealKind,
    AppealPoint,
    AppealState,
    AppealWords,
    Assessment,
    Claim,
    ClaimStatus,
    Decision,
    DecisionProposal,
    PointKind,
    ReviewStatus,
)
from claims.operations.appealed import AppealOpen
from claims.operations.checks import check_prose
from claims.operations.decisions import (
    DECIDERS,
    Deciders,
    Ruling,
    carry_out,
    check_no_conflict,
    check_reviewed_by,
    checked_reasons,
    claim_decisions,
    decide_claim,
    newest_assessment,
    outdate_proposal,
    said_by,
)
from claims.operations.moves import (
    LONGEST_NOTE,
    Move,
    UnknownClaim,
    checked_note,
    lock_status,
    make_move,
)
from claims.operations.payouts import Answers, differences_of
from claims.operations.settlement import standings_are_due
from claims.queries.appeals import Pointed, pointable
from services.instants import check_instant
from services.models import Service
from services.refusals import InvalidValue, Refusal, Unknown
from services.salted import Salted
from services.seoul import SEOUL
from services.staff import require

# Calendar days after the day on which it was said. Of a person's review: Enforcement Decree of the Personal Information
# Protection Act, art. 44-3, and what letters promise. No policy gives appeals a time of their own, so that they have the same.
ANSWERED_WITHIN = timedelta(days=30)
MOST_POINTS = 50


class UnknownDecision(Unknown):
    code = "unknown_decision"


class UnknownAppeal(Unknown):
    code = "unknown_appeal"


class DecisionReplaced(Refusal):
    """Another decision stands now, or none."""

    code = "decision_replaced"


class DecidedByPerson(Refusal):
    code = "decided_by_person"


class PointUnknown(Refusal):
    """It is not in the trace of the decision's assessment."""

    code = "point_unknown"


class PointsMissing(Refusal):
    code = "points_missing"


class AppealClosed(Refusal):
    code = "appeal_closed"


class NothingOtherwise(Refusal):
    """Accepted, but the newest assessment says what was decided already."""

    code = "nothing_otherwise"


class SumDiffers(Refusal):
    """Upheld, but the newest assessment owes another sum than stands."""

    code = "sum_differs"


@dataclass(frozen=True)
class ToldPoint:
    """What a claimant disagrees with: `fact` (of the loss `loss_id`, or of no loss), `rule` of a `policy`, the line at
    `position`, what the official record says of `service` (`record`), or something `other`, which is in their words.
    """

    kind: str
    fact: str = ""
    loss_id: int | None = None
    policy: str = ""
    rule: str = ""
    position: int | None = None
    service: str = ""
    words: str = ""

    @property
    def pointed(self) -> Pointed:
        return (self.kind, *(getattr(self, name) for name in NAMES[self.kind]))


NAMES: dict[str, tuple[str, ...]] = {
    PointKind.FACT: ("fact", "loss_id"),
    PointKind.RULE: ("policy", "rule"),
    PointKind.LINE: ("position",),
    PointKind.RECORD: ("service",),
    PointKind.OTHER: (),
}


# --- opened, withdrawn --------------------------------------------------------------------------------


def open_appeal(
    *,
    claim_id: int,
    decision_id: int,
    kind: str,
    opened_by: User,
    channel: str,
    now: datetime,
    points: Sequence[ToldPoint] = (),
    note: str = "",
) -> Appeal:
    """The claimant's own log-in, or staff whom they told and who note how they know, object to the decision that stands.

    The claim goes back into the queue, whoever has it in hand; what is held stays held. A person's review is of what a rule
    decided, and needs no points; an appeal has one at least. There is no last day: no law or policy behind these decisions
    sets one, letters name none, and a decision on a record that was corrected a year later can be wrong all the same.
    Raises UnknownClaim, UnknownDecision, RoleMissing, Required, InvalidValue, PointsMissing, PointUnknown, DecisionReplaced,
    DecidedByPerson, AppealOpen.
    """
    now = check_instant(now, "now")
    _check_listed(kind, AppealKind.values, "kind")
    _check_listed(channel, Channel.values, "channel")
    claim = Claim.objects.filter(pk=claim_id).first()
    if claim is None:
        raise UnknownClaim(f"There is no claim {claim_id}.", field="claim")
    text = said_by(claim, opened_by, note, "appeal for somebody")
    decision = _decision_of(claim, decision_id)
    told = _checked_points(decision, kind, points)
    status = lock_status(claim_id)
    _check_appealable(status, decision, kind)
    appeal = Appeal.objects.create(
        claim=claim, decision=decision, kind=kind, channel=channel, opened_by=opened_by, opened_at=now,
        due_date=now.astimezone(SEOUL).date() + ANSWERED_WITHIN,
    )  # fmt: skip
    _keep_points(appeal, told)
    review = ReviewStatus.HELD if status.review == ReviewStatus.HELD else ReviewStatus.QUEUED
    reasons = list(dict.fromkeys([*status.reasons, QUEUED_AS[kind]]))
    move = Move(claim_id, "appeal_opened", review=review, reasons=reasons, data={"appeal": appeal.pk})
    make_move(status, move, actor=opened_by, now=now, note=text)
    outdate_proposal(claim_id, now)
    return appeal


def withdraw_appeal(*, appeal_id: int, withdrawn_by: User, now: datetime, note: str = "") -> Appeal:
    """The claimant no longer objects: their own log-in says so, or staff whom they told and who note how they know.

    The claim is closed if nothing else is to be looked at; if it was assessed again meanwhile, rules look at that. Raises
    UnknownAppeal, AppealClosed, RoleMissing, Required, OwnClaim, DecidedBefore.
    """
    now = check_instant(now, "now")
    _settle_what_is_newer(appeal_id, now)  # locks, and these come before the status
    status, appeal = _lock_open(appeal_id)
    text = said_by(status.claim, withdrawn_by, note, "withdraw an appeal for somebody")
    if withdrawn_by.person_id != status.claim.person_id:  # who decided what is appealed does not say that it is dropped
        check_no_conflict(status.pk, withdrawn_by)
    appeal.state, appeal.closed_at = AppealState.WITHDRAWN, now
    appeal.save(update_fields=["state", "closed_at"])
    left = [code for code in status.reasons if code != QUEUED_AS[appeal.kind]]
    review = None if left or status.review == ReviewStatus.HELD else ReviewStatus.CLOSED
    move = Move(status.pk, "appeal_withdrawn", review=review, reasons=left, data={"appeal": appeal.pk})
    make_move(status, move, actor=withdrawn_by, now=now, note=text)
    if review is not None:
        outdate_proposal(status.pk, now)
    return appeal


def _check_listed(value: str, listed: Sequence[str], field: str) -> None:
    if value not in listed:
        raise InvalidValue(f"{field} is {value!r}. Use one of {', '.join(listed)}.", field=field)


def _decision_of(claim: Claim, decision_id: int) -> Decision:
    decision = Decision.objects.filter(pk=decision_id, claim=claim).select_related("assessment__run__terms").first()
    if decision is None:
        raise UnknownDecision(f"Claim {claim.reference} has no decision {decision_id}.", field="decision")
    return decision


def _check_appealable(status: ClaimStatus, decision: Decision, kind: str) -> None:
    if status.stands_id != decision.pk:
        raise DecisionReplaced("This decision does not stand any more. Appeal the one that does.", field="decision")
    if Appeal.objects.filter(claim=status.pk, state=AppealState.OPEN).exists():
        raise AppealOpen("An appeal about this decision is open already. It will be answered.", field="decision")
    if kind == AppealKind.PERSON_REVIEW and decision.decided_by_id is not None:
        raise DecidedByPerson("A person decided this. Appeal it, and somebody else decides.", field="kind")


def _settle_what_is_newer(appeal_id: int, now: datetime) -> None:
    appeal = Appeal.objects.filter(pk=appeal_id).select_related("decision").first()
    if appeal is not None and Assessment.objects.filter(claim=appeal.claim_id, pk__gt=appeal.decision.assessment_id).exists():
        standings_are_due([appeal.claim_id], now=now)


def _lock_open(appeal_id: int, *, moves: int | None = None) -> tuple[ClaimStatus, Appeal]:
    """The claim's status first, as everybody does. Raises UnknownAppeal, ClaimMoved, AppealClosed."""
    appeal = Appeal.objects.filter(pk=appeal_id).select_related("decision").first()
    if appeal is None:
        raise UnknownAppeal(f"There is no appeal {appeal_id}.", field="appeal")
    status = lock_status(appeal.claim_id, moves=moves)
    appeal.refresh_from_db(fields=["state"])
    if appeal.state != AppealState.OPEN:
        raise AppealClosed(f"This appeal is {appeal.state} already.", field="appeal")
    return status, appeal


# --- what is pointed at ---------------------------------------------------------------------------------


def _checked_points(decision: Decision, kind: str, points: Sequence[ToldPoint]) -> list[tuple[AppealPoint, Salted]]:
    """As rows without their appeal. Raises PointsMissing, PointUnknown, Required."""
    if kind == AppealKind.APPEAL and not points:
        raise PointsMissing("Say what is wrong: a fact, a rule, a line, the record of a service, or in words.", field="points")
    if len(points) > MOST_POINTS:
        raise InvalidValue(f"There are {len(points)} points; at most {MOST_POINTS} are taken.", field="points")
    if not points:
        return []
    known = pointable(decision.assessment)
    services = dict(Service.objects.values_list("code", "pk"))
    return [_checked_point(point, known, services) for point in dict.fromkeys(points)]


def _checked_point(
    point: ToldPoint, known: Mapping[Pointed, list[int]], services: Mapping[str, int]
) -> tuple[AppealPoint, Salted]:
    _check_listed(point.kind, PointKind.values, "kind")
    names = [name for named in NAMES.values() for name in named]
    said = {name: getattr(point, name) for name in names if getattr(point, name) not in (None, "")}
    if not said.keys() <= {*NAMES[point.kind]}:
        told = f"A point of kind {point.kind} names {', '.join(NAMES[point.kind]) or 'nothing'}; this names {', '.join(said)}."
        raise PointUnknown(told, field="points")
    other = point.kind == PointKind.OTHER
    if not other and point.pointed not in known:
        raise PointUnknown(f"{said} is nothing that this decision rests on. {_offered(point.kind, known)}", field="points")
    service = said.pop("service", None)
    words = check_prose(point.words, "words", longest=LONGEST_NOTE, required=other)
    salted = Salted.of(words)
    positions = known.get(point.pointed, [])
    row = AppealPoint(
        kind=point.kind, **said, service_id=services.get(service or ""), positions=positions, digest=salted.digest
    )
    return row, salted


def _offered(kind: str, known: Mapping[Pointed, list[int]]) -> str:
    """What of this kind there is."""
    offered = [", ".join(str(part) for part in rest if part is not None) for of, *rest in known if of == kind]
    return f"It rests on: {'; '.join(offered)}." if offered else "It rests on nothing of that kind; say it in words (other)."


def _keep_points(appeal: Appeal, told: Sequence[tuple[AppealPoint, Salted]]) -> None:
    for row, _ in told:
        row.appeal = appeal
    AppealPoint.objects.bulk_create(row for row, _ in told)
    words = [AppealWords(point=row, text=salted.text, salt=salted.salt) for row, salted in told if salted.text]
    AppealWords.objects.bulk_create(words)


# --- answered -------------------------------------------------------------------------------------------


def answer_appeal(
    *,
    appeal_id: int,
    accepted: bool,
    assessment_id: int,
    answered_by: User,
    note: str,
    now: datetime,
    reasons: Sequence[str] = (),
    moves: int | None = None,
) -> Decision | DecisionProposal:
    """Somebody who had no part in the decision, and has the claim in review, answers on the newest assessment.

    Either way a new decision is made, which the claimant is told. Upheld: the same answer and sum once more, for the same
    reasons or for those named now. Accepted: what the newest assessment owes is approved; where that is what was decided
    already, facts are verified and the claim assessed again first, and the appeal stays open. What is above the answerer's
    authority is proposed, and the appeal open until somebody confirms it. A decision of the claim in any other way
    (`decide_claim`) answers the appeal as well: accepted if it is another answer or sum, else upheld.

    Raises RoleMissing, Required, UnknownAppeal, AppealClosed, NothingOtherwise, SumDiffers, and what `decide_claim` raises.
    """
    now = check_instant(now, "now")
    require(answered_by, DECIDERS, "answer an appeal")
    text = checked_note(note, required=True)
    status, appeal = _lock_open(appeal_id, moves=moves)
    check_no_conflict(status.pk, answered_by)
    check_reviewed_by(status, answered_by)
    assessment = newest_assessment(status.pk, assessment_id)
    answer = Answers([status.pk], [assessment.pk], approved=accepted or appeal.decision.approved)
    differs = bool(differences_of(answer))
    by: dict[str, Any] = {"note": text, "now": now}
    if not accepted:
        if differs:
            raise SumDiffers("The newest assessment owes another sum than stands. Accept the appeal, or decide the claim anew.")
        codes = _upheld_for(appeal.decision, assessment, reasons)
        ruling = Ruling(answer, codes, ReviewStatus.CLOSED, (), "claim_approved" if answer.approved else "claim_rejected")
        carry_out([ruling], terms_of(assessment.run.terms), by=Deciders(answered_by), **by)
        return claim_decisions(status.pk)[0]
    if appeal.decision.approved and not differs:
        raise NothingOtherwise("The newest assessment owes what was decided. Verify what is wrong, and answer once it differs.")
    return decide_claim(
        claim_id=status.pk, assessment_id=assessment.pk, approved=True, decided_by=answered_by, reasons=reasons, **by
    )


def _upheld_for(decision: Decision, assessment: Assessment, reasons: Sequence[str]) -> Sequence[str]:
    """Those of the decision only where it is about the same assessment: of a newer one they may no longer be true."""
    if not reasons and decision.assessment_id == assessment.pk:
        return decision.reasons
    return checked_reasons(assessment, decision.approved, reasons)
