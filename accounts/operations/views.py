"""Who of the staff sees what names a person, and who searches by it. Each expects a transaction."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.models import DataView, Payee, PersonalData, Role, SearchedKey, User, ViewNote, ViewReason
from accounts.operations.checks import checked_note
from accounts.payees import payee_of
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.salted import Salted
from services.staff import require

# Who answers people needs their names, and who audits looks at the same; a manager has to do with staff and partners only.
VIEWERS = (Role.CASEWORKER, Role.CHECKER, Role.AUDITOR)
PAYERS = (Role.FINANCE, Role.AUDITOR)  # by whom files with the accounts of many are taken
REASONS = tuple(reason for reason in ViewReason if reason not in (ViewReason.SEARCH, ViewReason.ROW, ViewReason.LIST))


class UnknownPersonalData(Unknown):
    """Nobody, or what named them was erased."""

    code = "unknown_personal_data"


class UnknownPayee(Unknown):
    """Nobody said where they are paid, or it was erased."""

    code = "unknown_payee"


class ViewReasonUnknown(Refusal):
    code = "view_reason_unknown"


def reveal_personal_data(*, person_id: int, reason: str, viewer: User, now: datetime, note: str = "") -> PersonalData:
    """What names a person, once the row that says who saw it and why is there.

    Commit before it is shown. Raises RoleMissing, ViewReasonUnknown, UnknownPersonalData, NoteTooLong.
    """
    at = check_instant(now, "now")
    require(viewer, VIEWERS, "see personal data")
    _check_reason(reason)
    text = checked_note(note, required=False)
    data = PersonalData.objects.filter(person=person_id).first()
    if data is None:
        raise UnknownPersonalData(f"Nothing names person {person_id}, or no longer.", field="person")
    _leave_row(DataView(person_id=person_id, viewer=viewer, reason=reason, at=at), text)
    return data


def reveal_payee(*, person_id: int, reason: str, viewer: User, now: datetime, note: str = "") -> Payee:
    """Where a person is paid, once the row that says who saw it and why is there.

    Commit before it is shown. Raises RoleMissing, ViewReasonUnknown, UnknownPayee, NoteTooLong.
    """
    at = check_instant(now, "now")
    require(viewer, VIEWERS, "see where somebody is paid")
    _check_reason(reason)
    text = checked_note(note, required=False)
    payee = payee_of(person_id)
    if payee is None:
        raise UnknownPayee(f"Nobody said where person {person_id} is paid, or it was erased.", field="person")
    _leave_row(DataView(person_id=person_id, viewer=viewer, reason=reason, payee=True, at=at), text)
    return payee


def reveal_payees(*, payee_ids: Sequence[int], reason: str, viewer: User, now: datetime) -> dict[int, Payee]:
    """For a file: these accounts by their numbers, without those erased, once each of their people has a row.

    Commit before the first byte goes out. As many queries however many there are. Raises RoleMissing, ViewReasonUnknown.
    """
    at = check_instant(now, "now")
    require(viewer, PAYERS, "take a file of where people are paid")
    _check_reason(reason)
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [viewer.pk, reason, at, list(payee_ids)])
    return Payee.objects.in_bulk(list(payee_ids))


SEEN = """
INSERT INTO accounts_dataview (person_id, viewer_id, reason, searched, payee, note_hash, at)
SELECT DISTINCT person_id, %s::bigint, %s, '', true, '', %s::timestamptz
  FROM accounts_payee WHERE event_id = ANY(%s::bigint[]) ORDER BY person_id"""


def _check_reason(reason: str) -> None:
    if reason not in REASONS:
        raise ViewReasonUnknown(f"{reason!r} is no reason to see it; known: {', '.join(REASONS)}.", field="reason")


def _leave_row(view: DataView, note: str) -> None:
    salted = Salted.of(note)
    view.note_hash = salted.digest
    view.save(force_insert=True)
    if note:
        ViewNote.objects.create(view=view, text=note, salt=salted.salt)


def record_rows(*, person_ids: Iterable[int], listed: bool, payee: bool, viewer: User, now: datetime) -> None:
    """Somebody of the staff opens the page of a table with rows about these people, a list or that of one.

    `payee`: where they are paid, masked. As many queries however many there are.
    """
    at = check_instant(now, "now")
    about = {"viewer": viewer, "reason": ViewReason.LIST if listed else ViewReason.ROW, "payee": payee, "at": at}
    DataView.objects.bulk_create(DataView(person_id=person, **about) for person in person_ids)


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
