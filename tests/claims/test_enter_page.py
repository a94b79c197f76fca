"""The page on which staff enter a claim for somebody: three steps, nothing lost, and one button at the end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import DataView, Person, PersonalData, User
from accounts.operations import create_person
from claims.eligibility import instant_of
from claims.models import Claim, ClaimEntry, ClaimStatus, Event, Fact
from services.models import Incident
from services.seoul import SEOUL, shown
from tests.builders import MESSAGES, NOW, a_person, a_policy, a_user, claim_of, outage, told
from tests.claims.test_case_pages import client_of, page_of

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:claims_claim_enter")
MINUTES = "%Y-%m-%dT%H:%M"
CALLED = (timezone.now().astimezone(SEOUL) - timedelta(hours=2)).strftime(MINUTES)


@pytest.fixture
def incident() -> Incident:
    incident = outage()
    a_policy(asks={"is_member": "boolean", "fee": "money of loss", "since": "date"})
    return incident


@pytest.fixture
def worker() -> Client:
    return client_of(a_user("caseworker"))


def known(**named: Any) -> Person:
    with transaction.atomic():
        return create_person(now=NOW, **{"name": "홍길동", "phone": "010-1234-5678", "email": "hong@example.org", **named})


def form(incident: Incident, **said: Any) -> dict[str, Any]:
    """All three steps as they are sent at the end: somebody new unless a `person`, with one loss."""
    person = said.pop("person", None)
    who = {"mode": "known", "person": person.pk} if person else {"mode": "new", "name": "김새롬", "phone": "010-7777-8888"}
    return {
        "incident": incident.pk, "q": "", "locale": "ko", **who, "channel": "phone", "received_at": CALLED, "message": "",
        "loss-TOTAL_FORMS": 2, "loss-INITIAL_FORMS": 0, "loss-0-service": MESSAGES, "loss-0-start_at": "2022-10-15T15:30",
        "loss-0-end_at": "2022-10-15T22:00", **said,
    }  # fmt: skip


def send(client: Client, act: str, said: dict[str, Any]) -> str:
    answer = client.post(PAGE, {"act": act, **said}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(page: str) -> dict[str, Any]:
    """What the page sends along unseen."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def test_somebody_new_calls_and_is_told_a_number(incident: Incident, worker: Client):
    who = {"incident": incident.pk, "name": "김새롬", "phone": "010-7777-8888", "email": "", "locale": "en"}
    what = send(worker, "new", who)
    assert all(f'name="{name}"' in what for name in ("channel", "received_at", "loss-0-service", "fact-is_member", "message"))
    assert 'name="loss-0-fact-fee"' in what
    said = {
        **form(incident), **hidden(what), "loss-0-fact-fee": "3,000", "fact-is_member": "yes", "fact-since": "2020-01-01",
        "message": "메시지가\n안 갔어요",
    }  # fmt: skip
    preview = send(worker, "preview", said)
    assert not Claim.objects.exists()
    assert not Person.objects.exists()
    for seen in (
        "새 청구가 만들어집니다",
        "김새롬",
        "010-7777-8888",
        "3,000",
        "메시지가<br>안 갔어요",
        "2022-10-15 15:30",
        "6시간 30분",
    ):
        assert seen in preview, seen
    page = send(worker, "enter", hidden(preview))
    claim = Claim.objects.get()
    due = ClaimStatus.objects.get(pk=claim.pk).answer_due_date
    assert f"접수번호 {claim.reference} · {due}까지" in page
    assert "어떻게 들어왔나: 전화" in page
    assert (claim.filed_at.astimezone(SEOUL).strftime(MINUTES), claim.losses.count()) == (CALLED, 1)
    assert claim.messages.get().text == "메시지가\n안 갔어요"
    facts = {(one.name, one.int_value, one.provenance, one.loss is None) for one in Fact.objects.select_related("loss")}
    assert facts == {("is_member", 1, "claimant", True), ("fee", 3_000, "claimant", False), ("since", 18_262, "claimant", True)}
    assert PersonalData.objects.get().locale == "en"


def test_what_is_in_no_list_is_entered_with_what_it_is_called(incident: Incident, worker: Client):
    said = {
        **form(incident),
        **hidden(send(worker, "new", form(incident))),
        "loss-0-service": "unlisted",
        "loss-0-words": "동네 서점",
    }
    preview = send(worker, "preview", said)
    assert "동네 서점" in preview
    send(worker, "enter", hidden(preview))
    loss = Claim.objects.get().losses.get()
    assert (loss.service.code, loss.words.text) == ("unlisted", "동네 서점")


def test_the_button_pressed_twice_enters_once(incident: Incident, worker: Client):
    said = hidden(send(worker, "preview", form(incident)))
    pages = [send(worker, "enter", said) for _ in range(2)]
    assert all(Claim.objects.get().reference in page for page in pages)
    assert ClaimEntry.objects.count() == Event.objects.filter(kind="claim_entered").count() == 1


