"""What the public pages say, in Korean and English, in the language that is active."""

import re
from datetime import date, datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.utils.html import format_html

from services.changes import BesideChange, Change
from services.feeds.wording import CLOSING_RULES
from services.language import in_english
from services.models import Extent, Finding, OutageWindow, Source
from services.seoul import SEOUL, shown

WORDS: dict[str, tuple[str, str]] = {
    "sandbox": ("모의 환경입니다. 여기에 있는 것은 실제가 아니고, 시계는 시험용입니다.",
                "This is a sandbox: nothing here is real, and its clock is for tests."),
    "site": ("플랫폼 장애 공식 기록", "Official record of platform outages"),
    "intro": ("플랫폼 서비스가 언제 멈췄고 언제 돌아왔는지를 누구의 말인지와 함께 판으로 게시합니다. "
              "게시한 판은 고치지 않고, 새로 알게 된 것은 다음 판에 싣습니다.",
              "When platform services were down and by whose word, published in versions. A published version is never "
              "changed; what becomes known later comes in the next one."),
    "zone": ("모든 시각은 한국 시간(Asia/Seoul, UTC+9)입니다.", "All times are Korean time (Asia/Seoul, UTC+9)."),
    "skip": ("본문으로 건너뛰기", "Skip to the content"),
    "language": ("언어", "Language"),
    "claim": ("잃은 것에 대해 청구하기", "Claim for what you lost"),
    "none": ("기록된 장애가 없습니다.", "No incident."),
    "feeds": ("새 판 알림", "News of versions"), "began": ("시작", "Began"), "ended": ("끝", "Ended"),
    "lasting": ("계속되는 중", "still lasting"), "versions": ("게시된 판", "Published versions"),
    "unpublished": ("아직 게시된 판이 없습니다.", "No version is published yet."),
    "show": ("보기", "Show"), "newest": ("최신", "newest"),
    "older": ("더 새로운 판이 있습니다.", "There is a newer version."), "to_newest": ("최신판 보기", "Show the newest"),
    "published": ("게시", "Published"), "as_of": ("파악 기준", "Known until"), "cause": ("원인", "Cause"),
    "extents": ("전체 장애의 시작과 끝", "The whole incident, by source"), "source": ("출처", "Whose word"),
    "counted_back": ("길이에서 거꾸로 셈한 시작", "start counted back from a length"),
    "timeline": ("타임라인", "Timeline"), "legend": ("범례", "Legend"), "whole": ("전체 장애", "Whole incident"),
    "timeline_desc": ("서비스마다 멈춘 시간을 막대로 그렸습니다. 같은 내용이 아래 표에 있습니다.",
                      "A bar for each span in which a service was down. The table below says the same."),
    "table": ("표", "Table"), "table_caption": ("서비스별 장애 시간", "Outage windows by service"),
    "service": ("서비스", "Service"), "from": ("부터", "From"), "to": ("까지", "To"), "severity": ("정도", "Severity"),
    "notice": ("근거 공지", "Notice"), "rule": ("닫은 까닭", "Why it ends there"), "open": ("계속", "open"),
    "inferred": ("추정", "inferred"), "governs": ("다른 출처의 말이 우선", "another source governs"),
    "notices": ("공지", "Notices"), "cited": ("이 판의 근거", "this version rests on it"),
    "later": ("이 판 이후", "after this version"),
    "changes": ("앞 판과 달라진 점", "What changed from the version before"),
    "first": ("첫 판입니다.", "This is the first version."),
    "same": ("달라진 장애 시간이 없습니다.", "No window changed."), "nowhere": ("없음", "none"),
    "added": ("추가", "added"), "removed": ("삭제", "removed"), "moved": ("변경", "moved"),
    "restated": ("근거 변경", "restated"), "governing": ("따르는 출처", "Governing source"),
    "by_rank": ("순위대로", "by rank"), "finding": ("밝혀진 사실", "Finding"), "yes": ("예", "yes"), "no": ("아니요", "no"),
    "start": ("시작", "start"), "end": ("끝", "end"), "earlier": ("당겨짐", "earlier"), "later_by": ("늦춰짐", "later"),
    "closed": ("끝이 정해짐", "end now known"), "reopened": ("끝이 다시 열림", "end open again"),
    "downloads": ("내려받기와 구독", "Take it with you"), "json": ("이 판의 JSON", "This version as JSON"),
    "json_incident": ("장애 전체의 JSON", "The incident as JSON"), "ics": ("달력(iCalendar)", "Calendar (iCalendar)"),
    "rss": ("RSS", "RSS"), "atom": ("Atom", "Atom"), "hash": ("내용 해시(SHA-256)", "Hash of the content (SHA-256)"),
    "full": ("이용 불가", "Down"), "partial": ("일부 이용 불가", "Partly down"), "intermittent": ("간헐 장애", "Intermittent"),
    "planned": ("예정된 점검", "Planned maintenance"), "extent": ("전체 장애", "Whole incident"),
    "all": ("전체", "all"), "some_users": ("일부 이용자", "some users"), "some_functions": ("일부 기능", "some functions"),
    "approx": ("대략의 끝(점선, 흐림)", "approximate end (dashed, fading)"),
    "ongoing": ("파악 기준까지 계속", "still open when last known"), "inferred_mark": ("추정한 시간", "inferred"),
    "lesser": ("우선하지 않는 출처", "a source that does not govern"),
    "operational": ("정상", "Working"), "refused": ("요청을 처리할 수 없습니다", "This cannot be shown"),
    "sections": ("이 쪽의 차례", "On this page"), "back": ("장애 목록으로", "To the incidents"),
}  # fmt: skip

