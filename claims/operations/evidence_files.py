"""Documents come in, are looked at, accepted or rejected, and erased. Each expects a transaction and locks the status first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.db.models import Count, Sum

from accounts.models import User
from accounts.operations import VIEWERS
from claims.documents import SafeDocument, make_safe, shown_name
from claims.models import (
    ACCEPTING,
    Claim,
    ClaimStatus,
    Event,
    EvidenceAnswer,
    EvidenceContent,
    EvidenceFile,
    EvidenceItem,
    EvidenceItemState,
    EvidenceLetterContent,
    EvidenceReason,
    EvidenceRequest,
    EvidenceReview,
    EvidenceSubject,
    EvidenceWords,
    Fact,
    FactEvidence,
    KeyKind,
    RequestState,
    ReviewStatus,
)
from claims.operations.decisions import DECIDERS, lock_in_review, outdate_proposal, said_by
from claims.operations.evidence import IN, OVERDUE, UNASKED, back_to_queue, close_request, let_rules_look
from claims.operations.keys import add_key
from claims.operations.messages import STAYS
from claims.operations.moves import Move, TransitionNotAllowed, checked_note, lock_status, make_move, queued_anew
from claims.operations.policy import packs_in_force
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require

MOST_FILES = 50  # of a claim
MOST_BYTES = 100 * 1024 * 1024  # of all files of a claim, as they were sent


class UnknownItem(Unknown):
    code = "unknown_evidence_item"


class UnknownFile(Unknown):
    """There is none, or its bytes were erased."""

    code = "unknown_evidence_file"


class TooManyFiles(Refusal):
    code = "too_many_files"


class ClaimFilesTooLarge(Refusal):
    """All files of the claim together."""

    code = "claim_files_too_large"


class SubjectUnknown(Refusal):
    """No policy in force asks for the fact that the file is said to show."""

    code = "subject_unknown"


class RejectedBefore(Refusal):
    """The same bytes."""

    code = "file_rejected_before"


class ReviewedAlready(Refusal):
    code = "file_reviewed_already"


class EvidenceReasonUnknown(Refusal):
    code = "evidence_reason_unknown"


class EvidenceNotAccepted(Refusal):
    """A fact rests on documents of its claim that were accepted."""

    code = "evidence_not_accepted"


def receive_evidence(
    *,
    claim_id: int,
    item_ids: Sequence[int],
    content: bytes,
    received_by: User,
    now: datetime,
    note: str = "",
    name: str = "",
    shows: Sequence[tuple[str, str]] = (),
) -> EvidenceFile:
    """A file for things that the claim was asked for, by the claimant's own log-in or by staff, who note how it came. Without
    `item_ids` it is one that nobody asked for, which only the claimant's own log-in sends: a person looks at it. `shows`: of
    which policies which facts, by the sender's word.

    What is kept is made anew from what was sent; the hash and size of that, and the name as people may be shown it, stay with
    it. The same bytes once more are the same file. When all that a request asks for is in, it is answered and the claim goes
    back into the queue; what is late still counts. Say that it came in once this is committed. Raises UnknownClaim,
    RoleMissing, Required, UnknownItem, each DocumentRefused, TooManyFiles, ClaimFilesTooLarge, RejectedBefore,
    TransitionNotAllowed for a claim that is withdrawn or merged, SubjectUnknown.
    """
    now = check_instant(now, "now")
    document = make_safe(content)  # seconds, in which nothing is locked
    wanted = sorted(set(item_ids))
    asked = EvidenceRequest.objects.filter(items__in=wanted).distinct().order_by("pk")
    for request_id in asked.values_list("pk", flat=True):
        let_rules_look(request_id, now)
    status = lock_status(claim_id)
    text = said_by(status.claim, received_by, note, "take documents for somebody")
    if status.review in (ReviewStatus.WITHDRAWN, ReviewStatus.MERGED):
        raise TransitionNotAllowed(f"The claim is {status.review}. Open it again, or use the one that stays.", field="review")
    items = list(EvidenceItem.objects.filter(pk__in=wanted, claim=claim_id).exclude(state=EvidenceItemState.DROPPED))
    unasked = not wanted and received_by.person_id == status.claim.person_id
    if not unasked and (not items or len(items) != len(wanted)):
        raise UnknownItem("This claim was not asked for that, or is not any more.", field="items")
    _check_subjects(status.claim, shows)
    file, is_new = _kept(claim_id, content, document, name=name, user=received_by, now=now)
    answers = [EvidenceAnswer(item=item, file=file) for item in items]
    EvidenceAnswer.objects.bulk_create(answers, ignore_conflicts=True)
    known = set(EvidenceSubject.objects.filter(file=file).values_list("policy", "fact"))
    subjects = [
        EvidenceSubject(file=file, policy=policy, fact=fact)
        for policy, fact in dict.fromkeys(shows)
        if (policy, fact) not in known
    ]
    EvidenceSubject.objects.bulk_create(subjects)
    changed = EvidenceItem.objects.filter(pk__in=wanted).exclude(state=EvidenceItemState.RECEIVED)
    if not changed.update(state=EvidenceItemState.RECEIVED) and not is_new and not subjects:
        return file  # all of it was here
    data = {"file": file.pk, "items": wanted, "shows": [[one.policy, one.fact] for one in subjects]}
    make_move(status, Move(claim_id, "evidence_received", data=data), actor=received_by, now=now, note=text)
    if unasked:
        _move_unasked(status, file, received_by, now)
    _answer(status, {item.request_id for item in items}, received_by, now)
    return file


def _check_subjects(claim: Claim, shows: Sequence[tuple[str, str]]) -> None:
    if not shows:
        return
    packs = packs_in_force(claim.incident)
    known = {(pack.code, name) for pack in packs for name, spec in pack.body.facts.items() if spec.of != "incident"}
    for subject in shows:
        if subject not in known:
            raise SubjectUnknown(f"No policy of this incident asks for {subject[1]!r} of {subject[0]!r}.", field="shows")


def _kept(
    claim_id: int, content: bytes, document: SafeDocument, *, name: str, user: User, now: datetime
) -> tuple[EvidenceFile, bool]:
    digest = hashlib.sha256(content).hexdigest()
    files = EvidenceFile.objects.filter(claim=claim_id)
    known = files.filter(sha256=digest).select_related("review").first()
    if known is not None:
        if hasattr(known, "review") and not known.review.accepted:
            raise RejectedBefore("This very file was looked at and rejected. Send another one.", field="file")
        return known, False
    has = files.aggregate(files=Count("pk"), size=Sum("size", default=0))
    if has["files"] >= MOST_FILES:
        raise TooManyFiles(f"The claim has {MOST_FILES} files already. Write to us about what is missing.", field="file")
    if has["size"] + len(content) > MOST_BYTES:
        raise ClaimFilesTooLarge(
            f"The files of the claim would have {has['size'] + len(content):,} bytes; at most {MOST_BYTES:,} are kept. Send a "
            "smaller one.", field="file",
        )  # fmt: skip
    file = EvidenceFile.objects.create(
        claim_id=claim_id, sha256=digest, kept_sha256=hashlib.sha256(document.content).hexdigest(),
        media_type=document.media_type, size=len(content), received_by=user, received_at=now,
    )  # fmt: skip
    _write(file, document.content, shown_name(name))
    add_key(claim_id=claim_id, kind=KeyKind.DOCUMENT, value=content, now=now)
    return file, True


def _write(file: EvidenceFile, content: bytes, name: str) -> None:
    """As bytes: in a statement, as text, they would stand in memory eight times over, and half of that would be kept with the
    connection.
    """
    with connection.cursor() as cursor:
        copied = f"COPY {EvidenceContent._meta.db_table} (file_id, content, name) FROM STDIN (FORMAT BINARY)"
        with cursor.copy(copied) as copy:
            copy.set_types(["int8", "bytea", "text"])
            copy.write_row((file.pk, content, name))


def _move_unasked(status: ClaimStatus, file: EvidenceFile, user: User, now: datetime) -> None:
    """As a message of the claimant: whoever has the claim sees it there, else it goes to the queue, and what was proposed
    without it is outdated. A claim that was over gets a new deadline.
    """
    if UNASKED in status.reasons and status.review in STAYS:
        return
    proposed = status.review == ReviewStatus.PROPOSED
    move = Move(
        status.pk, "evidence_unasked", review=None if status.review in STAYS else ReviewStatus.QUEUED,
        reasons=list(dict.fromkeys([*status.reasons, UNASKED])), data={"file": file.pk},
        queued=queued_anew(status, now),
    )  # fmt: skip
    make_move(status, move, actor=user, now=now)
    if proposed:
        outdate_proposal(status.pk, now)


def _answer(status: ClaimStatus, request_ids: set[int], user: User, now: datetime) -> None:
    waiting = (EvidenceItemState.OPEN, EvidenceItemState.MISSING)
    for request in EvidenceRequest.objects.filter(pk__in=request_ids).order_by("pk"):
        if EvidenceItem.objects.filter(request=request, state__in=waiting).exists():
            continue
        if request.state == RequestState.OPEN:
            close_request(request, RequestState.ANSWERED, EvidenceItemState.RECEIVED, now)
            _move_in(status, request, user, now)
        elif request.state == RequestState.OVERDUE and (OVERDUE in status.reasons or status.review == ReviewStatus.CLOSED):
            _move_in(status, request, user, now)


def _move_in(status: ClaimStatus, request: EvidenceRequest, user: User, now: datetime) -> None:
    """What came in late is looked at as well, and what was proposed without it is outdated."""
    proposed = status.review == ReviewStatus.PROPOSED
    move = back_to_queue(status, "evidence_in", IN, {"request": request.pk})
    review = ReviewStatus.QUEUED if proposed or status.review == ReviewStatus.CLOSED else move.review
    make_move(status, replace(move, review=review), actor=user, now=now)
    if proposed:
        outdate_proposal(status.pk, now)


# --- looked at ------------------------------------------------------------------------------------------


def look_at_evidence(*, file_id: int, viewer: User, now: datetime) -> tuple[EvidenceFile, bytes]:
    """The bytes, once the event that says who looked is there. Commit before they are shown.

    Raises RoleMissing, UnknownFile.
    """
    now = check_instant(now, "now")
    require(viewer, VIEWERS, "look at documents")
    kept = EvidenceContent.objects.filter(pk=file_id).select_related("file").first()
    if kept is None:
        raise UnknownFile(f"There is no file {file_id}, or it was erased.", field="file")
    Event.objects.create(
        at=now, kind="evidence_seen", actor=viewer, claim_id=kept.file.claim_id, data={"file": file_id}
    )  # fmt: skip
    return kept.file, bytes(kept.content)


def review_evidence(
    *, file_id: int, accepted: bool, reason: str, reviewed_by: User, now: datetime, note: str = "", moves: int | None = None
) -> EvidenceReview:
    """Who has the claim in review says what a file shows, once.

    Raises RoleMissing, UnknownFile, EvidenceReasonUnknown, ClaimMoved, OwnClaim, DecidedBefore, TransitionNotAllowed,
    ReviewedByAnother, ReviewedAlready.
    """
    now = check_instant(now, "now")
    require(reviewed_by, DECIDERS, "accept or reject documents")
    text = checked_note(note)
    known = [code for code in EvidenceReason.values if (code in ACCEPTING) == accepted]
    if reason not in known:
        raise EvidenceReasonUnknown(f"{reason!r} is no reason for that; known: {', '.join(known)}.", field="reason")
    file = EvidenceFile.objects.filter(pk=file_id).first()
    if file is None:
        raise UnknownFile(f"There is no file {file_id}.", field="file")
    status = lock_in_review(file.claim_id, reviewed_by, moves=moves)
    if EvidenceReview.objects.filter(file=file).exists():
        raise ReviewedAlready("Somebody said what this file shows.", field="file")
    review = EvidenceReview.objects.create(
        file=file, accepted=accepted, reason=reason, reviewed_by=reviewed_by, reviewed_at=now
    )  # fmt: skip
    kind = "evidence_accepted" if accepted else "evidence_rejected"
    data = {"file": file.pk, "reason": reason}
    make_move(status, Move(file.claim_id, kind, data=data), actor=reviewed_by, now=now, note=text)
    return review


def link_facts(claim_id: int, revision: int, file_ids: Sequence[int]) -> None:
    """The facts of a revision rest on these files. The caller holds the locks. Raises EvidenceNotAccepted."""
    wanted = sorted(set(file_ids))
    accepted = EvidenceFile.objects.filter(pk__in=wanted, claim=claim_id, review__accepted=True).count()
    if accepted != len(wanted):
        raise EvidenceNotAccepted("Name documents of this claim that were accepted.", field="evidence")
    facts = Fact.objects.filter(claim=claim_id, revision=revision)
    FactEvidence.objects.bulk_create(FactEvidence(fact=fact, file_id=file) for fact in facts for file in wanted)


# --- erased ---------------------------------------------------------------------------------------------


def erase_evidence(*, person_id: int, now: datetime) -> int:
    """Delete what a person sent, and what they were asked in words; how many files. Digests stay."""
    now = check_instant(now, "now")
    claims = list(Claim.objects.filter(person=person_id).order_by("pk").values_list("pk", flat=True))
    erased, _ = EvidenceContent.objects.filter(file__claim__in=claims).delete()
    EvidenceWords.objects.filter(item__claim__in=claims).delete()
    EvidenceLetterContent.objects.filter(letter__request__claim__in=claims).delete()
    Event.objects.create(at=now, kind="evidence_erased", data={"person": person_id, "files": erased})
    return erased
