"""Claims are decided: by a person, by two, or (in `settlement`) by rule; all through `carry_out`. Expects a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import PersonalData, Role, User
from accounts.operations import is_same_person, log_ins_of
from accounts.payees import is_paid_like, payee_of
from claims import hints
from claims.eligibility import Terms
from claims.facts import terms_of
from claims.models import (
    AppealState,
    Assessment,
    BulkRun,
    Claim,
    ClaimStatus,
    Decision,
    DecisionProposal,
    DecisionStatus,
    DecisionUndone,
    EvidenceAnswer,
    EvidenceItem,
    EvidenceItemState,
    LetterDue,
    PaymentPart,
    PaymentStatus,
    ProposalState,
    ReassessmentDue,
    RejectionReason,
    ReviewStatus,
)
from claims.operations.appealed import check_had_no_part, check_may_be_undone, close_answered, lasting
from claims.operations.goodwill import Gift, GoodwillNeedsApproval, check_gift, give, give_back, offer, offered
from claims.operations.limits import LIMITED, within_authority
from claims.operations.moves import Move, Queued, TransitionNotAllowed, checked_note, lock_status, make_move, make_moves
from claims.operations.payouts import (
    Answers,
    Stakes,
    pay_differences,
    payment_statuses,
    stakes_of,
    take_back,
    withhold,
)
from claims.operations.refusals import Required
from claims.queries.assessment import owes
from claims.queries.conflicts import approvers
from claims.queries.twins import patterns_of, twins_of
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require

DECIDERS = LIMITED
CONFIRMERS = (Role.CHECKER,)
ACCEPTED = EvidenceAnswer.objects.filter(item=OuterRef("pk"), file__review__accepted=True)
EVENTS = {True: "claim_approved", False: "claim_rejected"}


class OwnClaim(Refusal):
    """Who decides is the claimant, or is reached or paid where the claimant is."""

    code = "conflict_of_interest"


class ReviewedByAnother(Refusal):
    code = "reviewed_by_another"


class OwnProposal(Refusal):
    code = "four_eyes"


class PayeeChanged(Refusal):
    """Where it is paid is not what was looked at."""

    code = "payee_changed"


class AmountChanged(Refusal):
    """What is at stake is not what was proposed."""

    code = "amount_changed"


class AuthorityExceeded(Refusal):
    code = "authority_exceeded"


class AssessmentOutdated(Refusal):
    """Something about the claim, the record or a policy is newer than what was looked at."""

    code = "assessment_outdated"


class ReasonUnknown(Refusal):
    code = "reason_unknown"


class EvidenceNotAsked(Refusal):
    """A letter would say that something did not come for which nobody asked."""

    code = "evidence_not_asked"


class MayBeDuplicate(Refusal):
    """A hint that another claim is for the same waits for an answer."""

    code = "may_be_duplicate"


class CannotBe(MayBeDuplicate):
    """So does one that the claim says what cannot be."""

    code = "hint_open"


class SharedByMany(MayBeDuplicate):
    """Many claims have something in common that is of one person, and nobody has said of how many that may be."""

    code = "shared_by_many"


class NothingToDecide(Refusal):
    code = "nothing_to_decide"


class MoneyMoved(Refusal):
    code = "money_moved"


class UnknownProposal(Unknown):
    code = "unknown_proposal"


class ProposalClosed(Refusal):
    code = "proposal_closed"


# --- by a person -----------------------------------------------------------------------------------


def decide_claim(
    *,
    claim_id: int,
    assessment_id: int,
    approved: bool,
    decided_by: User,
    now: datetime,
    reasons: Sequence[str] = (),
    note: str = "",
    moves: int | None = None,
    goodwill: Gift | None = None,
) -> Decision | DecisionProposal:
    """Answer the claimant, on the strength of the assessment that was looked at, which must be the newest.

    The claim is in review. What newly gives, or asks back of what has gone out, more than the decider's authority becomes a
    proposal for a second person instead. A rejection names reasons: `RejectionReason`, or what the assessment's lines say. A
    decision answers the claim's open appeal. `goodwill`
    is given with an approval, above what is owed or though nothing is; it needs a note and counts against the authority.
    Raises RoleMissing, OwnClaim, DecidedBefore, TransitionNotAllowed, ReviewedByAnother, ClaimMoved, AssessmentOutdated,
    NothingToDecide, Required, ReasonUnknown, EvidenceNotAsked, GoodwillNeedsApproval, what `check_gift` raises, and of what
    gives something what `check_told_apart` raises.
    """
    now = check_instant(now, "now")
    require(decided_by, DECIDERS, "decide a claim")
    status = lock_in_review(claim_id, decided_by, moves=moves)
    assessment = newest_assessment(claim_id, assessment_id)
    codes = checked_reasons(assessment, approved, reasons)
    if goodwill is not None:
        if not approved:
            raise GoodwillNeedsApproval("Goodwill is given with an approval, not with a rejection.", field="goodwill")
        check_gift(goodwill, status.incident_id, note)
    answer = Answers([claim_id], [assessment.pk], approved=approved)
    stakes = _at_stake(answer, goodwill)
    if approved and stakes.gives:
        check_told_apart(status.claim)
    if approved and not stakes.gives and not owes(assessment):
        raise NothingToDecide("This assessment gives nothing. Reject the claim with a reason, or verify what is missing.")
    if not within_authority(decided_by, stakes.counted(), stakes.counted(), now):
        proposal = _propose(status, assessment, stakes, decided_by, now, reasons=codes)
        if goodwill is not None:
            offer(proposal, goodwill)
        move = Move(status.pk, "decision_proposed", review=ReviewStatus.PROPOSED, data={"proposal": proposal.pk})
        make_move(status, move, actor=decided_by, now=now, note=note)
        return proposal
    ruling = Ruling(answer, codes, ReviewStatus.CLOSED, (), EVENTS[approved])
    carry_out([ruling], terms_of(assessment.run.terms), by=Deciders(decided_by), now=now, note=note, goodwill=goodwill)
    return claim_decisions(claim_id)[0]


def confirm_proposal(
    *, proposal_id: int, confirmed_by: User, now: datetime, note: str = "", payee: int | None = None
) -> Decision:
    """The second person agrees. Never who proposed it, nor the claimant, nor who said where an approval is paid; within his own
    authority.

    `payee`: the number of the account that was looked at, 0 if there was none; None: nobody looked, or it is a rejection.
    Raises RoleMissing, UnknownProposal, ProposalClosed, OwnProposal, OwnClaim, DecidedBefore, PayeeChanged, AmountChanged,
    AuthorityExceeded, AssessmentOutdated, for the goodwill offered with it NoBudget, GoodwillTooMuch, BudgetSpent, and of what
    gives something what `check_told_apart` raises.
    """
    now = check_instant(now, "now")
    require(confirmed_by, CONFIRMERS, "confirm a proposed decision")
    _, proposal = _lock_proposal(proposal_id)
    if is_same_person(proposal.proposed_by, confirmed_by):
        raise OwnProposal("Somebody else than who proposed it confirms it.")
    check_no_conflict(proposal.claim_id, confirmed_by)
    if proposal.approved:
        check_payee(proposal.claim_id, confirmed_by, payee)
    if proposal.approved and proposal.gives:
        check_told_apart(proposal.claim)
    assessment = newest_assessment(proposal.claim_id, proposal.assessment_id)
    answer = Answers([proposal.claim_id], [proposal.assessment_id], approved=proposal.approved)
    goodwill = offered(proposal)
    stakes = _at_stake(answer, goodwill)
    if stakes != Stakes(proposal.gives, proposal.asks_back):
        raise AmountChanged("Something was decided or paid meanwhile, and the sums are others. Return it, to be proposed anew.")
    counted = stakes.counted()
    if not within_authority(confirmed_by, counted, counted, now):
        raise AuthorityExceeded(f"At stake is {_said(counted)}, above what you may decide. Somebody with more has to.")
    _close(proposal, ProposalState.CONFIRMED, confirmed_by, now)
    ruling = Ruling(answer, proposal.reasons, ReviewStatus.CLOSED, (), EVENTS[proposal.approved])
    by = Deciders(proposal.proposed_by, confirmed_by, proposal)
    carry_out([ruling], terms_of(assessment.run.terms), by=by, now=now, note=note, goodwill=goodwill)
    return claim_decisions(proposal.claim_id)[0]


def return_proposal(*, proposal_id: int, returned_by: User, note: str, now: datetime) -> DecisionProposal:
    """It goes back into the queue: the second person says why not, or who proposed it thinks better of it.

    Raises RoleMissing, UnknownProposal, ProposalClosed, Required, OwnClaim.
    """
    now = check_instant(now, "now")
    require(returned_by, DECIDERS, "return a proposed decision")
    text = checked_note(note, required=True)
    status, proposal = _lock_proposal(proposal_id)
    check_not_theirs(proposal.claim_id, returned_by)
    if proposal.proposed_by_id != returned_by.pk:
        require(returned_by, CONFIRMERS, "return what somebody else proposed")
    _close(proposal, ProposalState.RETURNED, returned_by, now)
    data = {"proposal": proposal.pk}
    move = Move(status.pk, "proposal_returned", review=ReviewStatus.QUEUED, reasons=["returned", *lasting(status)], data=data)
    make_move(status, move, actor=returned_by, now=now, note=text)
    return proposal


def undo_decision(*, claim_id: int, undone_by: User, note: str, now: datetime, moves: int | None = None) -> ClaimStatus:
    """Take back the decision that stands, before any of its money moved; what stood before it stands again.

    Who decided may, and who may confirm; a rejection that two decided only who may confirm, and not who proposed it. What it
    paid is taken back row by row, and the claim is in the queue again, unless it is held. Another decision that is proposed
    meanwhile is outdated. Raises
    RoleMissing, OwnClaim, DecidedBefore, OwnProposal, Required, NothingToDecide, AppealOpen, AnswersAppeal, MoneyMoved, and
    where an approval stands again after a rejection what `check_told_apart` raises.
    """
    now = check_instant(now, "now")
    require(undone_by, DECIDERS, "undo a decision")
    text = checked_note(note, required=True)
    status = lock_status(claim_id, moves=moves)
    check_no_conflict(claim_id, undone_by)
    decision = claim_decisions(claim_id).first()
    if decision is None:
        raise NothingToDecide("No decision stands that could be undone.")
    if undone_by.pk not in (decision.decided_by_id, decision.checked_by_id):
        require(undone_by, CONFIRMERS, "undo what somebody else decided")
    if decision.checked_by is not None and not decision.approved:  # it asks back, and to undo it gives
        require(undone_by, CONFIRMERS, "undo a rejection that two decided")
        if decision.decided_by is not None and is_same_person(decision.decided_by, undone_by):
            raise OwnProposal("Somebody else than who proposed it undoes what two decided.")
    check_may_be_undone(decision)
    if PaymentPart.objects.filter(payout__decision=decision, live=True).exists():
        raise MoneyMoved("Money of this decision has gone out. It is corrected by another decision now, not undone.")
    before = claim_decisions(claim_id).exclude(pk=decision.pk).first()
    if before is not None and before.approved and not decision.approved:
        check_told_apart(status.claim)
    DecisionUndone.objects.create(decision=decision, undone_by=undone_by, undone_at=now)
    take_back(decision.pk, now)
    give_back(decision, actor=undone_by, now=now)
    LetterDue.objects.filter(pk=decision.pk).delete()
    outdate_proposal(claim_id, now)
    review = ReviewStatus.HELD if status.review == ReviewStatus.HELD else ReviewStatus.QUEUED
    move = Move(
        claim_id, "decision_undone", review=review, decision=decision_status(before),
        stands=None if before is None else before.pk, payment=_payment_of(status, before), reasons=["undone", *lasting(status)],
        data={"undone": decision.pk},
    )  # fmt: skip
    make_move(status, move, actor=undone_by, now=now, note=text)
    return status


def claim_decisions(claim_id: int) -> QuerySet[Decision]:
    """Decisions that were not undone, the newest first."""
    return Decision.objects.filter(claim=claim_id, undone__isnull=True).order_by("-pk")


def decision_status(decision: Decision | None) -> str:
    if decision is None:
        return DecisionStatus.UNDECIDED
    return DecisionStatus.APPROVED if decision.approved else DecisionStatus.REJECTED


def _payment_of(status: ClaimStatus, stands: Decision | None) -> str | None:
    """What the claim's payment status is to become once this decision stands; None: it stays."""
    rejected = [status.pk] if stands is not None and not stands.approved else []
    payment = payment_statuses([status.pk], rejected).get(status.pk, PaymentStatus.NOTHING)
    return None if payment == status.payment else payment


