"""The staff's pages of appeals: noted for a claimant, answered, withdrawn, and the same mistake elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from claims.models import Appeal, CaseView, Claim
from claims.operations import ToldFact, ToldPoint, hold_claim, record_facts, reopen_claim, take_claim
from services.models import Incident
from tests.builders import MESSAGES, NOW, a_policy, a_user, authority, outage
from tests.claims.reply_cast import says
from tests.claims.test_appeals import appeal, standing, verify
from tests.claims.test_case_pages import client_of, page_of, status
from tests.claims.test_second_look import HALF_HOURS, accepted, claims_of

LIST = "/admin/claims/appeal/"


@pytest.fixture
def incident(db: None) -> Incident:
    incident = outage()
    a_policy(needs="is_member")
    return incident


@pytest.fixture
def worker(db: None) -> User:
    authority("caseworker", per_decision=5_000, per_day=50_000)
    return a_user("caseworker")


def new(claim: Claim) -> str:
    return reverse("admin:claims_appeal_new", args=[claim.pk])


def page(one: Appeal) -> str:
    return reverse("admin:claims_appeal_change", args=[one.pk])


def note_appeal(user: User, claim: Claim, **said: Any) -> str:
    form = {"kind": "appeal", "channel": "phone", "note": "told us by phone", **said}
    return client_of(user).post(new(claim), form, follow=True).content.decode()


def press(user: User, one: Appeal, act: str, **said: Any) -> str:
    return client_of(user).post(page(one), {"act": act, "note": "so", **said}, follow=True).content.decode()


def test_points_are_chosen_from_what_the_decision_rests_on(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    assert new(claim) in client_of(worker).get(page_of(claim)).content.decode()
    form = client_of(worker).get(new(claim)).content.decode()
    for value in ("fact|is_member|None", "rule|half_hours_of_messages|half_hours", "line|0", f"record|{MESSAGES}"):
        assert f'value="{value}"' in form, value
    shown = note_appeal(worker, claim, points=["fact|is_member|None", "line|0"], words="저는 <b>회원</b>입니다")
    assert "저는 &lt;b&gt;회원&lt;/b&gt;입니다" in shown
    one = Appeal.objects.get()
    assert [point.kind for point in one.points.all()] == ["fact", "line", "other"]
    assert (one.channel, status(claim).review) == ("phone", "queued")
    assert page(one) in client_of(worker).get(page_of(claim)).content.decode()


def test_finance_sees_that_there_are_words_and_not_which_and_each_look_is_logged(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    note_appeal(worker, claim, points=["line|0"], words="저는 홍길동입니다", note="Hong called")
    says(claim, "홍길동이 씁니다")
    one, seen = Appeal.objects.get(), {}
    for role in ("auditor", "finance"):
        user = a_user(role)
        texts = [client_of(user).get(address).content.decode() for address in (page_of(claim), page(one))]
        seen[role] = [
            word for word in ("저는 홍길동입니다", "Hong called", "홍길동이 씁니다") for text in texts if word in text
        ]
        assert all(("이 역할에는 보이지 않는 글" in text) == (role == "finance") for text in texts)
        assert CaseView.objects.filter(viewer=user, claim=claim, page="claim").count() == 2
    assert seen["finance"] == []
    assert set(seen["auditor"]) == {"저는 홍길동입니다", "Hong called", "홍길동이 씁니다"}
    assert CaseView.objects.filter(viewer=worker).count() == 2, "the form that was sent, and the page that followed"


def test_what_is_missing_or_refused_is_said_on_the_form(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    assert "points_missing" in note_appeal(worker, claim)
    assert 'id="id_note_error"' in note_appeal(worker, claim, words="no", note="")
    assert 'id="id_points_error"' in note_appeal(worker, claim, points=["fact|made_up|None"])
    assert not Appeal.objects.exists()
    note_appeal(worker, claim, kind="person_review")
    assert Appeal.objects.get().kind == "person_review"
    assert "appeal_open" in note_appeal(worker, claim, words="again")


def test_only_who_decides_notes_and_answers(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    one = appeal(claim)
    for role in ("auditor", "finance"):
        reader = client_of(a_user(role))
        assert reader.get(new(claim)).status_code == 403
        assert 'name="act"' not in reader.get(page(one)).content.decode()
        assert reader.post(page(one), {"act": "withdraw", "note": "x"}).status_code == 403
    assert 'value="accept"' not in client_of(worker).get(page(one)).content.decode()  # not taken yet
    press(worker, one, "accept")
    one.refresh_from_db()
    assert one.state == "open"


def test_an_appeal_is_upheld_by_who_has_the_claim(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    one = appeal(claim)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    assert 'id="answer_note_error"' in press(worker, one, "uphold", note="")
    assert "했습니다." in press(worker, one, "uphold")
    one.refresh_from_db()
    assert (one.state, one.decided_by, standing(claim).approved) == ("upheld", worker, False)
    assert "했습니다." not in press(worker, one, "withdraw")


def test_what_is_pointed_at_is_called_by_its_name(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    one = appeal(claim, ToldPoint("fact", fact="is_member"), HALF_HOURS)
    for address in (page(one), page_of(claim)):
        shown = client_of(worker).get(address).content.decode()
        assert re.findall(r"<li>((?:사실|규칙)[^<]*)", shown) == ["사실 x", "규칙 시험 half_hours"], address


def test_what_accepting_it_gives_is_shown_beside_it(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    one = appeal(claim)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)

    def compared() -> tuple[list[str], list[str]]:
        shown = client_of(worker).get(page(one)).content.decode().split('id="h-compare"')[1].split("</section>")[0]
        return re.findall(r"<dd>(?:<strong>)?([^<]+)", shown), re.findall("<td>([^<]*)</td>", shown)

    sums, cells = compared()
    assert sums == ["없음", "없음", "산정이 끝났습니다"]
    assert (cells[0], cells[2:]) == ("1. 시험", ["대상 아님", "x", "0원"])
    verify(claim)
    sums, cells = compared()
    assert sums == ["없음", "요금 차감 3,250원", "산정이 끝났습니다"]
    assert (cells[0], cells[2:]) == ("1. 시험", ["보상", "-", "요금 차감 3,250원"])
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", False, "staff")], now=NOW)
    assert "산정을 기다리고 있습니다" in compared()[0][2]
    press(worker, one, "uphold")
    assert "h-compare" in client_of(worker).get(page(one)).content.decode(), "it was refused"


def test_an_appeal_is_withdrawn_with_how_it_is_known(incident: Incident, worker: User):
    (claim,) = claims_of(incident, 1)
    one = appeal(claim)
    assert 'id="withdraw_note_error"' in press(worker, one, "withdraw", note="")
    assert "했습니다." in press(worker, one, "withdraw")
    one.refresh_from_db()
    assert (one.state, status(claim).review) == ("withdrawn", "closed")


def test_a_checker_sees_who_is_looked_at_again_and_asks_for_it(incident: Incident, worker: User):
    first, *others = claims_of(incident, 4)
    one = accepted(first, HALF_HOURS)
    reopen_claim(claim_id=others[0].pk, reopened_by=worker, note="x", now=NOW)
    hold_claim(claim_id=others[0].pk, held_by=worker, note="x", now=NOW)
    assert "preview=1" not in client_of(worker).get(page(one)).content.decode()
    press(worker, one, "again")
    assert status(others[1]).review == "closed"
    checker = a_user("checker")
    assert others[1].reference not in client_of(checker).get(page(one)).content.decode()
    preview = client_of(checker).get(page(one) + "?preview=1").content.decode()
    assert "심사 차례로 갈 청구</dt><dd>2</dd>" in preview
    assert "옮기지 않는 청구: 보류함</dt><dd>1</dd>" in preview
    assert others[1].reference in preview
    assert "심사 차례로 보낸 청구: 2" in press(checker, one, "again")
    assert [status(claim).review for claim in others] == ["held", "queued", "queued"]
    again = client_of(checker).get(page(one) + "?preview=1").content.decode()
    assert "이미 다시 보는 것</dt><dd>2</dd>" in again


def test_the_list_has_the_next_deadline_first_and_a_page_costs_the_same(
    incident: Incident, worker: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("claims.admin.appeals.PAGE", 2)
    claims = claims_of(incident, 3)
    for claim in claims:
        appeal(claim)
    client = client_of(worker)
    client.get(LIST)
    with CaptureQueriesContext(connection) as two:
        answer = client.get(LIST).content.decode()
    assert [claim.reference in answer for claim in claims] == [True, True, False]
    later = answer.split('href="?show=open&amp;after=')[1].split('"')[0]
    with CaptureQueriesContext(connection) as one:
        answer = client.get(f"{LIST}?show=open&after={later}").content.decode()
    assert [claim.reference in answer for claim in claims] == [False, False, True]
    assert len(two) == len(one)
    take_claim(claim_id=claims[1].pk, taken_by=worker, now=NOW)
    mine = client.get(f"{LIST}?show=mine").content.decode()
    assert [claim.reference in mine for claim in claims] == [False, True, False]
    found = client.get(LIST, {"q": claims[2].reference}).content.decode()
    assert [claim.reference in found for claim in claims] == [False, False, True]


@pytest.mark.parametrize("query", ["?after=x", "?after=2022-01-01.y", "?q=%00", "?show=bogus", "?show=overdue", "?show=closed"])
def test_whatever_the_address_says_there_is_a_page(db: None, query: str):
    assert client_of(a_user("auditor")).get(LIST + query).status_code == 200
