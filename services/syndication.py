"""The official record where people keep dates and news: an incident as iCalendar, new versions as RSS and Atom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from icalendar import Calendar, Event

from services.changes import Change, changes_between
from services.models import Incident, OutageWindow, RecordVersion
from services.queries import incident_with_versions, newest_versions, windows_by_version
from services.questions import asked_version
from services.record_page import chosen_version, governing, kind_of
from services.web import address, public
from services.words import in_english, name_of, said_instant, said_moves, said_span, said_version, say

DOMAIN = "outage-record"  # of event names; not the host, which may change
WORST_FIRST = ("full", "partial", "intermittent", "planned")
MOST_NEWS = 50


@public("version")
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The incident and its windows by governing sources, as events; of `?version=N`, the newest without it. Five queries."""
    incident = incident_with_versions(key)
    version = chosen_version(incident, asked_version(request.GET))
    page = request.build_absolute_uri(address(request, "public:incident", key, version=version.number))
    content = incident_calendar(incident, version, windows_by_version([version])[version.pk], page=page)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.ics"'
    return response


def incident_calendar(incident: Incident, version: RecordVersion, windows: Sequence[OutageWindow], *, page: str) -> bytes:
    """One event of the whole incident, by the best ranked source, and one of each span without a gap in which a service
    was down. The events keep their names from version to version: a service's are counted, whenever they are.
    """
    title = incident.title_en if in_english() else incident.title_ko
    made = Calendar()
    for name, value in (
        ("prodid", "-//outage-claims//official record//EN"), ("version", "2.0"), ("method", "PUBLISH"),
        ("x-wr-calname", title), ("x-wr-timezone", "Asia/Seoul"),
    ):  # fmt: skip
        made.add(name, value)
    said = f"{said_version(version.number)}. {say('zone')}"
    extents = [listing.extent for listing in version.listed_extents.all()]
    if extents:
        source = name_of(extents[0].source)
        whole = _event(incident.key, title, (extents[0].start_at, extents[0].end_at), version=version, page=page)
        whole.add("description", f"{say('whole')} ({source})\n{said}")
        made.add_component(whole)
    counted: dict[str, int] = {}
    for run in runs_of(governing(windows, version)):
        service = run[0].service
        counted[service.code] = counted.get(service.code, 0) + 1
        kind = min(map(kind_of, run), key=WORST_FIRST.index)
        name = f"{incident.key}.{service.code}.{counted[service.code]}"
        span = (run[0].start_at, run[-1].end_at)
        event = _event(name, f"{name_of(service)}: {say(kind)}", span, version=version, page=page)
        lines = [f"{say(kind_of(window))}, {said_span(window)} ({name_of(window.source)})" for window in run]
        event.add("description", "\n".join([*lines, said]))
        made.add_component(event)
    content: bytes = made.to_ical()
    return content


def runs_of(windows: Sequence[OutageWindow]) -> list[list[OutageWindow]]:
    """Windows of one service that touch, together; in time, services in the order in which they come."""
    order = {window.service_id: place for place, window in reversed(list(enumerate(windows)))}
    runs: list[list[OutageWindow]] = []
    for window in sorted(windows, key=lambda one: (order[one.service_id], one.start_at)):
        last = runs[-1][-1] if runs else None
        if last is not None and (last.service_id, last.end_at) == (window.service_id, window.start_at):
            runs[-1].append(window)
        else:
            runs.append([window])
    return runs


def _event(name: str, summary: str, span: tuple[datetime, datetime | None], *, version: RecordVersion, page: str) -> Event:
    """An open end is where knowledge ends, and marked as such."""
    start_at, end_at = span
    event = Event()
    event.add("uid", f"{name}@{DOMAIN}")
    event.add("sequence", version.number)
    event.add("dtstamp", version.published_at.astimezone(UTC))
    event.add("dtstart", start_at.astimezone(UTC))
    end = version.as_of if end_at is None else end_at
    if end > start_at:
        event.add("dtend", end.astimezone(UTC))
    event.add("summary", summary if end_at is not None else f"{summary} ({say('lasting')})")
    event.add("status", "TENTATIVE" if end_at is None else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", page)
    return event


@dataclass(frozen=True)
class News:
    """A version was published; `changes` against the one before, none of the first."""

    version: RecordVersion
    changes: Sequence[Change]
    link: str


def newest_news(link: Callable[[RecordVersion], str]) -> list[News]:
    """Of the 50 versions published last, the newest first. Three queries."""
    versions, before = newest_versions(MOST_NEWS)
    windows = windows_by_version([*versions, *before.values()])
    return [
        News(
            version,
            changes_between(windows[before[version.pk].pk], windows[version.pk]) if version.pk in before else [],
            link(version),
        )
        for version in versions
    ]


class RssNews(Feed):
    """One entry per published version. Links keep the language that the address names."""

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def title(self) -> str:
        return say("site")

    def description(self) -> str:
        return say("intro")

    subtitle = description

    def link(self, request: HttpRequest) -> str:
        return address(request, "public:incidents")

    def feed_url(self, request: HttpRequest) -> str:
        return request.get_full_path()

    def items(self, request: HttpRequest) -> list[News]:
        return newest_news(lambda version: address(request, "public:incident", version.incident.key, version=version.number))

    def item_title(self, item: News) -> str:
        incident = item.version.incident
        return f"{incident.title_en if in_english() else incident.title_ko}: {said_version(item.version.number)}"

    def item_description(self, item: News) -> str:
        """HTML: until when it knows, and what changed."""
        known = f"{said_version(item.version.number)}. {say('as_of')}: {said_instant(item.version.as_of)}. {say('zone')}"
        if not item.changes:
            return format_html("<p>{}</p><p>{}</p>", known, say("first" if item.version.number == 1 else "same"))
        rows = [(say(one.kind), name_of(one.window.service), say(kind_of(one.window)), said_moves(one)) for one in item.changes]
        listed = format_html_join("", "<li>{}: {} ({}), {}</li>", rows)
        return format_html("<p>{}</p><p>{}</p><ul>{}</ul>", known, say("changes"), listed)

    def item_link(self, item: News) -> str:
        return item.link

    def item_pubdate(self, item: News) -> datetime:
        return item.version.published_at

    item_updateddate = item_pubdate


class AtomNews(RssNews):
    feed_type = Atom1Feed
