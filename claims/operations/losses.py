"""A loss that was told or derived wrongly is withdrawn, and put back: by new rows that say why. Expects a transaction."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from claims.models import ClaimRevision, ClaimStatus, Fact, Loss, LossStanding, RevisionCause, WithdrawalReason
from claims.operations.decisions import DECIDERS, lock_in_review
from claims.operations.intake import LossOfAnotherClaim, LossWithdrawn, revise_claim, withdrawn_losses
from claims.operations.moves import Move, checked_note, lock_claim, make_move
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require


class WithdrawalReasonUnknown(Refusal):
    code = "withdrawal_reason_unknown"


class LossCounts(Refusal):
    """What is to be put back was not withdrawn."""

    code = "loss_counts"


class UsageCountsElsewhere(Refusal):
    """The usage behind the loss has since been given to another loss of the claim: it would be paid twice."""

    code = "usage_counts_elsewhere"


def withdraw_loss(
    *, claim_id: int, loss_id: int, reason: str, withdrawn_by: User, note: str, now: datetime, moves: int | None = None
) -> ClaimRevision:
    """A loss of a claim in review does not count from the claim's next revision on; the claim is then assessed again.

    Its facts are not heard either, and a usage that had met it may meet another loss or make its own. A derived loss is not
    derived again. Raises WithdrawalReasonUnknown, LossOfAnotherClaim, LossWithdrawn, RoleMissing, ClaimMoved, OwnClaim,
    TransitionNotAllowed, ReviewedByAnother, Required.
    """
    if reason not in WithdrawalReason.values:
        raise WithdrawalReasonUnknown(f"reason is {reason!r}. Use one of {', '.join(WithdrawalReason.values)}.", field="reason")
    text, status = _begin(claim_id, withdrawn_by, note, moves)
    if loss_id in withdrawn_losses(_loss(status, loss_id).claim):
        raise LossWithdrawn(f"Loss {loss_id} was withdrawn before.", field="loss")
    turn = LossStanding(claim_id=claim_id, loss_id=loss_id, stands=False, reason=reason)
    return _turn(status, turn, "loss_withdrawn", by=withdrawn_by, note=text, now=now)


def put_back_loss(
    *, claim_id: int, loss_id: int, put_back_by: User, note: str, now: datetime, moves: int | None = None
) -> ClaimRevision:
    """A loss that was withdrawn counts again, with its facts.

    Raises LossCounts, UsageCountsElsewhere and, but for the reason, what `withdraw_loss` raises.
    """
    text, status = _begin(claim_id, put_back_by, note, moves)
    loss = _loss(status, loss_id)
    withdrawn = withdrawn_losses(loss.claim)
    if loss_id not in withdrawn:
        raise LossCounts(f"Loss {loss_id} was not withdrawn.", field="loss")
    if other := counts_elsewhere(loss, withdrawn):
        raise UsageCountsElsewhere(f"Its use counts as loss {other} now. Withdraw that one first.", field="loss")
    turn = LossStanding(claim_id=claim_id, loss_id=loss_id, stands=True)
    return _turn(status, turn, "loss_put_back", by=put_back_by, note=text, now=now)


def _begin(claim_id: int, by: User, note: str, moves: int | None) -> tuple[str, ClaimStatus]:
    require(by, DECIDERS, "withdraw a loss")
    text = checked_note(note, required=True)
    lock_claim(claim_id)
    return text, lock_in_review(claim_id, by, moves=moves)


def _loss(status: ClaimStatus, loss_id: int) -> Loss:
    loss = Loss.objects.select_related("claim").filter(pk=loss_id, claim=status.pk).first()
    if loss is None:
        raise LossOfAnotherClaim(f"Loss {loss_id} is not of this claim.", field="loss")
    return loss


def counts_elsewhere(loss: Loss, withdrawn: set[int]) -> int | None:
    """Another loss of the claim, of the same service, that counts and has the same usage, as its own or by its facts."""
    usages = set(Fact.objects.filter(loss=loss, claim=loss.claim_id, usage__isnull=False).values_list("usage", flat=True))
    if loss.usage_id is not None:
        usages.add(loss.usage_id)
    others = Loss.objects.filter(claim=loss.claim_id, service=loss.service_id).exclude(pk__in={loss.pk, *withdrawn})
    by_facts = Fact.objects.filter(claim=loss.claim_id, usage__in=usages).values("loss")
    own = others.filter(usage__in=usages)
    return (own | others.filter(pk__in=by_facts)).order_by("pk").values_list("pk", flat=True).first()


def _turn(status: ClaimStatus, turn: LossStanding, kind: str, *, by: User, note: str, now: datetime) -> ClaimRevision:
    now = check_instant(now, "now")
    revision = revise_claim(claim_id=status.pk, turns=[turn], cause=RevisionCause.CORRECTED, author=by, now=now)
    data: dict[str, object] = {"revision": revision.number, "loss": turn.loss_id}
    if turn.reason:
        data["reason"] = turn.reason
    make_move(status, Move(status.pk, kind, data=data), actor=by, now=now, note=note)
    return revision
