"""A claim brought to each pair of decision and payment by operations, and what operations make of it there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from accounts.models import User
from claims.models import (
    BulkItem,
    Claim,
    ClaimStatus,
    Decision,
    DecisionProposal,
    DecisionUndone,
    Event,
    PaymentItem,
    PaymentRun,
    Payout,
)
from claims.operations import (
    ToldPoint,
    answer_appeal,
    answer_payments,
    begin_bulk,
    confirm_proposal,
    decide_claim,
    draft_bulk,
    hold_claim,
    make_payment_run,
    open_appeal,
    reopen_claim,
    revise_claim,
    take_claim,
    undo_decision,
    work_next_items,
)
from services.models import RecordVersion
from services.operations import RecordContent, publish_record_version, record_window
from services.queries import windows_of
from services.refusals import Refusal
from services.said import said_by
from tests.builders import (
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    at,
    authority,
    chase,
    claim_of,
    follow_up,
    outage,
    told,
    work_off,
)
from tests.claims.reply_cast import answer, sort, template, wrote


@dataclass(frozen=True)
class Scene:
    """Two claims, of which one tells no loss at first; who decides, who looks at it after him, and who pays."""

    claim: Claim
    question: Claim
    by: User
    other: User
    finance: User

    def status(self) -> ClaimStatus:
        return ClaimStatus.objects.get(pk=self.claim.pk)

    def stored(self) -> tuple[Any, ...]:
        """All that a move would change."""
        status = ClaimStatus.objects.values().get(pk=self.claim.pk)
        rows = [model.objects.count() for model in (Event, Decision, DecisionUndone, DecisionProposal, Payout, PaymentRun)]
        return status, rows, list(PaymentItem.objects.order_by("pk").values_list("pk", "state"))


def a_scene() -> Scene:
    incident = outage()
    a_policy(automatic="{}")
    claim, question = claim_of(a_person(), incident, told()), wrote(incident)
    looked_at()
    sort()
    authority("checker", per_decision=500_000, per_day=50_000_000)
    return Scene(claim, question, a_user("checker"), a_user("checker"), a_user("finance"))


def looked_at() -> None:
    work_off()
    follow_up()


# --- to a pair -------------------------------------------------------------------------------------------

Begin = Callable[[Scene], Scene | None]


def asking(scene: Scene) -> Scene:
    """The claim without a loss instead."""
    return replace(scene, claim=scene.question)


def answered(scene: Scene) -> Scene:
    version = template(scene.by)
    answer(scene.question, version, scene.by)
    return asking(scene)


def approved(scene: Scene) -> None:
    decide(scene, scene.by, approved=True)


def rejected(scene: Scene) -> None:
    decide(scene, scene.by, approved=False)


def sent(scene: Scene) -> None:
    make_run(scene)


def paid(scene: Scene) -> None:
    sent(scene)
    arrived(scene)


@transaction.atomic
def more(scene: Scene) -> None:
    """As much once more is told, and assessed."""
    loss = told(MESSAGES, "15 22:00", "16 01:00")
    revise_claim(claim_id=scene.claim.pk, losses=[loss], cause="corrected", now=NOW)
    looked_at()


def less(scene: Scene) -> None:
    """The record has a shorter outage, so that less is owed than was paid."""
    incident = scene.claim.incident
    newest = RecordVersion.objects.filter(incident=incident).latest("number")
    windows = [
        record_window(replace(said_by(one), end_at=at("15 19:30")), incident=incident.key)
        if one.service.code == MESSAGES and one.start_at < at("15 19:30")
        else one
        for one in windows_of(newest)
    ]
    with transaction.atomic():
        publish_record_version(incident=incident.key, content=RecordContent(newest.as_of, windows), now=NOW)
    chase()
    looked_at()


@transaction.atomic
def held(scene: Scene) -> None:
    reopen_claim(claim_id=scene.claim.pk, reopened_by=scene.by, note="once more", now=NOW)
    hold_claim(claim_id=scene.claim.pk, held_by=scene.by, note="a doubt", now=NOW)


# By what it is then; what is written after a dash is how it came there.
PAIRS: dict[str, tuple[Begin, ...]] = {
    "undecided, nothing": (),
    "undecided, nothing - a question": (asking,),
    "answered, nothing": (answered,),
    "answered, nothing - then a loss": (answered, more),
    "rejected, nothing": (rejected,),
    "approved, due": (approved,),
    "approved, due - held": (approved, held),
    "approved, due - paid before": (approved, paid, more, approved),
    "approved, sent": (approved, sent),
    "approved, sent - and more is owed": (approved, sent, more, approved),
    "rejected, sent": (approved, sent, rejected),
    "approved, paid": (approved, paid),
    "approved, paid - then more": (approved, paid, more),
    "approved, recovery": (approved, paid, less, approved),
    "rejected, recovery": (approved, paid, rejected),
    "rejected, recovery - then more": (approved, paid, rejected, more),
}


def begun(scene: Scene, steps: tuple[Begin, ...]) -> Scene:
    for step in steps:
        scene = step(scene) or scene
    return scene


# --- what is tried -----------------------------------------------------------------------------------------


def in_hand(scene: Scene, user: User) -> None:
    if scene.status().review == "closed":
        reopen_claim(claim_id=scene.claim.pk, reopened_by=user, note="once more", now=NOW)
    take_claim(claim_id=scene.claim.pk, taken_by=user, now=NOW)


def newest(scene: Scene) -> int:
    return scene.claim.assessments.latest("run").pk


@transaction.atomic
def decide(scene: Scene, user: User, *, approved: bool) -> Decision | DecisionProposal:
    in_hand(scene, user)
    reasons = () if approved else ("no_loss",)
    by: dict[str, Any] = {"decided_by": user, "reasons": reasons, "now": NOW}
    return decide_claim(claim_id=scene.claim.pk, assessment_id=newest(scene), approved=approved, **by)


@transaction.atomic
def approve_by_two(scene: Scene) -> None:
    """Above the limit of the one; what gives nothing new needs no second person."""
    authority("checker", per_decision=0)
    proposal = decide(scene, scene.by, approved=True)
    authority("checker", per_decision=500_000, per_day=50_000_000)
    if isinstance(proposal, DecisionProposal):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=scene.other, now=NOW)


def undo(scene: Scene) -> None:
    undo_decision(claim_id=scene.claim.pk, undone_by=scene.by, note="x", now=NOW)


def reply(scene: Scene) -> None:
    answer(scene.claim, template(scene.by, code="again"), scene.by)


@transaction.atomic
def appeal(scene: Scene, *, accepted: bool) -> None:
    about: dict[str, Any] = {"kind": "appeal", "channel": "phone", "points": [ToldPoint("other", words="x")], "note": "x"}
    decision = scene.status().stands_id or 0
    made = open_appeal(claim_id=scene.claim.pk, decision_id=decision, opened_by=scene.other, now=NOW, **about)
    in_hand(scene, scene.other)
    by: dict[str, Any] = {"answered_by": scene.other, "note": "x", "now": NOW}
    answer_appeal(appeal_id=made.pk, accepted=accepted, assessment_id=newest(scene), **by)


@transaction.atomic
def in_bulk(scene: Scene, what: str) -> None:
    if scene.status().review == "closed":
        reopen_claim(claim_id=scene.claim.pk, reopened_by=scene.by, note="once more", now=NOW)
    reasons = ["no_loss"] if what == "reject" else []
    run = draft_bulk(what=what, claim_ids=[scene.claim.pk], made_by=scene.by, reasons=reasons, now=NOW)
    begin_bulk(run_id=run.pk, begun_by=scene.by, now=NOW)
    while work_next_items(run_id=run.pk, now=NOW):
        pass
    item = BulkItem.objects.get(run=run)
    if item.state != "done":
        raise type("NotDone", (Refusal,), {"code": item.code})(f"The run says of it {item.code}.")


DECIDING: dict[str, Callable[[Scene], object]] = {
    "approve": approved,
    "reject": rejected,
    "approve by two": approve_by_two,
    "undo": undo,
    "answer": reply,
    "accept an appeal": lambda scene: appeal(scene, accepted=True),
    "uphold": lambda scene: appeal(scene, accepted=False),
    "approve in bulk": lambda scene: in_bulk(scene, "approve"),
    "reject in bulk": lambda scene: in_bulk(scene, "reject"),
}


@transaction.atomic
def make_run(scene: Scene) -> None:
    make_payment_run(made_by=scene.finance, note="weekly", now=NOW)


@transaction.atomic
def arrived(scene: Scene, *, so: bool = True) -> None:
    newest_run = PaymentRun.objects.order_by("-pk").first()
    run = 0 if newest_run is None else newest_run.pk
    answer_payments(run_id=run, arrived=so, answered_by=scene.finance, note="no such account", now=NOW)


PAYING: dict[str, Callable[[Scene], object]] = {
    "make a run": make_run,
    "it arrived": arrived,
    "it failed": lambda scene: arrived(scene, so=False),
}
