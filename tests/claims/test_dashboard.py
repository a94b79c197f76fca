"""The dashboard: charts of tallies, never of whole tables, with their files; and the page on which the log is checked."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin import dashboard_charts as charts
from claims.admin.dashboard_intake import HOURS, curve, intake
from claims.admin.dashboard_page import KEYS
from claims.admin.drawing import Chart
from claims.deadlines import working_day
from claims.models import ChainCheck, ChainLink, Event, Tally
from claims.operations import (
    CheckUnderWay,
    answer_payments,
    begin_chain_check,
    check_next_links,
    count_tallies,
    link_log,
    make_payment_run,
)
from claims.queries import Tallied
from services.models import Incident
from services.refusals import InvalidValue
from services.staff import RoleMissing
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_policy, a_user, at, claim_of, follow_up, outage, told, work_off
from tests.databases import owner_connection
from tests.worlds import world

PAGE = "/admin/claims/tally/"
CHAIN = "/admin/claims/chaincheck/"


@world
def incident(db: None) -> Incident:
    made = outage()
    a_policy()
    for service in (MESSAGES, MESSAGES, BIKE):
        claim_of(a_person(), made, told(service))
    work_off()
    follow_up()
    finance = a_user("finance")
    run = make_payment_run(made_by=finance, note="x", now=NOW, most=1)
    answer_payments(run_id=run.pk, arrived=True, answered_by=finance, now=NOW)
    while count_tallies():
        pass
    return made


@pytest.fixture
def client(db: None) -> Client:
    made = Client()
    made.force_login(a_user("auditor"))
    return made


def figures(client: Client, key: str, **asked: str) -> list[list[str]]:
    answer = client.get(f"{PAGE}{key}.csv", asked)
    assert answer.headers["content-disposition"] == f'attachment; filename="{key}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def test_each_chart_has_its_figures(incident: Incident, client: Client):
    page = client.get(PAGE).content.decode()
    assert page.count('<svg class="chart') == len(KEYS) - 1, "nothing was refused"
    assert figures(client, "intake") == [["2022-12-07 18:00", "3", "약 375"]]
    assert figures(client, "money") == [["2022-12-07", "6500", "3250", "3250"]]
    assert figures(client, "policies") == [["half_hours_of_messages", "6500", "3250", "3250"]]
    assert figures(client, "refused") == []
    hours = figures(client, "impact")
    assert {row[0] for row in hours} == {MESSAGES, BIKE}
    assert [row[2:] for row in hours if row[0] == MESSAGES] == [[f"2022-10-15 {hour}:00", "2"] for hour in range(15, 22)]


def test_a_span_of_days_is_korean_and_inclusive(incident: Incident, client: Client):
    Tally.objects.create(incident=incident, what="intake", key="filed", hour_at=at("20 00:00"), count=5)
    day = {"start": "2022-10-20", "end": "2022-10-20"}
    assert figures(client, "intake", **day) == [["2022-10-20 00:00", "5", "약 375"]]
    assert figures(client, "intake", start="2022-10-19", end="2022-10-19") == []
    refused = client.get(PAGE, {"start": "2022-10-21", "end": "2022-10-20"}).content.decode()
    assert "끝이 시작보다 빠릅니다" in refused
    assert '<svg class="chart"' not in refused


@pytest.mark.parametrize("key", KEYS)
def test_a_chart_is_a_file_of_its_own(incident: Incident, client: Client, key: str):
    answer = client.get(f"{PAGE}{key}.svg", {"incident": incident.pk})
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - ours
    assert answer.headers["content-type"] == "image/svg+xml"
    assert [child.tag.rpartition("}")[2] for child in root][:3] == ["title", "desc", "style"]


@pytest.mark.parametrize("address", ["none.svg", "none.csv", "intake.svg?incident=99999999", "intake.csv?start=x"])
def test_what_is_no_chart_is_not_found(incident: Incident, client: Client, address: str):
    assert client.get(PAGE + address).status_code == 404


def test_names_are_escaped(incident: Incident, client: Client):
    Tally.objects.create(incident=incident, what="refused", key="<script>=1", hour_at=NOW, count=1)
    for address in (PAGE, f"{PAGE}refused.svg"):
        assert b"<script>=1" not in client.get(address).content
    Tally.objects.create(incident=incident, what="refused", key="=1+1", hour_at=NOW, count=1)
    assert ["'=1+1", "1"] in figures(client, "refused")


def test_the_page_reads_no_table_of_claims(incident: Incident, client: Client):
    """But for the queue's index, up to a bound: tests/claims/test_tallies.py."""
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _ in range(3):
        claim_of(a_person(), incident, told(BIKE))
    while count_tallies():
        pass
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(few) == len(many) <= 25
    asked = " ".join(query["sql"] for query in many)
    for table in ("claims_claim", "claims_loss", "claims_payout", "claims_event", "claims_decision", "claims_paymentitem"):
        assert f'"{table}"' not in asked, table


