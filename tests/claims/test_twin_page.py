"""The staff's pages of claims that may be one: side by side, dismissed, merged after a preview."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import PersonalData, User
from claims.models import CaseView, Claim, Twin
from services.models import Incident
from tests.builders import NOW, a_person, a_user, claim_of, outage, paid_to
from tests.claims.test_case_pages import client_of, page_of, status

LIST = "/admin/claims/twin/"


@pytest.fixture
def incident(db: None) -> Incident:
    return outage()


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


@pytest.fixture
def pair(incident: Incident) -> list[Claim]:
    return [claim_of(a_person(), incident) for _ in range(2)]


def hint(claim: Claim, other: Claim | None, score: int = 80, reason: str = "same_account") -> Twin:
    return Twin.objects.create(
        incident=claim.incident, claim=claim, other=other, score=score, reasons=[reason], found_at=NOW
    )  # fmt: skip


def page(twin: Twin) -> str:
    return reverse("admin:claims_twin_change", args=[twin.pk])


def press(user: User, twin: Twin, act: str, **said: Any) -> str:
    return client_of(user).post(page(twin), {"act": act, "note": "one shop", **said}, follow=True).content.decode()


def test_both_stand_side_by_side_with_what_is_the_same(pair: list[Claim], worker: User):
    for claim in pair:
        PersonalData.objects.filter(person=claim.person).update(name="홍길동", phone=f"010-1234-{claim.pk % 10}678")
    twin = hint(pair[1], pair[0])
    shown = client_of(worker).get(page(twin)).content.decode()
    assert "홍길동" not in shown
    assert "같은 계정: 80 점" in shown
    told = {row.split("</th>")[0]: row for row in shown.split('<th scope="row">')[1:]}
    assert [("<strong>" in told[key]) for key in ("이름", "전화", "잃은 것", "청구인 ID", "심사")] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert "예금주" not in told
    paid_to(pair[0].person, holder="홍길동")
    paid_to(pair[1].person, holder="김영희")
    other = client_of(worker).get(page(twin)).content.decode().split("예금주</th>")[1].split("</tr>")[0]
    assert ("<strong>" in other, "홍길동" in other, other.count("*") > 1) == (False, False, True), "one account, two holders"
    assert {view.claim_id for view in CaseView.objects.filter(viewer=worker)} == {claim.pk for claim in pair}
    similar = client_of(worker).get(page_of(pair[0])).content.decode().split('id="h-similar"')[1]
    assert page(twin) in similar
    assert pair[1].reference in similar


def test_a_hint_is_dismissed_with_a_note(pair: list[Claim], worker: User):
    twin = hint(pair[1], pair[0])
    assert 'id="dismiss_note_error"' in press(worker, twin, "dismiss", note="")
    assert "했습니다." in press(worker, twin, "dismiss")
    twin.refresh_from_db()
    assert (twin.state, twin.dismissed_by) == ("dismissed", worker)
    assert 'value="dismiss"' not in client_of(worker).get(page(twin)).content.decode()
    assert "twin_closed" in press(worker, twin, "dismiss")


def test_one_is_merged_into_the_other_after_a_preview(pair: list[Claim], worker: User):
    twin = hint(pair[1], pair[0])
    assert 'value="merge"' not in client_of(worker).get(page(twin)).content.decode()
    preview = client_of(worker).get(f"{page(twin)}?merge={pair[1].pk}").content.decode()
    assert f"{pair[1].reference}: 받음 → 다른 청구에 합침" in preview
    assert "되돌릴 수 있습니다" in preview
    assert 'id="merge_note_error"' in press(worker, twin, "merge", merge=pair[1].pk, note="")
    assert "했습니다." in press(worker, twin, "merge", merge=pair[1].pk)
    assert [status(claim).review for claim in pair] == ["received", "merged"]
    refused = client_of(worker).get(f"{page(twin)}?merge={pair[0].pk}").content.decode()
    assert "merge_impossible" in refused
    assert 'value="merge"' not in refused
    assert "merge_impossible" in press(worker, twin, "merge", merge=pair[0].pk)


@pytest.mark.parametrize("merge", ["", "0", "x", "999999999"])
def test_only_one_of_the_two_is_merged(pair: list[Claim], worker: User, merge: str):
    twin = hint(pair[1], pair[0])
    assert "이렇게는 합칠 수 없습니다." in press(worker, twin, "merge", merge=merge)
    assert [status(claim).review for claim in pair] == ["received", "received"]


def test_who_decides_nothing_looks_and_has_no_button(pair: list[Claim]):
    twin = hint(pair[1], pair[0])
    reader = client_of(a_user("auditor"))
    shown = reader.get(f"{page(twin)}?merge={pair[1].pk}").content.decode()
    assert 'name="act"' not in shown
    for act in ("dismiss", "merge"):
        assert reader.post(page(twin), {"act": act, "merge": pair[1].pk, "note": "x"}).status_code == 403
    twin.refresh_from_db()
    assert twin.state == "open"


def test_a_claim_that_contradicts_itself_has_no_other(pair: list[Claim], worker: User):
    shown = client_of(worker).get(page(hint(pair[0], None, 60, "before_usage"))).content.decode()
    assert "h-merge" not in shown
    assert 'value="dismiss"' in shown


def test_the_list_has_the_highest_score_first_and_a_page_costs_the_same(
    incident: Incident, worker: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("claims.admin.twins.PAGE", 2)
    claims = [claim_of(a_person(), incident) for _ in range(4)]
    hints = [hint(claim, claims[0], score) for claim, score in zip(claims[1:], (30, 90, 30), strict=True)]
    client = client_of(worker)
    client.get(LIST)
    with CaptureQueriesContext(connection) as two:
        first = client.get(LIST).content.decode()
    assert [page(one) in first for one in hints] == [True, True, False]
    assert first.index(page(hints[1])) < first.index(page(hints[0]))
    later = first.split('href="?show=open&amp;after=')[1].split('"')[0]
    with CaptureQueriesContext(connection) as one_row:
        second = client.get(f"{LIST}?show=open&after={later}").content.decode()
    assert [page(one) in second for one in hints] == [False, False, True]
    assert len(one_row) == len(two) + 1, "what has the same score, and what has less"
    stops = client.get(f"{LIST}?show=stops").content.decode()
    assert [page(one) in stops for one in hints] == [False, True, False]
    assert page(hints[1]) in client.get(f"{LIST}?incident={incident.pk}").content.decode()


@pytest.mark.parametrize("query", ["?after=x", "?after=50.y", "?after=999.1", "?show=bogus", "?show=dismissed", "?incident=x"])
def test_whatever_the_address_says_there_is_a_page(db: None, query: str):
    assert client_of(a_user("auditor")).get(LIST + query).status_code == 200
