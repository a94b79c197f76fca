"""A draft, of the record or of a policy, is signed only after somebody could see who gains and who loses by it.

Each operation expects a transaction.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from claims import hints
from claims.eligibility import ChangedSpan, EngineRefusal, Pack, Terms, changed_spans, compile_terms, instant_of, load_pack
from claims.facts import record_of, record_with
from claims.models import Comparison, ComparisonOf, ComparisonState, DraftRevision, Event, PolicyVersion, TermsInForce
from claims.operations.comparison import store_comparison
from claims.operations.policy import PackRefused, compile_terms_now, packs_in_force
from claims.operations.work import touched_claims
from services.contents import content_of_draft
from services.instants import check_instant
from services.models import Incident, RecordDraft, RecordVersion
from services.operations import AsOfMissing, check_record_content, publish_record_draft, read_record_draft
from services.refusals import Refusal
from services.staff import WRITERS, require

MOST_GROWTH = 1.05  # claims come in while people look


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
    against, claims = _touched(draft.incident, terms)
    return store_comparison(
        incident=draft.incident, of=ComparisonOf.RECORD_DRAFT, terms=terms, claim_ids=claims, now=now, against=against,
        begun_by=begun_by, record_draft=draft,
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
    return _current(done, draft.incident, terms)


def _terms_of_draft(draft: RecordDraft, now: datetime) -> Terms:
    content = content_of_draft(draft)
    record = content.as_record()
    if record is None:
        raise AsOfMissing("Say first up to which instant this record knows.", field="as_of")
    check_record_content(draft.incident, record, now)
    number = content.base_number + 1
    return compile_terms(record_with(record, incident=draft.incident, number=number), packs_in_force(draft.incident))


def _touched(incident: Incident, terms: Terms) -> tuple[Terms | None, list[int]]:
    """What is published without the draft, and the claims that may have another result with it."""
    compiled = compile_terms_now(incident)
    if compiled is None:
        return None, touched_claims(incident, [ChangedSpan(None)])
    return compiled.terms, touched_claims(incident, changed_spans(compiled.terms, terms))


# --- policies --------------------------------------------------------------------------------------


def compare_policy(revision: DraftRevision, *, begun_by: User, now: datetime) -> list[Comparison]:
    """Compare the claims that the revision touches, an incident at a time; none where it touches nobody. Raises PackRefused."""
    return [
        store_comparison(
            incident=incident, of=ComparisonOf.POLICY_DRAFT, terms=terms, claim_ids=claims, now=now, against=against,
            begun_by=begun_by, revision=revision,
        )
        for incident, terms, against, claims in _touched_by(revision)
    ]  # fmt: skip


def policy_draft_previews(revision: DraftRevision) -> list[tuple[Incident, Comparison | None]]:
    """Of each incident whose claims the revision touches, the newest finished comparison with what it would bring in force.

    Raises PackRefused.
    """
    return [(incident, _seen(revision, incident, terms)) for incident, terms, _, _ in _touched_by(revision)]


def refuse_unseen_policy(revision: DraftRevision) -> None:
    """Raises PreviewMissing, PackRefused."""
    unseen = [incident.key for incident, seen in policy_draft_previews(revision) if seen is None]
    if unseen:
        raise PreviewMissing(f"Look first who gains and who loses by this draft: {', '.join(unseen)} has no preview of it.")


def _seen(revision: DraftRevision, incident: Incident, terms: Terms) -> Comparison | None:
    done = revision.comparisons.filter(incident=incident, terms_hash=terms.content_hash, state=ComparisonState.DONE)
    return _current(done, incident, terms)


def _current(done: QuerySet[Comparison], incident: Incident, terms: Terms) -> Comparison | None:
    """The newest, unless it was held against other terms or the draft touches notably more claims by now."""
    newest = done.order_by("-pk").first()
    if newest is None:
        return None
    against, claims = _touched(incident, terms)
    same = newest.against == (against.content_hash if against else "")
    return newest if same and len(claims) <= newest.total * MOST_GROWTH else None


def _touched_by(revision: DraftRevision) -> list[tuple[Incident, Terms, Terms | None, list[int]]]:
    pack = _pack_of(revision)
    found = []
    for incident in Incident.objects.filter(pk__in=TermsInForce.objects.values("incident")).order_by("pk"):
        version = incident.versions.order_by("-number")[0]
        packs = {other.code: other for other in packs_in_force(incident)}
        if _is_for(pack, incident):  # otherwise a version before it stays in force there
            packs[pack.code] = pack
        terms = compile_terms(record_of(version), [packs[code] for code in sorted(packs)])
        against, claims = _touched(incident, terms)
        if claims:
            found.append((incident, terms, against, claims))
    return found


def _pack_of(revision: DraftRevision) -> Pack:
    """As the version that it would become."""
    try:
        read = load_pack(revision.pack_yaml, f"draft-{revision.draft_id}")
    except EngineRefusal as refusal:
        raise PackRefused(refusal) from refusal
    newest = PolicyVersion.objects.filter(policy__code=read.code).order_by("-number").first()
    return Pack(read.body, read.document, newest.number + 1 if newest else 1)


def _is_for(pack: Pack, incident: Incident) -> bool:
    before = pack.incidents_before
    return instant_of(pack.incidents_from) <= incident.started_at and (
        before is None or incident.started_at < instant_of(before)
    )