def test_nobody_else_sees_it(incident: Incident):
    assert Client().get(PAGE).status_code == 302
    assert Client().get(f"{PAGE}intake.csv").status_code == 302


def test_the_start_page_leads_there(client: Client):
    page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{PAGE}"' in page
    assert f'href="{CHAIN}"' in page


# --- the charts ----------------------------------------------------------------------------------


def row(hour: str, count: int, key: str = "") -> Tallied:
    return Tallied(at(hour), key, "", count, 0)


def test_only_two_sums_are_known_of_2022():
    chart = curve([row("19 09:00", 100), row("20 09:00", 50)])
    assert list(chart.rows) == [
        (1, "2022-10-19", 100, ""),
        (2, "2022-10-20", 150, ""),
        (5, "", "", "약 45,000"),
        (19, "", "", "105,116"),
    ]
    assert sum("<circle" in mark for mark in chart.marks) == 2
    assert any("2022-12-29" in remark for remark in chart.remarks)


def test_ages_are_working_days_and_the_last_day_is_inclusive():
    filed = date(2022, 10, 19)
    chart = charts.backlog([row("19 09:00", 7)], today=working_day(filed, 10, "KR"), overdue="0")
    assert [line for line in chart.rows if line[1]] == [("10일까지", 7, "아니오")]
    chart = charts.backlog([row("19 09:00", 7)], today=working_day(filed, 11, "KR"), overdue="0")
    assert [line for line in chart.rows if line[1]] == [("15일까지", 7, "예")]


def years_later(days: int = 1480) -> list[Tallied]:
    """A claim in the hour after midnight, and two so many days later."""
    return [row("1 00:00", 1), Tallied(at("1 00:00") + timedelta(days=days), "", "", 2, 0)]


def drawn_hours(chart: Chart) -> str:
    """As the remark says it, with what it leaves out."""
    return next(one for one in chart.remarks if one.startswith("그린 때"))


def test_hours_are_drawn_as_far_as_2022_lasted_and_what_came_later_is_said():
    chart = intake(years_later(), first=at("1 00:00").date())
    assert drawn_hours(chart).startswith("그린 때: 2022-10-01 00:00 ~ 2022-10-04 00:00. 그 밖의 시간에 들어온 청구: 2.")
    assert len(chart.rows) == 2, "the figures are whole"
    late = intake(years_later(), first=at("1 00:00").date(), late=True)
    assert drawn_hours(late).startswith("그린 때: 2026-10-17 01:00 ~ 2026-10-20 01:00. 그 밖의 시간에 들어온 청구: 1.")
    assert not [mark for mark in late.marks if "chart-then" in mark], "nothing is known of that day in 2022"


def test_the_last_hours_are_drawn_and_all_of_days_that_are_chosen():
    rows = [row(f"{day} 09:00", day) for day in range(1, 11)]
    assert drawn_hours(intake(rows, first=at("1 00:00").date())).startswith("그린 때: 2022-10-07 10:00 ~ 2022-10-10 10:00.")
    chosen = intake(rows, first=at("1 00:00").date(), chosen=True)
    assert "2022-10-01 09:00 ~ 2022-10-10 10:00. 그 밖의 시간에 들어온 청구: 0" in drawn_hours(chosen)
    many = intake(years_later(60), first=at("1 00:00").date(), chosen=True, late=True)
    assert HOURS == 72
    assert "2022-11-27 01:00 ~ 2022-11-30 01:00" in drawn_hours(many)
    assert {chosen.width, many.width} == {680}


