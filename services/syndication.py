"""The official record where people keep dates and news: an incident as iCalendar, new versions as RSS and Atom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join

from services.changes import Change, changes_between
from services.language import in_english
from services.models import Incident, OutageWindow, RecordVersion
from services.queries import incident_with_versions, newest_versions, windows_by_version
from services.questions import asked_version
from services.record_calendar import incident_calendar
from services.record_page import chosen_version, governing, kind_of, others_between
from services.web import address, public
from services.words import name_of, said_instant, said_moves, said_version, say

MOST_NEWS = 50


@public("version")
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The incident and its windows by governing sources, as events; of `?version=N`, the newest without it. Five queries."""
    incident = incident_with_versions(key)
    version = chosen_version(incident, asked_version(request.GET))
    page = request.build_absolute_uri(address(request, "public:incident", key, version=version.number))
    content = incident_calendar(incident, version, _history(incident, version), page=page)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.ics"'
    return response


def _history(incident: Incident, version: RecordVersion) -> list[list[OutageWindow]]:
    """Windows by governing sources of each version up to this one. One query."""
    versions = [one for one in incident.versions.all() if one.number <= version.number]
    windows = windows_by_version(versions)
    return [governing(windows[one.pk], one) for one in versions]


@dataclass(frozen=True)
class News:
    """A version was published; `changes` of windows and `others`, in words, against the one before; none of the first."""

    version: RecordVersion
    changes: Sequence[Change]
    others: Sequence[tuple[str, str, str]]
    link: str


def newest_news(link: Callable[[RecordVersion], str]) -> list[News]:
    """Of the 50 versions published last, the newest first. Five queries."""
    versions, before = newest_versions(MOST_NEWS)
    windows = windows_by_version([*versions, *before.values()])
    return [
        News(
            version,
            changes_between(windows[before[version.pk].pk], windows[version.pk]) if version.pk in before else [],
            others_between(before[version.pk], version) if version.pk in before else [],
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
        if not item.changes and not item.others:
            return format_html("<p>{}</p><p>{}</p>", known, say("first" if item.version.number == 1 else "same"))
        rows = [(say(one.kind), name_of(one.window.service), say(kind_of(one.window)), said_moves(one)) for one in item.changes]
        listed = format_html_join("", "<li>{}: {} ({}), {}</li>", rows)
        listed += format_html_join("", "<li>{}: {} → {}</li>", item.others)
        return format_html("<p>{}</p><p>{}</p><ul>{}</ul>", known, say("changes"), listed)

    def item_link(self, item: News) -> str:
        return item.link

    def item_pubdate(self, item: News) -> datetime:
        return item.version.published_at

    item_updateddate = item_pubdate


class AtomNews(RssNews):
    feed_type = Atom1Feed
