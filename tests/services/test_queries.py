"""Which windows count for a service: its own, its ancestors', its dependencies'; by the best source."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.models import Incident, OutageWindow, RecordVersion, Service, ServiceDependency
from services.queries import (
    UnknownVersion,
    effective_windows,
    governing_windows,
    notices_of,
    record_in_force,
    record_version,
    record_view,
    reported_services,
    timelines,
)
from services.seoul import shown_span


def spans(windows: list[OutageWindow]) -> list[str]:
    return [f"{window.service.code} {shown_span(window.start_at, window.end_at)} {window.source.code}" for window in windows]


def service(code: str) -> Service:
    return Service.objects.get(code=code)


GOVERNING_IN_VERSION_2 = {
    "daum.home": ["daum [2022-10-15 15:30, 2022-10-16 08:00) operator"],
    "daum": ["daum [2022-10-15 15:30, 2022-10-16 08:00) operator"],
    "kakaotalk.other": [],
    "kakaotalk": [],
    "kakao_t.taxi_call": ["kakao_t.taxi_call [2022-10-15 15:30, 2022-10-17 18:00) operator"],
    "kakaotalk.pc_login": ["kakaotalk.pc_login [2022-10-15 15:30, 2022-10-16 10:25) press"],
    "unnamed_bank.banking": [],
}


def test_governing_in_version_2(version_2):
    for code, expected in GOVERNING_IN_VERSION_2.items():
        assert spans(governing_windows(version_2, service(code))) == expected, code


def test_windows_come_in_order_of_time(version_1):
    assert spans(governing_windows(version_1, service("kakaotalk.text_message"))) == [
        "kakaotalk.text_message [2022-10-15 15:30, 2022-10-16 02:00) press",
        "kakaotalk.text_message [2022-10-16 02:00, 2022-10-16 14:00) press",
        "kakaotalk.text_message [2022-10-16 14:00, ...) press",
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_a_driver_who_can_log_in_still_lacks_the_calls(number, record):
    version = record_version(incident="kakao-2022-10-15", number=number)
    calls_end = "..." if number == 1 else "2022-10-17 18:00"
    for code in ("kakao_t_taxi_driver.app", "kakao_t_taxi_driver"):
        found = [(str(effective.via), *spans([effective.window])) for effective in effective_windows(version, service(code))]
        own = [("None", "kakao_t_taxi_driver.app [2022-10-15 15:30, 2022-10-16 08:00) operator")]
        calls = [("kakao_t.taxi_call", f"kakao_t.taxi_call [2022-10-15 15:30, {calls_end}) operator")]
        assert found == (own if code.endswith(".app") else []) + calls


def test_dependencies_are_followed_however_far_and_round_in_circles(version_2):
    ServiceDependency.objects.create(service=service("melon"), depends_on=service("kakao_style_zigzag"))
    ServiceDependency.objects.create(service=service("kakaopay"), depends_on=service("melon"))
    found = effective_windows(version_2, service("melon.streaming"))
    assert [(str(effective.via), effective.window.service.code) for effective in found] == [
        ("None", "melon.streaming"),
        ("kakaopay.pay_online", "kakaopay.pay_online"),
    ]


def test_a_service_is_not_lost_through_itself(version_2):
    for one, other in (("daum", "melon"), ("melon", "daum")):
        ServiceDependency.objects.create(service=service(one), depends_on=service(other))
    found = effective_windows(version_2, service("daum"))
    assert [(str(effective.via), effective.window.service.code) for effective in found] == [("None", "daum")]


def test_the_record_in_force_is_the_newest(version_1, version_2):
    incident = version_1.incident
    assert record_in_force(incident) == version_2
    assert record_version(incident=incident.key) == version_2
    assert record_version(incident=incident.key, number=1) == version_1
    assert record_in_force(Incident(pk=0)) is None
    for arguments in ({"incident": incident.key, "number": 3}, {"incident": "none"}):
        with pytest.raises(UnknownVersion):
            record_version(**arguments)


def test_what_citizens_reported(version_1):
    assert reported_services(version_1.incident) == [
        "kakao_t.taxi_call",
        "kakao_t_bike.ride_end_billing",
        "unnamed_bank.banking",
    ]
    assert reported_services(Incident.objects.get(key="kakao-2022-10-04")) == []


def test_timelines_have_a_line_per_service_and_source(version_2):
    lines = timelines(version_2)
    assert len({line.service.code for line in lines}) == 41
    assert [(line.source, line.governs, len(line.windows)) for line in lines if line.service.code == "kakao_t.taxi_call"] == [
        ("operator", True, 1),
        ("mobility", False, 1),
    ]
    assert sum(len(line.windows) for line in lines) == 44
    assert [line.service.code for line in lines] == sorted(line.service.code for line in lines)


def test_notices_behind_a_version(version_1, version_2):
    assert [notice.key for notice in notices_of(version_1)] == ["operator-1016-0800", "operator-x-1016-1210", "press-1016-1400"]
    assert "mobility-1104" in {notice.key for notice in notices_of(version_2)}


def test_a_view_takes_three_queries_and_answers_without_any(version_2: RecordVersion):
    with CaptureQueriesContext(connection) as queries:
        view = record_view(version_2)
        for code in view.services:
            view.effective(code)
        view.timelines()
    assert len(queries) == 3


def test_a_windows_key_names_it_in_every_version(version_1, version_2):
    for version in (version_1, version_2):
        keys = [window.key for window in record_view(version).windows]
        assert len(set(keys)) == len(keys)
    assert "kakao_t.taxi_call|mobility|2022-10-15T06:00:00Z" in keys
