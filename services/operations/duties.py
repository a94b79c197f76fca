"""Keeping what proves that a notice went out. Expects a transaction."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from services.instants import check_instant
from services.lookups import find_incident
from services.models import DutyProof, Incident
from services.models.duties import MEDIA_TYPE, MOST_BYTES
from services.refusals import InvalidValue, Refusal
from services.staff import WRITERS, Staff, require
from services.texts import normalised
from services.values import check_values

UNKNOWN_MEDIA = "application/octet-stream"


class ProofInFuture(Refusal):
    code = "proof_in_future"


class ProofBeforeIncident(Refusal):
    code = "proof_before_incident"


class ProofMissing(Refusal):
    """Neither a document nor an address."""

    code = "proof_missing"


class DocumentTooLarge(Refusal):
    code = "document_too_large"


@dataclass(frozen=True)
class Document:
    """A file as it was sent in. A media type that is none is kept as unknown bytes."""

    name: str
    media_type: str
    content: bytes


def record_proof(
    *, incident: str, kind: str, sent_at: datetime, channel: str, document: Document | None = None, url: str = "",
    note: str = "", recorded_by: Staff, now: datetime,
) -> DutyProof:  # fmt: skip
    """Keep the proof that a notice of this kind went out for the incident (by key).

    The same again returns what is kept. Raises RoleMissing, UnknownIncident, ProofInFuture, ProofBeforeIncident,
    ProofMissing, DocumentTooLarge, InvalidValue, and what `check_instant` raises.
    """
    now = check_instant(now, "now")
    require(recorded_by, WRITERS, "record what was sent")
    about = find_incident(incident)
    at = _sent(check_instant(sent_at, "sent_at"), about, now)
    proof = DutyProof(
        incident=about, kind=kind, sent_at=at, channel=normalised(channel, "channel"), url=_address(url),
        note=normalised(note, "note"), recorded_by_id=recorded_by.pk, recorded_at=now, **_described(document),
    )  # fmt: skip
    if document is None and not proof.url:
        raise ProofMissing("Attach the document that was sent, or give the address where it can be read.", field="document")
    check_values(proof, "content")
    Incident.objects.select_for_update(no_key=True).get(pk=about.pk)  # so that a form sent twice is kept once
    same = ("incident", "kind", "sent_at", "channel", "content_hash", "url")
    kept = DutyProof.objects.filter(**{name: getattr(proof, name) for name in same}).first()
    if kept is not None:
        return kept
    proof.save(force_insert=True)
    return proof


def _sent(at: datetime, incident: Incident, now: datetime) -> datetime:
    if at > now:
        raise ProofInFuture(f"It cannot have been sent at {at.isoformat()}, which is still to come.", field="sent_at")
    if at < incident.started_at:
        began = incident.started_at.isoformat()
        raise ProofBeforeIncident(f"Sent at {at.isoformat()}, but the incident began at {began}.", field="sent_at")
    return at


def _address(url: str) -> str:
    kept = normalised(url, "url")
    try:
        if kept:
            URLValidator(schemes=["http", "https"])(kept)
    except ValidationError as error:
        raise InvalidValue(f"{kept!r} is no address. Give one that begins with https://.", field="url") from error
    return kept


def _described(document: Document | None) -> dict[str, object]:
    """Columns of the document."""
    if document is None:
        return {}
    size = len(document.content)
    if size > MOST_BYTES:
        raise DocumentTooLarge(f"The document has {size:,} bytes; at most {MOST_BYTES:,} are kept.", field="document")
    if not size:
        raise ProofMissing("The document is empty.", field="document")
    named = "".join(character for character in PurePath(normalised(document.name, "name")).name if character.isprintable())
    media = document.media_type.lower()
    return {
        "content": document.content, "content_hash": hashlib.sha256(document.content).hexdigest(),
        "media_type": media if re.fullmatch(MEDIA_TYPE, media) and len(media) <= 100 else UNKNOWN_MEDIA,
        "name": named[-200:] or "document",
    }  # fmt: skip
