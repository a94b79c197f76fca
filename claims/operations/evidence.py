"""Claimants are asked for documents, reminded, and no longer asked. Each expects a transaction and locks the status first;
`chase_next_evidence` opens its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User
from claims.deadlines import CALENDAR, evidence_days, evidence_steps, working_day
from claims.models import (
    MOST_ATTEMPTS,
    Assessment,
    Claim,
    ClaimStatus,
    EvidenceItem,
    EvidenceItemState,
    EvidenceLetter,
    EvidenceLetterContent,
    EvidenceLetterKind,
    EvidenceRequest,
    EvidenceWords,
    NewsKind,
    RequestState,
    ReviewStatus,
)
from claims.operations.appealed import EVIDENCE
from claims.operations.attempts import attempt
from claims.operations.checks import check_text
from claims.operations.decisions import DECIDERS, check_no_conflict, lock_in_review
from claims.operations.language import language_of
from claims.operations.moves import LONGEST_NOTE, Move, checked_note, lock_status, make_move
from claims.operations.news import tell
from claims.operations.policy import packs_in_force
from claims.operations.review import check_in_hand
from claims.operations.settlement import standings_are_due
from claims.queries.evidence import listed_documents
from claims.queries.evidence_letter import render_evidence_letter
from services.instants import OutOfRange, check_instant
from services.refusals import InvalidValue, Refusal, Unknown
from services.salted import Salted
from services.seoul import SEOUL
from services.staff import require
from services.texts import normalised

MOST_DAYS = 60  # working days
MOST_ITEMS = 20
IN, OVERDUE, UNASKED = EVIDENCE
DONE_WITH = (ReviewStatus.CLOSED, ReviewStatus.WITHDRAWN, ReviewStatus.MERGED)


class UnknownRequest(Unknown):
    code = "unknown_evidence_request"


class RequestClosed(Refusal):
    code = "evidence_request_closed"


class DocumentUnknown(Refusal):
    """No policy of the claim lists it."""

    code = "document_unknown"


class NotAskedFor(Refusal):
    """No policy asks for it at this amount: who asks all the same says why."""

    code = "evidence_not_asked_for"


class AskedAlready(Refusal):
    code = "evidence_asked_already"


class ExtendedAlready(Refusal):
    """More than once only with a reason."""

    code = "evidence_extended_already"


@dataclass(frozen=True)
class AskedDocument:
    """As a policy lists it for a fact (of a loss), or in words of the one who asks."""

    policy: str = ""
    document: str = ""
    fact: str = ""
    loss_id: int | None = None
    words: str = ""


# --- asked ---------------------------------------------------------------------------------------------


def request_evidence(
    *,
    claim_id: int,
    asked: Sequence[AskedDocument],
    requested_by: User,
    now: datetime,
    working_days: int | None = None,
    override: str = "",
    moves: int | None = None,
) -> EvidenceRequest:
    """The claimant is told what to send, and the claim waits for it outside the queue; no rule decides it meanwhile.

    Due so many working days from now (inclusive; None: as the policies give, or ours). `override`: why something is asked for
    that no policy asks for at this amount, or in words. Raises RoleMissing, OwnClaim, DecidedBefore, TransitionNotAllowed,
    ReviewedByAnother, ClaimMoved, DocumentUnknown, NotAskedFor, AskedAlready, OutOfRange, InvalidValue, Required.
    """
    now = check_instant(now, "now")
    require(requested_by, DECIDERS, "ask for documents")
    note = checked_note(override)
    status = lock_in_review(claim_id, requested_by, moves=moves)
    claim = Claim.objects.select_related("incident").get(pk=claim_id)
    assessment = Assessment.objects.filter(claim=claim).order_by("-run").first()
    packs = packs_in_force(claim.incident)
    told = _checked(claim, assessment, packs, asked, override=bool(note))
    due = _due(now, evidence_days(p for p in packs if p.code in {one.policy for one in told}), working_days)
    today = now.astimezone(SEOUL).date()
    request = EvidenceRequest.objects.create(
        claim=claim, assessment_id=None if assessment is None else assessment.pk, requested_by=requested_by,
        requested_at=now, due_date=due, next_date=_next(today, due, today, ()),
    )  # fmt: skip
    for one in told:
        salted = Salted.of(one.words)
        item = EvidenceItem.objects.create(
            request=request, claim=claim, policy=one.policy, document=one.document, fact=one.fact, loss_id=one.loss_id,
            digest=salted.digest,
        )  # fmt: skip
        if salted.text:
            EvidenceWords.objects.create(item=item, text=salted.text, salt=salted.salt)
    _tell(request, EvidenceLetterKind.ASKED, now)
    reasons = [code for code in status.reasons if code not in EVIDENCE]
    data = {"request": request.pk, "items": len(told), "due": due.isoformat()}
    move = Move(claim_id, "evidence_requested", review=ReviewStatus.AWAITING_CLAIMANT, reasons=reasons, data=data)
    make_move(status, move, actor=requested_by, now=now, note=note)
    return request


def _checked(
    claim: Claim, assessment: Assessment | None, packs: Sequence, asked: Sequence[AskedDocument], *, override: bool
) -> list[AskedDocument]:
    if not 1 <= len(asked) <= MOST_ITEMS:
        raise InvalidValue(f"{len(asked)} documents are asked for. Ask for 1 to {MOST_ITEMS}.", field="asked")
    listed = listed_documents(claim, assessment, packs)
    open_items = EvidenceItem.objects.filter(claim=claim, state=EvidenceItemState.OPEN).exclude(document="")
    waiting = set(open_items.values_list("policy", "document", "fact", "loss"))
    told = []
    for one in dict.fromkeys(asked):
        if not one.document:
            words = check_text(normalised(one.words, "words"), "words", longest=LONGEST_NOTE, required=True)
            told.append(AskedDocument(words=words))
            wanted = False
        else:
            key = (one.policy, one.document, one.fact, one.loss_id)
            if key not in listed:
                known = "; ".join(" ".join(str(part) for part in known if part) for known in listed) or "none"
                raise DocumentUnknown(f"No policy of this claim lists {one.document!r} so. Listed: {known}.", field="asked")
            if key in waiting:
                raise AskedAlready(f"{one.document} is asked for already, and has not come in.", field="asked")
            told.append(AskedDocument(*key))
            wanted = listed[key].asked_for
        if not wanted and not override:
            raise NotAskedFor(
                "No policy asks for this at this amount, or it is proved already. Say why you ask all the same.",
                field="override",
            )
    return told


def _due(now: datetime, usual: int, working_days: int | None) -> date:
    days = usual if working_days is None else working_days
    if not 1 <= days <= MOST_DAYS:
        raise OutOfRange(f"{days} working days; give 1 to {MOST_DAYS}.", field="working_days", about=f"1–{MOST_DAYS}")
    return working_day(now.astimezone(SEOUL).date(), days, CALENDAR)


# --- changed -------------------------------------------------------------------------------------------


def extend_request(
    *, request_id: int, working_days: int, extended_by: User, now: datetime, reason: str = ""
) -> EvidenceRequest:
    """More time: so many working days after the last one. Once, and again only with a reason.

    Raises RoleMissing, UnknownRequest, RequestClosed, ExtendedAlready, OutOfRange.
    """
    now = check_instant(now, "now")
    require(extended_by, DECIDERS, "give more time for documents")
    note = checked_note(reason)
    status, request = lock_request(request_id)
    check_no_conflict(status.pk, extended_by)
    if request.extended and not note:
        raise ExtendedAlready("More time was given before. Say why again.", field="reason")
    if not 1 <= working_days <= MOST_DAYS:
        raise OutOfRange(f"{working_days} working days; give 1 to {MOST_DAYS}.", field="working_days", about=f"1–{MOST_DAYS}")
    request.due_date = working_day(request.due_date, working_days, CALENDAR)
    request.extended += 1
    request.next_date = _next(_asked(request), request.due_date, now.astimezone(SEOUL).date(), _sent(request))
    request.save(update_fields=["due_date", "extended", "next_date"])
    if request.extended == 1:  # a letter of each kind once; later ones are told by whoever gives the time
        _tell(request, EvidenceLetterKind.EXTENDED, now)
    data = {"request": request.pk, "due": request.due_date.isoformat()}
    make_move(status, Move(status.pk, "evidence_extended", data=data), actor=extended_by, now=now, note=note)
    return request


def withdraw_request(*, request_id: int, withdrawn_by: User, now: datetime, note: str = "") -> EvidenceRequest:
    """Nobody waits for it any more: the claim goes back into the queue, and the claimant is told.

    Raises RoleMissing, UnknownRequest, RequestClosed.
    """
    now = check_instant(now, "now")
    require(withdrawn_by, DECIDERS, "withdraw a request for documents")
    text = checked_note(note)
    let_rules_look(request_id, now)
    status, request = lock_request(request_id)
    check_no_conflict(status.pk, withdrawn_by)
    check_in_hand(status, withdrawn_by)
    _tell(request, EvidenceLetterKind.DROPPED, now)
    close_request(request, RequestState.DROPPED, EvidenceItemState.DROPPED, now)
    move = back_to_queue(status, "evidence_request_withdrawn", "released", {"request": request.pk})
    make_move(status, move, actor=withdrawn_by, now=now, note=text)
    return request


# --- by itself ------------------------------------------------------------------------------------------


def chase_next_evidence(*, now: datetime) -> bool:
    """Do what is due about one open request: remind, give the claim back to the queue, or drop a request of a claim that
    nobody answers any more. False when none is due. Call it outside any transaction.

    Of several reminders that are due only the last is sent. What fails is tried five times.
    """
    now = check_instant(now, "now")
    today = now.astimezone(SEOUL).date()
    with attempt(EvidenceRequest) as taken:
        open_ones = EvidenceRequest.objects.filter(state=RequestState.OPEN, attempts__lt=MOST_ATTEMPTS, next_date__lte=today)
        due = open_ones.order_by("attempts", "next_date", "pk").values_list("pk", flat=True).first()
        if due is not None:
            taken.append(due)
            _chase(due, today, now)
    return bool(taken)


def _chase(request_id: int, today: date, now: datetime) -> None:
    let_rules_look(request_id, now)
    try:
        status, request = lock_request(request_id)
    except RequestClosed:  # meanwhile
        return
    if request.next_date > today:  # another worker did it
        return
    if status.review in DONE_WITH:
        close_request(request, RequestState.DROPPED, EvidenceItemState.DROPPED, now)
        make_move(status, Move(status.pk, "evidence_request_dropped", data={"request": request.pk}), actor=None, now=now)
    elif request.due_date < today:
        close_request(request, RequestState.OVERDUE, EvidenceItemState.MISSING, now)
        move = back_to_queue(status, "evidence_overdue", OVERDUE, {"request": request.pk})
        make_move(status, move, actor=None, now=now)
    else:
        sent = _sent(request)
        steps = [step for step, day in evidence_steps(_asked(request), request.due_date).items() if day <= today]
        if steps and steps[-1] not in sent:
            _tell(request, steps[-1], now)
            data = {"request": request.pk, "step": steps[-1]}
            make_move(status, Move(status.pk, "evidence_reminded", data=data), actor=None, now=now)
        request.next_date = _next(_asked(request), request.due_date, today, _sent(request))
        request.save(update_fields=["next_date"])


def _asked(request: EvidenceRequest) -> date:
    return request.requested_at.astimezone(SEOUL).date()


def _sent(request: EvidenceRequest) -> tuple[str, ...]:
    return tuple(EvidenceLetter.objects.filter(request=request).values_list("kind", flat=True))


def _next(asked: date, due: date, today: date, sent: Sequence[str]) -> date:
    """The day of the next reminder, or that after the last day."""
    steps = evidence_steps(asked, due).items()
    return min((day for step, day in steps if day > today and step not in sent), default=due + timedelta(days=1))


# --- shared with files ----------------------------------------------------------------------------------


def lock_request(request_id: int) -> tuple[ClaimStatus, EvidenceRequest]:
    """The claim's status first, as everybody does. Raises UnknownRequest, RequestClosed."""
    request = EvidenceRequest.objects.filter(pk=request_id).select_related("claim__incident").first()
    if request is None:
        raise UnknownRequest(f"There is no request {request_id}.", field="request")
    status = lock_status(request.claim_id)
    request.refresh_from_db(fields=["state", "due_date", "next_date", "extended"])
    if request.state != RequestState.OPEN:
        raise RequestClosed(f"This request is {request.state} already.", field="request")
    return status, request