def lock_in_review(claim_id: int, user: User, *, moves: int | None = None) -> ClaimStatus:
    """The status of a claim that this user reviews, locked. Raises ClaimMoved, OwnClaim, DecidedBefore, TransitionNotAllowed,
    ReviewedByAnother.
    """
    status = lock_status(claim_id, moves=moves)
    check_no_conflict(claim_id, user)
    check_reviewed_by(status, user)
    return status


def check_reviewed_by(status: ClaimStatus, user: User) -> None:
    """Raises TransitionNotAllowed, ReviewedByAnother."""
    if status.review != ReviewStatus.IN_REVIEW:
        told = f"This is done in review; the claim is {status.review}. Take it first."
        raise TransitionNotAllowed(told, field="review")
    if status.assignee_id != user.pk:
        raise ReviewedByAnother("Somebody else reviews this claim. Ask for it, or have it assigned to you.")


# --- what a decision may rest on --------------------------------------------------------------------


def check_told_apart(claim: Claim) -> None:
    """Of what looks like one loss claimed twice, or like what cannot be, nothing is given until somebody has looked.

    Raises MayBeDuplicate, CannotBe, SharedByMany.
    """
    stopping = [one for one in twins_of(claim) if one.stops]
    if named := ", ".join(one.other.reference for one in stopping if one.other is not None):
        told = f"{named} may be for the same. Merge the two, or say that they are two, then approve."
        raise MayBeDuplicate(told, about=named)
    if stopping:
        raise CannotBe("It says what cannot be. Answer the hint on its page, then approve.")
    shared = next((one for one in patterns_of(claim) if one.stops), None)
    if shared is not None:
        told = f"{shared.claims} claims have one {shared.kind}. A checker says how many may have it, then approve."
        raise SharedByMany(told, about=f"({shared.claims:,})")


