"""Notices, observations, windows and extents as operations keep them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.instants import OutageTooLong
from services.lookups import UnknownIncident, UnknownNotice, UnknownService
from services.models import Extent, Finding, Incident, Notice, Observation, OutageWindow
from services.operations import (
    FindingSaid,
    NoticeDiffers,
    NoticeSaid,
    ObservationDiffers,
    ObservationSaid,
    SourceNotOfficial,
    WindowSaid,
    record_extent,
    record_finding,
    record_notice,
    record_observation,
    record_window,
    record_windows,
)
from services.refusals import InvalidValue, Refusal

NOW = datetime(2022, 10, 17, tzinfo=UTC)
START = datetime(2022, 10, 15, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)

SAID = NoticeSaid(key="n1", source="operator", channel="notice board", published_at=START, text="복구 안내")
DOWN = ObservationSaid(notice="n1", service="melon.streaming", state="down", observed_at=START)
WINDOW = WindowSaid(service="melon.streaming", notice="n1", severity="full", start_at=START, end_at=START + HOUR)


@pytest.fixture
def notice(tree) -> Notice:
    Incident.objects.create(key="i1", title_ko="장애", title_en="outage", started_at=START)
    return record_notice(SAID, now=NOW)


def test_a_notice_is_kept_in_one_spelling(tree):
    decomposed = replace(SAID, text="\u1107\u1169\u11a8\u1100\u116e\u00a0\u110b\u1161\u11ab\u1102\u1162 ")
    notice = record_notice(decomposed, now=NOW)
    assert notice.text == "복구 안내"
    assert record_notice(SAID, now=NOW) == notice, "the same text in another spelling is the same notice"
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "다른 안내"}, "text"),
        ({"published_at": START + HOUR}, "published_at"),
        ({"source": "press"}, "source"),
        ({"published_approx": True}, "published_approx"),
    ],
)
def test_a_notice_under_a_key_is_never_replaced(change, field, notice):
    with pytest.raises(NoticeDiffers) as refused:
        record_notice(replace(SAID, **change), now=NOW)
    assert (refused.value.code, refused.value.field) == ("notice_differs", field)
    assert record_notice(SAID, now=NOW + HOUR).recorded_at == NOW, "we wrote it down once"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": ""}, "invalid_value"),
        ({"text": "a\x00b"}, "invalid_value"),
        ({"text_en": "\ud800"}, "invalid_value"),
        ({"key": "not a key"}, "invalid_value"),
        ({"key": "k" * 61}, "invalid_value"),
        ({"channel": "c" * 101}, "invalid_value"),
        ({"source": "neighbour"}, "unknown_source"),
        ({"incident": "none"}, "unknown_incident"),
        ({"published_at": START.replace(tzinfo=None)}, "timezone_required"),
        ({"published_at": START.replace(year=1)}, "out_of_range"),
        ({"published_at": START.replace(year=9999)}, "out_of_range"),
    ],
)
def test_a_notice_that_is_refused_is_not_stored(change, code, tree):
    with pytest.raises(Refusal) as refused:
        record_notice(replace(SAID, **change), now=NOW)
    assert refused.value.code == code
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        ({"start_at": START.replace(tzinfo=None)}, Refusal, "timezone_required"),
        ({"end_at": (START + HOUR).replace(tzinfo=None)}, Refusal, "timezone_required"),
        ({"end_at": START - HOUR}, Refusal, "interval_invalid"),
        ({"end_at": START}, Refusal, "interval_invalid"),
        ({"end_at": START.replace(year=2032)}, Refusal, "outage_too_long"),
        ({"end_at": START + timedelta(days=366, microseconds=1)}, Refusal, "outage_too_long"),
        ({"start_at": START.replace(year=1)}, Refusal, "out_of_range"),
        ({"end_at": START.replace(year=9999)}, Refusal, "out_of_range"),
        ({"service": "kakaotalk.telepathy"}, UnknownService, "unknown_service"),
        ({"service": "unlisted"}, UnknownService, "unknown_service"),
        ({"notice": "n9"}, UnknownNotice, "unknown_notice"),
        ({"severity": "terrible"}, InvalidValue, "invalid_value"),
        ({"scope": "someone"}, InvalidValue, "invalid_value"),
        ({"closing_rule": "r" * 301}, InvalidValue, "invalid_value"),
    ],
)
def test_a_window_that_is_refused_is_not_stored(change, refusal, code, notice):
    with pytest.raises(refusal) as refused:
        record_windows([WINDOW, replace(WINDOW, **change)], incident="i1")
    assert refused.value.code == code
    assert not OutageWindow.objects.exists(), "nor is the one before it"


def test_a_window_of_no_incident_is_refused(notice):
    with pytest.raises(UnknownIncident):
        record_window(WINDOW, incident="i9")


def test_citizens_make_no_window_and_no_extent(notice):
    record_notice(replace(SAID, key="c1", source="citizen"), now=NOW)
    assert record_observation(replace(DOWN, notice="c1")).state == "down"
    with pytest.raises(SourceNotOfficial):
        record_window(replace(WINDOW, notice="c1"), incident="i1")
    with pytest.raises(SourceNotOfficial):
        record_extent(incident="i1", source="citizen", start_at=START, end_at=None)
    assert not OutageWindow.objects.exists()
    assert not Extent.objects.exists()


def test_an_outage_of_a_year_is_the_longest(notice):
    window = record_window(replace(WINDOW, end_at=START + timedelta(days=366)), incident="i1")
    assert (window.end_at - window.start_at).days == 366
    with pytest.raises(OutageTooLong):
        record_extent(incident="i1", source="operator", start_at=START, end_at=START + timedelta(days=367))
    assert not Extent.objects.exists()


def test_a_windows_source_is_its_notices(notice):
    assert record_window(WINDOW, incident="i1").source.code == "operator"


def test_the_same_is_recorded_once(notice):
    open_end = replace(WINDOW, end_at=None)
    first = record_windows([WINDOW, open_end, WINDOW], incident="i1")
    again = record_windows([open_end, WINDOW], incident="i1")
    assert [row.pk for row in again] == [first[1].pk, first[0].pk]
    assert first[2].pk == first[0].pk
    assert OutageWindow.objects.count() == 2

    assert record_observation(DOWN) == record_observation(DOWN)
    extents = [record_extent(incident="i1", source="operator", start_at=START, end_at=None) for _ in range(2)]
    assert extents[0] == extents[1]


def test_the_database_keeps_the_same_window_and_extent_once(notice):
    window = record_window(replace(WINDOW, end_at=None), incident="i1")
    extent = record_extent(incident="i1", source="operator", start_at=START, end_at=None)
    observation = record_observation(replace(DOWN, observed_at=None))
    for row, name in (
        (window, "the_same_window_is_recorded_once"),
        (extent, "the_same_extent_is_recorded_once"),
        (observation, "notice_says_the_same_of_a_service_once"),
    ):
        row.pk = None
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize("change", [{"note": "really"}, {"approx": True}, {"stated_at": START}])
def test_an_observation_is_not_corrected_in_disguise(change, notice):
    record_observation(DOWN)
    with pytest.raises(ObservationDiffers):
        record_observation(replace(DOWN, **change))
    assert Observation.objects.count() == 1


@pytest.mark.parametrize("change", [{"state": "broken"}, {"scope": "x"}, {"observed_at": START.replace(tzinfo=None)}])
def test_an_observation_that_is_refused_is_not_stored(change, notice):
    with pytest.raises(Refusal):
        record_observation(replace(DOWN, **change))
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"end_at": START}, "window_ends_after_start"),
        ({"end_at": START - HOUR}, "window_ends_after_start"),
        ({"severity": "terrible"}, "services_outagewindow_severity_is_known"),
        ({"scope": "someone"}, "services_outagewindow_scope_is_known"),
        ({"start_at": START.replace(year=1999)}, "services_outagewindow_start_at_in_range"),
        ({"end_at": START.replace(year=2100)}, "services_outagewindow_end_at_in_range"),
        ({"users_permille": 1001}, "window_hits_at_most_all_users"),
    ],
)
def test_the_database_refuses_a_window_too(change, name, notice):
    window = record_window(WINDOW, incident="i1")
    window.pk = None
    for column, value in change.items():
        setattr(window, column, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        window.save(force_insert=True)


def test_many_windows_take_as_many_queries_as_one(notice):
    counts = []
    for hours in (1, 50):
        said = [replace(WINDOW, start_at=START - HOUR * hour, end_at=START) for hour in range(1, hours + 1)]
        with CaptureQueriesContext(connection) as queries:
            record_windows(said, incident="i1")
        counts.append(len(queries))
    assert counts == [6, 6]


# --- findings about the whole incident ----------------------------------------------------------

FINDING = FindingSaid(name="gross_negligence", notice="n1", type="boolean", value=True)


@pytest.mark.parametrize(
    ("kind", "value", "number", "text"),
    [
        ("boolean", True, 1, ""),
        ("integer", -3, -3, ""),
        ("money", 5_000, 5_000, ""),
        ("instant", START, 1_665_815_400_000_000, ""),
        ("date", START.date(), 19_280, ""),
        ("text", "화재", None, "화재"),
    ],
)
def test_a_finding_is_kept_as_the_engine_reckons_with_it_and_gives_back_what_was_said(kind, value, number, text, notice):
    finding = record_finding(replace(FINDING, type=kind, value=value), incident="i1")
    finding.refresh_from_db()
    assert (finding.number, finding.text) == (number, text)
    assert finding.value == value
    assert record_finding(replace(FINDING, type=kind, value=value), incident="i1") == finding
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": 1}, "finding_mistyped"),
        ({"type": "integer"}, "finding_mistyped"),
        ({"type": "integer", "value": 10**12 + 1}, "out_of_range"),
        ({"type": "money", "value": -1}, "out_of_range"),
        ({"type": "money", "value": 9.5}, "finding_mistyped"),
        ({"type": "date", "value": START}, "finding_mistyped"),
        ({"type": "date", "value": date(1999, 12, 31)}, "out_of_range"),
        ({"type": "instant", "value": START.replace(tzinfo=None)}, "timezone_required"),
        ({"type": "text", "value": " "}, "finding_mistyped"),
        ({"type": "text", "value": "\x00"}, "invalid_value"),
        ({"type": "rumour"}, "finding_mistyped"),
        ({"name": "Gross Negligence"}, "invalid_value"),
        ({"notice": "n9"}, "unknown_notice"),
        ({"notice": "c1"}, "source_not_official"),
    ],
)
def test_a_finding_that_is_refused_is_not_stored(change, code, notice):
    record_notice(replace(SAID, key="c1", source="citizen"), now=NOW)
    with pytest.raises(Refusal) as refused:
        record_finding(replace(FINDING, **change), incident="i1")
    assert refused.value.code == code
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"number": 2}, "finding_is_true_or_false"),
        ({"number": None}, "finding_has_one_value"),
        ({"text": "yes"}, "finding_has_one_value"),
        ({"type": "text"}, "finding_has_one_value"),
        ({"type": "rumour"}, "services_finding_type_is_known"),
        ({"name": "Gross"}, "finding_name_is_a_code"),
        ({}, "the_same_finding_is_recorded_once"),
    ],
)
def test_the_database_refuses_a_finding_too(change, name, notice):
    finding = record_finding(FINDING, incident="i1")
    finding.pk = None
    for column, value in change.items():
        setattr(finding, column, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        finding.save(force_insert=True)
