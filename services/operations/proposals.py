"""Staff answer what feeds propose: confirm it, correct it, or reject it, each with a reason. Expects a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.contents import DraftContent, content_of_base, content_of_draft
from services.instants import check_instant
from services.lookups import UnknownItem, find_incident
from services.models import (
    ChangeKind,
    DraftState,
    Feed,
    FeedItem,
    OutageWindow,
    ProposalAnswer,
    RecordChange,
    RecordDraft,
    Service,
    Verdict,
    WindowProposal,
)
from services.operations.drafts import RecordMovedOn, checked_reason, list_windows, lock_feeds, read_record_draft, unlist
from services.proposals import services_of
from services.queries import record_in_force
from services.refusals import Refusal, Unknown
from services.said import WindowSaid, said_by
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
    lock_feeds(Feed.objects.filter(items=item_id))
    item = FeedItem.objects.filter(pk=item_id).first()
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

    One that changes what was confirmed before stands in its place; one that withdraws it takes it off; one that says what is
    listed in its place already changes nothing. Raises RoleMissing, UnknownProposal, ProposalAnswered, ProposalReplaced,
    UnknownDraft, RecordDraftChanged, RecordDraftClosed, ItemOfAnotherIncident, CorrectionNeeded, ComponentUnmapped, what
    `listed_before` raises, and what `list_windows` and `unlist` raise.
    """
    draft, proposals = _draft_and_proposals(draft_id, read, proposal_ids, answered_by)
    for proposal in proposals:
        if proposal.questions or (proposal.start_at is None and not proposal.withdrawn):
            asked = ", ".join(proposal.questions) or "its times"
            raise CorrectionNeeded(f"{proposal} leaves open: {asked}. Correct it instead.", field="proposal")
    content = content_of_draft(draft)
    gone: dict[WindowProposal, int] = {}
    same: dict[WindowProposal, int] = {}
    fresh: dict[WindowProposal, tuple[WindowSaid, int | None]] = {}
    for proposal in proposals:
        standing = listed_before(proposal, draft, content)
        if proposal.withdrawn:
            gone[proposal] = _still_listed(proposal, standing)
            continue
        said = _as_said(proposal)
        if standing is not None and said_by(content.windows[standing]) == said:
            same[proposal] = standing
        else:
            fresh[proposal] = said, standing
    by: dict[str, Any] = {"draft_id": draft_id, "reason": reason, "written_by": answered_by, "now": now}
    changes: list[RecordChange] = []
    if gone:  # first: what is listed next may be what another proposal takes off
        changes += unlist(read=read, windows=list(gone.values()), **by)
    if fresh:
        all_said, instead_of = zip(*fresh.values(), strict=True)
        changes += list_windows(read=read + len(changes), said=all_said, instead_of=instead_of, **by)
    made: dict[WindowProposal, RecordChange | int] = {**dict(zip([*gone, *fresh], changes, strict=True)), **same}
    return _answer(made, Verdict.CONFIRMED, reason=reason, answered_by=answered_by, now=now)


def correct_proposal(
    *, proposal_id: int, draft_id: int, read: int, said: WindowSaid, instead_of: int | None, reason: str, answered_by: Staff,
    now: datetime,
) -> ProposalAnswer:  # fmt: skip
    """Put a window into a draft in other words than it is proposed, in place of the window `instead_of` (by id), if any.

    `listed_before` says in place of which it is if it goes by the feed. Raises as `confirm_proposals` does.
    """
    draft, (proposal,) = _draft_and_proposals(draft_id, read, [proposal_id], answered_by)
    listed_before(proposal, draft, content_of_draft(draft))  # refuses what is to be answered elsewhere
    (change,) = list_windows(
        draft_id=draft_id, read=read, said=[said], instead_of=[instead_of], reason=reason, written_by=answered_by, now=now
    )
    return _answer({proposal: change}, Verdict.CORRECTED, reason=reason, answered_by=answered_by, now=now)[0]


def reject_proposals(*, proposal_ids: Sequence[int], reason: str, answered_by: Staff, now: datetime) -> list[ProposalAnswer]:
    """Nothing comes of them. Raises RoleMissing, UnknownProposal, ProposalAnswered, ProposalReplaced, ReasonRequired."""
    require(answered_by, WRITERS, "answer a proposal")
    found = _open_proposals(proposal_ids)
    return _answer(dict.fromkeys(found), Verdict.REJECTED, reason=reason, answered_by=answered_by, now=now)


