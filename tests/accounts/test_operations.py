"""People, staff and partners."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import AccountEvent, Partner, Person, PersonalData, RoleGrant, User
from accounts.operations import (
    EmailInvalid,
    EmailTaken,
    PartnerCodeInvalid,
    PartnerDiffers,
    UnknownRole,
    UnknownUser,
    change_password,
    create_person,
    create_staff,
    register_partner,
)
from services.refusals import Refusal
from services.resident_numbers import ResidentNumber

pytestmark = pytest.mark.django_db

NOW = datetime(2022, 10, 19, tzinfo=UTC)
PASSWORD = "correct horse battery"


def staff(**change) -> User:
    arguments = {"email": "kim@example.org", "password": PASSWORD, "roles": ["checker", "caseworker"], "now": NOW}
    return create_staff(**{**arguments, **change})


def test_a_person_stays_when_what_names_them_is_erased():
    person = create_person(now=NOW, name="홍길동", phone="010-1234-5678", email="Hong@Example.org")
    assert person.personal_data.email == "hong@example.org"
    person.personal_data.delete()
    assert Person.objects.get() == person
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Person.objects.filter(pk=person.pk)._raw_delete("default")


def test_a_person_needs_no_name():
    create_person(now=NOW)
    assert not PersonalData.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"now": NOW.replace(tzinfo=None)}, "timezone_required"),
        ({"now": NOW.replace(year=1)}, "out_of_range"),
        ({"email": "not an address"}, "email_format"),
        ({"name": "가" * 101}, "invalid_value"),
        ({"name": "a\x00b"}, "invalid_value"),
        ({"phone": "1" * 31}, "invalid_value"),
    ],
)
def test_a_person_that_is_refused_is_not_stored(change, code):
    with pytest.raises(Refusal) as refused:
        create_person(**{"now": NOW, "name": "홍길동", **change})
    assert refused.value.code == code
    assert not Person.objects.exists()


def test_staff_log_in_by_address_whatever_its_case():
    user = staff(email=" Kim@Example.ORG ")
    assert user.email == "kim@example.org"
    assert user.is_staff
    assert not user.is_superuser
    assert authenticate(username="KIM@example.org", password=PASSWORD) == user
    assert authenticate(username="kim@example.org", password="wrong") is None
    assert [(grant.role, grant.granted_at) for grant in user.role_grants.all()] == [("caseworker", NOW), ("checker", NOW)]


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        ({"email": "KIM@example.org"}, EmailTaken, "email_taken"),
        ({"email": "kim"}, EmailInvalid, "email_format"),
        ({"email": ""}, EmailInvalid, "email_format"),
        ({"email": "9001011234567@example.org"}, ResidentNumber, "resident_number"),
        ({"email": f"{'k' * 250}@example.org"}, Refusal, "email_format"),
        ({"email": "lee@example.org", "roles": ["king"]}, UnknownRole, "unknown_role"),
        ({"email": "lee@example.org", "locale": "xx"}, Refusal, "invalid_value"),
        ({"email": "lee@example.org", "now": NOW.replace(tzinfo=None)}, Refusal, "timezone_required"),
    ],
)
def test_staff_that_are_refused_are_not_stored(change, refusal, code):
    staff()
    with pytest.raises(refusal) as refused:
        staff(**change)
    assert refused.value.code in {code, "invalid_value"}
    assert User.objects.count() == 1
    assert RoleGrant.objects.count() == 2


@pytest.mark.parametrize(
    ("email", "name"), [("KIM@example.org", "email_is_kept_in_lower_case"), ("kim@example.org", "accounts_user_email_key")]
)
def test_the_database_keeps_an_address_once(email, name):
    staff()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        User.objects.bulk_create([User(email=email)])


def test_the_database_knows_the_roles_and_grants_each_once():
    user = staff()
    for role, name in (("king", "accounts_rolegrant_role_is_known"), ("checker", "role_is_granted_once")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            RoleGrant.objects.create(user=user, role=role, granted_at=NOW)


def test_a_password_is_changed_by_address():
    staff()
    change_password(email="Kim@example.org", password="another good one", now=NOW)
    assert authenticate(username="kim@example.org", password="another good one")
    assert authenticate(username="kim@example.org", password=PASSWORD) is None
    assert AccountEvent.objects.filter(kind="password_changed", actor=None, user__email="kim@example.org").count() == 1
    with pytest.raises(UnknownUser):
        change_password(email="lee@example.org", password="another good one", now=NOW)


def test_a_superuser_can_be_made_on_the_command_line():
    user = User.objects.create_superuser("Root@example.org", PASSWORD)
    assert (user.email, user.is_staff, user.is_superuser) == ("root@example.org", True, True)


def test_a_partner_is_registered_once():
    partner = register_partner(code="mobility", name_ko="모빌리티", name_en="Mobility", now=NOW)
    assert register_partner(code="mobility", name_ko="모빌리티 ", name_en="Mobility", now=NOW) == partner
    with pytest.raises(PartnerDiffers):
        register_partner(code="mobility", name_ko="모빌리티", name_en="Another", now=NOW)
    assert Partner.objects.count() == 1


@pytest.mark.parametrize("code", ["", "a", "Mobility", "9th", "a b", "a" * 51, "모빌리티"])
def test_a_partner_code_is_plain(code):
    with pytest.raises(PartnerCodeInvalid):
        register_partner(code=code, name_ko="모빌리티", name_en="Mobility", now=NOW)


def test_a_partner_needs_both_names():
    with pytest.raises(Refusal):
        register_partner(code="mobility", name_ko="", name_en="Mobility", now=NOW)
    assert not Partner.objects.exists()