def check_no_conflict(claim_id: int, user: User) -> None:
    """Raises OwnClaim for the claimant's own log-in, and one that is reached or paid where the claimant is; DecidedBefore."""
    check_not_theirs(claim_id, user)
    check_had_no_part(claim_id, user)


def check_not_theirs(claim_id: int, user: User) -> None:
    """Raises OwnClaim, as above."""
    check_not_own(Claim.objects.get(pk=claim_id).person_id, user)


def check_not_own(person_id: int, user: User) -> None:
    """Raises OwnClaim, as above, for whatever claim of this person."""
    data = PersonalData.objects.filter(person=person_id).first()
    same = data is not None and data.email != "" and data.email.lower() == user.email
    if same or user.person_id == person_id or is_paid_like(person_id, user):
        raise OwnClaim("This claim is yours, or of somebody with your address or account. It is for somebody else to work on.")


def check_payee(claim_id: int, user: User, seen: int | None) -> None:
    """Raises OwnProposal for who said where the claim is paid: of two who approve it one would have chosen the account.
    PayeeChanged where that is not what was looked at.
    """
    payee = payee_of(Claim.objects.get(pk=claim_id).person_id)
    if payee is not None and payee.event.actor is not None and is_same_person(payee.event.actor, user):
        raise OwnProposal("You entered where this claim is paid. Somebody else confirms it.")
    if seen is not None and seen != (0 if payee is None else payee.pk):
        raise PayeeChanged("Somebody said meanwhile that this is paid elsewhere. Look at the account, then confirm.")


