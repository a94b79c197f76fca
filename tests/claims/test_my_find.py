"""Finding a claim by its number: what is no number, and what somebody does who has lost it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import AccessCode, Claim
from claims.web.my.words import WORDS
from tests.builders import a_person, claim_of, outage
from tests.claims.account_cast import signed_up

KO, EN = {"accept-language": "ko"}, {"accept-language": "en"}


@pytest.fixture
def claim(db: None) -> Claim:
    return claim_of(a_person(), outage())


def asked(client: Client, reference: str, language: dict[str, str] = KO) -> tuple[int, str, str]:
    """Status, where it leads, and what the page says."""
    answer = client.post(reverse("my:find"), {"reference": reference, "email": "a@example.org"}, headers=language)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), text


@pytest.mark.parametrize(
    "typed",
    [
        "hello world", "C-", "1", "C-1234-567", "C-1234-56789", "M-1234-5678-9ABC", "C-1234-567U", "C-1234-567!",
        "가나다라마바사아", "https://a.kr/my/C-1234-5678", "D-1234-5678", "\u200b",
    ],
)  # fmt: skip
def test_what_has_no_form_of_a_number_is_refused_in_plain_words(client: Client, db: None, typed: str):
    for pick, language in enumerate((KO, EN)):
        status, _, page = asked(client, typed, language)
        assert status == 200
        assert WORDS["reference_wrong"][pick] in page
    assert not AccessCode.objects.exists()


def test_a_number_is_taken_as_people_write_it(client: Client, claim: Claim):
    """Whether there is such a claim or not."""
    plain = claim.reference.replace("-", "")
    confused = claim.reference.replace("0", "O").replace("1", "l")
    shapes = [claim.reference, claim.reference.lower(), plain, plain[1:], f" {claim.reference[2:]} ", confused]
    known = [asked(client, typed) for typed in shapes]
    unknown = [asked(client, typed) for typed in ("C-0000-0000", "c0000oooo", "IIII LLLL")]
    assert {*known, *unknown} == {(302, reverse("my:code"), "")}
    assert AccessCode.objects.count() == len(shapes) + 3


def test_who_has_lost_it_is_told_where_it_stands_and_what_else_to_do(client: Client, db: None):
    for pick, language in enumerate((KO, EN)):
        page = client.get(reverse("my:find"), headers=language).content.decode()
        for key in ("lost_number", "lost_in_mail", "lost_in_account", "lost_ask"):
            assert WORDS[key][pick] in page, key
        for way in (reverse("account_login"), reverse("claim:start")):
            assert f'href="{way}' in page[page.index(WORDS["lost_number"][pick]) :], way


def test_an_account_says_how_claims_come_into_it(client: Client, db: None):
    signed_up(client)
    for name in ("mfa_index", "my:find"):
        assert "저절로 모이지 않습니다" in client.get(reverse(name), headers=KO).content.decode()
        assert "do not come here by themselves" in client.get(reverse(name), headers=EN).content.decode()
