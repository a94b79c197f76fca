"""People file their claims by themselves, on the web, without an account. Expects a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Channel, Person
from accounts.operations import create_person, record_consents
from claims.models import ClaimEntry, Event, NewsKind
from claims.operations.entering import check_their_word
from claims.operations.intake import ToldFact, ToldLoss, open_claim
from claims.operations.locks import lock_entry
from claims.operations.news import tell
from claims.operations.refusals import Required
from services.instants import check_instant
from services.models import Incident
from services.resident_numbers import check_no_resident_number, without_resident_numbers


@dataclass(frozen=True)
class Claimant:
    """Who claims, as they say it. `locale`: of letters to them, ko or en."""

    name: str
    email: str
    phone: str = ""
    locale: str = "ko"


def file_claim(
    *,
    key: UUID,
    claimant: Claimant,
    consents: Mapping[int, bool],
    incident: Incident,
    now: datetime,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    message: str = "",
) -> ClaimEntry:
    """A new person's claim about the incident. Nobody has checked who they are, so it is joined to nobody we know; that it may
    be a second one of theirs is a hint for staff (ADR 20).

    `consents`: yes or no to each text that is asked for now, by its number. The same `key` again files nothing and returns what
    was filed, also when both are sent at once. Resident registration numbers are refused in what names somebody, and masked in
    the message. Raises Required, ResidentNumber, EmailInvalid, InvalidValue, ConsentOutdated, ConsentRequired, NotTheirWord,
    and what `open_claim` raises. Nothing is left of what is refused.
    """
    now = check_instant(now, "now")
    check_their_word(losses, facts)
    lock_entry(key)
    before = ClaimEntry.objects.filter(key=key).select_related("claim").first()
    if before is not None:
        return before
    person = _made(claimant, now)
    record_consents(person=person, said=consents, channel=Channel.WEB, now=now)
    claim = open_claim(
        person=person, incident=incident, losses=losses, facts=facts, asks_for=asks_for, now=now,
        message=without_resident_numbers(message),
    )  # fmt: skip
    revision = claim.revisions.order_by("-number")[0].number
    data = {"channel": Channel.WEB.value, "revision": revision}
    event = Event.objects.create(at=now, kind="claim_filed", claim=claim, data=data)
    tell([claim.pk], NewsKind.FILED, now=now)
    return ClaimEntry.objects.create(
        event=event, claim=claim, key=key, channel=Channel.WEB, received_at=now, revision=revision
    )  # fmt: skip


def _made(said: Claimant, now: datetime) -> Person:
    for value, field, told in ((said.name, "name", "what you are called"), (said.email, "email", "where we can answer you")):
        if not value.strip():
            raise Required(f"Say {told}.", field=field)
    for value, field in ((said.name, "name"), (said.email, "email"), (said.phone, "phone")):
        check_no_resident_number(value, field)
    return create_person(name=said.name, email=said.email, phone=said.phone, locale=said.locale, now=now)
