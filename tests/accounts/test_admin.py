"""Lists of people show personal data masked."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import User
from accounts.operations import create_person, create_staff

NOW = datetime(2022, 10, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("홍길동", "홍*동"), ("이호", "이*"), ("남궁훈영", "남**영"), ("김", "김"), ("", ""), ("Lee Ho", "L****o")],
)
def test_names(name, masked):
    assert masked_name(name) == masked


@pytest.mark.parametrize(("phone", "masked"), [("010-1234-5678", "*********5678"), ("1234567", "*******"), ("", "")])
def test_phones(phone, masked):
    assert masked_phone(phone) == masked


@pytest.mark.parametrize(("address", "masked"), [("hong@example.org", "h***@example.org"), ("", ""), ("@x", "***@x")])
def test_addresses(address, masked):
    assert masked_email(address) == masked


@pytest.fixture
def staff(db) -> Client:
    user = create_staff(email="kim@example.org", password="x", roles=["auditor", "checker"], now=NOW)
    person = create_person(now=NOW, name="홍길동", phone="010-1234-5678", email="hong@example.org")
    User.objects.create_user("hong@example.org", person=person)
    client = Client()
    client.force_login(user)
    return client


def test_lists_are_masked(staff):
    page = staff.get("/admin/accounts/personaldata/").content.decode()
    assert "홍*동" in page
    assert "h***@example.org" in page
    for hidden in ("홍길동", "010-1234", "hong@example.org"):
        assert hidden not in page


def test_a_person_is_found_by_name_and_number(staff):
    for words in ("홍길동", "5678"):
        assert staff.get("/admin/accounts/personaldata/", {"q": words}).context["cl"].result_count == 1


def test_log_ins_of_claimants_are_masked_and_those_of_staff_are_not(staff):
    page = staff.get("/admin/accounts/user/").content.decode()
    assert "kim@example.org" in page
    assert "감사, 승인자" in page
    assert "hong@example.org" not in page


def test_no_page_shows_a_password(staff):
    user = User.objects.get(email="kim@example.org")
    assert user.password not in staff.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert staff.get("/admin/accounts/user/", {"password__startswith": "a"}).status_code == 400


def test_djangos_own_groups_are_not_offered():
    assert not admin.site.is_registered(Group)