def check_approves_nothing_unpaid(claim_ids: Sequence[int], user: User) -> None:
    """Raises OwnProposal for one of two who approve, or have approved, what may still go out: nobody looks again at where."""
    same = set(log_ins_of(user))
    proposed = DecisionProposal.objects.filter(claim__in=claim_ids, state=ProposalState.OPEN, approved=True)
    if proposed.filter(proposed_by__in=same).exists():
        raise OwnProposal("You proposed what this person is to be paid. Take it back first, or somebody else enters this.")
    if same & approvers(claim_ids):
        raise OwnProposal("You approved what this person is to be paid. Somebody else enters where it goes.")


def is_claimant(claim: Claim, user: User) -> bool:
    """Whether it is the log-in of who made the claim."""
    return user.is_active and user.person_id == claim.person_id


def said_by(claim: Claim, user: User, note: str, what: str) -> str:
    """The claimant's own log-in does this, or staff whom they told; the note, in which staff say how they know.

    Raises RoleMissing, Required.
    """
    own = is_claimant(claim, user)
    if not own:
        require(user, DECIDERS, what)
    return checked_note(note, required=not own)


def newest_assessment(claim_id: int, assessment_id: int) -> Assessment:
    """The claim's newest one, if it is this one and nothing waits that would make another. Raises AssessmentOutdated."""
    newest = Assessment.objects.filter(claim=claim_id).select_related("run__terms").order_by("-run").first()
    if newest is None or newest.pk != assessment_id:
        raise AssessmentOutdated("The claim was assessed again meanwhile. Look at the new assessment.", field="assessment")
    if ReassessmentDue.objects.filter(claim=claim_id).exists():
        raise AssessmentOutdated("The claim waits to be assessed again. Decide on what comes of it.", field="assessment")
    return newest