def test_hours_stand_beside_what_2022_comes_to_if_it_is_spread_evenly():
    first = at("1 00:00").date()
    chart = intake([row(f"{day} 00:00", 400) for day in (1, 5, 6, 19, 20)], first=first, chosen=True, late=True)
    assert [line[2] for line in chart.rows] == ["약 375", "약 375", "약 179", "약 179", ""], "45,000 in 5 days, 60,116 in 14"
    then = [mark for mark in chart.marks if "chart-then" in mark]
    assert len(then) == 2
    assert any("2022: 약 375" in mark for mark in chart.marks)
    assert any("점선" in remark for remark in chart.remarks)
    few = intake([row("1 00:00", 5)], first=first)
    assert any("로그" in remark for remark in few.remarks), "else nobody would see them"


def test_the_curve_is_as_long_as_2022_and_says_how_many_came_later():
    chart = curve(years_later())
    assert "19일 뒤에 들어온 청구: 2." in chart.remarks
    assert [place for place in range(20) if f'middle">{place}<' in "".join(chart.marks)] == list(range(20))
    late = curve(years_later(), late=True)
    assert not [remark for remark in late.remarks if "뒤에" in remark]
    assert 'middle">1480<' in "".join(late.marks)
    assert len(late.rows) == 20, "and no row for each day on which nothing came"


def test_money_of_many_days_is_drawn_to_its_end():
    paid = [Tallied(at("1 00:00") + timedelta(days=days), "", "KRW", 1, 100) for days in range(0, 200, 10)]
    chart = charts.money(paid, [], "KRW")
    assert chart.width == 680
    assert len(chart.rows) == 191
    assert any("마지막 92일" in remark for remark in chart.remarks)
    assert ">01-08<" in "".join(chart.marks), "which is the first of them"
    assert ">10-01<" not in "".join(chart.marks)


WRITTEN = re.compile(r'<text x="([-0-9.]+)" y="[-0-9.]+" text-anchor="(\w+)">([^<]*)<')


@pytest.mark.parametrize("late", [False, True])
def test_nothing_is_written_outside_of_a_chart(late: bool):
    """By its letters, a little broader than they are on a desk."""
    found = [intake(years_later(), first=at("1 00:00").date(), late=late), curve(years_later(), late=late)]
    for chart in found:
        for x, anchor, text in re.findall(
            r'<text x="([-0-9.]+)" y="[-0-9.]+" text-anchor="(\w+)">([^<]*)<', "".join(chart.marks)
        ):
            wide = 8 * len(text)
            left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            assert left >= 0, (chart.key, text)
            assert left + wide <= chart.width, (chart.key, text)


@pytest.mark.parametrize("letter", ["가", "a"])
def test_a_long_name_ends_where_its_chart_does(letter: str):
    chart = charts.refused([row("1 00:00", 1, letter * 80), row("1 00:00", 2, letter * 5)])
    short, long = [text for _, anchor, text in WRITTEN.findall("".join(chart.marks)) if text.startswith(letter)]
    assert short == letter * 5
    assert long.endswith("…")
    assert 0.8 * chart.width < len(long) * (12 if letter == "가" else 7) <= chart.width


def test_dates_choose_hours_and_days_are_still_counted_from_the_first_claim(incident: Incident, client: Client):
    Tally.objects.create(incident=incident, what="intake", key="filed", hour_at=at("20 00:00"), count=5)
    assert figures(client, "intake", start="2022-12-07") == [["2022-12-07 18:00", "3", ""]]
    assert figures(client, "curve", start="2022-12-07")[0] == ["1", "2022-10-20", "5", ""]
    page = client.get(PAGE).content.decode()
    assert "그린 때: 2022-10-20 00:00 ~ 2022-10-23 00:00. 그 밖의 시간에 들어온 청구: 3." in page
    assert "19일 뒤에 들어온 청구: 3." in page
    assert "뒤에 들어온" not in client.get(PAGE, {"days": "all"}).content.decode()


# --- the chain -----------------------------------------------------------------------------------