def test_without_a_preview_there_is_no_key_and_nothing_is_entered(incident: Incident, worker: Client):
    for key in ({}, {"key": "none"}):
        assert 'value="enter"' in send(worker, "enter", form(incident, **key))
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("typed", "kind"), [("5678", "phone"), ("길동", "name"), ("hong@", "email")])
def test_a_known_person_is_found_masked_and_logged(incident: Incident, worker: Client, typed: str, kind: str):
    person = known()
    page = send(worker, "find", {"incident": incident.pk, "q": typed, "locale": "ko"})
    assert f'name="person" value="{person.pk}"' in page
    assert "홍*동 · *********5678 · h***@example.org" in page
    assert not any(shown in page for shown in ("홍길동", "1234-5678", "이 장애의 청구가 있음"))
    assert list(DataView.objects.values_list("searched", flat=True)) == [kind]


def test_who_has_a_claim_is_told_to_have_one_and_it_is_revised(incident: Incident, worker: Client):
    claim = claim_of(known(), incident, told("kakao_t.taxi_call"))
    for typed in ("5678", claim.reference):
        assert f"{claim.reference} 이 장애의 청구가 있음" in send(
            worker, "find", {"incident": incident.pk, "q": typed, "locale": "ko"}
        )
    preview = send(worker, "preview", form(incident, person=claim.person))
    assert "이 장애의 청구가 이미 있어" in preview
    assert claim.reference in preview
    assert "이미 있던 청구에 더했습니다" in send(worker, "enter", hidden(preview))
    preview = send(worker, "preview", form(incident, person=claim.person))
    assert "이미 있는 것뿐입니다" in preview
    assert "새로 더한 것이 없습니다" in send(worker, "enter", hidden(preview))
    assert (claim.revisions.count(), claim.entries.count()) == (2, 2)


def test_what_the_claim_says_itself_is_not_asked(incident: Incident, worker: Client):
    a_policy(code="other", asks={"filed": "instant", "rode_at": "instant"}, attested={"filed": "{claim: filed_at}"})
    what = send(worker, "new", form(incident))
    assert 'name="fact-rode_at"' in what
    assert 'name="fact-filed"' not in what
    send(worker, "enter", hidden(send(worker, "preview", form(incident, **{"fact-rode_at": "2022-10-15T15:20"}))))
    assert shown(instant_of(Fact.objects.get(name="rode_at").int_value or 0)) == "2022-10-15 15:20"


def test_a_window_of_the_record_fills_what_is_empty(incident: Incident, worker: Client):
    what = send(worker, "new", form(incident))
    offered = re.search(r'<option value="(\d+)">[^<]*메시지[^<]*10-15 15:30 ~', what)
    assert offered is not None
    loss = {"loss-0-service": "", "loss-0-start_at": "", "loss-0-end_at": ""}
    more = {"loss-1-window": offered[1], "loss-1-start_at": "2022-10-15T16:00"}
    preview = send(worker, "preview", form(incident, **loss, **{"loss-0-window": offered[1]}, **more))
    assert "2022-10-15 15:30" in preview
    assert "2022-10-15 16:00" in preview
    wrong = send(worker, "preview", form(incident, **{"loss-0-window": offered[1], "loss-0-service": "kakao_t.taxi_call"}))
    assert "다른 서비스의 것입니다" in wrong