def service_of(proposal: WindowProposal) -> Service | None:
    """As `services_of` says it of several."""
    return services_of([proposal])[proposal.pk]


def listed_before(proposal: WindowProposal, draft: RecordDraft, content: DraftContent) -> int | None:
    """Id of the window, of those in the draft's content, that an earlier proposal of this one's history led to.

    Raises AnsweredInAnotherDraft when that went into another draft that is open still, RecordMovedOn when it was published
    by one that this draft does not stand on: else the same window would come to be listed twice.
    """
    earlier = proposal.replaces
    while earlier is not None:
        answer = ProposalAnswer.objects.filter(proposal=earlier).exclude(window=None).select_related("change__draft").first()
        if answer is not None and answer.window_id is not None:
            standing = _standing(answer.window_id, content.windows)
            if standing is not None:
                return standing
            answered_in = None if answer.change is None else answer.change.draft
            _refuse_elsewhere(proposal, answer.window_id, answered_in, draft, content.base_number)
        earlier = earlier.replaces
    return None


def _standing(window: int, listed: dict[int, OutageWindow]) -> int | None:
    """The window, or what was listed in its place since, whoever did it, if it is listed."""
    known, newest = {window}, {window}
    while newest:
        found = newest & listed.keys()
        if found:
            return min(found)
        later = RecordChange.objects.filter(kind=ChangeKind.LIST, instead_of__in=newest)
        newest = set(later.exclude(window=None).values_list("window", flat=True)) - known
        known |= newest
    return None


def _refuse_elsewhere(
    proposal: WindowProposal, window: int, answered_in: RecordDraft | None, draft: RecordDraft, base: int
) -> None:
    open_elsewhere = answered_in is not None and answered_in.pk != draft.pk and answered_in.state == DraftState.OPEN
    if answered_in is not None and open_elsewhere and _standing(window, content_of_draft(answered_in).windows) is not None:
        raise AnsweredInAnotherDraft(
            f"What {proposal} changes was put into the draft “{answered_in}”, which is open still. Answer it there.",
            field="proposal",
        )
    newest = record_in_force(draft.incident)
    moved_on = newest is not None and newest.number > base
    if moved_on and _standing(window, content_of_base(newest).windows) is not None:
        raise RecordMovedOn(f"What {proposal} changes is listed by {newest}. Put the draft on it first.")


def _open_proposals(ids: Sequence[int]) -> list[WindowProposal]:
    """In the asked order, their feeds locked: of two answers at once the second is refused, and no import replaces one."""
    lock_feeds(Feed.objects.filter(items__proposals__in=ids))
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


def _draft_and_proposals(
    draft_id: int, read: int, proposal_ids: Sequence[int], answered_by: Staff
) -> tuple[RecordDraft, list[WindowProposal]]:
    """Locked; refused if an item belongs to another incident than the draft."""
    require(answered_by, WRITERS, "answer a proposal")
    draft = read_record_draft(draft_id=draft_id, read=read)
    proposals = _open_proposals(proposal_ids)
    for proposal in proposals:
        if proposal.item.incident_id != draft.incident_id:
            belongs = proposal.item.incident or "no incident yet"
            raise ItemOfAnotherIncident(
                f"{proposal.item} belongs to {belongs}, the draft is about {draft.incident}. Attach the item to it first.",
                field="item",
            )
    return draft, proposals


def _still_listed(proposal: WindowProposal, standing: int | None) -> int:
    if standing is None:
        raise CorrectionNeeded(f"The draft lists nothing that {proposal} would take off. Reject it.", field="proposal")
    return standing


def _answer(
    made: Mapping[WindowProposal, RecordChange | int | None],
    verdict: Verdict,
    *,
    reason: str,
    answered_by: Staff,
    now: datetime,
) -> list[ProposalAnswer]:
    """`made`: by proposal the change that it led to, or the id of the window that the draft listed in these words before."""
    kept, at = checked_reason(reason), check_instant(now, "now")
    answers = []
    for proposal, what in made.items():
        answer = ProposalAnswer(proposal=proposal, verdict=verdict, reason=kept, answered_by_id=answered_by.pk, answered_at=at)
        if isinstance(what, RecordChange):
            answer.change = what
            answer.window_id = what.window_id if what.kind == ChangeKind.LIST else None
        else:
            answer.window_id = what
        answers.append(answer)
    return ProposalAnswer.objects.bulk_create(answers)
