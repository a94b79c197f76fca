"""Two that name the same new people at once: the second waits, and gets those of the first."""

from __future__ import annotations

import pytest

from accounts.models import PartnerPerson, Person
from accounts.operations import know_people
from tests.builders import NOW, a_partner
from tests.race.together import in_transaction, one_before_the_other, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_new_people_are_made_once():
    numbers = {"partner": a_partner(), "external_ids": ["1", "2", "3"], "now": NOW}
    first, second = one_before_the_other(know_people, know_people, **numbers)
    assert first == second
    assert (Person.objects.count(), PartnerPerson.objects.count()) == (3, 3)


def test_in_whatever_order_they_are_named_nobody_waits_in_a_circle():
    numbers = [f"{n:04}" for n in range(2_000)]
    partner = a_partner()
    ways = [numbers, numbers[::-1]] * 2
    calls = [in_transaction(know_people, partner=partner, external_ids=way, now=NOW) for way in ways]
    assert len({frozenset(found.items()) for found in together(*calls)}) == 1
    assert Person.objects.count() == 2_000