def checked_reasons(assessment: Assessment, approved: bool, reasons: Sequence[str]) -> list[str]:
    """Each once. Raises ReasonUnknown, Required; EvidenceNotAsked for `no_evidence` with nothing overdue or rejected."""
    codes = list(dict.fromkeys(reasons))
    if approved:
        if codes:
            raise ReasonUnknown("An approval names no reason to reject.", field="reasons")
        return []
    if not codes:
        raise Required("A rejection names at least one reason.", field="reasons")
    said = {code for line in assessment.lines.all() for code in line.reasons}
    for code in codes:
        if code not in RejectionReason.values and code not in said:
            known = ", ".join([*RejectionReason.values, *sorted(said)])
            raise ReasonUnknown(f"{code!r} is no reason to reject this claim; known are {known}.", field="reasons")
    if RejectionReason.NO_EVIDENCE in codes:
        late = Q(state=EvidenceItemState.MISSING)
        useless = Q(answers__file__review__accepted=False) & ~Exists(ACCEPTED)
        if not EvidenceItem.objects.filter(late | useless, claim=assessment.claim_id).exists():
            raise EvidenceNotAsked(
                "Nothing that was asked for is overdue, or came and was rejected. Ask for it first.", field="reasons"
            )  # fmt: skip
    return codes


# --- what is at stake --------------------------------------------------------------------------------


