"""What may be done with a claim now, by whom: each a button with its form, and one operation behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Role, User
from accounts.operations import VIEWERS
from accounts.payees import payee_ids
from claims.admin.claim_forms import (
    AssignForm,
    NoteForm,
    PutBackLossForm,
    RejectForm,
    SnoozeForm,
    VerifyForm,
    WithdrawLossForm,
)
from claims.admin.facts_asked import facts_asked, services_answered
from claims.admin.goodwill_forms import ApproveForm
from claims.admin.message_forms import SortForm, TellForm
from claims.admin.message_page import sort_by, tell_by
from claims.admin.payee_page import PayeeForm, set_payee_by
from claims.models import (
    Assessment,
    ClaimStatus,
    Decision,
    DecisionProposal,
    DecisionStatus,
    EvidenceFile,
    ProposalState,
    ReviewStatus,
)
from claims.operations import (
    assign_claim,
    confirm_proposal,
    decide_claim,
    hold_claim,
    packs_in_force,
    put_back_claim,
    put_back_loss,
    release_claim,
    reopen_claim,
    return_proposal,
    snooze_claim,
    take_claim,
    undo_decision,
    verify_facts,
    withdraw_claim,
    withdraw_loss,
)
from claims.operations.decisions import DECIDERS
from claims.queries import losses_told
from claims.queries.goodwill import goodwill_budgets
from claims.queries.parts import parts_of

_R = ReviewStatus


@dataclass(frozen=True)
class Case:
    """A claim as somebody looks at it, with what decides which buttons there are."""

    status: ClaimStatus
    assessment: Assessment | None
    proposal: DecisionProposal | None
    decisions: Sequence[Decision]  # the newest first, also those that were undone
    user: User
    checks: bool
    decides: bool
    reads: bool  # what people wrote, which names them
    has: Set[str]  # of what there may be of a claim, as `parts_of` has it

    @property
    def stands(self) -> Decision | None:
        return next((one for one in self.decisions if one.pk == self.status.stands_id), None)

    @cached_property
    def losses(self) -> list[Any]:
        return list(losses_told().filter(claim=self.status.pk).select_related("service").order_by("pk"))

    @cached_property
    def payee(self) -> int:
        """The number of the account that is shown beside a proposal; 0: there is none."""
        return payee_ids([self.status.claim.person_id]).get(self.status.claim.person_id, 0) if self.proposal else 0

    @property
    def mine(self) -> bool:
        return self.decides and self.status.review == _R.IN_REVIEW and self.status.assignee_id == self.user.pk


def case_of(status: ClaimStatus, assessment: Assessment | None, user: User, roles: Set[str]) -> Case:
    """As many queries as there are of proposals and decisions, and one."""
    proposals = DecisionProposal.objects.filter(claim=status.pk, state=ProposalState.OPEN)
    proposed = status.review == _R.PROPOSED
    proposal = proposals.select_related("proposed_by", "goodwill").first() if proposed else None
    related = ("decided_by", "checked_by", "undone", "goodwill__budget")
    has = parts_of(status.pk)
    made = Decision.objects.filter(claim=status.pk).select_related(*related).order_by("-pk")
    decisions = list(made) if "decisions" in has else []
    return Case(
        status, assessment, proposal, decisions, user, checks=Role.CHECKER in roles, decides=bool(roles & {*DECIDERS}),
        reads=bool(roles & {*VIEWERS}), has=has,
    )  # fmt: skip


@dataclass(frozen=True)
class Action:
    """`shown`: whether there is a button. `run`: the one operation, with what the valid form says; a text that it returns
    tells what was done. `note`: one is required. `rests_on`: what the form keeps of what was looked at, beside the moves.
    `checks`: by checkers only.
    """

    name: str
    shown: Callable[[Case], bool]
    run: Callable[[Case, dict[str, Any], datetime], object]
    form: type[forms.Form] = NoteForm
    note: bool = False
    rests_on: tuple[str, ...] = ()
    checks: bool = False


def looked_at(case: Case) -> dict[str, int | None]:
    """What a form keeps of the state that is shown beside it."""
    return {
        "moves": case.status.moves, "assessment": None if case.assessment is None else case.assessment.pk,
        "proposal": None if case.proposal is None else case.proposal.pk, "payee": case.payee,
    }  # fmt: skip


def form_of(action: Action, case: Case, data: QueryDict | None) -> forms.Form:
    """With names of its own for the fields' ids: several stand on one page."""
    more: dict[str, Any] = {"auto_id": f"{action.name}_%s", "initial": looked_at(case)}
    if issubclass(action.form, NoteForm):
        more["required"] = action.note
    if action.form is ApproveForm:
        more["budgets"] = goodwill_budgets(case.status.incident_id)
    if action.form is RejectForm:
        said = [] if case.assessment is None else case.assessment.lines.values_list("reasons", flat=True)
        more["said"] = [code for reasons in said for code in reasons]
    if action.form is VerifyForm:
        counting = [loss for loss in case.losses if not loss.withdrawn]
        newest = case.assessment
        lines = [] if newest is None else list(newest.lines.select_related("rule__version__policy"))
        answered = {} if newest is None else services_answered(newest)
        more["asked"] = facts_asked(packs_in_force(case.status.incident), counting, lines, answered)
        accepted = EvidenceFile.objects.filter(claim=case.status.pk, review__accepted=True)
        more["files"] = list(accepted.order_by("pk").values_list("pk", flat=True))
    if action.form in (WithdrawLossForm, PutBackLossForm):
        more["losses"] = case.losses
    form = action.form(data, **more)
    for name in action.rests_on:
        form.fields[name] = forms.IntegerField(widget=forms.HiddenInput, required=False)
    return form