REFUSED: dict[str, tuple[str, str]] = {
    "unknown_incident": ("이런 이름의 장애가 없습니다.", "There is no incident of this name."),
    "unknown_version": ("이 장애에는 그런 판이 없습니다.", "This incident has no such version."),
    "version_malformed": ("판 번호는 1부터의 정수입니다.", "A version is a whole number from 1."),
    "unknown_parameter": ("주소에 모르는 이름이 있습니다.", "The address has a parameter that is not known here."),
    "parameter_repeated": ("주소에 같은 이름이 두 번 있습니다.", "The address has a parameter twice."),
    "unknown_language": ("언어는 ko 또는 en입니다.", "The language is ko or en."),
}

# The shipped record and the readers of feeds say channels and closing rules in English; they are part of what is hashed.
IN_KOREAN: dict[str, str] = {
    "citizens quoted in a news article": "기사에 실린 시민의 말", "notice of the two chief executives": "두 각자대표의 공지",
    "restoration notice": "복구 안내", "news article": "기사", "content services' notices": "콘텐츠 서비스의 안내",
    "official account": "공식 계정", "mobility operator": "모빌리티 운영사", "ministry report": "정부 보고서",
    "X (Twitter)": "X(당시 트위터)",
    "open: still down (or flapping) when last observed; pays up to as_of": "열림: 마지막으로 확인했을 때에도 멈춰 있었음",
    "working_by: closed at the first observation that it worked; the true end lies between start and this":
        "작동이 처음 확인된 때에 닫음: 실제 끝은 시작과 이때 사이",
    "working_by: no longer named at 21:30": "21시 30분에는 더 이상 언급되지 않음", "working_by": "작동이 확인된 때에 닫음",
    "closed with the last services": "마지막 서비스와 함께 닫음", "Kakao T called stable": "카카오 T가 안정되었다고 함",
    "from the full window's new end to the flapping": "이용 불가의 새 끝부터 간헐 장애까지",
    "named as not restored on 16 Oct 14:30 and 21:30; start taken from the incident, end with the last services":
        "16일 14시 30분과 21시 30분에 복구되지 않았다고 함. 시작은 장애의 시작, 끝은 마지막 서비스와 함께",
    **CLOSING_RULES,
}  # fmt: skip
HANGUL = re.compile("[가-힣]")
WEEKDAYS = ("월화수목금토일", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Named(Protocol):
    name_ko: str
    name_en: str


def say(key: str) -> str:
    return WORDS[key][in_english()]


def name_of(row: Named) -> str:
    return row.name_en if in_english() else row.name_ko


def said_sandbox() -> str:
    """On each page and letter of a sandbox, in both languages whoever reads it; elsewhere nothing."""
    korean, english = WORDS["sandbox"]
    marked = '<p class="sandbox"><span lang="ko">{}</span> <span lang="en">{}</span></p>'
    return format_html(marked, korean, english) if settings.SANDBOX else ""


def said_operator(language: str) -> str:
    """Who runs the service, and how they are reached."""
    return " · ".join(filter(None, (settings.OPERATOR[language == "en"], settings.OPERATOR_CONTACT)))


def said_version(number: int) -> str:
    return f"Version {number}" if in_english() else f"제{number}판"


def said_instant(instant: datetime, *, approx: bool = False) -> str:
    """In Korean time, with the word for "about" instead of a mark."""
    text = shown(instant)
    if not approx:
        return text
    return f"about {text}" if in_english() else f"{text} 무렵"


def time_element(instant: datetime, *, approx: bool = False) -> str:
    """As HTML, with the offset for programs."""
    machine = instant.astimezone(SEOUL).isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, said_instant(instant, approx=approx))


