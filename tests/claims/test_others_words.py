"""What claimants read is ours: nothing that Django or allauth take out of their catalogues reaches their pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.template import engines
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import translation

from accounts.models import User
from claims.models import Letter
from claims.web import urls as of_telling
from claims.web.account import urls as of_accounts
from claims.web.account.adapters import AccountAdapter, KakaoAdapter, PasskeyAdapter
from claims.web.my import urls as of_claims
from tests.builders import BIKE, OUTAGE, a_person, a_user, claim_of, outage, policies_of_the_demonstration, told
from tests.claims.account_cast import ADDRESS, WORD, asked_to_log_in, code_mailed, logged_in, signed_up
from tests.claims.choice_cast import of_webtoon
from tests.claims.mine_cast import let_in
from tests.claims.test_evidence import BILL, ask, worker
from tests.claims.test_evidence import claim as asked_claim
from tests.claims.test_given_payees import claim as paid_claim
from tests.claims.test_my_disagree import rejected
from tests.claims.test_my_kakao import Kakao, came_back, kakao
from tests.claims.test_my_passkeys import a_passkey
from tests.claims.test_tell import RIDE, choose, sent
from tests.proofs import some

__all__ = ["asked_claim", "kakao", "paid_claim", "rejected", "worker"]  # fixtures
pytestmark = pytest.mark.django_db

MARK = "\u2063"  # is not seen, and none of our words has it
VALUES = ("", "x", "가" * 6000, "a\0b", ADDRESS, "password12")
in_one = pytest.mark.parametrize("client", ["en"], indirect=True)  # what is marked is so in both languages


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Client:
    return Client(headers={"accept-language": request.param})


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each text out of a catalogue, also where the catalogue has none and says it as it is in the code."""

    def marking(said: Callable[..., str]) -> Callable[..., str]:
        return lambda *args, **named: (text := said(*args, **named)) and f"{MARK}{text}{MARK}"

    catalogues: Any = vars(translation)["_trans"]
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        monkeypatch.setattr(catalogues, name, marking(getattr(catalogues, name)))
    templates: Any = engines["django"]
    monkeypatch.setattr(templates.engine, "string_if_invalid", f"{MARK}not there: %s{MARK}")
    yield
    cache.clear()  # wrong passwords


