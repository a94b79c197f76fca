"""The door to the people whom a partner's records are about. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Partner
from services.instants import check_instant
from services.prepared import prepared_cursor
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
    return know_checked_people(partner_id=partner.pk, numbers=sorted(set(external_ids)), now=now)


def know_checked_people(*, partner_id: int, numbers: Sequence[str], now: datetime) -> dict[str, int]:
    """As `know_people`, of numbers that `check_number` has passed, each once and in order: for who has checked many at once."""
    with prepared_cursor(rows=len(numbers)) as cursor:
        cursor.execute(KNOW, {"partner": partner_id, "numbers": "\n".join(numbers), "now": now})
        found = dict(cursor.fetchall())
    if len(found) < len(numbers):  # somebody else made them meanwhile
        found |= _known(partner_id=partner_id, numbers=[number for number in numbers if number not in found])
    return found


def _known(*, partner_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """Ids of those of them whom we know, by the partner's number. Makes nobody."""
    with prepared_cursor(rows=len(numbers)) as cursor:
        cursor.execute(KNOWN, {"partner": partner_id, "numbers": "\n".join(numbers)})
        return dict(cursor.fetchall())


def check_number(number: str, field: str = "person") -> str:
    """A partner's own number, exactly as it is: it is sent again like that. Raises InvalidCharacter, InvalidValue."""
    if not number or len(number) > LONGEST or one_line(number, field) != number:
        raise InvalidValue(f"{field} is your own number: 1 to {LONGEST} characters, no space around it.", field=field)
    return number


# Numbers as one text: each is on one line, and an array of 80,000 takes the client longer to write than the database to read.
KNOWN = """
SELECT external_id, person_id FROM accounts_partnerperson
 WHERE partner_id = %(partner)s AND external_id = ANY(string_to_array(%(numbers)s, E'\n'))"""
# The number is taken first, in the order of the numbers, so that two who make the same people wait for each other and never in
# a circle; a person is made only for a number that was free. The sequence is looked up once, not for each row.
KNOW = f"""
WITH known AS ({KNOWN}
), taken AS (
    INSERT INTO accounts_partnerperson (partner_id, external_id, person_id)
    SELECT %(partner)s, number, nextval((SELECT pg_get_serial_sequence('accounts_person', 'id')::regclass))
      FROM unnest(string_to_array(%(numbers)s, E'\n')) WITH ORDINALITY AS asked(number, place)
     WHERE NOT EXISTS (SELECT 1 FROM known WHERE external_id = number)
     ORDER BY place
    ON CONFLICT DO NOTHING RETURNING external_id, person_id
), made AS (
    INSERT INTO accounts_person (id, public_id, created_at)
    SELECT person_id, gen_random_uuid(), %(now)s FROM taken ORDER BY person_id
)
SELECT external_id, person_id FROM known UNION ALL SELECT external_id, person_id FROM taken"""  # noqa: S608 - our own text
