"""Publishing a version: what is refused, by the operation and by the database, and what it leaves alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction

from services.instants import OutageTooLong
from services.lookups import UnknownIncident
from services.models import (
    Finding,
    Incident,
    OutageWindow,
    RecordExtent,
    RecordFinding,
    RecordVersion,
    RecordWindow,
    Service,
    Source,
)
from services.operations import (
    AsOfInFuture,
    ExtentRepeated,
    FindingRepeated,
    FindingSaid,
    NoticeSaid,
    RecordContent,
    VersionEmpty,
    WindowOfAnotherIncident,
    WindowSaid,
    WindowsOverlap,
    publish_record_version,
    record_extent,
    record_finding,
    record_notice,
    record_window,
)
from services.refusals import Refusal

NOW = datetime(2022, 10, 17, tzinfo=UTC)
START = datetime(2022, 10, 15, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def two_incidents(tree):
    for key in ("i1", "i2"):
        Incident.objects.create(key=key, title_ko="장애", title_en="outage", started_at=START)
    for source in ("operator", "mobility"):
        said = NoticeSaid(key=source, source=source, channel="c", published_at=START, text="안내")
        record_notice(said, now=NOW)


def window(start: float, end: float | None, *, source="operator", service="melon", incident="i1") -> OutageWindow:
    """In hours after the start of the incident."""
    said = WindowSaid(
        service=service,
        notice=source,
        severity="full",
        start_at=START + start * HOUR,
        end_at=None if end is None else START + end * HOUR,
    )
    return record_window(said, incident=incident)


def publish(*windows: OutageWindow, **change) -> RecordVersion:
    said = {"as_of": NOW, "windows": windows, **change}
    content = RecordContent(**{name: said[name] for name in ("as_of", "windows", "extents", "findings") if name in said})
    return publish_record_version(incident=said.get("incident", "i1"), content=content, now=said.get("now", NOW))


def test_versions_are_numbered_in_turn_per_incident():
    first, second = publish(window(0, 1)), publish(window(0, 2))
    other = publish(window(0, 1, incident="i2"), incident="i2")
    assert [first.number, second.number, other.number] == [1, 2, 1]


def test_publishing_the_newest_content_again_changes_nothing():
    a, b = window(0, 1), window(2, 3)
    first = publish(a, b)
    assert publish(b, a, now=NOW + HOUR) == first, "the order of the list is no content"
    assert RecordVersion.objects.get().published_at == NOW
    assert RecordWindow.objects.count() == 2


def test_going_back_to_older_content_is_a_new_version():
    a, b = window(0, 1), window(0, 2)
    first = publish(a)
    publish(b)
    again = publish(a)
    assert again.number == 3
    assert again.content_hash == first.content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": NOW - HOUR},
        {"windows": "longer"},
        {"extents": "one"},
    ],
)
def test_any_other_content_is_a_new_version(change):
    publish(window(0, 1))
    if "windows" in change:
        change = {"windows": [window(0, 1.5)]}
    if "extents" in change:
        change = {"extents": [record_extent(incident="i1", source="operator", start_at=START, end_at=None)]}
    assert publish(window(0, 1), **change).number == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [((0, 2), (1, 3)), ((0, 9), (1, 2)), ((0, None), (5, 6)), ((0, None), (5, None)), ((0, 1), (0, 2))],
)
def test_overlap_of_one_source_and_service_is_refused_and_nothing_stored(first, second):
    with pytest.raises(WindowsOverlap) as refused:
        publish(window(*second), window(*first))
    assert refused.value.code == "windows_overlap"
    assert not RecordVersion.objects.exists()


@pytest.mark.parametrize(
    "others",
    [
        lambda: window(1, 2),
        lambda: window(0.5, 2, source="mobility"),
        lambda: window(0.5, 2, service="melon.streaming"),
    ],
    ids=["touching", "another source", "another service"],
)
def test_what_is_no_overlap(others):
    assert publish(window(0, 1), others()).window_count == 2


@pytest.mark.parametrize(
    ("arguments", "refusal", "code"),
    [
        ({"windows": []}, VersionEmpty, "version_empty"),
        ({"as_of": NOW + MOMENT}, AsOfInFuture, "as_of_in_future"),
        ({"as_of": NOW.replace(tzinfo=None)}, Refusal, "timezone_required"),
        ({"now": NOW.replace(tzinfo=None)}, Refusal, "timezone_required"),
        ({"incident": "i2"}, WindowOfAnotherIncident, "window_of_another_incident"),
        ({"incident": "i9"}, UnknownIncident, "unknown_incident"),
    ],
)
def test_refused_and_nothing_stored(arguments, refusal, code):
    with pytest.raises(refusal) as refused:
        publish(**{"windows": [window(0, 1)], **arguments})
    assert refused.value.code == code
    assert not RecordVersion.objects.exists()


def finding(value=True, *, incident="i1", source="operator", **more) -> Finding:
    said = FindingSaid(**{"name": "gross_negligence", "notice": source, "type": "boolean", "value": value, **more})
    return record_finding(said, incident=incident)


def test_one_finding_per_name():
    with pytest.raises(FindingRepeated):
        publish(window(0, 1), findings=[finding(True), finding(False)])


def test_a_finding_is_content():
    first = publish(window(0, 1))
    second = publish(window(0, 1), findings=[finding()])
    assert (second.number, [listed.name for listed in second.listed_findings.all()]) == (2, ["gross_negligence"])
    assert first.content_hash != second.content_hash
    assert publish(window(0, 1), findings=[finding()]) == second
    assert publish(window(0, 1), findings=[finding(False)]).number == 3


def test_what_is_open_lasts_a_year_at_most():
    later = START + timedelta(days=366, microseconds=1)
    with pytest.raises(OutageTooLong) as refused:
        publish(window(0, None), as_of=later, now=later)
    assert refused.value.field == "as_of"
    assert publish(window(0, None), as_of=later - MOMENT, now=later).number == 1


def test_one_extent_per_source():
    extents = [record_extent(incident="i1", source="operator", start_at=START, end_at=end) for end in (None, NOW)]
    with pytest.raises(ExtentRepeated):
        publish(window(0, 1), extents=extents)


@pytest.mark.django_db(transaction=True)
def test_needs_a_transaction():
    """The lock on the incident would be gone before the version is written."""
    with pytest.raises(transaction.TransactionManagementError):
        publish(window(0, 1))


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_wait_for_each_other():
    one, other = window(0, 1), window(0, 2)
    written, published = Event(), []

    def publish_second() -> None:
        written.wait(timeout=10)
        try:
            with transaction.atomic():
                published.append(publish(other).number)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(publish_second)
        with transaction.atomic():
            published.append(publish(one).number)
            written.set()
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        second.result(timeout=10)
    assert published == [1, 2]


# --- The database, were there no operation -------------------------------------------------


def bare_version(**change) -> RecordVersion:
    columns = {"number": 1, "as_of": NOW, "published_at": NOW, "content_hash": "0" * 64, "window_count": 2, "extent_count": 0}
    return RecordVersion.objects.create(incident=Incident.objects.get(key="i1"), **{**columns, **change})


@pytest.fixture
def unfinished(two_incidents):
    """Takes back what the test wrote before a commit would ask whether the version is complete."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def refused(match: str):
    return pytest.raises(IntegrityError, match=match)