def _at_stake(answer: Answers, goodwill: Gift | None) -> Stakes:
    """Of an answer to one claim."""
    stakes = stakes_of(answer).get(answer.claims[0], Stakes())
    if goodwill is None:
        return stakes
    return replace(stakes, gives=Counter(stakes.gives) + Counter({goodwill.currency: goodwill.amount_minor}))


def _said(sums: Mapping[str, int]) -> str:
    return ", ".join(f"{quantity:,} {unit}" for unit, quantity in sorted(sums.items()))


# --- proposals -------------------------------------------------------------------------------------


def _propose(
    status: ClaimStatus, assessment: Assessment, stakes: Stakes, user: User, now: datetime, *, reasons: Sequence[str]
) -> DecisionProposal:
    """With reasons a rejection, which asks back what has gone out."""
    return DecisionProposal.objects.create(
        claim_id=status.pk, assessment=assessment, approved=not reasons, reasons=list(reasons), gives=dict(stakes.gives),
        asks_back=dict(stakes.asks_back), proposed_by=user, proposed_at=now,
    )  # fmt: skip


def _lock_proposal(proposal_id: int) -> tuple[ClaimStatus, DecisionProposal]:
    """The claim's status first, as everybody does."""
    proposal = DecisionProposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise UnknownProposal(f"There is no proposal {proposal_id}.", field="proposal")
    status = lock_status(proposal.claim_id)
    proposal.refresh_from_db()
    if proposal.state != ProposalState.OPEN or status.review != ReviewStatus.PROPOSED:
        raise ProposalClosed(f"This proposal is {proposal.state} already.", field="proposal")
    return status, proposal


def outdate_proposal(claim_id: int, now: datetime) -> None:
    """The claim leaves the hands of the second person: what was proposed is no longer to be confirmed."""
    for proposal in DecisionProposal.objects.filter(claim=claim_id, state=ProposalState.OPEN):
        _close(proposal, ProposalState.OUTDATED, None, now)


def _close(proposal: DecisionProposal, state: str, user: User | None, now: datetime) -> None:
    proposal.state, proposal.closed_by, proposal.closed_at = state, user, now
    proposal.save(update_fields=["state", "closed_by", "closed_at"])


# --- carried out -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ruling:
    """Answers with their reasons, what then becomes of the claims' review, and why a person has to look at them still."""

    answers: Answers
    reasons: Sequence[str]
    review: str
    open: Sequence[str]
    event: str
    queued: Mapping[int, Queued] = field(default_factory=dict)  # by claim, of those that are still open


@dataclass(frozen=True)
class Deciders:
    """Who decides: one, or one who proposed it and one who confirmed, of a claim or of a bulk run; nobody: a rule."""

    decided_by: User | None = None
    checked_by: User | None = None
    proposal: DecisionProposal | None = None
    bulk_run: BulkRun | None = None


RULE = Deciders()


def carry_out(
    rulings: Sequence[Ruling],
    terms: Terms,
    *,
    now: datetime,
    by: Deciders = RULE,
    note: str = "",
    goodwill: Gift | None = None,
) -> None:
    """Decisions, payouts, letters that are due, and one move of each claim with its event: the same for one and for many.

    The caller holds the locks of the claims' statuses and has checked that they may be decided. A note and goodwill are of one
    claim only. Raises what `give` raises.
    """
    if not rulings:
        return
    decided = [replace(ruling, answers=_insert(ruling, by, now)) for ruling in rulings]
    paid = pay_differences([ruling.answers for ruling in decided], recovery_floors(terms), now)
    refused = [ruling.answers for ruling in decided if not ruling.answers.approved]
    rejected = {pk: made for one in refused for pk, made in zip(one.claims, one.decisions or (), strict=True)}
    withhold(rejected, now)
    given = set() if goodwill is None else _give(decided[0], goodwill, by, now)
    _tell(decided, paid | given, now)
    if by.decided_by is not None:  # while an appeal is open no rule decides
        made_now = Decision.objects.filter(pk__in=[pk for ruling in decided for pk in ruling.answers.decisions or ()])
        for made in made_now.filter(claim__appeals__state=AppealState.OPEN):
            close_answered(made, changed=made.pk in paid, now=now)
    claims = [claim for ruling in decided for claim in ruling.answers.claims]
    payments = payment_statuses(claims, rejected)
    more = {} if by.bulk_run is None else {"bulk_run": by.bulk_run.pk}
    moves = [move for ruling in decided for move in _moves(ruling, payments, more)]
    actor = by.checked_by or by.decided_by
    if len(moves) == 1:
        make_move(ClaimStatus.objects.get(pk=moves[0].claim_id), moves[0], actor=actor, now=now, note=note)
    else:
        make_moves(moves, actor=actor, now=now)
    hints.write_hint(hints.FOLLOW_UP, now=now)