@pytest.mark.parametrize(
    ("said", "at", "text"),
    [
        ({"loss-0-end_at": "2022-10-15T15:00"}, "id_loss-0-end_at_error", "뒤여야"),
        ({"loss-0-service": ""}, "id_loss-0-service_error", "적으세요"),
        ({"loss-0-start_at": ""}, "id_loss-0-start_at_error", "적으세요"),
        ({"loss-0-service": "unlisted"}, "id_loss-0-words_error", "그때만 적습니다"),
        ({"loss-0-words": "동네 서점"}, "id_loss-0-words_error", "그때만 적습니다"),
        ({"loss-1-fact-fee": "많이", "loss-1-service": "daum.home"}, "id_loss-1-fact-fee_error", "수로 적으세요"),
        ({"fact-since": "언제"}, "what_fact-since_error", "since"),
        ({"received_at": ""}, "what_received_at_error", ""),
        ({"received_at": "2199-01-01T00:00"}, "what_received_at_error", "2100"),
        ({"received_at": "2022-10-01T00:00"}, "what_received_at_error", "장애가 시작하기 전"),
        ({"received_at": "2099-01-01T00:00"}, "what_received_at_error", "지금보다 뒤"),
        ({"loss-0-service": "", "loss-0-start_at": "", "loss-0-end_at": "", "message": ""}, "", "하나는 적으세요"),
        ({"name": ""}, "who_name_error", "적으세요"),
        ({"phone": ""}, "who_phone_error", "하나는 적으세요"),
        ({"email": "nowhere"}, "who_email_error", ""),
        ({"message": "제어\x07문자"}, "what_message_error", ""),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_nothing_typed_is_lost(
    incident: Incident, worker: Client, said: dict[str, Any], at: str, text: str
):
    page = send(worker, "preview", form(incident, **{"message": "아직 안 돼요", "q": "찾던 것", **said}))
    assert f'id="{at}"' in page or not at
    assert text in page
    kept = {"아직 안 돼요": "message", "찾던 것": "q", "010-7777-8888": "phone", "2022-10-15T15:30": "loss-0-start_at"}
    assert all(typed in page for typed, name in kept.items() if name not in said)
    assert not Claim.objects.exists()


def test_somebody_reached_like_another_is_another_only_if_ticked(incident: Incident, worker: Client):
    known(phone="010-7777-8888")
    page = send(worker, "preview", form(incident))
    assert "같은 전화나 전자우편의 사람이 이미 있습니다" in page
    assert 'name="another"' in page
    assert "새 청구가 만들어집니다" in send(worker, "preview", form(incident, another="on"))


def test_steps_back_and_more_rows_keep_everything(incident: Incident, worker: Client):
    said = form(incident, person=known(), message="말", **{"loss-0-fact-fee": "77"})
    more = send(worker, "more", said)
    assert 'name="loss-3-service"' in more
    assert 'value="77"' in more
    who = send(worker, "back_who", said)
    assert "홍*동" in who
    kept = hidden(who)
    assert (kept["message"], kept["loss-0-fact-fee"]) == ("말", "77")
    assert "말</textarea>" in send(
        worker, "choose", {**kept, "incident": incident.pk, "person": said["person"], "locale": "ko"}
    )
    assert 'id="what_' in send(worker, "back_what", hidden(send(worker, "preview", said)))


@pytest.mark.parametrize("rows", ["x", "-1", "9" * 30, "41"])
def test_a_number_of_rows_that_nobody_sends_is_no_error(incident: Incident, worker: Client, rows: str):
    for act in ("more", "preview"):
        send(worker, act, form(incident, **{"loss-TOTAL_FORMS": rows}))


@pytest.mark.parametrize("act", ["choose", "preview", "enter"])
def test_without_a_person_the_first_step_is_shown_again(incident: Incident, worker: Client, act: str):
    for person in ("", "999999", "x"):
        said = {**form(incident), "mode": "known", "person": person, "key": str(uuid4())}
        assert "하나를 고르세요" in send(worker, act, said)
    assert not Claim.objects.exists()


def test_nobody_enters_their_own(incident: Incident):
    user, person = a_user("caseworker"), known()
    User.objects.filter(pk=user.pk).update(person=person)
    assert "conflict_of_interest" in send(client_of(user), "preview", form(incident, person=person))
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("role", "may"), [("caseworker", True), ("checker", True), ("auditor", False), ("finance", False)])
def test_who_decides_enters_and_finds_the_way_there(incident: Incident, role: str, may: bool):
    client = client_of(a_user(role))
    for act in ({}, {"act": "enter"}):
        assert (client.post(PAGE, act).status_code == 200) == may
    assert (client.get(PAGE).status_code == 200) == may
    for page in ("admin:index", "admin:claims_claimstatus_changelist"):
        assert (PAGE in client.get(reverse(page)).content.decode()) == may


def test_as_many_queries_whatever_is_found_typed_and_entered(incident: Incident, worker: Client):
    def asked(act: str, said: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            send(worker, act, said)
        return len(queries)

    find = {"incident": incident.pk, "q": "5678", "locale": "ko"}
    claim = claim_of(known(), incident)
    for act, said in (("find", find), ("preview", form(incident))):  # what a process keeps in memory is there from now on
        asked(act, said)
    few = (asked("find", find), asked("new", form(incident)), asked("preview", form(incident)))
    for number in range(3):
        claim_of(known(email=f"x{number}@example.org"), incident)
    a_person()
    rows = {f"loss-1-{name}": value for name, value in {"service": "daum.home", "start_at": "2022-10-15T16:00"}.items()}
    assert (asked("find", find), asked("new", form(incident)), asked("preview", form(incident, **rows))) == few

    def page() -> int:
        with CaptureQueriesContext(connection) as queries:
            worker.get(page_of(claim))
        return len(queries)

    for _ in range(2):
        send(worker, "enter", hidden(send(worker, "preview", form(incident, person=claim.person, channel="post"))))
    before = page()
    send(worker, "enter", hidden(send(worker, "preview", form(incident, person=claim.person, channel="email"))))
    assert page() == before


def test_it_is_in_english_too(incident: Incident, worker: Client):
    worker.cookies["django_language"] = "en"
    page = worker.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert "Enter a claim" in page
    assert "청구 대신 적기" not in page
    what = worker.post(PAGE, {"act": "new", **form(incident)}, headers={"accept-language": "en"}).content.decode()
    assert "Korean time" in what
