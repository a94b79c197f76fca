"""A partner's numbers of people: whoever it names is one person here, and nobody of another partner."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import PartnerPerson, Person, PersonalData
from accounts.operations import know_people
from services.refusals import Refusal
from tests.builders import NOW, a_partner

pytestmark = pytest.mark.django_db


def test_whoever_is_named_begins_to_exist_once_and_has_no_name():
    partner = a_partner()
    first = know_people(partner=partner, external_ids=["b", "a", "b"], now=NOW)
    again = know_people(partner=partner, external_ids=["a", "c"], now=NOW)
    assert first.keys() == {"a", "b"}
    assert again["a"] == first["a"]
    assert len({*first.values(), *again.values()}) == 3
    assert set(Person.objects.values_list("pk", "created_at")) == {(pk, NOW) for pk in {*first.values(), *again.values()}}
    assert not PersonalData.objects.exists()


def test_the_number_of_another_partner_is_another_person():
    ours, theirs = (know_people(partner=a_partner(code), external_ids=["1"], now=NOW) for code in ("ours", "theirs"))
    assert ours["1"] != theirs["1"]
    assert PartnerPerson.objects.count() == 2


@pytest.mark.parametrize("number", ["", " ", " 1", "1\n", "1" * 101, "a\x00b", "\ud800", "e\u0301", "a\u202eb"])
def test_what_is_no_number_is_refused_and_nobody_is_made(number: str):
    with pytest.raises(Refusal) as refused:
        know_people(partner=a_partner(), external_ids=["good", number], now=NOW)
    assert refused.value.field == "person"
    assert not Person.objects.exists()


@pytest.mark.parametrize("number", ["", "1"])
def test_the_database_refuses_an_empty_number_and_one_that_is_taken(number: str):
    partner = a_partner()
    people = know_people(partner=partner, external_ids=["1", "2"], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerPerson.objects.filter(person=people["2"]).update(external_id=number)
