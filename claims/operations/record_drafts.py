"""A draft of the record is signed only after somebody could see who gains and who loses by it. Expects a transaction."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from claims import hints
from claims.eligibility import ChangedSpan, Terms, changed_spans, compile_terms
from claims.facts import record_with, terms_of
from claims.models import Comparison, ComparisonOf, ComparisonState, Event, TermsInForce
from claims.operations.comparison import store_comparison
from claims.operations.policy import packs_in_force
from claims.operations.work import touched_claims
from services.contents import content_of_draft
from services.instants import check_instant
from services.models import RecordDraft, RecordVersion
from services.operations import AsOfMissing, check_record_content, publish_record_draft, read_record_draft
from services.refusals import Refusal
from services.staff import WRITERS, require


class PreviewMissing(Refusal):
    """Nobody has seen yet what these words would change."""

    code = "preview_missing"


def preview_record_draft(*, draft_id: int, read: int, begun_by: User, now: datetime) -> Comparison:
    """Compare the claims that the draft touches with what they have now; one that is under way for the same is returned.

    Raises RoleMissing, UnknownDraft, RecordDraftChanged, RecordDraftClosed, AsOfMissing, and what
    `check_record_content` raises.
    """
    now = check_instant(now, "now")
    require(begun_by, WRITERS, "preview a draft of the record")
    draft = read_record_draft(draft_id=draft_id, read=read)
    terms = _terms_of_draft(draft, now)
    open_one = draft.comparisons.filter(terms_hash=terms.content_hash, state=ComparisonState.OPEN).first()
    if open_one is not None:
        return open_one
    newest = TermsInForce.objects.filter(incident=draft.incident).order_by("-pk").select_related("terms").first()
    spans = [ChangedSpan(None)] if newest is None else changed_spans(terms_of(newest.terms), terms)
    claims = touched_claims(draft.incident, spans)
    return store_comparison(
        incident=draft.incident, of=ComparisonOf.RECORD_DRAFT, terms=terms, claim_ids=claims, now=now, begun_by=begun_by,
        record_draft=draft,
    )  # fmt: skip


def publish_previewed_record(*, draft_id: int, read: int, after: int, published_by: User, now: datetime) -> RecordVersion:
    """Publish a draft of which a preview is done, under the policies that are in force now.

    Raises PreviewMissing, and what `services.operations.publish_record_draft` raises.
    """
    now = check_instant(now, "now")
    draft = read_record_draft(draft_id=draft_id, read=read)
    seen = preview_of(draft, _terms_of_draft(draft, now))
    if seen is None:
        raise PreviewMissing("Look first who gains and who loses by this draft: begin the preview and wait for it.")
    version = publish_record_draft(draft_id=draft_id, read=read, after=after, published_by=published_by, now=now)
    data = {"incident": draft.incident_id, "version": version.number, "draft": draft.pk, "comparison": seen.pk}
    Event.objects.create(at=now, kind="record_published", actor=published_by, data=data)
    hints.write_hint(hints.SWEEP, now=now)
    return version


def record_draft_preview(draft: RecordDraft, *, now: datetime) -> Comparison | None:
    """The newest finished comparison of the draft as it is, under the policies in force; None too where it cannot be one."""
    try:
        return preview_of(draft, _terms_of_draft(draft, now))
    except Refusal:
        return None


def preview_of(draft: RecordDraft, terms: Terms) -> Comparison | None:
    """The newest finished comparison of the draft with these very terms."""
    done = draft.comparisons.filter(terms_hash=terms.content_hash, state=ComparisonState.DONE)
    return done.order_by("-pk").first()


def _terms_of_draft(draft: RecordDraft, now: datetime) -> Terms:
    content = content_of_draft(draft)
    record = content.as_record()
    if record is None:
        raise AsOfMissing("Say first up to which instant this record knows.", field="as_of")
    check_record_content(draft.incident, record, now)
    number = content.base_number + 1
    return compile_terms(record_with(record, incident=draft.incident, number=number), packs_in_force(draft.incident))