@pytest.fixture
def linked(incident: Incident) -> ChainLink:
    with transaction.atomic():
        link_log(now=NOW)
    return ChainLink.objects.latest("position")


def checked(**more: Any) -> ChainCheck:
    """Five links at a time."""
    begin_chain_check(asked_by=a_user("auditor"), now=NOW, **more)
    while check_next_links(now=NOW, most=5):
        pass
    return ChainCheck.objects.latest("pk")


def test_a_sound_log_is_walked_slice_by_slice(linked: ChainLink):
    assert linked.position > 10
    check = checked(anchor=str(linked))
    assert (check.state, check.faults, f"{check.position}:{check.hash}") == ("done", [], str(linked))
    assert Event.objects.filter(kind__in=["chain_check_begun", "chain_checked"]).count() == 2


def test_what_was_noted_outside_tells(linked: ChainLink):
    assert checked(anchor=f"7:{'0' * 64}").faults[0].startswith("position 7: ")
    assert checked(anchor=f"99999:{'0' * 64}").faults == [
        f"position 99999: the chain ends at {linked.position}, but this was noted before"
    ]


def test_a_check_needs_the_role_an_anchor_and_its_turn(linked: ChainLink):
    with pytest.raises(RoleMissing):
        begin_chain_check(asked_by=a_user("caseworker"), now=NOW)
    auditor = a_user("auditor")
    with pytest.raises(InvalidValue):
        begin_chain_check(asked_by=auditor, anchor="12", now=NOW)
    begin_chain_check(asked_by=auditor, now=NOW)
    with pytest.raises(CheckUnderWay):
        begin_chain_check(asked_by=auditor, now=NOW)


def test_the_page_says_what_it_found(linked: ChainLink, client: Client):
    assert str(linked) in client.get(CHAIN).content.decode()
    assert "POSITION" not in client.post(CHAIN, {"anchor": "12"}).content.decode()
    assert not ChainCheck.objects.exists()
    client.post(CHAIN, {"anchor": ""})
    assert "점검하는 중" in client.get(CHAIN).content.decode()
    while check_next_links(now=NOW):
        pass
    assert "어긋난 곳이 없습니다" in client.get(CHAIN).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_changed_or_is_gone_is_named():
    for number in range(6):
        Event.objects.create(at=NOW, kind="tried", data={"number": number})
    link_log_now()
    first, second = Event.objects.order_by("pk")[:2]
    with owner_connection() as owner:
        owner.execute("ALTER TABLE claims_event DISABLE TRIGGER USER")
        owner.execute("UPDATE claims_event SET kind = 'other' WHERE id = %s", [first.pk])
        owner.execute("DELETE FROM claims_event WHERE id = %s", [second.pk])
        owner.execute("ALTER TABLE claims_event ENABLE TRIGGER USER")
    with transaction.atomic():
        check = checked()
    assert f"position 1: claims.event {first.pk} was changed" in check.faults
    assert f"position 2: claims.event {second.pk} is gone" in check.faults
    assert check.fault_count == 2


def link_log_now() -> None:
    with transaction.atomic():
        link_log(now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("during", [False, True], ids=["between two checks", "during one"])
def test_a_log_that_is_cut_and_linked_again_is_known_by_what_an_earlier_check_ended_with(during: bool):
    for number in range(12):
        Event.objects.create(at=NOW, kind="tried", data={"number": number})
    link_log_now()
    with transaction.atomic():
        begin_chain_check(asked_by=a_user("auditor"), now=NOW)
        check_next_links(now=NOW, most=5)
        while not during and check_next_links(now=NOW, most=5):
            pass
    with owner_connection() as owner:
        for table in ("claims_chainlink", "claims_event"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute("DELETE FROM claims_chainlink WHERE position > 4")
        owner.execute("DELETE FROM claims_event WHERE kind = 'tried' AND data->>'number' = '4'")
        for table in ("claims_chainlink", "claims_event"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    link_log_now()
    with transaction.atomic():
        check = ChainCheck.objects.latest("pk") if during else checked()
        while check_next_links(now=NOW, most=5):
            pass
    check.refresh_from_db()
    assert check.fault_count > 0, check.faults
