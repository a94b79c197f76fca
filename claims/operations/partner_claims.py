"""Partners claim for the people whom they know by numbers of their own. Expects a transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Channel, Partner, Person, PersonalData
from accounts.operations import check_number, know_people, name_person, record_consents
from claims.models import ClaimOrigin, Event, NewsKind, PartnerClaim, Provenance, Usage
from claims.operations.filing import Claimant
from claims.operations.intake import ToldFact, ToldLoss, open_claim
from claims.operations.locks import lock_entry
from claims.operations.news import tell
from services.instants import check_instant
from services.models import Incident
from services.refusals import Refusal
from services.resident_numbers import without_resident_numbers

THEIR_PROVENANCE = (Provenance.CLAIMANT, Provenance.PARTNER)


class DuplicateClaim(Refusal):
    """The person has one about the incident already, which this partner knows by another number."""

    code = "duplicate_claim"


class ClaimDiffers(Refusal):
    """One number, one content: what a claim says later is told by a correction."""

    code = "claim_differs"


class NotAPartnersWord(Refusal):
    code = "provenance_unknown"


@dataclass(frozen=True)
class Named:
    """What names the person, as the partner was told, with yes or no to each text that is asked for, by its id."""

    claimant: Claimant
    consents: Mapping[int, bool]


@dataclass(frozen=True)
class ClaimedFor:
    """`made`: now, not before under the same number."""

    known_as: PartnerClaim
    made: bool


def claim_for(
    *,
    partner: Partner,
    external_id: str,
    person: str,
    incident: Incident,
    now: datetime,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    message: str = "",
    named: Named | None = None,
) -> ClaimedFor:
    """The person's one claim about the incident, which the partner knows by `external_id` from now on. `person`: the partner's
    own number of them. A claim that came of their usage before is that one.

    The same number with the same content returns what is there, also when both are sent at once. Whoever has usage here needs
    no other loss. Raises ClaimDiffers, DuplicateClaim, NotAPartnersWord, and what `know_people`, `name_person`,
    `record_consents` and `open_claim` raise. Nothing is left of what is refused.
    """
    now = check_instant(now, "now")
    check_number(external_id, "external_id")
    _check_their_word([*facts, *(fact for loss in losses for fact in loss.facts)])
    content = _digest(person, incident, losses, facts, asks_for, message, named)
    lock_entry(uuid5(NAMESPACE_OID, f"partner claim\n{partner.pk}\n{external_id}"))
    before = PartnerClaim.objects.select_related("claim").filter(partner=partner, external_id=external_id).first()
    if before is not None:
        if before.content_hash != content:
            raise ClaimDiffers("This number is known with another content.", field="external_id")
        return ClaimedFor(before, made=False)
    who = Person.objects.get(pk=know_people(partner=partner, external_ids=[person], now=now)[person])
    if named is not None:
        name_person(person=who, **asdict(named.claimant))
        record_consents(person=who, said=named.consents, channel=Channel.PARTNER, now=now)
    claim = open_claim(
        person=who, incident=incident, losses=losses, facts=facts, asks_for=asks_for, now=now, partner=partner,
        origin=ClaimOrigin.PARTNER, message=without_resident_numbers(message),
        by_usage=Usage.objects.filter(person=who).exists(),
    )  # fmt: skip
    if PartnerClaim.objects.filter(claim=claim).exists():  # only now: whoever claims for the same person waits for the claim
        raise DuplicateClaim("This person has a claim about this incident under another number.", field="external_id")
    known_as = PartnerClaim.objects.create(
        claim=claim, partner=partner, external_id=external_id, content_hash=content, claimed_at=now
    )
    data = {"channel": Channel.PARTNER.value, "partner": partner.pk}
    Event.objects.create(at=now, kind="claim_filed", claim=claim, data=data)
    if PersonalData.objects.filter(person=who).exclude(email="").exists():
        tell([claim.pk], NewsKind.FILED, now=now)
    return ClaimedFor(known_as, made=True)


def _check_their_word(facts: Sequence[ToldFact]) -> None:
    if any(fact.provenance not in THEIR_PROVENANCE for fact in facts):
        raise NotAPartnersWord("A partner says what the claimant told it, or what it has on record.", field="provenance")


def _digest(person: str, incident: Incident, *said: object) -> str:
    text = json.dumps([person, incident.key, *said], default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, (ToldLoss, ToldFact, Claimant)):
        return asdict(value)
    if isinstance(value, Named):
        return [asdict(value.claimant), sorted(value.consents.items())]
    return str(value)
