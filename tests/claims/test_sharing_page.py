"""The page on which work is shared out: who reviews what, and claims given out in turn."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.models import Claim, Skill
from tests.builders import MESSAGES, a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off
from tests.claims.test_case_pages import client_of, status

PAGE = "/admin/claims/skill/"


@pytest.fixture
def claims(db: None) -> list[Claim]:
    incident = outage()
    a_policy(automatic="{}")
    made = [claim_of(a_person(), incident, told()) for _ in range(3)]
    work_off()
    follow_up()
    return made


def press(by: User, act: str, **said: Any) -> str:
    return client_of(by).post(PAGE, {"act": act, **said}, follow=True).content.decode()


def test_a_checker_shares_out_in_turn(claims: list[Claim]):
    checker, one, other = a_user("checker"), a_user("caseworker"), a_user("caseworker")
    assert "나눈 청구: 2 (" in press(checker, "share", most=2, among=[one.pk, other.pk])
    assert {status(claim).assignee for claim in claims} == {one, other, None}
    assert 'id="share_among_error"' in press(checker, "share", most=2)
    assert 'id="share_most_error"' in press(checker, "share", most=1001, among=[one.pk])
    assert 'id="share_among_error"' in press(checker, "share", most=1, among=[a_user("auditor").pk])


def test_a_checker_says_who_reviews_what(claims: list[Claim]):
    checker, worker = a_user("checker"), a_user("caseworker")
    assert "했습니다." in press(checker, "skills", user=worker.pk, services=[MESSAGES])
    assert [skill.service.code for skill in Skill.objects.filter(user=worker)] == [MESSAGES]
    assert 'id="skills_services_error"' in press(checker, "skills", user=worker.pk, services=["no.such"])
    press(checker, "skills", user=worker.pk)
    assert not Skill.objects.exists()


@pytest.mark.parametrize("role", ["caseworker", "auditor"])
def test_others_look_and_have_no_button(claims: list[Claim], role: str):
    reader, worker = client_of(a_user(role)), a_user("caseworker")
    assert 'name="act"' not in reader.get(PAGE).content.decode()
    for act in ("share", "skills"):
        assert reader.post(PAGE, {"act": act, "most": 1, "among": [worker.pk], "user": worker.pk}).status_code == 403
    assert {status(claim).review for claim in claims} == {"queued"}


def test_queries_do_not_grow_with_staff(claims: list[Claim]):
    client = client_of(a_user("checker"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for _ in range(3):
        a_user("caseworker")
    assert queries() == few
