"""Staff answer what feeds propose: confirm it, correct it, or reject it, each with a reason. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.contents import content_of_draft
from services.instants import check_instant
from services.lookups import find_incident
from services.models import (
    ComponentMapping,
    FeedItem,
    OutageWindow,
    ProposalAnswer,
    RecordChange,
    RecordDraft,
    Service,
    Verdict,
    WindowProposal,
)
from services.operations.drafts import ReasonRequired, list_windows, unlist
from services.refusals import Refusal, Unknown
from services.said import WindowSaid
from services.staff import WRITERS, Staff, require
from services.texts import normalised


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


def attach_item(*, item_id: int, incident: str, attached_by: Staff) -> FeedItem:
    """Say which incident of ours (by key) an item of a feed belongs to.

    Raises RoleMissing, UnknownProposal, UnknownIncident.
    """
    require(attached_by, WRITERS, "attach a feed's item to an incident")
    item = FeedItem.objects.select_for_update(no_key=True).filter(pk=item_id).first()
    if item is None:
        raise UnknownProposal(f"There is no item {item_id} of a feed.", field="item")
    item.incident = find_incident(incident)
    item.save(update_fields=["incident"])
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
    *, proposal_id: int, draft_id: int, read: int, said: WindowSaid, reason: str, answered_by: Staff, now: datetime
) -> ProposalAnswer:
    """Put a window into a draft in other words than it is proposed. Raises as `confirm_proposals` does."""
    proposals = _open_proposals([proposal_id])
    changes = _list(proposals, [said], draft_id=draft_id, read=read, reason=reason, answered_by=answered_by, now=now)
    return _answer(proposals, Verdict.CORRECTED, reason=reason, answered_by=answered_by, now=now, changes=changes)[0]


def reject_proposals(*, proposal_ids: Sequence[int], reason: str, answered_by: Staff, now: datetime) -> list[ProposalAnswer]:
    """Nothing comes of them. Raises RoleMissing, UnknownProposal, ProposalAnswered, ProposalReplaced, ReasonRequired."""
    require(answered_by, WRITERS, "answer a proposal")
    found = _open_proposals(proposal_ids)
    return _answer(found, Verdict.REJECTED, reason=reason, answered_by=answered_by, now=now, changes=[])


def service_of(proposal: WindowProposal) -> Service | None:
    """As proposed, or by the mapping of its component; None: nobody has said, or it is none of ours."""
    if proposal.service is not None or not proposal.component:
        return proposal.service
    mappings = ComponentMapping.objects.filter(feed=proposal.item.feed_id, component=proposal.component)
    newest = mappings.select_related("service").order_by("-pk").first()
    return None if newest is None else newest.service


def listed_before(proposal: WindowProposal, listed: dict[int, OutageWindow]) -> int | None:
    """Id of the listed window that an earlier proposal of this one's history led to."""
    earlier = proposal.replaces
    while earlier is not None:
        answer = ProposalAnswer.objects.filter(proposal=earlier).first()
        if answer is not None and answer.window_id in listed:
            return answer.window_id
        earlier = earlier.replaces
    return None


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
    instead = [listed_before(proposal, listed) for proposal in proposals]
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
        window = listed_before(proposal, listed)
        if window is None:
            raise CorrectionNeeded(f"{proposal} was never listed, so nothing is to be taken off. Reject it.", field="proposal")
        windows.append(window)
    return unlist(draft_id=draft_id, read=read, windows=windows, reason=reason, written_by=answered_by, now=now)


def _answer(
    proposals: Sequence[WindowProposal], verdict: Verdict, *, reason: str, answered_by: Staff, now: datetime,
    changes: Sequence[RecordChange],
) -> list[ProposalAnswer]:  # fmt: skip
    kept = normalised(reason, "reason")[:500]
    if not kept:
        raise ReasonRequired("Say why, in a few words: others must be able to follow it.", field="reason")
    at = check_instant(now, "now")
    made: list[RecordChange | None] = list(changes) or [None] * len(proposals)
    return ProposalAnswer.objects.bulk_create(
        ProposalAnswer(
            proposal=proposal, verdict=verdict, change=change, reason=kept, answered_by_id=answered_by.pk, answered_at=at,
            window_id=None if change is None or proposal.withdrawn else change.window_id,
        )
        for proposal, change in zip(proposals, made, strict=True)
    )  # fmt: skip
