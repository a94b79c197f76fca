"""The next version of a record is written by one person and published by another. Each operation expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from services.contents import DraftContent, content_of_base, content_of_draft
from services.instants import check_instant
from services.lookups import find_incident, find_source
from services.models import (
    ChangeKind,
    ComponentMapping,
    DraftState,
    Feed,
    Incident,
    ProposalAnswer,
    RecordChange,
    RecordDraft,
    RecordVersion,
    Verdict,
    WindowProposal,
)
from services.operations.statements import record_extent, record_finding, record_windows
from services.operations.versions import publish_record_version
from services.queries import record_in_force
from services.refusals import InvalidValue, Refusal, Unknown
from services.said import FindingSaid, WindowSaid
from services.staff import PUBLISHERS, WRITERS, Staff, require
from services.texts import normalised


class UnknownDraft(Unknown):
    code = "unknown_draft"


class RecordDraftClosed(Refusal):
    code = "draft_closed"


class RecordDraftChanged(Refusal):
    """Somebody has written meanwhile: what was read is no longer what would be changed, or published."""

    code = "draft_changed"


class OwnRecordDraft(Refusal):
    code = "own_draft"


class NothingNewInRecord(Refusal):
    code = "nothing_new"


class RecordMovedOn(Refusal):
    code = "version_moved_on"


class RebaseConflict(Refusal):
    """The draft and the version published meanwhile both say something new of the same thing."""

    code = "rebase_conflict"


class AsOfMissing(Refusal):
    code = "as_of_missing"


class ReasonRequired(Refusal):
    code = "reason_required"


class NotListed(Refusal):
    code = "not_listed"


class AlreadyListed(Refusal):
    code = "already_listed"


def open_record_draft(*, incident: str, title: str, opened_by: Staff, now: datetime) -> RecordDraft:
    """A draft that begins as the newest version of the incident (by key), or as nothing before the first.

    Raises UnknownIncident, RoleMissing, InvalidValue.
    """
    now = check_instant(now, "now")
    require(opened_by, WRITERS, "write at the record")
    about = find_incident(incident)
    kept = _short(title, "title", 200)
    base = record_in_force(about)
    return RecordDraft.objects.create(incident=about, title=kept, base=base, opened_by_id=opened_by.pk, opened_at=now)


def list_windows(
    *,
    draft_id: int,
    read: int,
    said: Sequence[WindowSaid],
    instead_of: Sequence[int | None] = (),
    reason: str,
    written_by: Staff,
    now: datetime,
) -> list[RecordChange]:
    """Record windows and list them, each in place of the window (by id) at the same place of `instead_of`, if any.

    Returns the changes that list them, in order.
    `read`: how many changes the draft had when it was looked at. Raises RecordDraftChanged when it has more,
    RecordDraftClosed, UnknownDraft, RoleMissing, ReasonRequired, NotListed, AlreadyListed, and what `record_windows` raises.
    """
    draft, content = _opened(draft_id, read, written_by)
    windows = record_windows(said, incident=draft.incident.key)
    replaced = list(instead_of) or [None] * len(windows)
    gone = [old for old in replaced if old is not None]
    for pk in gone:
        _refuse_unlisted(content.windows, pk)
    staying = content.windows.keys() - set(gone)
    for window, old in zip(windows, replaced, strict=True):
        if window.pk in staying or window.pk == old:
            raise AlreadyListed(f"The draft lists {window} already, with the same words.", field="window")
    listed: list[dict[str, Any]] = [{"kind": ChangeKind.LIST, "window": window} for window in windows]
    if {window.pk for window in windows} & set(gone):  # one comes in the place of another that comes too: first all go
        taken_off: list[dict[str, Any]] = [{"kind": ChangeKind.UNLIST, "window_id": pk} for pk in dict.fromkeys(gone)]
        changes = _write(draft, read, [*taken_off, *listed], reason=reason, written_by=written_by, now=now)
        return changes[len(taken_off) :]
    for change, old in zip(listed, replaced, strict=True):
        change["instead_of_id"] = old
    return _write(draft, read, listed, reason=reason, written_by=written_by, now=now)


def list_extent(
    *, draft_id: int, read: int, source: str, start_at: datetime, end_at: datetime | None, start_inferred: bool = False,
    reason: str, written_by: Staff, now: datetime,
) -> RecordChange:  # fmt: skip
    """Record what a source says of the whole incident, in place of what it said before. Raises as `list_windows` does."""
    draft, content = _opened(draft_id, read, written_by)
    extent = record_extent(
        incident=draft.incident.key, source=source, start_at=start_at, end_at=end_at, start_inferred=start_inferred
    )
    if extent.pk in content.extents:
        raise AlreadyListed(f"The draft lists this extent by {source} already.", field="extent")
    return _write(draft, read, [{"kind": ChangeKind.LIST, "extent": extent}], reason=reason, written_by=written_by, now=now)[0]


def list_finding(*, draft_id: int, read: int, said: FindingSaid, reason: str, written_by: Staff, now: datetime) -> RecordChange:
    """Record a finding in place of the one of its name. Raises as `list_windows` does."""
    draft, content = _opened(draft_id, read, written_by)
    finding = record_finding(said, incident=draft.incident.key)
    if finding.pk in content.findings:
        raise AlreadyListed(f"The draft says {finding} already.", field="finding")
    return _write(draft, read, [{"kind": ChangeKind.LIST, "finding": finding}], reason=reason, written_by=written_by, now=now)[
        0
    ]


def unlist(
    *, draft_id: int, read: int, windows: Sequence[int] = (), extents: Sequence[int] = (), findings: Sequence[int] = (),
    reason: str, written_by: Staff, now: datetime,
) -> list[RecordChange]:  # fmt: skip
    """Take rows (by id) off the draft; what was confirmed into this draft waits for another answer then.

    Raises NotListed, and as `list_windows` does.
    """
    draft, content = _opened(draft_id, read, written_by)
    changes: list[dict[str, Any]] = []
    for name, listed, gone in (
        ("window", content.windows, windows), ("extent", content.extents, extents), ("finding", content.findings, findings)
    ):  # fmt: skip
        for pk in dict.fromkeys(gone):
            _refuse_unlisted(listed, pk)
            changes.append({"kind": ChangeKind.UNLIST, f"{name}_id": pk})
    if not changes:
        raise NotListed("Nothing was chosen. Choose what to take off the draft.", field="window")
    written = _write(draft, read, changes, reason=reason, written_by=written_by, now=now)
    _propose_again(draft, now, window__in=windows)
    return written


def know_until(*, draft_id: int, read: int, as_of: datetime, reason: str, written_by: Staff, now: datetime) -> RecordChange:
    """Say up to which instant the draft knows: open windows count up to it. Raises as `list_windows` does."""
    draft, _ = _opened(draft_id, read, written_by)
    change = {"kind": ChangeKind.AS_OF, "as_of": check_instant(as_of, "as_of")}
    return _write(draft, read, [change], reason=reason, written_by=written_by, now=now)[0]


def name_governing(
    *, draft_id: int, read: int, source: str | None, reason: str, written_by: Staff, now: datetime
) -> RecordChange:
    """Name the source whose windows count where it has some; None: by rank again. Raises as `list_windows` does."""
    draft, _ = _opened(draft_id, read, written_by)
    named = None if source is None else find_source(source)
    return _write(
        draft, read, [{"kind": ChangeKind.GOVERNING, "governing": named}], reason=reason, written_by=written_by, now=now
    )[0]


def rebase_record_draft(*, draft_id: int, read: int, reason: str, written_by: Staff, now: datetime) -> RecordChange:
    """Put the draft's changes on the version that was published meanwhile.

    Raises NothingNewInRecord when it stands on the newest already, and as `list_windows` does; NotListed when
    a change takes off or replaces what the newer version does not list; RebaseConflict when that says something new
    of what the draft changes too: an extent, a finding, which source governs; or when it knows more than the draft.
    """
    draft, content = _opened(draft_id, read, written_by)
    newest = record_in_force(draft.incident)
    if newest is None or (content.base is not None and content.base.pk == newest.pk):
        raise NothingNewInRecord("The draft stands on the newest version already.")
    change = _write(draft, read, [{"kind": ChangeKind.REBASE, "base": newest}], reason=reason, written_by=written_by, now=now)[
        0
    ]
    moved = content_of_draft(draft)
    if moved.unmatched:
        gone = moved.unmatched[0]
        raise NotListed(f"Version {newest.number} does not list {gone}, which this draft changes. Open a new draft.")
    both = _said_over(content_of_base(content.base), content_of_base(newest), moved)
    if both:
        raise RebaseConflict(
            f"Version {newest.number} says something new of {', '.join(both)}, and so does this draft. "
            "Open a new draft on it and say there what is still to be said."
        )
    return change


def _said_over(before: DraftContent, newest: DraftContent, moved: DraftContent) -> list[str]:
    """What the newest version said anew and the changes, put on it, say otherwise; of windows `unmatched` tells."""
    old, theirs, mine = _said_once(before), _said_once(newest), _said_once(moved)
    names = [name for name in {**mine, **theirs} if old.get(name) != theirs.get(name) != mine.get(name)]
    if moved.as_of is not None and newest.as_of is not None and moved.as_of < newest.as_of:
        names.append(f"up to when it knows ({newest.as_of.isoformat()})")
    return names


def _said_once(content: DraftContent) -> dict[str, int | None]:
    """What a record says at most once of each name, by row."""
    said = {"which source governs": None if content.governing is None else content.governing.pk}
    said |= {f"the extent by {one.source}": one.pk for one in content.extents.values()}
    return said | {f"the finding {one.name}": one.pk for one in content.findings.values()}


def publish_record_draft(*, draft_id: int, read: int, after: int, published_by: Staff, now: datetime) -> RecordVersion:
    """Make the draft, as it was read, the official record, and close it.

    `after`: the number of the version it was compared with; 0: there is none. Raises OwnRecordDraft for somebody who
    wrote at it, RecordMovedOn, NothingNewInRecord, RecordDraftChanged, RecordDraftClosed, UnknownDraft, RoleMissing, and
    what `publish_record_version` raises.
    """
    now = check_instant(now, "now")
    require(published_by, PUBLISHERS, "publish the record")
    draft = _locked(draft_id, read)
    if published_by.pk in writers_of_record(draft):
        raise OwnRecordDraft("You wrote at this draft, or answered what it rests on; somebody who did not publishes it.")
    content = content_of_draft(draft)
    Incident.objects.select_for_update().get(pk=draft.incident_id)  # of two who publish, the second sees what the first did
    newest = record_in_force(draft.incident)
    number = newest.number if newest else 0
    if number != after or number != content.base_number:
        raise RecordMovedOn(f"Version {number} was published meanwhile. Put the draft on it and look again.")
    record = content.as_record()
    if record is None:
        raise AsOfMissing("Say first up to which instant this record knows.", field="as_of")
    version = publish_record_version(
        incident=draft.incident.key, content=record, now=now, published_by_id=published_by.pk, draft=draft
    )
    if version.draft_id != draft.pk:
        raise NothingNewInRecord(f"{version} says the same already; discard the draft.")
    _close(draft, DraftState.PUBLISHED, published_by, now)
    return version


def discard_record_draft(*, draft_id: int, read: int, discarded_by: Staff, now: datetime) -> RecordDraft:
    """Close a draft without publishing it. Raises RoleMissing, RecordDraftChanged, RecordDraftClosed, UnknownDraft."""
    now = check_instant(now, "now")
    require(discarded_by, WRITERS, "discard drafts of the record")
    draft = _locked(draft_id, read)
    _close(draft, DraftState.DISCARDED, discarded_by, now)
    _propose_again(draft, now)
    return draft


def _propose_again(draft: RecordDraft, now: datetime, **which: Any) -> None:
    """What was confirmed into a draft and came to nothing waits for an answer again, as a proposal of its own.

    `which`: of the answers, if not all.
    """
    asked = {f"answer__{name}": value for name, value in which.items()}
    lost = WindowProposal.objects.filter(answer__change__draft=draft, replaced_by=None, **asked).order_by("pk")
    lock_feeds(Feed.objects.filter(pk__in=lost.values("item__feed")))  # an import may be replacing one of them
    WindowProposal.objects.bulk_create(_copied(proposal, now) for proposal in lost)


def lock_feeds(feeds: QuerySet[Feed]) -> None:
    """Whoever changes what becomes of a feed's proposals waits for its imports. After a draft is locked, never before."""
    ids = list(feeds.values_list("pk", flat=True))
    list(Feed.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _copied(proposal: WindowProposal, now: datetime) -> WindowProposal:
    same = {f.attname: getattr(proposal, f.attname) for f in WindowProposal._meta.concrete_fields if not f.primary_key}
    return WindowProposal(**{**same, "replaces_id": proposal.pk, "proposed_at": now})


def writers_of_record(draft: RecordDraft) -> set[int]:
    """Ids of those whose word it is: who opened it, wrote a change, or attached or mapped what its windows come from.

    And who rejected, since its base was published, what feeds proposed for the incident: that is missing by their word.
    """
    answers = ProposalAnswer.objects.filter(proposal__item__incident=draft.incident_id)
    rejected = answers.filter(verdict=Verdict.REJECTED)
    if draft.base is not None:
        rejected = rejected.filter(answered_at__gte=draft.base.published_at)
    used = answers.filter(change__draft=draft)
    mapped = ComponentMapping.objects.filter(
        feed=OuterRef("proposal__item__feed"), component=OuterRef("proposal__component")
    ).order_by("-pk")
    return {
        draft.opened_by_id,
        *draft.changes.values_list("written_by", flat=True),
        *rejected.values_list("answered_by", flat=True),
        *used.exclude(proposal__item__attached_by=None).values_list("proposal__item__attached_by", flat=True),
        *used.exclude(proposal__component="").values_list(Subquery(mapped.values("mapped_by")[:1]), flat=True),
    } - {None}


def _opened(draft_id: int, read: int, written_by: Staff) -> tuple[RecordDraft, DraftContent]:
    require(written_by, WRITERS, "write at the record")
    draft = _locked(draft_id, read)
    return draft, content_of_draft(draft)


def read_record_draft(*, draft_id: int, read: int) -> RecordDraft:
    """The draft as it was read. Raises UnknownDraft, RecordDraftChanged, RecordDraftClosed."""
    return _locked(draft_id, read)


def _locked(draft_id: int, read: int) -> RecordDraft:
    """The draft, locked, if it is open and has no more changes than were read."""
    draft = RecordDraft.objects.select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None:
        raise UnknownDraft(f"There is no draft {draft_id} of the record.", field="draft")
    if draft.state != DraftState.OPEN:
        raise RecordDraftClosed(f"This draft is {draft.state}; open a new one.")
    written = draft.changes.count()
    if written != read:
        raise RecordDraftChanged(f"The draft has {written} changes, you read {read}. Look at it again first.")
    return draft


def _refuse_unlisted(listed: dict[int, Any], pk: int | None) -> None:
    if pk is not None and pk not in listed:
        raise NotListed(f"The draft does not list row {pk}. Look at it again first.", field="window")


def _write(
    draft: RecordDraft, read: int, changes: Sequence[dict[str, Any]], *, reason: str, written_by: Staff, now: datetime
) -> list[RecordChange]:
    kept = checked_reason(reason)
    at = check_instant(now, "now")
    rows = [
        RecordChange(draft=draft, number=number, reason=kept, written_by_id=written_by.pk, written_at=at, **change)
        for number, change in enumerate(changes, start=read + 1)
    ]
    return RecordChange.objects.bulk_create(rows)


def checked_reason(reason: str) -> str:
    """As it is kept. Raises ReasonRequired, InvalidValue when it is longer than 500 characters."""
    if not normalised(reason, "reason"):
        raise ReasonRequired("Say why, in a few words: others must be able to follow it.", field="reason")
    return _short(reason, "reason", 500)


def _short(text: str, field: str, most: int) -> str:
    kept = normalised(text, field)
    if not kept or len(kept) > most:
        raise InvalidValue(f"{field} has {len(kept)} characters; 1 to {most} are kept.", field=field)
    return kept


def _close(draft: RecordDraft, state: DraftState, closed_by: Staff, now: datetime) -> None:
    draft.state, draft.closed_by_id, draft.closed_at = state, closed_by.pk, now
    draft.save(update_fields=["state", "closed_by", "closed_at"])
