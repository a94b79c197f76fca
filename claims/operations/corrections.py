"""Claimants correct their own claim, or a partner for them: all of one correction in one revision. Expects a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from accounts.models import Partner, User
from claims.models import (
    Claim,
    ClaimRevision,
    ClaimStatus,
    DecisionStatus,
    Loss,
    LossOrigin,
    LossStanding,
    ReviewStatus,
    RevisionCause,
    WithdrawalReason,
)
from claims.operations.decisions import is_claimant
from claims.operations.entering import check_their_word
from claims.operations.intake import (
    LossOfAnotherClaim,
    ToldFact,
    ToldLoss,
    known_losses,
    revise_claim,
    told_key,
    withdrawn_losses,
)
from claims.operations.losses import UsageCountsElsewhere, WithdrawalReasonUnknown, counts_elsewhere
from claims.operations.moves import ClaimMoved, Move, TransitionNotAllowed, lock_claim, lock_status, make_move
from claims.operations.partner_claims import check_partners_word, is_of_partner
from claims.operations.policy import facts_that_choose
from claims.operations.review import AlreadyDecided
from services.instants import check_instant
from services.refusals import Refusal

DECIDED = (DecisionStatus.APPROVED, DecisionStatus.REJECTED)
# A claimant says why by what they do: they take a loss back, or tell it anew at another time.
THEIR_REASONS = (WithdrawalReason.CLAIMANT_ASKED, WithdrawalReason.WRONG_TIME)


class NotTheClaimant(Refusal):
    """Staff withdraw losses in review, and enter what somebody tells them."""

    code = "not_the_claimant"


class LossNotTold(Refusal):
    """It was found in a record: whoever does not agree with it writes, or objects."""

    code = "loss_not_told"


def correct_claim(
    *,
    claim_id: int,
    corrected_by: User,
    seen: int,
    now: datetime,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    withdrawn: Mapping[int, str] = {},
    moves: int | None = None,
    partner: Partner | None = None,
) -> ClaimRevision:
    """The claimant's own log-in adds to the claim, and takes back losses that were told; without news the newest revision.

    `seen`: the number of the revision that was looked at; the same correction again adds nothing, whatever was seen. `moves`:
    how often the claim had moved then. `partner`: who says it for them, of a claim that is its own, and may have it on record.
    `withdrawn`: by the number of a told loss CLAIMANT_ASKED, or WRONG_TIME beside the loss at the right time. What they took
    back themselves and tell again counts again. Once the claim is decided no loss is taken back, and nothing else is chosen to
    be given; what is added then is assessed, and somebody looks at it. Raises UnknownClaim, NotTheClaimant, NotTheirWord,
    NotAPartnersWord, TransitionNotAllowed of a merged claim, WithdrawalReasonUnknown, LossOfAnotherClaim, LossNotTold,
    AlreadyDecided, UsageCountsElsewhere, ClaimMoved, and what `revise_claim` raises.
    """
    now = check_instant(now, "now")
    if partner is None:
        check_their_word(losses, facts)
    else:
        check_partners_word(losses, facts)
    claim = lock_claim(claim_id)
    if not is_claimant(claim, corrected_by) or (partner is not None and not is_of_partner(claim, partner)):
        raise NotTheClaimant("Who made the claim corrects it. Withdraw a loss in review, or enter what you were told.")
    status = lock_status(claim_id, moves=moves)
    if status.review == ReviewStatus.MERGED:
        raise TransitionNotAllowed("This claim is merged into another one, which is answered. Write about it.", field="review")
    turns = [*_taken_back(claim, status, withdrawn), *_told_again(claim, losses)]
    before = claim.revisions.order_by("-number")[0].number
    revision = revise_claim(
        claim_id=claim_id, losses=losses, facts=facts, asks_for=asks_for, turns=turns, cause=RevisionCause.CORRECTED,
        author=corrected_by, now=now,
    )  # fmt: skip
    if before not in (revision.number, seen):
        raise ClaimMoved("The claim was revised after it was looked at. Look at it again.", field="seen")
    if revision.number != before and status.decision in DECIDED:
        _check_nothing_chosen(claim, revision)
    for turn in turns:
        data = {"revision": revision.number, "loss": turn.loss_id, **({"reason": turn.reason} if turn.reason else {})}
        status.refresh_from_db()
        kind = "loss_put_back" if turn.stands else "loss_withdrawn"
        make_move(status, Move(claim_id, kind, data=data), actor=corrected_by, now=now)
    return revision


def _check_nothing_chosen(claim: Claim, revision: ClaimRevision) -> None:
    """What is given was decided with it, and may have gone out."""
    said = claim.facts.filter(revision=revision.number).values_list("name", flat=True)
    if not set(said).isdisjoint(facts_that_choose(claim.incident)):
        raise AlreadyDecided("This claim was decided already: nothing else is chosen any more. Write, or appeal.")


def _taken_back(claim: Claim, status: ClaimStatus, withdrawn: Mapping[int, str]) -> Iterator[LossStanding]:
    """What is taken back already is not news."""
    if not withdrawn:
        return
    losses, gone = {loss.pk: loss for loss in claim.losses.filter(pk__in=withdrawn)}, withdrawn_losses(claim)
    for loss_id, reason in sorted(withdrawn.items()):
        if reason not in THEIR_REASONS:
            raise WithdrawalReasonUnknown(f"reason is {reason!r}. Use one of {', '.join(THEIR_REASONS)}.", field="withdrawn")
        if loss_id not in losses:
            raise LossOfAnotherClaim(f"Loss {loss_id} is not of this claim.", field="withdrawn")
        if losses[loss_id].origin != LossOrigin.TOLD:
            raise LossNotTold(f"Loss {loss_id} was not told but found in a record.", field="withdrawn")
        if loss_id in gone:
            continue
        if status.decision in DECIDED:
            raise AlreadyDecided("This claim was decided already: a loss is not taken back any more. Write, or appeal.")
        yield LossStanding(claim=claim, loss=losses[loss_id], stands=False, reason=reason)


def _told_again(claim: Claim, losses: Sequence[ToldLoss]) -> Iterator[LossStanding]:
    """Of what staff withdrew `revise_claim` refuses to hear."""
    gone = withdrawn_losses(claim) if losses else set()
    if not gone:
        return
    known = known_losses(claim)
    again = {loss.pk: loss for told in losses if (loss := known.get(told_key(told))) is not None and loss.pk in gone}
    for loss in again.values():
        if not _by_claimant(claim, loss):
            continue
        if other := counts_elsewhere(loss, gone):
            raise UsageCountsElsewhere(f"The use that it speaks of counts as loss {other} now.", field="losses")
        yield LossStanding(claim=claim, loss=loss, stands=True)


def _by_claimant(claim: Claim, loss: Loss) -> bool:
    """Whether the claimant took it back last."""
    number = loss.standings.order_by("-revision").values("revision")[:1]
    author = ClaimRevision.objects.filter(claim=claim, number=number).values_list("author__person", flat=True).first()
    return author == claim.person_id
