"""A mailbox has one accepted address, so that what is counted by address holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.logins import address_is, normalised_email
from accounts.models import PersonalData, SearchedKey, User
from accounts.operations import EmailInvalid, EmailTaken, checked_email, create_person, create_staff
from accounts.search import people_like
from services.refusals import Refusal
from services.resident_numbers import ResidentNumber

NOW = datetime(2022, 10, 19, tzinfo=UTC)
KOREAN = "hong@xn--3e0b707e.xn--3e0b707e"
GERMAN = "hong@xn--strae-oqa.example.org"


@pytest.mark.parametrize(
    ("kept", "spellings"),
    [
        ("hong@example.org", ["Hong@Example.ORG", " hong@example.org ", "hong@ｅｘａｍｐｌｅ.org", "hong@exam\u200bple.org",
                              "hong@exam\u00adple.org", "hong@example\ufe0f.org", "hong@\U0001d41example.org"]),
        (KOREAN, [KOREAN.upper(), "hong@한국.한국", "hong@\u1112\u1161\u11ab\u1100\u116e\u11a8.한국",
                  "HONG@한\u200b국.xn--3e0b707e"]),
        (GERMAN, ["hong@straße.example.org", "hong@STRAẞE.example.org", "hong@XN--STRAE-OQA.example.org"]),
        ("hong@strasse.example.org", ["hong@STRASSE.example.org"]),
        ("hong+ride@example.org", ["Hong+Ride@example.org"]),
        ("o'hong.k_%@ab--c.example.org", ["O'Hong.K_%@AB--C.example.org"]),
    ],
)  # fmt: skip
def test_one_mailbox_has_one_spelling(kept: str, spellings: list[str]):
    for spelling in (kept, *spellings):
        assert checked_email(spelling) == kept
        assert normalised_email(spelling) == kept


@pytest.mark.parametrize(
    "address",
    [
        '"hong"@example.org', '"h\\ong"@example.org', '"h ong"@example.org', "h\\ong@example.org", '"hong@example.org',
        "hong@[127.0.0.1]", "hong@[::1]", "hong@[example.org]", "hong@127.0.0.1", "hong@example.org.", "hong@example",
        "hong@exam\u200dple.org", "hong@-한국.org", "hong@xn--a.org", "hong@xn--zzzzzzzz99999.org", "hong@xn--.org",
        "hong@xn--example-.org", "hong@xn--ab-.org", "hong@한_국.org", f"hong@{'한' * 63}.org",
        "hong@exa mple.org", "hong@@example.org", "hong(at)@example.org", "h\u200bong@example.org", "홍@example.org",
        "hong＠example.org", "=?utf-8?q?hong?=@example.org", "hong@=?utf-8?q?x?=.org", "@example.org", "hong@", "", "@",
        "@한국.한국",
        "hong@example。org/", "hong@℀.org", "hong@💌.org", "hong@\ud800.org",
    ],
)  # fmt: skip
def test_what_is_no_address_or_another_spelling_of_one_is_refused(address: str):
    normalised_email(address)  # is asked of whatever somebody types in to be let in
    with pytest.raises(Refusal) as refused:
        checked_email(address)
    assert refused.value.code in {"email_format", "invalid_value"}


@pytest.mark.parametrize("address", ["9001011234567", "900101-1234567@example.org", '"900101-1234567"@example.org'])
def test_a_resident_number_is_not_repeated(address: str):
    with pytest.raises(ResidentNumber) as refused:
        checked_email(address)
    assert "123" not in refused.value.message


def test_a_name_that_gets_too_long_in_ascii_is_too_long():
    domain = ".".join(["한국" * 12] * 9) + ".org"
    assert len(f"hong@{domain}") < 254
    with pytest.raises(EmailInvalid):
        checked_email(f"hong@{domain}")


@pytest.mark.django_db
def test_whoever_typed_it_otherwise_is_found():
    person = create_person(name="홍길동", email="hong@한국.한국", now=NOW)
    assert person.personal_data.email == KOREAN
    for typed in ("Hong@한국.한국", KOREAN, KOREAN.upper()):
        assert PersonalData.objects.filter(address_is("email", typed)).get().person == person
        assert people_like(typed, SearchedKey.EMAIL).get().person == person
    for typed in ("ho", "HONG@", "hong@한", "Hong@한국.", "hong@xn--3"):
        assert people_like(typed, SearchedKey.EMAIL).get().person == person, typed
    assert not people_like("ho@한", SearchedKey.EMAIL).exists()
    assert not PersonalData.objects.filter(address_is("email", "hong@한국.org")).exists()
    user = create_staff(email="kim@straße.example.org", password="correct horse battery", roles=["checker"], now=NOW)
    assert User.objects.get_by_natural_key("kim@xn--strae-oqa.example.org") == user
    with pytest.raises(EmailTaken):
        create_staff(email="kim@STRAẞE.example.org", password="correct horse battery", roles=["checker"], now=NOW)
