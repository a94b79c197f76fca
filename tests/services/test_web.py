"""The public pages: for everybody, in two languages, each version as it was published, a fixed number of queries."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from services.changes import changes_between
from services.contents import content_of_version
from services.feeds import tracking
from services.feeds.wording import CLOSING_RULES, ENDS_AS_PLANNED, UNRECOVERED
from services.models import Finding, Incident, RecordVersion, Source
from services.operations import (
    FIXTURES,
    FindingSaid,
    RecordContent,
    WindowSaid,
    load_incident,
    publish_record_version,
    record_extent,
    record_finding,
    record_window,
)
from services.queries import windows_of
from services.record_page import kind_of
from services.words import REFUSED, WORDS, said_length, said_moves
from tests.services.conftest import NOW

LIST = "/incidents/"
PAGE = "/incidents/kakao-2022-10-15/"


@pytest.fixture
def anybody(db) -> Client:
    return Client()


def text(response, status: int = 200) -> str:
    """What a reader sees, in one line."""
    assert response.status_code == status
    body = re.sub(r"<title.*?</title>|<desc.*?</desc>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_list_shows_the_newest_incident_first(anybody, record):
    shown = text(anybody.get(LIST))
    assert shown.index("판교 데이터센터 화재로") < shown.index("카카오톡 메시지·PC 로그인 장애")
    assert "시작 2022-10-15 15:30 끝 2022-10-20 23:00 게시된 판 제2판 · 2022-12-07 18:00" in shown


def test_an_incident_without_a_version_has_no_page_yet(anybody, tree):
    Incident.objects.create(key="i1", title_ko="장애", title_en="outage", started_at="2022-10-15T15:30:00+09:00")
    assert "아직 게시된 판이 없습니다" in text(anybody.get(LIST))
    assert "/incidents/i1/" not in anybody.get(LIST).content.decode()
    assert "/claim/" not in anybody.get(LIST).content.decode(), "nor can anything be claimed for it"
    assert "unknown_version" in text(anybody.get("/incidents/i1/"), 404)


@pytest.mark.parametrize(("language", "said"), [("ko", "잃은 것에 대해 청구하기"), ("en", "Claim for what you lost")])
def test_from_what_is_on_record_a_claim_can_be_begun(anybody, record, language, said):
    for address in (LIST, PAGE, f"{PAGE}?version=1"):
        body = anybody.get(f"{address}{'&' if '?' in address else '?'}lang={language}").content.decode()
        assert f'href="/claim/kakao-2022-10-15/?lang={language}">{said}' in body, address


def test_the_list_without_incidents_says_so(anybody):
    assert "기록된 장애가 없습니다" in text(anybody.get(LIST))


def test_the_newest_version_is_shown_without_a_number(anybody, record):
    shown = text(anybody.get(PAGE))
    assert "제2판 최신 게시 2022-12-07 18:00 파악 기준 2022-10-20 23:00" in shown
    assert shown == text(anybody.get(PAGE, {"version": 2}))
    assert "화재로 카카오 장비 구역의 전원 공급이 차단" in shown
    assert "과학기술정보통신부 2022-10-15 15:27 (길이에서 거꾸로 셈한 시작) 2022-10-20 23:00" in shown
    assert "카카오모빌리티 2022-10-15 15:00 2022-10-16 09:00" in shown


def test_an_older_version_stays_as_it_was_published(anybody, record):
    shown = text(anybody.get(PAGE, {"version": 1}))
    assert "더 새로운 판이 있습니다" in shown
    assert "운영사(카카오) 2022-10-15 15:30 계속되는 중" in shown
    assert "카카오톡 메시지 2022-10-16 14:00 무렵 계속 간헐 장애 ◇ 추정 언론" in shown
    assert "첫 판입니다" in shown


def test_the_table_says_whose_word_counts_and_why_it_ends(anybody, record):
    shown = text(anybody.get(PAGE))
    assert "카카오 T 택시 호출 2022-10-15 15:30 무렵 2022-10-17 18:00 이용 불가 ◇ 추정 운영사(카카오)" in shown
    assert "카카오 T가 안정되었다고 함" in shown
    assert "2022-10-16 09:00 이용 불가 카카오모빌리티 (다른 출처의 말이 우선)" in shown


def test_notices_that_a_version_rests_on_or_cannot_know_are_marked(anybody, record):
    body = anybody.get(PAGE).content.decode()
    tags = {
        key: re.sub(r"<[^>]+>", "", item.split('class="tag">')[1].split("<")[0]) if 'class="tag"' in item else ""
        for key, item in re.findall(r'<li id="notice-([\w-]+)">(.*?)</li>', body, flags=re.S)
    }
    assert next(iter(tags)) == "operator-x-1015"
    assert len(tags) == 12
    assert {key for key, tag in tags.items() if tag == "이 판 이후"} == {"ministry-1206"}
    assert tags["press-1016-1400"] == tags["mobility-1104"] == "이 판의 근거"
    assert tags["citizen-1015-1800"] == ""


def test_the_changes_say_by_how_much_the_ends_moved(anybody, record):
    shown = text(anybody.get(PAGE, {"lang": "en"})).partition("What changed from the version before moved")[2]
    assert shown.startswith(
        " KakaoTalk messages Down end 29 min earlier (2022-10-16 01:31), Press → Operator (Kakao)"
        " moved KakaoTalk messages Partly down start 29 min earlier (about 2022-10-16 01:31), Press → Operator (Kakao)"
    )
    assert "moved Kakao Games mobile games Down end 2 h earlier (2022-10-16 06:00)" in shown
    assert "Down end now known (2022-10-17 18:00)" in shown
    assert "added Kakao T taxi calling Down 2022-10-15 15:00 ~ 2022-10-16 09:00" in shown


@pytest.fixture
def found(version_2) -> list[Finding]:
    values = [("fire_at", "instant", version_2.as_of), ("gross", "boolean", True), ("batteries", "integer", 1500)]
    return [
        record_finding(FindingSaid(name=name, notice="ministry-1206", type=kind, value=value), incident="kakao-2022-10-15")
        for name, kind, value in values
    ]


def test_what_changes_beside_windows_is_said_too(anybody, version_2, found):
    listed = list(windows_of(version_2))
    extents = [extent for extent in content_of_version(version_2).extents if extent.source.code != "ministry"]
    again = {"start_at": extents[0].start_at, "end_at": extents[0].end_at, "start_inferred": True}
    extents[0] = record_extent(incident="kakao-2022-10-15", source="operator", **again)
    mobility = Source.objects.get(code="mobility")
    content = RecordContent(version_2.as_of, listed, extents, found, mobility)
    publish_record_version(incident="kakao-2022-10-15", content=content, now=NOW + timedelta(days=1))
    shown = text(anybody.get(PAGE, {"lang": "en"})).partition("What changed from the version before Governing")[2]
    assert "No window changed" not in shown
    assert shown.partition(" Take it with you")[0] == (
        " source by rank → Mobility operator"
        " Whole incident (Operator (Kakao)) 2022-10-15 15:30 ~ 2022-10-20 23:00 →"
        " 2022-10-15 15:30 (start counted back from a length) ~ 2022-10-20 23:00"
        " Whole incident (Ministry of Science and ICT)"
        " 2022-10-15 15:27 (start counted back from a length) ~ 2022-10-20 23:00 → none"
        " Finding batteries none → 1,500 (Ministry of Science and ICT)"
        " Finding fire_at none → 2022-10-20 23:00 (Ministry of Science and ICT)"
        " Finding gross none → yes (Ministry of Science and ICT)"
    )
    assert "따르는 출처 순위대로 → 카카오모빌리티" in text(anybody.get(PAGE))


def closed(version: RecordVersion, rule: str) -> None:
    """Another version that lists one more window, closed by this rule."""
    said = WindowSaid(
        service="daum", notice="operator-1016-0800", severity="partial", closing_rule=rule, start_at=NOW - timedelta(days=2),
        end_at=NOW - timedelta(days=1),
    )  # fmt: skip
    window = record_window(said, incident="kakao-2022-10-15")
    content = RecordContent(version.as_of, [*windows_of(version), window], list(content_of_version(version).extents))
    publish_record_version(incident="kakao-2022-10-15", content=content, now=NOW + timedelta(days=1))


def test_why_a_feeds_window_ends_is_said_in_korean_too(anybody, version_2):
    closed(version_2, UNRECOVERED)
    assert f">{CLOSING_RULES[UNRECOVERED]}</td>" in anybody.get(PAGE).content.decode()
    assert f">{UNRECOVERED}</td>" in anybody.get(PAGE, {"lang": "en"}).content.decode()


def test_what_staff_write_in_korean_is_marked_as_korean(anybody, version_2):
    closed(version_2, "마지막 서비스와 함께")
    assert '<span lang="ko">마지막 서비스와 함께</span>' in anybody.get(PAGE, {"lang": "en"}).content.decode()


def test_every_rule_of_the_readers_has_a_korean_wording():
    rules = {ending.rule for ending in vars(tracking).values() if isinstance(ending, tracking.Ending)} - {""}
    assert rules | {ENDS_AS_PLANNED} == set(CLOSING_RULES)
    assert all(re.search("[가-힣]", korean) for korean in CLOSING_RULES.values())


def test_a_version_that_only_knows_longer_says_until_when(anybody, version_2):
    later = version_2.as_of + timedelta(hours=1)
    content = RecordContent(later, list(windows_of(version_2)), list(content_of_version(version_2).extents))
    publish_record_version(incident="kakao-2022-10-15", content=content, now=NOW + timedelta(days=1))
    shown = text(anybody.get(PAGE))
    assert "앞 판과 달라진 점 파악 기준 2022-10-20 23:00 → 2022-10-21 00:00 내려받기와 구독" in shown


def test_a_version_that_takes_windows_back_says_so(version_1, version_2):
    before, after = list(windows_of(version_1)), list(windows_of(version_2))
    forward, back = changes_between(before, after), changes_between(after, before)
    assert [change.kind for change in forward].count("moved") == 16
    assert [change.kind for change in back].count("removed") == [change.kind for change in forward].count("added") == 2
    assert changes_between(before, before) == []
    with translation.override("en"):
        said = {said_moves(change) for change in back if change.kind == "moved"}
    assert "end open again" in said
    assert "end 2 h later (about 2022-10-16 08:00)" in said


def test_a_window_that_other_words_repeat_is_restated(version_1):
    windows = list(windows_of(version_1))
    again = windows_of(version_1)[0]
    again.pk, again.start_approx = 0, False
    assert [change.kind for change in changes_between(windows[:1], [again])] == ["restated"]


def window(pk: int, *, source: int, start: int, end: int | None) -> SimpleNamespace:
    at, ends = NOW + timedelta(hours=start), None if end is None else NOW + timedelta(hours=end)
    return SimpleNamespace(pk=pk, service_id=1, source_id=source, severity="full", start_at=at, end_at=ends)


def test_a_window_that_came_is_the_one_that_went_by_the_same_source_first():
    press, operator = window(1, source=4, start=0, end=5), window(2, source=1, start=0, end=6)
    came = window(3, source=1, start=0, end=7)
    moved, removed = changes_between([press, operator], [came])
    assert (moved.before, moved.end_moved, removed.window) == (operator, timedelta(hours=1), press)


def test_windows_that_share_no_end_are_not_the_same_one():
    kinds = [
        change.kind for change in changes_between([window(1, source=1, start=0, end=5)], [window(2, source=1, start=1, end=6)])
    ]
    assert kinds == ["added", "removed"]
    both_open = changes_between([window(1, source=1, start=0, end=None)], [window(2, source=1, start=1, end=None)])
    assert [change.kind for change in both_open] == ["added", "removed"], "an end that nobody knows is nothing they share"


def test_the_timeline_marks_what_is_open_approximate_inferred_and_of_lesser_rank(anybody, record):
    newest, first = (anybody.get(PAGE, {"version": number}).content.decode() for number in (2, 1))
    assert newest.count('<svg class="timeline') == 2, "one for desks, one for telephones"
    arrows, guessed = (re.compile(rf'<use href="#{one}') for one in ("tip-", 'bar-[^"]*-guess'))
    assert not arrows.findall(newest), "nothing is open"
    assert len(arrows.findall(first)) == 2 * 12
    assert newest.count('<use href="#bar-intermittent-') == 2
    assert 'class="fill lesser" fill="url(#fill-full)"' in newest
    assert '-lesser" x=' in newest
    assert len(guessed.findall(newest)) == 2 * (37 + 1), "windows and an extent"
    assert set(re.findall(r'<use href="#([^"]+)', newest)) <= set(re.findall(r'<symbol id="([^"]+)', newest))
    for body in (newest, first):
        assert "<script" not in body
        assert "style=" not in body
        ids = re.findall(r' id="([^"]+)"', body)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'aria-labelledby="(\S+?)(?: (\S+))?"', body)) <= {
            (one, other) for one in ids for other in ["", *ids]
        }


def test_planned_maintenance_is_a_kind_of_its_own():
    assert kind_of(SimpleNamespace(planned=True, severity="full")) == "planned"
    assert kind_of(SimpleNamespace(planned=False, severity="full")) == "full"


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "ko"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "fr", "ko"),
        ("?lang=en", "ko", "en"),
        ("?lang=ko", "en", "ko"),
    ],
)
@pytest.mark.parametrize("address", [LIST, PAGE, "/incidents/none/"])
@pytest.mark.usefixtures("record")
def test_the_language_is_asked_for_or_preferred(address, query, accepted, language, anybody):
    response = anybody.get(f"{address}{query}", headers={"accept-language": accepted})
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()
    assert "Accept-Language" in response.headers["Vary"]


def test_the_language_switch_keeps_the_version_and_links_keep_the_language(anybody, record):
    body = anybody.get(PAGE, {"version": 1, "lang": "en"}).content.decode()
    assert f'href="{PAGE}?version=1&amp;lang=ko"' in body
    assert 'name="lang" value="en"' in body
    assert f'href="{LIST}?lang=en"' in body
    assert f'href="{PAGE}?lang=en"' in anybody.get(LIST, {"lang": "en"}).content.decode()


def test_every_word_is_there_in_two_languages():
    for korean, english in [*WORDS.values(), *REFUSED.values()]:
        assert korean
        assert english
        assert not re.search("[가-힣]", english)


@pytest.mark.parametrize(
    ("address", "parameters", "status", "code"),
    [
        ("/incidents/none/", {}, 404, "unknown_incident"),
        ("/incidents/none.ics", {}, 404, "unknown_incident"),
        (PAGE, {"version": "3"}, 404, "unknown_version"),
        ("/incidents/kakao-2022-10-15.ics", {"version": "3"}, 404, "unknown_version"),
        *((PAGE, {"version": text}, 400, "version_malformed") for text in ("0", "", "-1", "²", "1\x00", "9" * 30)),
        (PAGE, {"version": ["1", "2"]}, 400, "parameter_repeated"),
        (PAGE, {"versoin": "1"}, 400, "unknown_parameter"),
        (LIST, {"version": "1"}, 400, "unknown_parameter"),
        ("/incidents/feed.rss", {"version": "1"}, 400, "unknown_parameter"),
        (PAGE, {"lang": "de"}, 400, "unknown_language"),
        (LIST, {"lang": ""}, 400, "unknown_language"),
    ],
)
@pytest.mark.usefixtures("record")
def test_a_refusal_is_a_page_with_its_code_and_nothing_else(address, parameters, status, code, anybody):
    response = anybody.get(address, parameters)
    shown = text(response, status)
    assert f"{REFUSED[code][0]} {code}" in shown
    assert "카카오톡" not in shown
    assert "Cache-Control" not in response.headers


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [LIST, PAGE, "/incidents/feed.atom", "/incidents/kakao-2022-10-15.ics"])
def test_pages_are_for_reading_only(address, method, anybody):
    assert getattr(anybody, method)(address).status_code == 405


def test_a_page_that_is_still_the_same_is_not_sent_again(anybody, record):
    page = anybody.get(PAGE)
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert anybody.get(PAGE, headers={"if-none-match": page.headers["ETag"]}).status_code == 304
    assert anybody.get(PAGE, {"lang": "en"}, headers={"if-none-match": page.headers["ETag"]}).status_code == 200
    assert not anybody.cookies


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (LIST, 4),  # incidents, versions, extents, findings
        (PAGE, 7),  # those of one incident, windows, notices, products
        ("/incidents/kakao-2022-10-15.ics", 5),
        ("/incidents/feed.rss", 5),
        ("/status/api/v2/incidents.json", 6),
        ("/status/api/v2/scheduled-maintenances.json", 5),
    ],
)
def test_the_number_of_queries_does_not_grow(address, queries, anybody, version_2, django_assert_num_queries):
    with django_assert_num_queries(queries):
        anybody.get(address)
    content = RecordContent(version_2.as_of + timedelta(hours=1), list(windows_of(version_2)))
    publish_record_version(incident="kakao-2022-10-15", content=content, now=datetime(2023, 1, 1, tzinfo=UTC))
    for number in range(10):
        Incident.objects.create(key=f"i{number}", title_ko="장애", title_en="outage", started_at="2022-10-15T15:30:00+09:00")
    with django_assert_num_queries(queries):
        assert anybody.get(address).status_code == 200


def test_text_of_a_record_cannot_become_markup(anybody, tree):
    load_incident(FIXTURES / "kakao-2022-10-04.json", now=NOW)
    Incident.objects.update(title_ko="<script>alert(1)</script>")
    for address in (LIST, "/incidents/kakao-2022-10-04/", "/incidents/feed.rss"):
        assert "<script>" not in anybody.get(address).content.decode()


@pytest.mark.parametrize(
    ("length", "korean", "english"),
    [
        (timedelta(minutes=-29), "29분", "29 min"),
        (timedelta(days=5, hours=7, minutes=30), "5일 7시간 30분", "5 d 7 h 30 min"),
        (timedelta(seconds=90), "1분 30초", "1 min 30 s"),
        (timedelta(), "0분", "0 min"),
    ],
)
def test_lengths_are_said_in_words(length, korean, english):
    for language, said in (("ko", korean), ("en", english)):
        with translation.override(language):
            assert said_length(length) == said
