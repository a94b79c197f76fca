"""Staff enter what people tell them by telephone, chatbot, post, e-mail or at the counter. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.logins import address_is
from accounts.models import Person, PersonalData, SearchedKey, User
from accounts.operations import create_person
from accounts.search import LEAST_DIGITS, people_like
from claims.models import ENTERED_BY, Claim, ClaimEntry, ClaimOrigin, Event, Provenance
from claims.operations.decisions import DECIDERS, check_not_own
from claims.operations.intake import ToldFact, ToldLoss, insert_claims, open_claim
from claims.operations.locks import lock_entry
from claims.operations.refusals import Required
from services.instants import check_instant
from services.models import Incident
from services.refusals import InvalidValue, Refusal
from services.staff import require

NEWS = ("claim_opened", "claim_revised", "message_received")  # events that say that something was added


class ReceivedInFuture(Refusal):
    code = "received_in_future"


class ReceivedBeforeIncident(Refusal):
    code = "received_before_incident"


class PersonKnown(Refusal):
    """Somebody is reached there already; a second person would have a second claim."""

    code = "person_known"


class NotTheirWord(Refusal):
    """Nobody verified what somebody told: that is done later, with a note, on the claim's page."""

    code = "not_their_word"


class KeyUsed(Refusal):
    """Under this key something else was entered."""

    code = "key_used"


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is not known yet, with what they told of themselves. `locale`: of letters to them, ko or en.

    `another`: they are not who is reached by the same telephone or address, which a family or an office may share.
    """

    name: str
    phone: str = ""
    email: str = ""
    locale: str = "ko"
    another: bool = False


@dataclass(frozen=True)
class Entered:
    """`opened`: a new claim, else that of before. `news`: a revision or a message was added."""

    entry: ClaimEntry
    opened: bool
    news: bool

    @property
    def claim(self) -> Claim:
        return self.entry.claim


def enter_claim(
    *,
    key: UUID,
    person: Person | NewPerson,
    incident: Incident,
    channel: str,
    received_at: datetime,
    entered_by: User,
    now: datetime,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    message: str = "",
) -> Entered:
    """The person's one claim about the incident, with what they said, which stays their word whoever writes it down.

    `received_at` is when it reached us: a new claim is filed then, so that the last day to claim of a policy and the days
    to answer count from it, not from when somebody got round to typing it in. A claim that is there keeps when it was filed
    and until when it is answered; one that was over and now has a message gets new days, from `received_at` too. Events and
    revisions are of `now`. The same `key` again enters nothing and returns what was entered, also when both are sent at once.

    Raises RoleMissing, InvalidValue for a channel, ReceivedInFuture, ReceivedBeforeIncident, NotTheirWord, PersonKnown,
    OwnClaim, KeyUsed, Required, and what `open_claim`, `create_person` and `add_message` raise. Nothing is left of what is
    refused.
    """
    now = check_instant(now, "now")
    require(entered_by, DECIDERS, "enter a claim for somebody")
    check_their_word(losses, facts)
    received = _checked_channel_and_time(channel, received_at, incident, now)
    lock_entry(key)
    before = ClaimEntry.objects.filter(key=key).select_related("claim", "event").first()
    if before is not None:
        return _the_same(before, person, incident, (channel, received, entered_by.pk))
    known = person if isinstance(person, Person) else _made(person, now)
    check_not_own(known.pk, entered_by)
    opened = bool(
        insert_claims(person_ids=[known.pk], incident_id=incident.pk, origin=ClaimOrigin.FILED, partner=None, now=received)
    )
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    claim = open_claim(
        person=known, incident=incident, losses=losses, facts=facts, asks_for=asks_for, message=message, author=entered_by,
        now=now, received_at=received,
    )  # fmt: skip
    news = Event.objects.filter(pk__gt=last, actor=entered_by, kind__in=NEWS).exists()
    revision = claim.revisions.order_by("-number")[0].number
    data = {
        "channel": channel, "received_at": received.isoformat(), "revision": revision, "opened": opened, "news": news,
    }  # fmt: skip
    event = Event.objects.create(at=now, kind="claim_entered", actor=entered_by, claim=claim, data=data)
    entry = ClaimEntry.objects.create(
        event=event, claim=claim, key=key, channel=channel, received_at=received, revision=revision
    )
    return Entered(entry, opened, news)


def check_their_word(losses: Sequence[ToldLoss], facts: Sequence[ToldFact]) -> None:
    """Raises NotTheirWord for a fact by anybody else's word than the claimant's."""
    if any(fact.provenance != Provenance.CLAIMANT for fact in [*facts, *(one for loss in losses for one in loss.facts)]):
        raise NotTheirWord("What somebody told us is their word. Verify it on the claim's page.", field="facts")


def _checked_channel_and_time(channel: str, received_at: datetime, incident: Incident, now: datetime) -> datetime:
    if channel not in ENTERED_BY:
        raise InvalidValue(f"channel is {channel!r}. Use one of {', '.join(ENTERED_BY)}.", field="channel")
    received = check_instant(received_at, "received_at")
    if received > now:
        raise ReceivedInFuture("It cannot have reached us later than now.", field="received_at")
    if received < incident.started_at:
        told = f"The incident began at {incident.started_at.isoformat()}; a claim about it reached us later."
        raise ReceivedBeforeIncident(told, field="received_at")
    return received


def _the_same(entry: ClaimEntry, person: Person | NewPerson, incident: Incident, by: tuple[str, datetime, int]) -> Entered:
    """Raises KeyUsed."""
    claim, event = entry.claim, entry.event
    other_person = isinstance(person, Person) and person.pk != claim.person_id
    if other_person or claim.incident_id != incident.pk or (entry.channel, entry.received_at, event.actor_id) != by:
        raise KeyUsed("This form was sent before, with something else in it. Begin a new one.", field="key")
    return Entered(entry, event.data["opened"], event.data["news"])


def _made(said: NewPerson, now: datetime) -> Person:
    """Raises Required, PersonKnown, InvalidValue."""
    if not said.name.strip():
        raise Required("Say what the person is called.", field="name")
    if not (said.phone.strip() or said.email.strip()):
        raise Required("Give a telephone or an e-mail address by which the person is answered.", field="phone")
    if not said.another and _is_known(said):
        raise PersonKnown(
            "Somebody with this telephone or address is known. Find and choose them, or say that it is another person.",
            field="another",
        )
    return create_person(name=said.name, phone=said.phone, email=said.email, locale=said.locale, now=now)


def _is_known(said: NewPerson) -> bool:
    digits = "".join(one for one in said.phone if one.isdigit())
    email = said.email.strip()
    by_email = address_is("email", email) if email else Q(pk=None)
    by_phone = len(digits) >= LEAST_DIGITS and people_like(digits, SearchedKey.PHONE).exists()
    return by_phone or PersonalData.objects.filter(by_email).exists()
