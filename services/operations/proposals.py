"""Staff answer what feeds propose: confirm it, correct it, or reject it, each with a reason. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.contents import content_of_draft
from services.instants import check_instant
from services.lookups import UnknownItem, find_incident
from services.models import (
    ChangeKind,
    DraftState,
    FeedItem,
    OutageWindow,
    ProposalAnswer,
    RecordChange,
    RecordDraft,
    Service,
    Verdict,
    WindowProposal,
)
from services.operations.drafts import RecordMovedOn, checked_reason, list_windows, unlist
from services.proposals import services_of
from services.refusals import Refusal, Unknown
from services.said import WindowSaid
from services.staff import WRITERS, Staff, require


class UnknownProposal(Unknown):
    code = "unknown_proposal"


class ProposalAnswered(Refusal):
    code = "proposal_answered"


class ProposalReplaced(Refusal):
    code = "proposal_replaced"


class CorrectionNeeded(Refusal):
    """The feed does not say enough: a person must."""

    code = "correction_needed"


class ComponentUnmapped(Refusal):
    code = "component_unmapped"


class ItemOfAnotherIncident(Refusal):
    code = "item_of_another_incident"


class ItemAnswered(Refusal):
    """What it proposed is in a record already."""

    code = "item_answered"


class AnsweredInAnotherDraft(Refusal):
    code = "answered_in_another_draft"


def attach_item(*, item_id: int, incident: str, attached_by: Staff, now: datetime) -> FeedItem:
    """Say which incident of ours (by key) an item of a feed belongs to; its notices speak of that one then.

    Raises RoleMissing, UnknownItem, UnknownIncident, and ItemAnswered once a window of it was confirmed or corrected
    into a draft that was not discarded.
    """
    now = check_instant(now, "now")
    require(attached_by, WRITERS, "attach a feed's item to an incident")
    item = FeedItem.objects.select_for_update(no_key=True).filter(pk=item_id).first()
    if item is None:
        raise UnknownItem(f"There is no item {item_id} of a feed.", field="item")
    about = find_incident(incident)
    if about.pk == item.incident_id:
        return item
    answers = ProposalAnswer.objects.filter(proposal__item=item).exclude(change=None)
    if answers.exclude(change__draft__state=DraftState.DISCARDED).exists():
        raise ItemAnswered(f"Windows of {item} are in a draft or version of {item.incident} already.", field="item")
    item.incident, item.attached_by_id, item.attached_at = about, attached_by.pk, now
    item.save(update_fields=["incident", "attached_by", "attached_at"])
    return item


def confirm_proposals(
    *, proposal_ids: Sequence[int], draft_id: int, read: int, reason: str, answered_by: Staff, now: datetime
) -> list[ProposalAnswer]:
    """Put windows into a draft as they are proposed, in the given order; all or none.

    One that changes what was confirmed before stands in its place; one that withdraws it takes it off. Raises
    UnknownProposal, ProposalAnswered, ProposalReplaced, CorrectionNeeded, ComponentUnmapped, ItemOfAnotherIncident, and
    what `list_windows` and `unlist` raise.
    """
    proposals = _open_proposals(proposal_ids)
    for proposal in proposals:
        if proposal.questions or (proposal.start_at is None and not proposal.withdrawn):
            asked = ", ".join(proposal.questions) or "its times"
            raise CorrectionNeeded(f"{proposal} leaves open: {asked}. Correct it instead.", field="proposal")
    given = [proposal for proposal in proposals if not proposal.withdrawn]
    gone = [proposal for proposal in proposals if proposal.withdrawn]
    said = [_as_said(proposal) for proposal in given]
    changes: list[RecordChange] = []
    if gone:  # first: what is listed next may be what another proposal takes off
        changes += _take_off(gone, draft_id=draft_id, read=read, reason=reason, answered_by=answered_by, now=now)
    after = read + len(changes)
    changes += _list(given, said, draft_id=draft_id, read=after, reason=reason, answered_by=answered_by, now=now)
    return _answer([*gone, *given], Verdict.CONFIRMED, reason=reason, answered_by=answered_by, now=now, changes=changes)


def correct_proposal(
    *, proposal_id: int, draft_id: int, read: int, said: WindowSaid, instead_of: int | None, reason: str, answered_by: Staff,
    now: datetime,
) -> ProposalAnswer:  # fmt: skip
    """Put a window into a draft in other words than it is proposed, in place of the window `instead_of` (by id), if any.

    `listed_before` says in place of which it is if it goes by the feed. Raises as `confirm_proposals` does.
    """
    proposals = _open_proposals([proposal_id])
    draft = _draft_of(proposals, draft_id)
    if draft is not None:
        listed_before(proposals[0], draft, content_of_draft(draft).windows)  # refuses what is still open elsewhere
    changes = list_windows(
        draft_id=draft_id, read=read, said=[said], instead_of=[instead_of], reason=reason, written_by=answered_by, now=now
    )
    return _answer(proposals, Verdict.CORRECTED, reason=reason, answered_by=answered_by, now=now, changes=changes)[0]


def reject_proposals(*, proposal_ids: Sequence[int], reason: str, answered_by: Staff, now: datetime) -> list[ProposalAnswer]:
    """Nothing comes of them. Raises RoleMissing, UnknownProposal, ProposalAnswered, ProposalReplaced, ReasonRequired."""
    require(answered_by, WRITERS, "answer a proposal")
    found = _open_proposals(proposal_ids)
    return _answer(found, Verdict.REJECTED, reason=reason, answered_by=answered_by, now=now, changes=[])


def service_of(proposal: WindowProposal) -> Service | None:
    """As `services_of` says it of several."""
    return services_of([proposal])[proposal.pk]


def listed_before(proposal: WindowProposal, draft: RecordDraft, listed: dict[int, OutageWindow]) -> int | None:
    """Id of the window, of those the draft lists, that an earlier proposal of this one's history led to.

    Raises AnsweredInAnotherDraft when that went into another draft that is open still, RecordMovedOn when it was published
    by one that this draft does not stand on: else the same window would come to be listed twice.
    """
    earlier = proposal.replaces
    while earlier is not None:
        answers = ProposalAnswer.objects.filter(proposal=earlier).exclude(window=None)
        answer = answers.select_related("change__draft__version").first()
        if answer is not None and answer.window_id in listed:
            return answer.window_id
        if answer is not None and answer.change is not None:
            _refuse_elsewhere(proposal, answer.change.draft, draft)
        earlier = earlier.replaces
    return None


def _refuse_elsewhere(proposal: WindowProposal, other: RecordDraft, draft: RecordDraft) -> None:
    if other.pk == draft.pk:
        return
    if other.state == DraftState.OPEN:
        raise AnsweredInAnotherDraft(
            f"What {proposal} changes was put into the draft “{other}”, which is open still. Answer it there.",
            field="proposal",
        )
    base = content_of_draft(draft).base_number
    if other.state == DraftState.PUBLISHED and other.version.number > base:
        raise RecordMovedOn(f"What {proposal} changes was published in {other.version}. Put the draft on it first.")


def _open_proposals(ids: Sequence[int]) -> list[WindowProposal]:
    """In the asked order, their items locked: of two answers at once the second is refused, not an error."""
    items = FeedItem.objects.filter(proposals__in=ids).order_by("pk")
    list(items.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    rows = WindowProposal.objects.filter(pk__in=ids)
    found = {row.pk: row for row in rows.select_related("item__feed", "item__incident", "service", "notice", "replaces")}
    for pk in ids:
        if pk not in found:
            raise UnknownProposal(f"There is no proposal {pk}.", field="proposal")
    answered = set(ProposalAnswer.objects.filter(proposal__in=ids).values_list("proposal", flat=True))
    replaced = set(WindowProposal.objects.filter(replaces__in=ids).values_list("replaces", flat=True))
    for pk in ids:
        if pk in answered:
            raise ProposalAnswered(f"{found[pk]} has been answered already.", field="proposal")
        if pk in replaced:
            raise ProposalReplaced(f"The feed says something newer than {found[pk]}. Answer that one.", field="proposal")
    return [found[pk] for pk in dict.fromkeys(ids)]


def _as_said(proposal: WindowProposal) -> WindowSaid:
    service = service_of(proposal)
    if service is None:
        raise ComponentUnmapped(
            f"{proposal}: nobody has said which service {proposal.component_name or proposal.component or 'it'} is. "
            "Map the component first, or reject the proposal.",
            field="component",
        )
    assert proposal.start_at is not None, "asked before"
    return WindowSaid(
        service=service.code,
        notice=proposal.notice.key,
        severity=proposal.severity,
        scope=proposal.scope,
        start_at=proposal.start_at,
        start_approx=proposal.start_approx,
        end_at=proposal.end_at,
        end_approx=proposal.end_approx,
        inferred=proposal.inferred,
        closing_rule=proposal.closing_rule,
        planned=proposal.planned,
        announced_at=proposal.announced_at,
    )


def _draft_of(proposals: Sequence[WindowProposal], draft_id: int) -> RecordDraft | None:
    """The draft they go into, if there is one; `list_windows` refuses one that is not there."""
    draft = RecordDraft.objects.filter(pk=draft_id).select_related("incident").first()
    for proposal in proposals:
        if draft is not None and proposal.item.incident_id != draft.incident_id:
            belongs = proposal.item.incident or "no incident yet"
            raise ItemOfAnotherIncident(
                f"{proposal.item} belongs to {belongs}, the draft is about {draft.incident}. Attach the item to it first.",
                field="item",
            )
    return draft


def _list(
    proposals: Sequence[WindowProposal], said: Sequence[WindowSaid], *, draft_id: int, read: int, reason: str,
    answered_by: Staff, now: datetime,
) -> list[RecordChange]:  # fmt: skip
    if not proposals:
        return []
    draft = _draft_of(proposals, draft_id)
    listed = {} if draft is None else content_of_draft(draft).windows
    instead = [None if draft is None else listed_before(proposal, draft, listed) for proposal in proposals]
    return list_windows(
        draft_id=draft_id, read=read, said=said, instead_of=instead, reason=reason, written_by=answered_by, now=now
    )


def _take_off(
    proposals: Sequence[WindowProposal], *, draft_id: int, read: int, reason: str, answered_by: Staff, now: datetime
) -> list[RecordChange]:
    draft = _draft_of(proposals, draft_id)
    listed = {} if draft is None else content_of_draft(draft).windows
    windows = []
    for proposal in proposals:
        window = None if draft is None else listed_before(proposal, draft, listed)
        if window is None:
            raise CorrectionNeeded(f"{proposal} was never listed, so nothing is to be taken off. Reject it.", field="proposal")
        windows.append(window)
    return unlist(draft_id=draft_id, read=read, windows=windows, reason=reason, written_by=answered_by, now=now)


def _answer(
    proposals: Sequence[WindowProposal], verdict: Verdict, *, reason: str, answered_by: Staff, now: datetime,
    changes: Sequence[RecordChange],
) -> list[ProposalAnswer]:  # fmt: skip
    kept = checked_reason(reason)
    at = check_instant(now, "now")
    made: list[RecordChange | None] = list(changes) or [None] * len(proposals)
    return ProposalAnswer.objects.bulk_create(
        ProposalAnswer(
            proposal=proposal, verdict=verdict, change=change, reason=kept, answered_by_id=answered_by.pk, answered_at=at,
            window_id=change.window_id if change is not None and change.kind == ChangeKind.LIST else None,
        )
        for proposal, change in zip(proposals, made, strict=True)
    )  # fmt: skip
