"""Claims get the keys by which they are compared, and lose them when what names a person is erased. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Person
from claims.keys import digest_of
from claims.models import Claim, ClaimKey, Event, KeyKind
from claims.operations.moves import UnknownClaim
from services.instants import check_instant
from services.prepared import prepared_cursor
from services.refusals import Refusal
from services.texts import normalised


class KeyKindUnknown(Refusal):
    code = "key_kind_unknown"


class KeyUnreadable(Refusal):
    """Kept like this it would be like no other, or like all others that are as unreadable."""

    code = "key_unreadable"


Key = tuple[int, int, str, UUID]  # claim, incident, kind, digest
OF_PEOPLE = (KeyKind.ACCOUNT.value, KeyKind.NAME.value, KeyKind.PHONE.value, KeyKind.EMAIL.value)  # as in PEOPLE


def key_claims(*, claim_ids: Sequence[int], now: datetime) -> int:
    """Give the claims the keys that their people have: account, name, phone, e-mail address, payees; how many claims got one.

    Those are compared with all others. Keys that are there already are not added again.
    """
    return len(insert_keys(_keys_of_people(claim_ids), compare_at=check_instant(now, "now")))


def add_key(*, claim_id: int, kind: str, value: str | bytes, now: datetime) -> bool:
    """What a claim gets later: a payee (`bank code:account number`), a device, a document (its bytes), ...

    False if the claim has it already. Raises KeyKindUnknown, KeyUnreadable, UnknownClaim, InvalidValue.
    """
    now = check_instant(now, "now")
    if kind not in KeyKind.values:
        raise KeyKindUnknown(f"kind is {kind!r}. Use one of {', '.join(KeyKind.values)}.", field="kind")
    digest = digest_of(kind, value if isinstance(value, bytes) else normalised(value, "value"))
    if digest is None:
        raise KeyUnreadable(f"This is no {kind} that could be compared with another one. See claims/keys.py.", field="value")
    claim = Claim.objects.filter(pk=claim_id).first()
    if claim is None:
        raise UnknownClaim(f"There is no claim {claim_id}.", field="claim")
    return bool(insert_keys([(claim.pk, claim.incident_id, kind, digest)], compare_at=now))


def erase_keys(*, person_id: int, now: datetime) -> int:
    """Delete the keys of all claims of the person; how many. Open hints that rest on them go with the finder's next look.

    What is left is the digest of the person's own number, which stays with the person and names nobody.
    """
    now = check_instant(now, "now")
    claims = list(Claim.objects.filter(person=person_id).order_by("pk").values_list("pk", flat=True))
    own = digest_of(KeyKind.ACCOUNT, str(Person.objects.get(pk=person_id).public_id))
    assert own is not None, "a number can be compared"
    erased, _ = ClaimKey.objects.filter(claim__in=claims).exclude(kind=KeyKind.ACCOUNT, digest=own).delete()
    twins_are_due(claims, now=now)
    Event.objects.create(at=now, kind="keys_erased", data={"person": person_id, "keys": erased})
    return erased


def unkeyed_claims(claim_ids: Sequence[int]) -> list[int]:
    """Those of the claims that were never keyed: whoever was has the person's own number as an account."""
    with connection.cursor() as cursor:
        cursor.execute(UNKEYED, [list(claim_ids)])
        return [row[0] for row in cursor.fetchall()]


def key_unkeyed(claim_ids: Sequence[int]) -> None:
    """Before these claims are compared: keys for those that were never keyed."""
    insert_keys(_keys_of_people(unkeyed_claims(claim_ids)))


def twins_are_due(claim_ids: Sequence[int], *, now: datetime) -> None:
    """The claims are to be compared with all others. Nobody is woken for it: it comes before settlements, or with the sweep."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"claims": list(claim_ids), "now": now})


def _keys_of_people(claim_ids: Sequence[int]) -> list[Key]:
    with prepared_cursor(rows=len(claim_ids)) as cursor:
        cursor.execute(PEOPLE, [list(claim_ids)])
        rows = cursor.fetchall()
    return [
        (claim, incident, kind, digest)
        for claim, incident, payees, *values in rows
        for kind, value in [*zip(OF_PEOPLE, values, strict=True), *((KeyKind.PAYEE.value, payee) for payee in payees)]
        if (digest := digest_of(kind, value)) is not None
    ]


def insert_keys(keys: Sequence[Key], *, compare_at: datetime | None = None) -> set[int]:
    """The claims that got a key which they did not have. `compare_at`: they are due to be compared, as of this instant."""
    columns: dict[str, Any] = {
        "claims": [key[0] for key in keys], "incidents": [key[1] for key in keys],
        "kinds": ",".join(key[2] for key in keys), "digests": ",".join(key[3].hex for key in keys), "now": compare_at,
    }  # fmt: skip
    with prepared_cursor(rows=len({key[0] for key in keys})) as cursor:
        cursor.execute(INSERT, columns)
        return {row[0] for row in cursor.fetchall()}


UNKEYED = """
SELECT id FROM unnest(%s::bigint[]) AS c(id)
 WHERE NOT EXISTS (SELECT 1 FROM claims_claimkey k WHERE k.claim_id = c.id AND k.kind = 'account') ORDER BY id"""

PEOPLE = """
SELECT c.id, c.incident_id,
       ARRAY(SELECT y.bank || ':' || y.account FROM accounts_payee y WHERE y.person_id = c.person_id ORDER BY y.event_id),
       p.public_id::text, coalesce(d.name, ''), coalesce(d.phone, ''), coalesce(d.email, '')
  FROM unnest(%s::bigint[]) AS wanted(id)
  JOIN claims_claim c USING (id)
  JOIN accounts_person p ON p.id = c.person_id
  LEFT JOIN accounts_personaldata d ON d.person_id = c.person_id
 ORDER BY c.id"""

# Kinds and digests as one text each: an array of 80,000 takes the client longer to write than the database to read.
INSERT = """
WITH keyed AS (
    INSERT INTO claims_claimkey (claim_id, incident_id, kind, digest)
    SELECT claim_id, incident_id, kind, digest::uuid
      FROM unnest(%(claims)s::bigint[], %(incidents)s::bigint[], string_to_array(%(kinds)s, ','),
                  string_to_array(%(digests)s, ',')) AS key(claim_id, incident_id, kind, digest)
    ON CONFLICT DO NOTHING RETURNING claim_id, incident_id
), due AS (
    INSERT INTO claims_twindue (claim_id, incident_id, attempts, last_error, created_at)
    SELECT DISTINCT claim_id, incident_id, 0, '', %(now)s::timestamptz FROM keyed
     WHERE %(now)s::timestamptz IS NOT NULL ORDER BY claim_id
)
SELECT DISTINCT claim_id FROM keyed"""

DUE = """
INSERT INTO claims_twindue (claim_id, incident_id, attempts, last_error, created_at)
SELECT c.id, c.incident_id, 0, '', %(now)s FROM claims_claim c WHERE c.id = ANY(%(claims)s::bigint[]) ORDER BY c.id"""
