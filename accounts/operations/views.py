"""Who of the staff sees what names a person, and who searches by it. Each expects a transaction."""

import re
from datetime import datetime
from uuid import UUID

from accounts.models import DataView, PersonalData, Role, SearchedKey, User, ViewNote, ViewReason
from accounts.operations.checks import checked_note
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.salted import Salted
from services.staff import require

# Who answers people needs their names, and who audits looks at the same; payment runs carry what finance needs, and a
# manager has to do with staff and partners only.
VIEWERS = (Role.CASEWORKER, Role.CHECKER, Role.AUDITOR)
REASONS = tuple(reason for reason in ViewReason if reason != ViewReason.SEARCH)


class UnknownPersonalData(Unknown):
    """Nobody, or what named them was erased."""

    code = "unknown_personal_data"


class ViewReasonUnknown(Refusal):
    code = "view_reason_unknown"


def reveal_personal_data(*, person_id: int, reason: str, viewer: User, now: datetime, note: str = "") -> PersonalData:
    """What names a person, once the row that says who saw it and why is there.

    Commit before it is shown. Raises RoleMissing, ViewReasonUnknown, UnknownPersonalData, NoteTooLong.
    """
    at = check_instant(now, "now")
    require(viewer, VIEWERS, "see personal data")
    if reason not in REASONS:
        raise ViewReasonUnknown(f"{reason!r} is no reason to see it; known: {', '.join(REASONS)}.", field="reason")
    text = checked_note(note, required=False)
    data = PersonalData.objects.filter(person=person_id).first()
    if data is None:
        raise UnknownPersonalData(f"Nothing names person {person_id}, or no longer.", field="person")
    salted = Salted.of(text)
    view = DataView.objects.create(person_id=person_id, viewer=viewer, reason=reason, note_hash=salted.digest, at=at)
    if text:
        ViewNote.objects.create(view=view, text=text, salt=salted.salt)
    return data


def record_search(*, text: str, viewer: User, now: datetime) -> SearchedKey:
    """Somebody looks for a person by what was typed in, of which only the kind is kept. Raises RoleMissing."""
    at = check_instant(now, "now")
    require(viewer, VIEWERS, "search people")
    kind = kind_of_key(text)
    DataView.objects.create(viewer=viewer, reason=ViewReason.SEARCH, searched=kind, at=at)
    return kind


def kind_of_key(text: str) -> SearchedKey:
    """What somebody types to find a person: with @ an address, a whole public id, digits of a number, otherwise a name."""
    kept = text.strip()
    if "@" in kept:
        return SearchedKey.EMAIL
    try:
        UUID(kept)
    except ValueError:
        return SearchedKey.PHONE if re.fullmatch(r"[+(]?[0-9][0-9 ()-]*", kept) else SearchedKey.NAME
    return SearchedKey.PUBLIC_ID