def test_database_refuses_overlap():
    version = bare_version()
    RecordWindow.objects.create(version=version, window=window(0, 2), position=1)
    with refused("windows_of_one_source_and_service_do_not_overlap"), transaction.atomic():
        RecordWindow.objects.create(version=version, window=window(1, 3), position=2)
    RecordWindow.objects.create(version=version, window=window(2, 3), position=2)


def test_what_a_listing_says_of_its_window_cannot_be_untrue(unfinished):
    listed = RecordWindow.objects.create(
        version=bare_version(),
        window=window(0, 2),
        position=1,
        service=Service.objects.get(code="daum"),
        source=Source.objects.get(code="press"),
        period=(START + 50 * HOUR, START + 51 * HOUR),
    )
    listed.refresh_from_db()
    assert (listed.service.code, listed.source.code) == ("melon", "operator")
    assert (listed.period.lower, listed.period.upper) == (START, START + 2 * HOUR)


def test_database_refuses_windows_and_extents_of_another_incident(unfinished):
    version = bare_version(extent_count=1)
    with refused("window_of_another_incident"), transaction.atomic():
        RecordWindow.objects.create(version=version, window=window(0, 1, incident="i2"), position=1)
    foreign = record_extent(incident="i2", source="operator", start_at=START, end_at=None)
    with refused("extent_of_another_incident"), transaction.atomic():
        RecordExtent.objects.create(version=version, extent=foreign, position=1)
    version = bare_version(number=2, finding_count=1)
    with refused("finding_of_another_incident"), transaction.atomic():
        RecordFinding.objects.create(version=version, finding=finding(incident="i2"), position=1)


def test_nothing_joins_a_published_version():
    version = publish(window(0, 1))
    extent = record_extent(incident="i1", source="operator", start_at=START, end_at=None)
    for position in (1, 2):
        with refused("version_is_published|position_is_used_once"), transaction.atomic():
            RecordWindow.objects.create(version=version, window=window(5, 6), position=position)
        with refused("version_is_published"), transaction.atomic():
            RecordExtent.objects.create(version=version, extent=extent, position=position)
    with refused("position_from_one"), transaction.atomic():
        RecordWindow.objects.create(version=version, window=window(5, 6), position=0)


def test_a_version_is_complete_when_it_is_committed():
    with refused("version_incomplete"), transaction.atomic():
        version = bare_version()
        RecordWindow.objects.create(version=version, window=window(0, 2), position=1)
        with connection.cursor() as cursor:  # as at commit
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"number": 2}, "version_number_not_next"),
        ({"number": 0}, "version_number_not_next"),
        ({"as_of": NOW + MOMENT}, "version_does_not_know_the_future"),
        ({"window_count": 0}, "version_lists_at_least_one_window"),
        ({"content_hash": "x"}, "version_hash_is_sha256_hex"),
    ],
)
def test_database_refuses_a_version_that_cannot_be(columns, match):
    with refused(match), transaction.atomic():
        bare_version(**columns)


def test_database_keeps_one_extent_per_source(unfinished):
    version = bare_version(extent_count=2)
    extents = [record_extent(incident="i1", source="operator", start_at=START, end_at=end) for end in (None, NOW)]
    RecordExtent.objects.create(version=version, extent=extents[0], position=1)
    with refused("version_lists_one_extent_per_source"), transaction.atomic():
        RecordExtent.objects.create(version=version, extent=extents[1], position=2)


def test_the_hash_sees_the_notices_text():
    one = window(0, 1)
    first = publish(one)
    record_notice(NoticeSaid(key="other", source="operator", channel="c", published_at=START, text="다른 안내"), now=NOW)
    said = WindowSaid(service="melon", notice="other", severity="full", start_at=one.start_at, end_at=one.end_at)
    again = publish(record_window(replace(said), incident="i1"))
    assert again.content_hash != first.content_hash
