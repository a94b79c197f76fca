"""The record as calendar entries and as news: names that stay, numbers that rise, what changed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from services.contents import content_of_version
from services.models import RecordVersion
from services.operations import FIXTURES, RecordContent, load_incident, publish_record_version
from services.queries import windows_of
from services.record_calendar import named_runs, runs_of
from tests.services.conftest import NOW

ICS = "/incidents/kakao-2022-10-15.ics"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def anybody(db) -> Client:
    return Client()


def events(response) -> dict[str, SimpleNamespace]:
    """By name without its domain: what a calendar program reads."""
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(response.content)
    assert (read["VERSION"], read["METHOD"]) == ("2.0", "PUBLISH")
    found = {}
    for event in read.walk("VEVENT"):
        name, domain = str(event["UID"]).split("@")
        assert (domain, name in found) == ("outage-record", False)
        found[name] = SimpleNamespace(
            start=event.decoded("DTSTART"),
            end=event.decoded("DTEND") if "DTEND" in event else None,
            summary=str(event["SUMMARY"]),
            description=str(event["DESCRIPTION"]),
            sequence=event["SEQUENCE"],
            stamp=event.decoded("DTSTAMP"),
            modified=event.decoded("LAST-MODIFIED"),
            status=str(event["STATUS"]),
            url=str(event["URL"]),
        )
    return found


def test_the_whole_incident_and_each_span_of_a_service_are_events(anybody, record):
    found = events(anybody.get(ICS))
    assert len(found) == 1 + 41, "the incident, and 41 services of one span each"
    whole = found["kakao-2022-10-15"]
    assert whole.summary == "판교 데이터센터 화재로 인한 카카오 서비스 장애"
    assert (whole.start, whole.end) == (datetime(2022, 10, 15, 6, 30, tzinfo=UTC), datetime(2022, 10, 20, 14, tzinfo=UTC))
    messages = found["kakao-2022-10-15.kakaotalk.text_message.20221015T063000Z"]
    assert messages.summary == "카카오톡 메시지: 이용 불가"
    assert (messages.start, messages.end) == (whole.start, datetime(2022, 10, 16, 12, 30, tzinfo=UTC))
    assert messages.description.splitlines()[:2] == [
        "이용 불가, 2022-10-15 15:30 무렵 ~ 2022-10-16 01:31 (운영사(카카오))",
        "일부 이용 불가, 2022-10-16 01:31 무렵 ~ 2022-10-16 14:00 무렵 (운영사(카카오))",
    ]
    taxi = found["kakao-2022-10-15.kakao_t.taxi_call.20221015T063000Z"]
    assert taxi.end == datetime(2022, 10, 17, 9, tzinfo=UTC), "by the operator, who governs"


def test_events_keep_their_names_while_their_number_rises(anybody, record):
    first, second = events(anybody.get(ICS, {"version": 1})), events(anybody.get(ICS))
    assert set(second) - set(first) == {"kakao-2022-10-15.kakao_t_bike.ride_end_billing.20221015T063000Z"}
    assert set(first) <= set(second)
    assert {event.sequence for event in first.values()} == {1}
    assert {event.sequence for event in second.values()} == {2}
    assert second["kakao-2022-10-15"].url == "http://testserver/incidents/kakao-2022-10-15/?version=2"
    published_at = RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=2).published_at
    assert {(event.stamp, event.modified) for event in second.values()} == {(published_at, published_at)}


def test_an_open_end_is_where_knowledge_ends(anybody, record):
    found = events(anybody.get(ICS, {"version": 1, "lang": "en"}))
    whole = found["kakao-2022-10-15"]
    assert (whole.end, whole.status) == (datetime(2022, 10, 16, 5, tzinfo=UTC), "TENTATIVE")
    assert whole.summary == "Kakao outage after the fire at the SK C&C Pangyo data centre (still lasting)"
    assert found["kakao-2022-10-15.kakaotalk.pc_login.20221015T063000Z"].status == "CONFIRMED"


def test_the_same_version_is_the_same_file(anybody, record):
    assert anybody.get(ICS).content == anybody.get(ICS, {"version": 2}).content
    assert anybody.get(ICS).headers["Content-Disposition"] == 'attachment; filename="kakao-2022-10-15.ics"'


def span(service: int, start: int, end: int | None):
    at = NOW + timedelta(hours=start)
    code = SimpleNamespace(code=f"s{service}")
    end_at = None if end is None else NOW + timedelta(hours=end)
    return SimpleNamespace(service_id=service, service=code, start_at=at, end_at=end_at)


def test_spans_with_a_gap_between_them_are_events_of_their_own():
    a, b, c, other = span(1, 0, 1), span(1, 1, 2), span(1, 3, None), span(2, 2, 3)
    assert runs_of([c, other, b, a]) == [[a, b], [c], [other]]


def named(*history) -> tuple[list[str], list[str]]:
    """Names of the spans of the last version, without the day, and of those that are gone."""
    current, gone = named_runs(history)
    return [one.name.replace("20221207T", "") for one in current], [one.name.replace("20221207T", "") for one in gone]


def test_a_span_keeps_its_name_when_another_comes_before_it_or_its_ends_move():
    first, second = [span(1, 2, 4)], [span(1, 0, 1), span(1, 2, 4)]
    assert named(first) == (["s1.110000Z"], [])
    assert named(first, second) == (["s1.090000Z", "s1.110000Z"], [])
    assert named(first, second, [span(1, 0, 1), span(1, 3, None)]) == (["s1.090000Z", "s1.110000Z"], [])


def test_a_new_span_is_not_called_like_one_that_has_moved_away_from_its_start():
    moved = [[span(1, 0, 4)], [span(1, 2, 6)], [span(1, 0, 1), span(1, 2, 6)]]
    assert named(*moved) == (["s1.090000Z.2", "s1.090000Z"], [])


def test_spans_that_grow_together_keep_the_name_of_the_longer_one():
    assert named([span(1, 0, 1), span(1, 2, 9)], [span(1, 0, 9)]) == (["s1.110000Z"], ["s1.090000Z"])
    assert named([span(1, 0, 1)], [span(2, 0, 1)]) == (["s2.090000Z"], ["s1.090000Z"]), "of another service"
    assert named([span(1, 0, 1)], [], [span(1, 0, 1)]) == (["s1.090000Z"], []), "and again"


def test_what_a_version_takes_back_is_cancelled(anybody, version_2):
    listed = [window for window in windows_of(version_2) if window.service.code != "kakaotalk.pc_login"]
    content = RecordContent(version_2.as_of, listed, list(content_of_version(version_2).extents))
    publish_record_version(incident="kakao-2022-10-15", content=content, now=NOW + timedelta(days=1))
    third, second = events(anybody.get(ICS)), events(anybody.get(ICS, {"version": 2}))
    assert set(third) == set(second)
    cancelled = [name for name, event in third.items() if event.status == "CANCELLED"]
    assert cancelled == ["kakao-2022-10-15.kakaotalk.pc_login.20221015T063000Z"]
    assert {event.sequence for event in third.values()} == {3}
    assert "CANCELLED" not in {event.status for event in second.values()}


def rss(response) -> list[dict[str, str]]:
    assert response.headers["Content-Type"].startswith("application/rss+xml")
    tree = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    return [{part.tag: part.text or "" for part in item} for item in tree.iter("item")]


def test_each_published_version_is_news_with_what_changed(anybody, tree):
    load_incident(FIXTURES / "kakao-2022-10-15.json", now=NOW, up_to=1)
    load_incident(FIXTURES / "kakao-2022-10-15.json", now=NOW + timedelta(days=1))
    second, first = rss(anybody.get("/incidents/feed.rss", {"lang": "en"}))
    assert first["title"] == "Kakao outage after the fire at the SK C&C Pangyo data centre: Version 1"
    assert "This is the first version." in first["description"]
    assert second["link"] == "http://testserver/incidents/kakao-2022-10-15/?version=2&lang=en"
    assert second["pubDate"] == "Thu, 08 Dec 2022 09:00:00 +0000"
    assert "<li>moved: KakaoTalk messages (Down), end 29 min earlier" in second["description"]
    assert "<li>Known until: 2022-10-16 14:00 → 2022-10-20 23:00</li>" in second["description"]
    assert second["guid"] != first["guid"]


def test_news_are_in_korean_unless_asked_otherwise(anybody, record):
    assert "카카오톡 메시지 (이용 불가), 끝 29분 당겨짐" in rss(anybody.get("/incidents/feed.rss"))[0]["description"]
    assert b"<language>ko</language>" in anybody.get("/incidents/feed.rss").content
    assert b"<language>en</language>" in anybody.get("/incidents/feed.rss", {"lang": "en"}).content


def test_the_same_news_as_atom(anybody, record):
    response = anybody.get("/incidents/feed.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == [item["title"] for item in rss(anybody.get("/incidents/feed.rss"))]
    assert len(titles) == 3
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == "http://testserver/incidents/feed.atom"


def test_news_that_are_still_the_same_are_not_sent_again(anybody, record):
    response = anybody.get("/incidents/feed.rss")
    assert anybody.get("/incidents/feed.rss", headers={"if-none-match": response.headers["ETag"]}).status_code == 304


def test_news_without_any_version_is_an_empty_feed(anybody):
    assert rss(anybody.get("/incidents/feed.rss")) == []