def _decide(case: Case, said: dict[str, Any], now: datetime, *, approved: bool) -> object:
    assert case.assessment is not None, "nothing is decided without an assessment"
    return decide_claim(
        claim_id=case.status.pk, assessment_id=said["assessment"] or case.assessment.pk, approved=approved,
        decided_by=case.user, now=now,
        reasons=said.get("reasons", ()), note=said["note"], moves=said["moves"], goodwill=said.get("gift"),
    )  # fmt: skip


def _proposal(case: Case, said: dict[str, Any]) -> int:
    assert case.proposal is not None, "the button is only there with one"
    return int(said["proposal"] or case.proposal.pk)


def _may_undo(case: Case) -> bool:
    by = (None, None) if case.stands is None else (case.stands.decided_by_id, case.stands.checked_by_id)
    return case.stands is not None and (case.checks or case.user.pk in by)


def may_press(case: Case, name: str) -> bool:
    """Whether a role of whoever looks at it can do this, as far as it is known."""
    return case.decides and not any(action.name == name and action.checks and not case.checks for action in ACTIONS)


ACTIONS: tuple[Action, ...] = (
    Action(
        "take", lambda c: c.decides and c.status.review == _R.QUEUED,
        lambda c, said, now: take_claim(claim_id=c.status.pk, taken_by=c.user, now=now, moves=said["moves"]),
    ),
    Action(
        "approve", lambda c: c.mine and c.assessment is not None,
        lambda c, said, now: _decide(c, said, now, approved=True), form=ApproveForm, rests_on=("assessment",),
    ),
    Action(
        "reject", lambda c: c.mine and c.assessment is not None,
        lambda c, said, now: _decide(c, said, now, approved=False), form=RejectForm, rests_on=("assessment",),
    ),
    Action(
        "verify", lambda c: c.mine,
        lambda c, said, now: verify_facts(
            claim_id=c.status.pk, facts=[said["told"]], loss_id=said["loss_id"], verified_by=c.user, note=said["note"],
            now=now, moves=said["moves"], evidence=said.get("evidence", ()),
        ),
        form=VerifyForm, note=True,
    ),
    Action(
        "withdraw_loss", lambda c: c.mine and any(not loss.withdrawn for loss in c.losses),
        lambda c, said, now: withdraw_loss(
            claim_id=c.status.pk, loss_id=said["loss"], reason=said["reason"], withdrawn_by=c.user, note=said["note"], now=now,
            moves=said["moves"],
        ),
        form=WithdrawLossForm, note=True,
    ),
    Action(
        "put_back_loss", lambda c: c.mine and any(loss.withdrawn for loss in c.losses),
        lambda c, said, now: put_back_loss(
            claim_id=c.status.pk, loss_id=said["loss"], put_back_by=c.user, note=said["note"], now=now, moves=said["moves"]
        ),
        form=PutBackLossForm, note=True,
    ),
    Action(
        "confirm", lambda c: c.checks and c.proposal is not None and c.proposal.proposed_by_id != c.user.pk,
        lambda c, said, now: confirm_proposal(
            proposal_id=_proposal(c, said), confirmed_by=c.user, now=now, note=said["note"], payee=said["payee"]
        ),
        rests_on=("proposal", "payee"), checks=True,
    ),
    Action(
        "return", lambda c: c.proposal is not None and (c.checks or c.proposal.proposed_by_id == c.user.pk),
        lambda c, said, now: return_proposal(proposal_id=_proposal(c, said), returned_by=c.user, now=now, note=said["note"]),
        note=True, rests_on=("proposal",),
    ),
    Action(
        "tell", lambda c: c.decides, lambda c, said, now: tell_by(c.user, c.status, said["message"], now), form=TellForm
    ),
    Action(
        "payee", lambda c: c.decides, lambda c, said, now: set_payee_by(c.user, c.status, said, now), form=PayeeForm, note=True
    ),
    Action(
        "sort",
        lambda c: c.decides and c.status.review != _R.MERGED and (c.status.review != _R.IN_REVIEW or c.mine or c.checks),
        lambda c, said, now: sort_by(c.user, c.status, said, now), form=SortForm, note=True,
    ),
    Action(
        "snooze", lambda c: c.decides and (c.status.review == _R.QUEUED or c.mine),
        lambda c, said, now: snooze_claim(
            claim_id=c.status.pk, until=said["until"], snoozed_by=c.user, now=now, note=said["note"], moves=said["moves"]
        ), form=SnoozeForm,
    ),
    Action(
        "put_back", lambda c: c.status.review == _R.IN_REVIEW and (c.mine or c.checks),
        lambda c, said, now: put_back_claim(claim_id=c.status.pk, put_back_by=c.user, now=now, note=said["note"]),
    ),
    Action(
        "assign", lambda c: c.checks and c.status.review in (_R.QUEUED, _R.IN_REVIEW),
        lambda c, said, now: assign_claim(claim_id=c.status.pk, assignee=said["user"], assigned_by=c.user, now=now),
        form=AssignForm, checks=True,
    ),
    Action(
        "hold",
        lambda c: c.decides and c.status.review in (_R.RECEIVED, _R.QUEUED, _R.IN_REVIEW, _R.AWAITING_CLAIMANT, _R.PROPOSED),
        lambda c, said, now: hold_claim(
            claim_id=c.status.pk, held_by=c.user, note=said["note"], now=now, moves=said["moves"]
        ), note=True,
    ),
    Action(
        "release", lambda c: c.decides and c.status.review == _R.HELD,
        lambda c, said, now: release_claim(claim_id=c.status.pk, released_by=c.user, now=now, note=said["note"]),
    ),
    Action(
        "undo", lambda c: c.decides and _may_undo(c) and c.status.payment in ("nothing", "due"),
        lambda c, said, now: undo_decision(
            claim_id=c.status.pk, undone_by=c.user, note=said["note"], now=now, moves=said["moves"]
        ), note=True,
    ),
    Action(
        "reopen", lambda c: c.decides and c.status.review in (_R.CLOSED, _R.WITHDRAWN, _R.MERGED),
        lambda c, said, now: reopen_claim(claim_id=c.status.pk, reopened_by=c.user, note=said["note"], now=now), note=True,
    ),
    Action(
        "withdraw",
        lambda c: c.decides and c.status.review not in (_R.CLOSED, _R.WITHDRAWN, _R.MERGED)
        and c.status.decision in (DecisionStatus.UNDECIDED, DecisionStatus.ANSWERED),
        lambda c, said, now: withdraw_claim(
            claim_id=c.status.pk, withdrawn_by=c.user, now=now, note=said["note"], moves=said["moves"]
        ),
        note=True,
    ),
)  # fmt: skip
