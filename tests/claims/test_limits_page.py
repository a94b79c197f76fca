"""The page of limits: what counts, what counted, and who may set it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from accounts.models import User
from claims.admin import limits_page
from claims.models import AuthorityLimit, DecisionProposal, Event
from claims.operations import AuthorityExceeded, confirm_proposal, decide_claim, take_claim
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.claims.test_case_pages import client_of
from tests.claims.test_goodwill_pages import shown
from tests.claims.test_switches_page import queries_of

LIMITS = "/admin/claims/authoritylimit/"
SAID: dict[str, Any] = {"unit": "KRW", "per_decision": "50000", "per_day": "700000"}


@pytest.fixture
def checker(db: None) -> User:
    authority("checker", per_decision=2_000_000, per_day=3_000_000)
    return a_user("checker")


def sent(user: User, **said: str) -> str:
    answer = client_of(user).post(LIMITS, {**SAID, **said}, follow=True, headers={"accept-language": "ko"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_checker_sets_the_caseworkers_limit_and_sees_what_it_was(checker: User):
    authority(per_decision=30_000, per_day=400_000)
    page = sent(checker)
    assert "한도를 정했습니다." in page
    in_force, history = page.split('id="h-history"')
    assert ("50,000원" in in_force, "700,000원" in in_force, "30,000원" in in_force) == (True, True, False)
    assert ("2,000,000원" in in_force, "명령" in in_force, str(checker) in in_force) == (True, True, True)
    assert ("50,000원" in history, "30,000원" in history) == (True, True)
    limit = AuthorityLimit.objects.latest("pk")
    assert (limit.role, limit.set_by, Event.objects.filter(kind="authority_set", actor=checker).count()) == (
        "caseworker",
        checker,
        1,
    )


def test_a_checker_cannot_set_his_own_limit(checker: User):
    sent(checker, role="checker")
    assert AuthorityLimit.objects.get(set_by=checker).role == "caseworker"


@pytest.mark.parametrize("role", ["caseworker", "finance", "auditor"])
def test_others_look_and_are_refused(db: None, role: str):
    authority()
    user = a_user(role)
    page = shown(user, LIMITS)
    assert ("100,000원" in page, 'name="per_day"' in page, "승인자가" in page) == (True, False, True)
    assert client_of(user).post(LIMITS, SAID).status_code == 403
    assert AuthorityLimit.objects.count() == 1


def test_who_sees_no_claims_sees_no_limits(db: None):
    assert [client_of(a_user("manager")).get(LIMITS).status_code, Client().get(LIMITS).status_code] == [403, 302]


@pytest.mark.parametrize(
    ("wrong", "told", "field"),
    [
        ({"unit": "won"}, "won", "unit"),
        ({"per_day": "49999"}, "out_of_range", "per_day"),
        ({"per_decision": "-1"}, "0", "per_decision"),
    ],
)
def test_what_is_refused_is_said_beside_its_field(checker: User, wrong: dict[str, str], told: str, field: str):
    page = sent(checker, **wrong)
    assert told in page.split(f'id="id_{field}_error"')[1].split("</ul>")[0]
    assert not AuthorityLimit.objects.filter(set_by=checker).exists()


def test_the_history_has_pages_and_as_many_queries(checker: User, monkeypatch: pytest.MonkeyPatch):
    client = client_of(checker)
    authority(per_decision=1_000)
    few = queries_of(client, LIMITS)
    for won in (2_000, 3_000):
        sent(checker, per_decision=str(won))
    assert queries_of(client, LIMITS) == few
    monkeypatch.setattr(limits_page, "PAGE", 2)
    before = AuthorityLimit.objects.order_by("-pk")[1].pk
    first = shown(checker, LIMITS, "en").split('id="h-history"')[1]
    assert ("₩1,000" in first or "KRW 1,000" in first, f"?before={before}" in first) == (False, True)
    second = shown(checker, f"{LIMITS}?before={before}").split('id="h-history"')[1]
    assert ("1,000원" in second, "3,000원" in second, "다음 쪽" in second) == (True, False, False)


def test_the_first_limits_are_set_by_a_command_and_then_a_large_claim_can_be_confirmed(db: None):
    """As in a fresh installation: before that nobody may give anything, and a checker can set no limit above none."""
    incident = outage()
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    worker, checker = a_user("caseworker"), a_user("checker")
    assert "approved" not in sent(checker)
    assert not AuthorityLimit.objects.exists()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    newest = claim.assessments.get()
    proposal = decide_claim(claim_id=claim.pk, assessment_id=newest.pk, approved=True, decided_by=worker, now=NOW)
    assert isinstance(proposal, DecisionProposal)
    with pytest.raises(AuthorityExceeded), transaction.atomic():
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    said = StringIO()
    call_command("set_limit", "checker", "KRW", "2000000", "3000000", stdout=said)
    assert said.getvalue() == "checker: 2,000,000 KRW by one decision, 3,000,000 KRW a day\n"
    assert confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW).approved
    assert Event.objects.get(kind="authority_set").actor is None


@pytest.mark.parametrize(
    "arguments",
    [("checker", "KRW", "2", "1"), ("checker", "KR", "1", "1"), ("finance", "KRW", "1", "1"), ("checker", "KRW", "-1", "1")],
)
def test_a_command_says_what_is_wrong_with_a_limit(db: None, arguments: tuple[str, ...]):
    with pytest.raises(CommandError):
        call_command("set_limit", *arguments)
    assert not AuthorityLimit.objects.exists()