def _give(ruling: Ruling, goodwill: Gift, by: Deciders, now: datetime) -> set[int]:
    decision = Decision.objects.select_related("claim").get(pk__in=ruling.answers.decisions or ())
    give(decision, goodwill, incident_id=decision.claim.incident_id, actor=by.checked_by or by.decided_by, now=now)
    return {decision.pk}


def _insert(ruling: Ruling, by: Deciders, now: datetime) -> Answers:
    answers = ruling.answers
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH added AS (
                   INSERT INTO claims_decision (claim_id, assessment_id, approved, reasons, decided_by_id, checked_by_id,
                                                proposal_id, bulk_run_id, decided_at)
                   SELECT claim_id, assessment_id, %s, %s::text[], %s, %s, %s, %s, %s
                     FROM unnest(%s::bigint[], %s::bigint[]) AS a(claim_id, assessment_id) ORDER BY claim_id
                   RETURNING id, claim_id, assessment_id
               )
               SELECT array_agg(claim_id ORDER BY id), array_agg(assessment_id ORDER BY id), array_agg(id ORDER BY id)
                 FROM added""",
            [
                answers.approved, list(ruling.reasons), *(None if one is None else one.pk for one in vars(by).values()), now,
                list(answers.claims), list(answers.assessments),
            ],
        )  # fmt: skip
        claims, assessments, decisions = cursor.fetchone()
    return Answers(claims, assessments, approved=answers.approved, decisions=decisions)


def _tell(decided: Sequence[Ruling], paid: set[int], now: datetime) -> None:
    """A letter for whoever is paid or asked for something, has another answer than before, or waited for this one."""
    ids = [decision for ruling in decided for decision in ruling.answers.decisions or ()]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO claims_letterdue (decision_id, attempts, last_error, created_at)
               SELECT d.id, 0, '', %s FROM claims_decision d JOIN claims_claimstatus s USING (claim_id)
                WHERE d.id = ANY(%s)
                  AND (d.id = ANY(%s) OR s.review <> 'closed'
                       OR s.decision <> CASE WHEN d.approved THEN 'approved' ELSE 'rejected' END)""",
            [now, ids, list(paid)],
        )


def _moves(ruling: Ruling, payments: Mapping[int, str], more: Mapping[str, int]) -> Iterator[Move]:
    answers = ruling.answers
    decision = DecisionStatus.APPROVED if answers.approved else DecisionStatus.REJECTED
    why = {**more, **({"reasons": list(ruling.reasons)} if ruling.reasons else {})}
    for claim, assessment, decided in zip(answers.claims, answers.assessments, answers.decisions or (), strict=True):
        yield Move(
            claim, ruling.event, review=ruling.review, decision=decision, stands=decided, payment=payments.get(claim),
            reasons=ruling.open, queued=ruling.queued.get(claim), data={"assessment": assessment, **why},
        )  # fmt: skip


def recovery_floors(terms: Terms) -> dict[str, int]:
    """By policy: less than this is not asked back. In units of the remedy."""
    return {pack.code: pack.recovery_floor for pack in terms.packs}
