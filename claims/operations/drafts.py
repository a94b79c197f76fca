"""Policies are written by one person and published by another. Each operation expects a transaction."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from claims.eligibility import LONGEST_PACK
from claims.models import Comparison, DraftRevision, Event, PolicyDraft, PolicyVersion
from claims.operations.policy import publish_policy
from claims.operations.previews import compare_policy, refuse_unseen_policy
from claims.operations.refusals import ReferenceUnknown, Required, ValueTooLong
from services.instants import check_instant
from services.models import DraftState
from services.refusals import InvalidCharacter, Refusal
from services.staff import PUBLISHERS, WRITERS, require


class DraftClosed(Refusal):
    code = "draft_closed"


class DraftChanged(Refusal):
    """Somebody has written meanwhile: what was read is no longer what would be saved over, or published."""

    code = "draft_changed"


class OwnDraft(Refusal):
    code = "own_draft"


class NothingNew(Refusal):
    code = "nothing_new"


def open_draft(*, title: str, pack_yaml: str, opened_by: User, now: datetime, base: PolicyVersion | None = None) -> PolicyDraft:
    """A new draft with its first text. Raises RoleMissing, Required, ValueTooLong, InvalidCharacter."""
    now = check_instant(now, "now")
    require(opened_by, WRITERS, "write policies")
    title = title.strip()
    if not title:
        raise Required("A draft has a title, so that others know what it is for.", field="title")
    if len(title) > 200:
        raise ValueTooLong(f"The title has {len(title)} characters; at most 200 are kept.", field="title")
    _check_text(pack_yaml)
    draft = PolicyDraft.objects.create(title=title, base=base, opened_at=now)
    DraftRevision.objects.create(draft=draft, number=1, pack_yaml=pack_yaml, written_by=opened_by, written_at=now)
    Event.objects.create(at=now, kind="policy_draft_opened", actor=opened_by, data={"draft": draft.pk})
    return draft


def revise_draft(*, draft_id: int, pack_yaml: str, read: int, written_by: User, now: datetime) -> DraftRevision:
    """Add a text to a draft; the same text again returns the newest revision.

    `read`: the number of the revision that was changed. Raises DraftChanged when there is a newer one, DraftClosed,
    RoleMissing, Required, ValueTooLong, InvalidCharacter, ReferenceUnknown.
    """
    now = check_instant(now, "now")
    require(written_by, WRITERS, "write policies")
    _check_text(pack_yaml)
    draft, newest = _locked_draft(draft_id, read)
    if newest.pack_yaml == pack_yaml:
        return newest
    revision = DraftRevision.objects.create(
        draft=draft, number=newest.number + 1, pack_yaml=pack_yaml, written_by=written_by, written_at=now
    )
    data = {"draft": draft.pk, "revision": revision.number}
    Event.objects.create(at=now, kind="policy_draft_revised", actor=written_by, data=data)
    return revision


def preview_policy_draft(*, draft_id: int, read: int, begun_by: User, now: datetime) -> list[Comparison]:
    """Compare the claims that the newest revision touches; see `compare_policy`.

    Raises RoleMissing, DraftChanged, DraftClosed, ReferenceUnknown, PackRefused.
    """
    now = check_instant(now, "now")
    require(begun_by, WRITERS, "preview a draft of a policy")
    _, newest = _locked_draft(draft_id, read)
    return compare_policy(newest, begun_by=begun_by, now=now)


def publish_draft(*, draft_id: int, read: int, after: int, published_by: User, now: datetime) -> PolicyVersion:
    """Publish the newest revision, which is the one that was read, and close the draft.

    `after`: the number of the policy's version that it was compared with; 0: it has none. Raises OwnDraft for somebody
    who wrote at it, DraftChanged, DraftClosed, RoleMissing, ReferenceUnknown, NothingNew when the newest version says
    the same, VersionMovedOn, PackRefused, ExamplesDiffer, and PreviewMissing where claims are touched and nobody has seen
    how.
    """
    now = check_instant(now, "now")
    require(published_by, PUBLISHERS, "publish policies")
    draft, newest = _locked_draft(draft_id, read)
    if draft.revisions.filter(written_by=published_by).exists():
        raise OwnDraft("You wrote at this draft; somebody who did not publishes it.")
    refuse_unseen_policy(newest)
    version = publish_policy(
        pack_yaml=newest.pack_yaml, now=now, published_by=published_by, revision=newest, after=after, name=f"draft-{draft.pk}"
    )
    if version.revision_id != newest.pk:
        raise NothingNew(f"{version} says the same already; discard the draft.")
    _close(draft, DraftState.PUBLISHED, now)
    return version


def discard_draft(*, draft_id: int, read: int, discarded_by: User, now: datetime) -> PolicyDraft:
    """Close a draft without publishing it. Raises RoleMissing, DraftChanged, DraftClosed, ReferenceUnknown."""
    now = check_instant(now, "now")
    require(discarded_by, WRITERS, "discard drafts")
    draft, _ = _locked_draft(draft_id, read)
    _close(draft, DraftState.DISCARDED, now)
    Event.objects.create(at=now, kind="policy_draft_discarded", actor=discarded_by, data={"draft": draft.pk})
    return draft


def _check_text(pack_yaml: str) -> None:
    if not pack_yaml.strip():
        raise Required("The draft is empty; write a pack.", field="pack_yaml")
    if len(pack_yaml) > LONGEST_PACK:
        raise ValueTooLong(f"Found {len(pack_yaml):,} characters; at most {LONGEST_PACK:,} are kept.", field="pack_yaml")
    if "\x00" in pack_yaml:
        raise InvalidCharacter("Found a NUL character; send plain text.", field="pack_yaml")


def _locked_draft(draft_id: int, read: int) -> tuple[PolicyDraft, DraftRevision]:
    """The draft, locked, and its newest revision, if that is the one that was read."""
    draft = PolicyDraft.objects.select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None:
        raise ReferenceUnknown(f"There is no draft {draft_id}.")
    if draft.state != DraftState.OPEN:
        raise DraftClosed(f"This draft is {draft.state}; open a new one.")
    newest = draft.revisions.order_by("-number")[0]
    if newest.number != read:
        raise DraftChanged(f"Revision {newest.number} was written after the one you read ({read}); look at it first.")
    return draft, newest


def _close(draft: PolicyDraft, state: DraftState, now: datetime) -> None:
    draft.state, draft.closed_at = state, now
    draft.save(update_fields=["state", "closed_at"])
