"""Whatever claimants write a resident registration number into, no table has it afterwards: not even their own session."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Message
from claims.operations import ToldFact, publish_policy
from claims.operations.intake import check_told
from claims.operations.policy import published_facts
from services.models import Incident
from services.resident_numbers import ResidentNumber
from tests.builders import BIKE, MESSAGES, NOW, OUTAGE, outage, pack, policies_of_the_demonstration
from tests.claims.account_cast import WORD, logged_in, signed_up
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_appeals import decided, standing
from tests.claims.test_filing import agreed
from tests.claims.test_my_correct import page, shown
from tests.claims.test_my_disagree import points
from tests.claims.test_tell import RIDE, SPANS, choose, here, sent

pytestmark = pytest.mark.django_db

BACK = "234568"  # of all that are typed in here, and of nothing else
NUMBER = f"900101-1{BACK}"
MASKED = "900101-*******"
KO, EN = "주민등록번호처럼 보이는 것을 *로 가렸습니다", "What looked like a resident registration number was hidden"
YOU = {"you-name": "홍길동", "you-email": "hong@example.org"}


@pytest.fixture
def incident() -> Incident:
    found = outage(version=2)
    policies_of_the_demonstration()
    call_command("publish_consents")
    with transaction.atomic():
        publish_policy(pack_yaml=pack(asks={"is_member": "boolean", "note": "text", "sum": "money"}), now=NOW)
    return found


def kept() -> str:
    """All that is in sessions, and in all tables."""
    sessions = [json.dumps(SessionStore(one.session_key).load(), ensure_ascii=False) for one in Session.objects.all()]
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            rows.append(cursor.fetchone()[0] or "")
    return "\n".join([*sessions, *rows])


def in_the_session(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.session[f"wizard_tell-{OUTAGE}"]["step_data"]
    return found


WAYS = (NUMBER, f"9001011{BACK}", f"900101 1{BACK}", f"900101\r\n1{BACK}", f"900101    1{BACK}", f"９００１０１－１{BACK}")


@pytest.mark.parametrize("number", WAYS)
def test_on_its_way_through_all_pages_it_is_kept_nowhere(client: Client, incident: Incident, number: str):
    def looked() -> None:
        assert "wizard" in kept()
        assert BACK not in kept()

    choose(client, MESSAGES, **{"services-unlisted": f"서점 {number}", "services-note": number, "note": number})
    looked()
    assert MASKED in in_the_session(client)["services"]["services-unlisted"][0]
    times = {
        **SPANS, "times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2022-10-15T16:30",
        "times-1-start_at": "2022-10-15T15:30", "times-1-still": number,
    }  # fmt: skip
    sent(client, "times", **times, more=MESSAGES)
    looked()
    sent(client, "times", **{**times, "times-0-start_at": number, "times-0-fact-note": number, "more": MESSAGES})
    looked()
    sent(client, "times", **times, **{"times-3-start_at": "2022-10-15T15:30", "times-3-still": number})
    looked()
    for refused in (
        {"about-fact-note": number}, {"about-fact-is_member": number}, {"about-fact-sum": f"9001011{BACK}"},
    ):  # fmt: skip
        assert sent(client, "about", **refused).request["PATH_INFO"] == here("about")
        assert "about" not in in_the_session(client)
        looked()
    sent(client, "about", **{"about-fact-note": "없음"})
    sent(client, "expected")
    for field in YOU:
        page = sent(client, "you", **{**YOU, field: number, "you-message": number})
        assert page.request["PATH_INFO"] == here("you")
        assert "you" not in in_the_session(client)
        looked()
    page = sent(client, "you", **YOU, **{"you-message": f"제 번호는 {number}"})
    looked()
    assert page.request["PATH_INFO"] == here("check")
    text = page.content.decode()
    assert BACK not in text
    assert text.count(MASKED) == 2, "what is in no list, and the message"
    assert KO in text
    assert EN in client.get(f"{here('check')}?lang=en").content.decode()


def test_what_was_masked_is_valid_as_it_is_kept_and_filed_so(client: Client, incident: Incident):
    """A dash makes a number longer: as many characters as fit fit no more, which is said where they are written."""
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    sent(client, "expected")
    full = f"{'가' * 4987}9001011{BACK}"
    assert len(full) == 5000
    page = sent(client, "you", **YOU, **{"you-message": full})
    assert page.request["PATH_INFO"] == here("you")
    assert "5000" in page.content.decode()
    assert sent(client, "you", **YOU, **{"you-message": full[1:]}).request["PATH_INFO"] == here("check")
    again = in_the_session(client)["you"]["you-message"][0]
    assert sent(client, "you", **YOU, **{"you-message": again}).request["PATH_INFO"] == here("check")
    sent(client, "check", **agreed())
    assert Message.objects.get().text == f"{'가' * 4986}{MASKED}"
    assert BACK not in kept()


def test_where_nothing_was_masked_nothing_is_said(client: Client, incident: Incident):
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    sent(client, "expected")
    page = sent(client, "you", **YOU, **{"you-message": "221015 3250000원"})
    assert page.request["PATH_INFO"] == here("check")
    assert KO not in page.content.decode()
    assert "csrfmiddlewaretoken" not in str(in_the_session(client)), "nor is anything kept that the page did not ask"


def test_it_is_the_store_that_keeps_it_out(client: Client, incident: Incident, monkeypatch: pytest.MonkeyPatch):
    """Without it the number is found, where the first test looks for it."""
    monkeypatch.setattr("claims.web.kept.without_resident_numbers", lambda text: text)
    choose(client, MESSAGES, **{"services-unlisted": f"서점 {NUMBER}"})
    assert BACK in kept()


def test_as_a_sum_of_money_it_is_refused_through_every_door(incident: Incident):
    with pytest.raises(ResidentNumber):
        check_told(ToldFact("sum", int(f"9001011{BACK}")), published_facts(), of_loss=False)


# --- where an address is asked for ----------------------------------------------------------------------------


@pytest.fixture
def nothing_counted() -> Iterator[None]:
    yield
    cache.clear()


@pytest.mark.parametrize(
    "address", [f"900101-1{BACK}@example.org", f"hong.9001011{BACK}@example.org", f"hong@900101-1{BACK}.org"]
)
def test_as_an_address_it_is_kept_nowhere(client: Client, nothing_counted: None, address: str):
    signed_up(Client())
    logged_in(client)
    asked = [
        (Client(), "account_login", {"login": address, "password": ""}),
        (Client(), "account_login", {"login": address, "password": WORD}),
        (Client(), "account_signup", {"email": address}), (Client(), "account_reset_password", {"email": address}),
        (client, "account_address", {"email": address}), (Client(), "my:find", {"reference": address[:30], "email": address}),
    ]  # fmt: skip
    for browser, name, said in asked:
        page = browser.post(reverse(name), said, follow=True)
        assert page.status_code == 200
        assert BACK not in kept(), (name, said)
        if name != "my:find":  # there it is an address that nobody has, as any other
            assert page.content.decode().count("name@example.org처럼") == 2, "on top and at the field"


# --- of a claim that is filed ---------------------------------------------------------------------------------


def correct(client: Client, claim: Claim) -> Any:
    fact = next(name for name in shown(client, claim) if name.endswith("fact-is_member"))
    return page(client, claim, **{fact: NUMBER, "services-services": NUMBER, "x": NUMBER})


def disagree(client: Client, claim: Claim) -> Any:
    said = {"decision": standing(claim).pk, "kind": "appeal", "words-0": NUMBER, "other": f"저는 {NUMBER}"}
    return client.post(mine("disagree", claim), said, follow=True)


def disagree_and_send(client: Client, claim: Claim) -> Any:
    said = {"decision": standing(claim).pk, "kind": "appeal", "words-0": NUMBER, "other": f"저는 {NUMBER}", "send": "1"}
    answer = client.post(mine("disagree", claim), said, follow=True)
    assert [words for _, words in points()] == [MASKED, f"저는 {MASKED}"]
    return answer


def write(client: Client, claim: Claim) -> Any:
    return client.post(mine("write", claim), {"message": NUMBER}, follow=True)


def add(client: Client, claim: Claim) -> Any:
    """What is in no list, as it stands in its field once it was put there."""
    assert MASKED in page(client, claim, **{"services-unlisted": f"서점 {NUMBER}", "add": 1}).content.decode()
    row = {"row": "1|unlisted", "new-1-words": f"서점 {MASKED}"}
    return page(client, claim, **row, **{"new-1-start_at": "2022-10-15T16:00", "new-1-end_at": "2022-10-15T18:00"})


def withdraw(client: Client, claim: Claim) -> Any:
    return client.post(mine("withdraw", claim), {"note": NUMBER}, follow=True)


@pytest.mark.parametrize("act", [correct, add, disagree, disagree_and_send, write, withdraw])
def test_what_is_done_with_a_claim_keeps_it_nowhere(client: Client, act: Callable[[Client, Claim], Any]):
    claim = decided(member=False)
    let_in(client, claim)
    answer = act(client, claim)
    assert answer.status_code == 200
    assert BACK not in kept()
    if act is not correct:  # there it is refused, and stands in its field to be taken out
        assert BACK not in answer.content.decode()


@pytest.mark.parametrize("act", [write, add, disagree])
def test_who_wrote_one_is_told_that_it_was_hidden(client: Client, act: Callable[[Client, Claim], Any]):
    """Also of a claim that was filed, in the words of the page on which one is."""
    claim = decided(member=False)
    let_in(client, claim)
    for language, words in (("ko", KO), ("en", EN)):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert words in act(client, claim).content.decode()


def test_of_a_message_without_one_nothing_is_said(client: Client):
    claim = decided(member=False)
    let_in(client, claim)
    assert KO not in client.post(mine("write", claim), {"message": "221015 3250000원"}, follow=True).content.decode()
