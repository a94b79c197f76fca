"""The door to the people whom a partner's records are about. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from accounts.models import Partner, PartnerPerson
from services.instants import check_instant
from services.refusals import InvalidValue
from services.texts import one_line

LONGEST = 100  # characters of a partner's number


def know_people(*, partner: Partner, external_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """Ids of our people by the partner's numbers of them; whoever is not known yet begins to exist, and has nothing but that.

    Two who name the same new number at once get the same person. Raises InvalidCharacter, InvalidValue; nobody is made then.
    """
    now = check_instant(now, "now")
    for number in external_ids:
        check_number(number)
    numbers = sorted(set(external_ids))
    known = PartnerPerson.objects.filter(partner=partner, external_id__in=numbers)
    found = dict(known.values_list("external_id", "person_id"))
    new = [number for number in numbers if number not in found]
    if new:
        with connection.cursor() as cursor:
            cursor.execute(MAKE, {"partner": partner.pk, "numbers": new, "now": now})
        found = dict(known.values_list("external_id", "person_id"))
    return found


def check_number(number: str, field: str = "person") -> str:
    """A partner's own number, exactly as it is: it is sent again like that. Raises InvalidCharacter, InvalidValue."""
    if not number or len(number) > LONGEST or one_line(number, field) != number:
        raise InvalidValue(f"{field} is your own number: 1 to {LONGEST} characters, no space around it.", field=field)
    return number


# The number is taken first, in the order of the numbers, so that two who make the same people wait for each other and never in
# a circle; a person is made only for a number that was free.
MAKE = """
WITH taken AS (
    INSERT INTO accounts_partnerperson (partner_id, external_id, person_id)
    SELECT %(partner)s, number, nextval(pg_get_serial_sequence('accounts_person', 'id'))
      FROM unnest(%(numbers)s::text[]) WITH ORDINALITY AS asked(number, place) ORDER BY place
    ON CONFLICT DO NOTHING RETURNING person_id
)
INSERT INTO accounts_person (id, public_id, created_at)
SELECT person_id, gen_random_uuid(), %(now)s FROM taken ORDER BY person_id"""
