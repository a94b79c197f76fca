"""The switch of automatic decisions and the alarms of cohorts on their pages: who presses them, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import User
from claims.admin import switches_page
from claims.models import AutomaticPause, Claim, ClaimStatus, Cohort, Event, Note
from claims.operations import lift_pause, pause_automatic, set_alarm
from claims.staff_site import open_work
from services.models import Incident
from tests.builders import NOW, a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off
from tests.claims.test_case_pages import client_of
from tests.claims.test_goodwill_pages import shown

CODE = "half_hours_of_messages"
SWITCHES, ALARMS = "/admin/claims/automaticpause/", "/admin/claims/cohort/"


@pytest.fixture
def incident(db: None) -> Incident:
    incident = outage()
    a_policy()
    return incident


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def sent(user: User, page: str, **said: Any) -> str:
    """What the page says after the button was pressed."""
    answer = client_of(user).post(page, said, follow=True, headers={"accept-language": "ko"})
    assert answer.status_code == 200
    return answer.content.decode()


def resume(user: User, pause: AutomaticPause, **said: Any) -> str:
    fields = {f"pause-{pause.pk}-{name}": value for name, value in said.items()}
    return sent(user, SWITCHES, resume=pause.pk, **fields)


def claims(incident: Incident, most: int) -> list[Claim]:
    made = [claim_of(a_person(), incident, told()) for _ in range(most)]
    work_off()
    follow_up()
    return made


def alarm(incident: Incident, checker: User, above: int) -> AutomaticPause:
    """Of a cohort that has met it."""
    said: dict[str, Any] = {"policy": CODE, "incident_id": incident.pk, "set_by": checker, "note": "x", "now": NOW}
    set_alarm(alarm_above=above, **said)
    claims(incident, above + 1)
    return AutomaticPause.objects.get()


def error_of(page: str, field: str) -> str:
    return page.split(f'id="id_{field}_error"')[1].split("</ul>", maxsplit=1)[0]


def queries_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


# --- the switch ----------------------------------------------------------------------------------------


def test_a_checker_pauses_a_policy_and_resumes_it_each_with_a_reason(incident: Incident, checker: User):
    assert "켜짐" in shown(checker, SWITCHES)
    page = sent(checker, SWITCHES, policy=CODE, note="금액이 이상함")
    for words in ("멈추었습니다.", "모든 장애에서 멈춤", "금액이 이상함", str(checker), "다시 켜기"):
        assert words in page, words
    pause = AutomaticPause.objects.get()
    (claim,) = claims(incident, 1)
    assert ClaimStatus.objects.get(pk=claim.pk).reasons == [f"paused:{CODE}"]
    page = resume(checker, pause, note="금액이 맞음")
    for words in ("다시 켰습니다.", "켜짐", "금액이 이상함", "금액이 맞음"):
        assert words in page, words
    follow_up()
    assert ClaimStatus.objects.get(pk=claim.pk).review == "closed"


def test_one_incident_is_paused_and_the_reason_can_be_erased(incident: Incident, checker: User):
    page = sent(checker, SWITCHES, policy=CODE, incident=incident.pk, note="여기만")
    assert ("장애 1건에서 멈춤" in page, escape(incident.title_ko) in page, "여기만" in page) == (True, True, True)
    assert AutomaticPause.objects.get().incident == incident
    Note.objects.get(event__kind="automatic_paused").delete()
    page = shown(checker, SWITCHES, "en")
    assert ("여기만" in page, escape(incident.title_en) in page, "paused for 1 incident(s)" in page) == (False, True, True)


def test_what_the_switch_refuses_is_said_beside_the_form(incident: Incident, checker: User):
    for wrong in ({"policy": CODE}, {"policy": CODE, "note": "  "}):
        assert error_of(sent(checker, SWITCHES, **wrong), "note")
    assert error_of(sent(checker, SWITCHES, policy="no_such", note="x"), "policy")
    sent(checker, SWITCHES, policy=CODE, note="x")
    assert "already_paused" in error_of(sent(checker, SWITCHES, policy=CODE, note="x"), "policy")
    pause = AutomaticPause.objects.get()
    assert error_of(resume(checker, pause), f"pause-{pause.pk}-note")
    lift_pause(pause_id=pause.pk, lifted_by=checker, note="x", now=NOW)
    assert "not_paused" in resume(checker, pause, note="x")
    assert "not_paused" in sent(checker, SWITCHES, **{"resume": "no number", "pause-0-note": "x"})


def test_what_an_alarm_stopped_goes_on_once_it_is_raised(incident: Incident, checker: User):
    pause = alarm(incident, checker, 2)
    page = shown(checker, SWITCHES)
    assert ("경보" in page, "이미 2건을 승인했고 기준은 2건" in page) == (True, True)
    for futile in ({}, {"alarm_above": 2}):
        page = resume(checker, pause, note="많이 이용함", **futile)
        assert "alarm_reached" in error_of(page, f"pause-{pause.pk}-alarm_above")
    assert "out_of_range" in error_of(resume(checker, pause, note="x", alarm_above=1), f"pause-{pause.pk}-alarm_above")
    assert not AutomaticPause.objects.exclude(lifted_at=None).exists()
    assert "다시 켰습니다." in resume(checker, pause, note="많이 이용함", alarm_above=5)
    follow_up()
    assert str(Cohort.objects.values_list("approved", "alarm_above").get()) == "(3, 5)"
    assert "많이 이용함" in shown(checker, SWITCHES).split('id="h-history"')[1]


@pytest.mark.parametrize("role", ["caseworker", "finance", "auditor"])
def test_others_see_what_is_paused_and_are_refused(incident: Incident, checker: User, role: str):
    pause = pause_automatic(policy=CODE, paused_by=checker, note="금액이 이상함", now=NOW)
    user = a_user(role)
    page = shown(user, SWITCHES)
    assert ("금액이 이상함" in page, "승인자가" in page, 'name="resume"' in page, "<textarea" in page) == (
        True,
        True,
        False,
        False,
    )
    client = client_of(user)
    said = {"resume": pause.pk, f"pause-{pause.pk}-note": "x"}
    answers = [client.post(SWITCHES, said).status_code, client.post(SWITCHES, {"policy": CODE, "note": "x"}).status_code]
    assert answers == [403, 403]
    assert AutomaticPause.objects.get().lifted_at is None


def test_who_sees_no_claims_sees_neither_page(db: None):
    manager = client_of(a_user("manager"))
    assert [manager.get(page).status_code for page in (SWITCHES, ALARMS)] == [403, 403]
    assert [Client().get(page).status_code for page in (SWITCHES, ALARMS)] == [302, 302]


def test_the_first_page_leads_to_the_switch(incident: Incident, checker: User):
    pause_automatic(policy=CODE, paused_by=checker, note="금액이 이상함", now=NOW)
    (item,) = [one for one in open_work(now=NOW) if one["key"] == "pauses"]
    assert item["count"] == 1
    assert f'href="{item["address"]}"' in shown(checker, "/admin/")
    assert "금액이 이상함" in shown(checker, item["address"])


def test_the_lists_of_the_switch_have_pages_and_as_many_queries(
    incident: Incident, checker: User, monkeypatch: pytest.MonkeyPatch
):
    client = client_of(checker)

    def pause(code: str, *, lifted: bool) -> None:
        one = pause_automatic(policy=code, paused_by=checker, note=f"why {code}", now=NOW)
        if lifted:
            lift_pause(pause_id=one.pk, lifted_by=checker, note=f"fine {code}", now=NOW)

    for lifted in (True, False):
        pause(CODE, lifted=lifted)
    few = queries_of(client, SWITCHES)
    for code in ("another", "second"):
        a_policy(code=code, incidents="from: 2090-01-01")
        for lifted in (True, False):
            pause(code, lifted=lifted)
    assert queries_of(client, SWITCHES) == few
    monkeypatch.setattr(switches_page, "PAGE", 2)
    page = shown(checker, SWITCHES)
    (first, second, third), former = _pks(lifted=False), _pks(lifted=True)
    assert [f'id="pause-{pk}"' in page for pk in (first, second, third)] == [True, True, False]
    for link in (f"?after={second}", "?policies=half_hours_of_messages", f"?before={former[1]}"):
        assert link in page, link
    page = shown(checker, f"{SWITCHES}?after={second}&policies={CODE}&before={former[1]}")
    assert [f'id="pause-{pk}"' in page for pk in (first, third)] == [False, True]
    rows = page.split('id="h-policies"')[1]
    assert ("<td>another</td>" in rows.split("</table>")[0], "<td>second</td>" in rows) == (False, True)
    history = page.split('id="h-history"')[1]
    assert (f"fine {CODE}" in history, "fine second" in history) == (True, False)
    assert client.get(f"{SWITCHES}?policies=%00").status_code == 200


def _pks(*, lifted: bool) -> list[int]:
    found = AutomaticPause.objects.filter(lifted_at__isnull=not lifted)
    return list(found.order_by("-pk" if lifted else "pk").values_list("pk", flat=True))


# --- alarms --------------------------------------------------------------------------------------------


def test_a_checker_sets_a_threshold_and_sees_how_far_it_is(incident: Incident, checker: User):
    said = {"policy": CODE, "incident": incident.pk, "note": "처음에는 조금만"}
    page = sent(checker, ALARMS, alarm_above=2, **said)
    assert ("기준을 정했습니다." in page, "기준 아래" in page) == (True, True)
    assert Event.objects.get(kind="alarm_set").note.text == "처음에는 조금만"
    claims(incident, 3)
    pause = AutomaticPause.objects.get()
    page = shown(checker, ALARMS)
    assert ("경보로 멈춤" in page, f"{SWITCHES}?after={pause.pk - 1}#pause-{pause.pk}" in page) == (True, True)
    assert f'id="pause-{pause.pk}"' in shown(checker, f"{SWITCHES}?after={pause.pk - 1}")
    sent(checker, ALARMS, alarm_above=4, **said)
    assert Cohort.objects.get().alarm_above == 4
    assert "다시 켰습니다." in resume(checker, pause, note="괜찮음")
    assert "기준 아래" in shown(checker, ALARMS)


def test_what_an_alarm_refuses_is_said_beside_its_field(incident: Incident, checker: User):
    alarm(incident, checker, 2)
    said = {"policy": CODE, "incident": incident.pk, "alarm_above": 2, "note": "x"}
    for wrong, field in (
        ({"alarm_above": 1}, "alarm_above"), ({"alarm_above": 2**31}, "alarm_above"), ({"note": ""}, "note"),
        ({"incident": ""}, "incident"), ({"policy": "no_such"}, "policy"),
    ):  # fmt: skip
        assert error_of(sent(checker, ALARMS, **{**said, **wrong}), field), field
    assert "out_of_range" in sent(checker, ALARMS, **{**said, "alarm_above": 1})
    assert Cohort.objects.get().alarm_above == 2


@pytest.mark.parametrize("role", ["caseworker", "finance", "auditor"])
def test_others_see_alarms_and_are_refused(incident: Incident, checker: User, role: str):
    alarm(incident, checker, 1)
    user = a_user(role)
    page = shown(user, ALARMS)
    assert ("경보로 멈춤" in page, 'name="alarm_above"' in page, "#pause-" in page) == (True, False, False)
    said = {"policy": CODE, "incident": incident.pk, "alarm_above": 9, "note": "x"}
    assert client_of(user).post(ALARMS, said).status_code == 403
    assert Cohort.objects.get().alarm_above == 1


def test_alarms_have_pages_and_as_many_queries(incident: Incident, checker: User, monkeypatch: pytest.MonkeyPatch):
    client = client_of(checker)
    alarm(incident, checker, 1)
    few = queries_of(client, ALARMS)
    for code in ("another", "second"):
        a_policy(code=code, incidents="from: 2090-01-01")
        set_alarm(policy=code, incident_id=incident.pk, alarm_above=7, set_by=checker, note="x", now=NOW)
        pause_automatic(policy=code, paused_by=checker, note="x", now=NOW)
    assert queries_of(client, ALARMS) == few
    monkeypatch.setattr(switches_page, "PAGE", 2)
    before = Cohort.objects.order_by("-pk")[1].pk
    first, second = shown(checker, ALARMS), shown(checker, f"{ALARMS}?before={before}")
    assert ("사람이 멈춤" in first, f"?before={before}" in first, "경보로 멈춤" in first) == (True, True, False)
    assert ("경보로 멈춤" in second, "다음 쪽" in second) == (True, False)
