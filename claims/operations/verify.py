"""What staff have verified takes the place of what somebody said: as new rows, with how they know. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from claims.models import ClaimRevision, Provenance, RevisionCause
from claims.operations.decisions import DECIDERS, lock_in_review
from claims.operations.evidence_files import link_facts
from claims.operations.intake import ToldFact, revise_claim
from claims.operations.moves import Move, checked_note, lock_claim, make_move
from claims.operations.refusals import Required
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require


class NothingNewVerified(Refusal):
    code = "nothing_new"


def verify_facts(
    *,
    claim_id: int,
    facts: Sequence[ToldFact],
    verified_by: User,
    note: str,
    now: datetime,
    loss_id: int | None = None,
    moves: int | None = None,
    evidence: Sequence[int] = (),
) -> ClaimRevision:
    """Facts of a claim in review, or of one of its losses, by the word of staff; the claim is then assessed again.

    The note says how they know; `evidence`: accepted files in which it was read. Raises EvidenceNotAccepted, RoleMissing,
    ClaimMoved, OwnClaim, TransitionNotAllowed, ReviewedByAnother, Required, NothingNewVerified, and what `revise_claim`
    raises.
    """
    now = check_instant(now, "now")
    require(verified_by, DECIDERS, "verify a fact")
    text = checked_note(note, required=True)
    if not facts:
        raise Required("Name at least one fact.", field="facts")
    lock_claim(claim_id)
    status = lock_in_review(claim_id, verified_by, moves=moves)
    before = ClaimRevision.objects.filter(claim=claim_id).order_by("-number").values_list("number", flat=True).first()
    said = [ToldFact(fact.name, fact.value, Provenance.STAFF) for fact in facts]
    revision = revise_claim(
        claim_id=claim_id, facts=said, facts_loss_id=loss_id, cause=RevisionCause.CORRECTED, author=verified_by, now=now
    )
    if revision.number == before:
        raise NothingNewVerified("This was verified before, and says the same.", field="value")
    data = {"revision": revision.number, "facts": sorted({fact.name for fact in facts})}
    if evidence:
        link_facts(claim_id, revision.number, evidence)
        data["evidence"] = sorted(set(evidence))
    make_move(status, Move(claim_id, "facts_verified", data=data), actor=verified_by, now=now, note=text)
    return revision
