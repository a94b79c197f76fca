"""From the codes and keys people and files use to rows; a missing one is refused by name."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

from services.models import Feed, FeedItem, Incident, Notice, Service, Source
from services.names import UNLISTED
from services.refusals import Unknown
from services.texts import is_text

Row = TypeVar("Row", bound=Model)


class UnknownService(Unknown):
    code = "unknown_service"


class UnknownSource(Unknown):
    code = "unknown_source"


class UnknownIncident(Unknown):
    code = "unknown_incident"


class UnknownNotice(Unknown):
    code = "unknown_notice"


class UnknownFeed(Unknown):
    code = "unknown_feed"


class UnknownItem(Unknown):
    code = "unknown_item"


def find_services(codes: Iterable[str]) -> dict[str, Service]:
    """By code, of those that a record can speak of. Raises UnknownService. One query."""
    return _all(Service.objects.exclude(code=UNLISTED), "code", codes, UnknownService, "Add it to the service tree first.")


def find_notices(keys: Iterable[str]) -> dict[str, Notice]:
    """By key, each with its source. Raises UnknownNotice. One query."""
    notices = Notice.objects.select_related("source")
    return _all(notices, "key", keys, UnknownNotice, "Record the notice before what it says.")


def find_source(code: str) -> Source:
    """Raises UnknownSource. One query."""
    return _all(Source.objects.all(), "code", [code], UnknownSource, "Add it with its rank first.")[code]


def find_incident(key: str) -> Incident:
    """Raises UnknownIncident. One query."""
    return _all(Incident.objects.all(), "key", [key], UnknownIncident, "Open the incident first.")[key]


def find_feed(code: str) -> Feed:
    """Raises UnknownFeed. One query."""
    return _all(Feed.objects.select_related("source"), "code", [code], UnknownFeed, "Register it first.")[code]


def find_item(feed: str, foreign_id: str) -> FeedItem:
    """Of the feed with this code, the item that it calls so. Raises UnknownItem. One query."""
    items = FeedItem.objects.filter(feed__code=feed)
    return _all(items, "foreign_id", [foreign_id], UnknownItem, "Import the feed first.")[foreign_id]


def _all(rows: QuerySet[Row], column: str, wanted: Iterable[str], refusal: type[Unknown], advice: str) -> dict[str, Row]:
    names = set(wanted)
    asked = [name for name in names if is_text(name)]
    found: dict[str, Row] = {getattr(row, column): row for row in rows.filter(**{f"{column}__in": asked})}
    for name in sorted(names - found.keys()):
        kind = str(rows.model._meta.verbose_name)
        raise refusal(f"There is no {kind} {name!r}. {advice}", field=kind)
    return found