class Fields(HTMLParser):
    """What a page asks for; `hidden`: what it sends by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.typed: set[str] = set()
        self.hidden: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name")
        if tag not in ("input", "select", "textarea") or not name or name == "csrfmiddlewaretoken":
            return
        if said.get("type") == "hidden":
            self.hidden[name] = said.get("value") or ""
        else:
            self.typed.add(name)

    def answers(self) -> Iterator[dict[str, str]]:
        """Nothing at all, the same everywhere, in each field another one, and what no page sends."""
        yield {}
        yield {"action": "resend"}
        for value in VALUES:
            yield {**dict.fromkeys(self.typed, value), **self.hidden}
        yield {name: f"{WORD} {number}" for number, name in enumerate(sorted(self.typed))} | self.hidden
        yield dict.fromkeys((*self.typed, *self.hidden), "x")


def theirs(answer: Any) -> set[str]:
    if not answer.headers["Content-Type"].startswith("text/html"):
        return set()
    marked = re.findall(f"{MARK}([^{MARK}]+){MARK}", answer.content.decode())
    return {one.strip() for one in marked if re.search(r"\w", one)}  # the colon after a label is everybody's


def words_met(client: Client, paths: Sequence[str], *, turn: int = 0) -> str:
    """Where which of their words stands: on each page, and on what it answers to nothing and to what is wrong, of which each
    page is told some in turn, and all in `make proofs`. Whatever a page does is undone before the next.
    """
    found: dict[str, str] = {}
    met = 0
    for place, path in enumerate(paths, turn):
        page = undone(client, partial(client.get, path))
        found |= dict.fromkeys(theirs(page), path)
        if page.request["PATH_INFO"] != path:
            continue
        met += page.status_code == 200
        for said in some(Fields(page.content.decode(errors="replace")).answers(), each=4, turn=place):
            answer = undone(client, partial(client.post, path, said))
            found |= dict.fromkeys(theirs(answer), path)
    assert met, "none of these pages is there"
    return "\n".join(f"{path}: {one[:100]}" for one, path in sorted(found.items()))


def undone(client: Client, ask: Callable[[], Any]) -> Any:
    """The page where it ends, of ours."""
    cookies, point = deepcopy(client.cookies), transaction.savepoint()
    try:
        answer = ask()
        while (there := answer.headers.get("Location", "")).startswith("/"):
            answer = client.get(there)
        if not answer.streaming:
            return answer
        answer.close()
        return client.get(reverse("claim:start"))
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = cookies


def paths_of(urls: Any, **known: Any) -> list[str]:
    """Of each page; `known`: what stands in its address."""

    def arguments(pattern: URLPattern) -> list[Any]:
        return [known.get(name) or 1 for name in pattern.pattern.converters]

    space = f"{urls.app_name}:" if hasattr(urls, "app_name") else ""
    return [reverse(space + one.name, args=arguments(one)) for one in urls.urlpatterns if one.name]


# --- accounts ---------------------------------------------------------------------------------------------


def asked_for_one(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": ADDRESS})


def asked_for_a_code(client: Client) -> None:
    signed_up(Client())
    asked_to_log_in(client)


def has_forgotten(client: Client) -> None:
    signed_up(Client())
    client.post(reverse("account_reset_password"), {"email": ADDRESS})


def sets_a_new_one(client: Client) -> None:
    has_forgotten(client)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_mailed()})


def has_a_password(client: Client) -> User:
    user = signed_up(client)
    client.post(reverse("account_set_password"), {"password1": WORD, "password2": WORD})
    return user


def has_lost_the_passkey(client: Client) -> None:
    a_passkey(signed_up(Client()))
    logged_in(client)


def has_all(client: Client) -> None:
    user = has_a_password(client)
    a_passkey(user)
    SocialAccount.objects.create(user=user, provider="kakao", uid="1")
    client.post(reverse("account_reauthenticate"), {"password": WORD})


def comes_from_kakao(client: Client) -> None:
    came_back(client)


def wants_another_address(client: Client) -> None:
    signed_up(Client())
    logged_in(client)
    client.post(reverse("account_address"), {"email": "kim@example.org"})


def is_of_staff(client: Client) -> None:
    client.force_login(a_user("caseworker"))


def is_nobody(client: Client) -> None:
    pass


STATES: list[Callable[[Client], Any]] = [
    is_nobody, asked_for_one, asked_for_a_code, has_forgotten, sets_a_new_one, signed_up, has_a_password, has_lost_the_passkey,
    has_all, wants_another_address, comes_from_kakao, is_of_staff,
]  # fmt: skip


@in_one
@pytest.mark.parametrize("state", STATES)
def test_pages_of_accounts_have_none_of_their_words(client: Client, state: Callable[[Client], Any], kakao: Kakao, marked: None):
    kakao.who = {"id": 1234, "kakao_account": {}}
    state(client)
    key = Authenticator.objects.first()
    paths = paths_of(of_accounts, reference="C-2222-2222", pk=key and key.pk)
    assert not (found := words_met(client, paths, turn=STATES.index(state))), found
    for adapter in (AccountAdapter, KakaoAdapter, PasskeyAdapter):
        assert MARK not in "".join(map(str, adapter.error_messages.values()))


# --- claims -----------------------------------------------------------------------------------------------


@in_one
def test_pages_of_telling_have_none_of_their_words(client: Client, marked: None):
    call_command("publish_consents", verbosity=0)
    outage(version=2)
    policies_of_the_demonstration()
    steps: list[Callable[[], Any]] = [
        lambda: client.get(reverse("claim:begin", args=[OUTAGE]), follow=True), partial(choose, client, BIKE),
        partial(sent, client, "times", **RIDE), partial(sent, client, "expected"),
        partial(sent, client, "you", **{"you-name": "홍길동", "you-email": ADDRESS}),
    ]  # fmt: skip
    met = [step().request["PATH_INFO"] for step in steps]
    assert met[-1].endswith("/check/")
    assert not (found := words_met(client, [*dict.fromkeys(met), *paths_of(of_telling, key=OUTAGE, step="about")])), found


@in_one
@pytest.mark.parametrize("name", ["asked_claim", "paid_claim", "rejected", "of_webtoon", "of_a_ride"])
def test_pages_of_a_claim_have_none_of_their_words(client: Client, name: str, request: pytest.FixtureRequest, marked: None):
    if name.startswith("of_"):
        incident = outage(version=2)
        policies_of_the_demonstration()
        claim = (
            of_webtoon(incident) if name == "of_webtoon" else claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15"))
        )
    else:
        claim = request.getfixturevalue(name)
    if name == "asked_claim":
        ask(claim, request.getfixturevalue("worker"), BILL)
    let_in(client, claim)
    letter = Letter.objects.first()
    paths = paths_of(of_claims, reference=claim.reference, letter_id=letter and letter.pk, number="A-1111-1111")
    assert not (found := words_met(client, paths)), found