def let_rules_look(request_id: int, now: datetime) -> None:
    """At what was assessed while documents were awaited. Before the status is locked: these locks come first."""
    request = EvidenceRequest.objects.filter(pk=request_id, state=RequestState.OPEN).first()
    newer = Assessment.objects.filter(claim=None if request is None else request.claim_id)
    if request is not None and newer.filter(pk__gt=request.assessment_id or 0).exists():
        standings_are_due([request.claim_id], now=now)


def close_request(request: EvidenceRequest, state: str, items: str, now: datetime) -> None:
    EvidenceItem.objects.filter(request=request, state=EvidenceItemState.OPEN).update(state=items)
    request.state, request.closed_at = state, now
    request.save(update_fields=["state", "closed_at"])


def back_to_queue(status: ClaimStatus, kind: str, reason: str, data: dict[str, int]) -> Move:
    """Where it waits for the claimant; elsewhere whoever has it sees the reason."""
    review = ReviewStatus.QUEUED if status.review == ReviewStatus.AWAITING_CLAIMANT else None
    kept = [code for code in status.reasons if code not in (*EVIDENCE, reason)]
    return Move(status.pk, kind, review=review, reasons=[reason, *kept], data=data)


def _tell(request: EvidenceRequest, kind: str, now: datetime) -> None:
    """Raises IntegrityError where it was told before."""
    language = language_of(request.claim)
    packs = packs_in_force(request.claim.incident)
    content = render_evidence_letter(request, kind, packs, language=language, now=now)
    digest = hashlib.sha256(content).hexdigest()
    letter = EvidenceLetter.objects.create(
        request=request, kind=kind, language=language, content_hash=digest, made_at=now
    )  # fmt: skip
    EvidenceLetterContent.objects.create(letter=letter, content=content)
    tell([request.claim_id], NewsKind.DOCUMENTS, now=now)
