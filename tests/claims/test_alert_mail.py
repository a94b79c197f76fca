"""An alert of several claims says which was paid elsewhere and which was kept, in the language of its reader."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from claims.models import Claim
from tests.claims.test_mail import DAY, _claim, news, worked_off
from tests.mail_cast import text_of

PAID = {
    "ko": ("받으실 계좌가 방금 적히거나 바뀐 청구", "계좌를 적고 글을 남겨"),
    "en": ("Where you are paid was entered or changed a moment ago for", "give the right account and write to us"),
}
KEPT = {
    "ko": ("다른 주소의 계정에 모인 청구", "‘다른 계정에서 빼기’"),
    "en": ("Put into an account that has another address", "Take it out of the other account"),
}


@pytest.fixture
def claims(request: pytest.FixtureRequest, db: None) -> list[Claim]:
    return [_claim(locale=request.param) for _ in range(3)]


def numbers(text: str, claims: list[Claim]) -> list[bool]:
    return [claim.reference in text for claim in claims]


@pytest.mark.parametrize(("claims", "language"), [("ko", "ko"), ("en", "en")], indirect=["claims"])
def test_each_claim_stands_under_what_was_done_to_it(claims: list[Claim], language: str, server: list[EmailMessage]):
    """Payees first, whichever came first; what was done to one twice is said twice."""
    news(claims[0], claims[2], kind="kept")
    news(claims[1], claims[2], kind="payee")
    worked_off(DAY)
    (mail,) = server
    before, _, rest = text_of(mail).partition(PAID[language][0])
    paid, _, kept = rest.partition(KEPT[language][0])
    assert [numbers(part, claims) for part in (before, paid, kept)] == [
        [False] * 3, [False, True, True], [True, False, True],
    ]  # fmt: skip
    assert (PAID[language][1] in paid, KEPT[language][1] in kept) == (True, True), "with what to do about it"
    assert "\n\n\n" not in text_of(mail)


@pytest.mark.parametrize("claims", ["ko", "en"], indirect=True)
@pytest.mark.parametrize("kind", ["payee", "kept"])
def test_what_was_not_done_is_not_spoken_of(claims: list[Claim], kind: str, server: list[EmailMessage]):
    news(claims[0], kind=kind)
    worked_off(DAY)
    text = text_of(server[0])
    language = claims[0].person.personal_data.locale
    said = [words[language][0] in text for words in (PAID, KEPT)]
    assert said == [kind == "payee", kind == "kept"]
    assert text.count(claims[0].reference) == 1
    assert "\n\n\n" not in text
