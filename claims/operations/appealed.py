"""What an appeal means for everything else that is done with a claim. The caller holds the lock of the claim's status."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.operations import log_ins_of
from claims.models import MESSAGE, QUEUED_AS, Appeal, AppealState, ClaimStatus, Decision, Event
from services.refusals import Refusal

SECOND_LOOK = "second_look"
# What a claim was waiting for came in, or did not; or something came in that nobody had asked for.
EVIDENCE = ("evidence_in", "evidence_overdue", "evidence_unasked")
# Reasons to look at a claim that stay until a person has decided it, whatever else is done with it meanwhile.
LASTING = (*QUEUED_AS.values(), SECOND_LOOK, *EVIDENCE, MESSAGE)


class DecidedBefore(Refusal):
    """Who had a part in what is appealed has none in the answer."""

    code = "decided_before"


class AppealOpen(Refusal):
    code = "appeal_open"


class AnswersAppeal(Refusal):
    code = "answers_appeal"


def lasting(status: ClaimStatus) -> list[str]:
    """Those of its reasons that stay."""
    return [code for code in status.reasons if code in LASTING]


def check_had_no_part(claim_id: int, user: User) -> None:
    """Raises DecidedBefore for who decided, checked or proposed, by whatever log-in, a decision of the claim that was appealed.

    Of any appeal that was not withdrawn: else two could answer the appeals against each other.
    """
    same = log_ins_of(user)
    had_part = Q(decision__decided_by__in=same) | Q(decision__checked_by__in=same) | Q(decision__proposal__proposed_by__in=same)
    if Appeal.objects.filter(had_part, claim=claim_id).exclude(state=AppealState.WITHDRAWN).exists():
        raise DecidedBefore("A decision of this claim in which you had a part was appealed. Somebody else looks at it now.")


def check_may_be_undone(decision: Decision) -> None:
    """Raises AppealOpen, AnswersAppeal."""
    if Appeal.objects.filter(claim=decision.claim_id, state=AppealState.OPEN).exists():
        raise AppealOpen("This decision is appealed. Answer the appeal; that puts another decision in its place.")
    if Appeal.objects.filter(answer=decision).exists():
        raise AnswersAppeal("This decision answers an appeal, which is closed for ever. Correct it by another decision.")


def close_answered(decision: Decision, *, changed: bool, now: datetime) -> None:
    """A person decided the claim, which answers its open appeal, if it has one. `changed`: another sum is owed now.

    Accepted if the answer or the sum is another one, else upheld.
    """
    appeal = Appeal.objects.filter(claim=decision.claim_id, state=AppealState.OPEN).select_related("decision").first()
    if appeal is None:
        return
    other = changed or decision.approved != appeal.decision.approved
    appeal.state = AppealState.ACCEPTED if other else AppealState.UPHELD
    appeal.decided_by, appeal.answer, appeal.closed_at = decision.decided_by, decision, now
    appeal.save(update_fields=["state", "decided_by", "answer", "closed_at"])
    actor = decision.checked_by or decision.decided_by
    data = {"appeal": appeal.pk, "decision": decision.pk}
    Event.objects.create(at=now, kind=f"appeal_{appeal.state}", actor=actor, claim_id=decision.claim_id, data=data)