def said_day(day: date, *, short: bool = False) -> str:
    """Of a timeline's axis, where the year is not repeated."""
    if in_english():
        text = f"{day.day} {MONTHS[day.month - 1]}"
        return text if short else f"{WEEKDAYS[1][day.weekday()]} {text}"
    return f"{day.month}/{day.day}" if short else f"{day.month}월 {day.day}일 ({WEEKDAYS[0][day.weekday()]})"


def said_length(length: timedelta) -> str:
    """Days, hours, minutes and seconds, without those that are none."""
    units = (" d", " h", " min", " s") if in_english() else ("일", "시간", "분", "초")
    rest = int(abs(length).total_seconds())
    counts = (rest // 86400, rest // 3600 % 24, rest // 60 % 60, rest % 60)
    return " ".join(f"{count}{unit}" for count, unit in zip(counts, units, strict=True) if count) or f"0{units[2]}"


def said_share(permille: int) -> str:
    """Of the users who were hit."""
    share = f"{permille / 10:g}%"
    return f"{share} of users" if in_english() else f"이용자의 {share}"


def said_english(text: str) -> tuple[str, str]:
    """Of a text that is kept in one language, mostly English: what to show, and the language that is."""
    known = None if in_english() else IN_KOREAN.get(text)
    if known is None:
        return text, "ko" if HANGUL.search(text) else "en"
    return known, "ko"


def said_moves(change: Change) -> str:
    """By how much the ends of a window moved, or where it was when it was added or removed."""
    before, after = change.before, change.after
    if before is None or after is None:
        return said_span(change.window)
    moves = []
    if change.start_moved:
        moves.append(_moved("start", change.start_moved, said_instant(after.start_at, approx=after.start_approx)))
    if change.end_moved and after.end_at is not None:
        moves.append(_moved("end", change.end_moved, said_instant(after.end_at, approx=after.end_approx)))
    elif after.end_at is None and before.end_at is not None:
        moves.append(say("reopened"))
    elif after.end_at is not None and before.end_at is None:
        moves.append(f"{say('closed')} ({said_instant(after.end_at, approx=after.end_approx)})")
    if before.source_id != after.source_id:
        moves.append(f"{name_of(before.source)} → {name_of(after.source)}")
    return ", ".join(moves) or said_span(after)


def said_span(window: OutageWindow) -> str:
    start = said_instant(window.start_at, approx=window.start_approx)
    end = say("open") if window.end_at is None else said_instant(window.end_at, approx=window.end_approx)
    return f"{start} ~ {end}"


def said_beside(change: BesideChange) -> tuple[str, str, str]:
    """What changed beside the windows, and what was and is said of it."""
    row = change.after or change.before
    what = say(change.kind)
    if isinstance(row, Extent):
        what = f"{what} ({name_of(row.source)})"
    elif isinstance(row, Finding):
        what = f"{what} {row.name}"
    unsaid = say("by_rank" if change.kind == "governing" else "nowhere")
    before, after = (unsaid if one is None else said_row(one) for one in (change.before, change.after))
    return what, before, after


def said_row(row: datetime | Source | Extent | Finding) -> str:
    """Of an extent its span, of a finding its value and by whose word."""
    match row:
        case datetime():
            return said_instant(row)
        case Source():
            return name_of(row)
        case Extent():
            guess = f" ({say('counted_back')})" if row.start_inferred else ""
            end = say("open") if row.end_at is None else said_instant(row.end_at)
            return f"{said_instant(row.start_at)}{guess} ~ {end}"
    return f"{_said_value(row.value)} ({name_of(row.notice.source)})"


def _said_value(value: object) -> str:
    match value:
        case bool():
            return say("yes" if value else "no")
        case datetime():
            return said_instant(value)
        case int():
            return f"{value:,}"
    return str(value)


def _moved(which: str, length: timedelta, to: str) -> str:
    direction = say("earlier" if length < timedelta() else "later_by")
    return f"{say(which)} {said_length(length)} {direction} ({to})"
