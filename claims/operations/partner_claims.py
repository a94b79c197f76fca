"""Partners claim for the people whom they know by numbers of their own. Expects a transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Channel, Partner, Person
from accounts.operations import check_number, know_people, name_person, record_consents
from claims.models import Claim, ClaimOrigin, NewsKind, PartnerClaim, Provenance, Usage, UsageKind
from claims.operations.filing import Claimant
from claims.operations.intake import ToldFact, ToldLoss, open_claim
from claims.operations.locks import lock_entry
from claims.operations.news import tell
from services.instants import check_instant
from services.models import Incident
from services.prepared import prepared_cursor, prepared_row
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
    check_partners_word(losses, facts)
    content = _digest(person, incident, losses, facts, asks_for, message, named)
    lock_entry(uuid5(NAMESPACE_OID, f"partner claim\n{partner.pk}\n{external_id}"))
    before = prepared_row(PartnerClaim, "partner_id = %s AND external_id = %s", [partner.pk, external_id])
    if before is not None:
        if before.content_hash != content:
            raise ClaimDiffers("This number is known with another content.", field="external_id")
        return ClaimedFor(before, made=False)
    who = Person(pk=know_people(partner=partner, external_ids=[person], now=now)[person])  # who they are is not asked
    says_nothing = not (losses or facts or asks_for or message.strip())
    if named is not None:
        name_person(person=who, **asdict(named.claimant))
        record_consents(person=who, said=named.consents, channel=Channel.PARTNER, now=now)
    claim = open_claim(
        person=who, incident=incident, losses=losses, facts=facts, asks_for=asks_for, now=now, partner=partner,
        origin=ClaimOrigin.PARTNER, message=without_resident_numbers(message),
        by_usage=says_nothing and Usage.objects.filter(person=who).exclude(kind=UsageKind.LOCK).exists(),
    )  # fmt: skip
    known_as = PartnerClaim(claim=claim, partner=partner, external_id=external_id, content_hash=content, claimed_at=now)
    made, reached = _know(known_as)  # only now: whoever claims for the same person waits for the claim
    if not made:
        raise DuplicateClaim("This person has a claim about this incident under another number.", field="external_id")
    if reached:
        tell([claim.pk], NewsKind.FILED, now=now)
    return ClaimedFor(known_as, made=True)


def _know(known_as: PartnerClaim) -> tuple[bool, bool]:
    """With its event. Whether the claim had no number of a partner's yet; whether its person has an e-mail address."""
    columns: dict[str, Any] = {
        "claim": known_as.claim_id, "partner": known_as.partner_id, "number": known_as.external_id,
        "content": known_as.content_hash, "now": known_as.claimed_at, "person": known_as.claim.person_id,
        "data": json.dumps({"channel": Channel.PARTNER.value, "partner": known_as.partner_id}),
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(KNOW, columns)
        made, reached = cursor.fetchone()
    return made, reached


KNOW = """
WITH known AS (
    INSERT INTO claims_partnerclaim (claim_id, partner_id, external_id, content_hash, claimed_at)
    VALUES (%(claim)s, %(partner)s, %(number)s, %(content)s, %(now)s)
    ON CONFLICT (claim_id) DO NOTHING RETURNING claim_id
), filed AS (
    INSERT INTO claims_event (at, kind, claim_id, data) SELECT %(now)s, 'claim_filed', claim_id, %(data)s::jsonb FROM known
)
SELECT EXISTS (SELECT 1 FROM known),
       EXISTS (SELECT 1 FROM accounts_personaldata WHERE person_id = %(person)s AND email <> '')"""


def is_of_partner(claim: Claim, partner: Partner) -> bool:
    """Whether the partner made it, or it came of what the partner reported; not one that the person filed themself."""
    return claim.partner_id == partner.pk or PartnerClaim.objects.filter(claim=claim, partner=partner).exists()


def check_partners_word(losses: Sequence[ToldLoss], facts: Sequence[ToldFact]) -> None:
    """Raises NotAPartnersWord."""
    if any(fact.provenance not in THEIR_PROVENANCE for fact in [*facts, *(one for loss in losses for one in loss.facts)]):
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
