"""The record as calendar entries and as news: names that stay, numbers that rise, what changed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from services.models import RecordVersion
from services.operations import FIXTURES, load_incident
from services.syndication import runs_of
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
    messages = found["kakao-2022-10-15.kakaotalk.text_message.1"]
    assert messages.summary == "카카오톡 메시지: 이용 불가"
    assert (messages.start, messages.end) == (whole.start, datetime(2022, 10, 16, 12, 30, tzinfo=UTC))
    assert messages.description.splitlines()[:2] == [
        "이용 불가, 2022-10-15 15:30 무렵 ~ 2022-10-16 01:31 (운영사(카카오))",
        "일부 이용 불가, 2022-10-16 01:31 무렵 ~ 2022-10-16 14:00 무렵 (운영사(카카오))",
    ]
    taxi = found["kakao-2022-10-15.kakao_t.taxi_call.1"]
    assert taxi.end == datetime(2022, 10, 17, 9, tzinfo=UTC), "by the operator, who governs"


def test_events_keep_their_names_while_their_number_rises(anybody, record):
    first, second = events(anybody.get(ICS, {"version": 1})), events(anybody.get(ICS))
    assert set(second) - set(first) == {"kakao-2022-10-15.kakao_t_bike.ride_end_billing.1"}
    assert set(first) <= set(second)
    assert {event.sequence for event in first.values()} == {1}
    assert {event.sequence for event in second.values()} == {2}
    assert second["kakao-2022-10-15"].url == "http://testserver/incidents/kakao-2022-10-15/?version=2"
    assert (
        second["kakao-2022-10-15"].stamp == RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=2).published_at
    )


def test_an_open_end_is_where_knowledge_ends(anybody, record):
    found = events(anybody.get(ICS, {"version": 1, "lang": "en"}))
    whole = found["kakao-2022-10-15"]
    assert (whole.end, whole.status) == (datetime(2022, 10, 16, 5, tzinfo=UTC), "TENTATIVE")
    assert whole.summary == "Kakao outage after the fire at the SK C&C Pangyo data centre (still lasting)"
    assert found["kakao-2022-10-15.kakaotalk.pc_login.1"].status == "CONFIRMED"


def test_the_same_version_is_the_same_file(anybody, record):
    assert anybody.get(ICS).content == anybody.get(ICS, {"version": 2}).content
    assert anybody.get(ICS).headers["Content-Disposition"] == 'attachment; filename="kakao-2022-10-15.ics"'


def span(service: int, start: int, end: int | None):
    at = NOW + timedelta(hours=start)
    return SimpleNamespace(service_id=service, start_at=at, end_at=None if end is None else NOW + timedelta(hours=end))


def test_spans_with_a_gap_between_them_are_events_of_their_own():
    a, b, c, other = span(1, 0, 1), span(1, 1, 2), span(1, 3, None), span(2, 2, 3)
    assert runs_of([c, other, b, a]) == [[a, b], [c], [other]]


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
