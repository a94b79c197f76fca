"""Times of feeds: with an offset, or local ones in a zone that a person gave. Always UTC afterwards."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.feeds.refused import (
    FeedOffsetMissing,
    FeedTimeMalformed,
    FeedTimeOutOfRange,
    FeedZoneAmbiguous,
    FeedZoneRequired,
    FeedZoneUnknown,
    shown_value,
)
from services.instants import EARLIEST, LATEST, OutOfRange, check_instant

# "Sat Jun 11 2022 18:55:50 GMT+0000 (Coordinated Universal Time)": a JavaScript date as text.
_JAVASCRIPT_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4})(?: \(.*\))?", re.ASCII)


def zone_of(name: str | None) -> ZoneInfo | None:
    """Raises FeedZoneUnknown."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # the latter two: no name at all, or a folder's
        raise FeedZoneUnknown(
            f"{shown_value(name)} is not a time zone. Give its IANA name, like Asia/Seoul.", field="zone"
        ) from error


def instant_of(text: object, place: str, zone: ZoneInfo | None = None, *, local: bool = False) -> datetime:
    """The instant that `text` at `place` means.

    `local`: the format has times without offset, so they are read in `zone`. Raises FeedTimeMalformed,
    FeedTimeOutOfRange; FeedOffsetMissing, or where `local` FeedZoneRequired and FeedZoneAmbiguous.
    """
    value = _parsed(text, place)
    if value.utcoffset() is None:
        value = _in_zone(value, place, zone) if local else _refuse_without_offset(value, place)
    try:
        return check_instant(value, place)
    except OutOfRange as error:
        raise FeedTimeOutOfRange(
            f"{place} is {value.isoformat()}. Only times from {EARLIEST:%Y-%m-%d} to before {LATEST:%Y-%m-%d} are read.",
            field=place,
        ) from error


def _parsed(text: object, place: str) -> datetime:
    try:
        if not isinstance(text, str) or len(text) <= len("2022-10-15"):  # a date alone is no instant
            raise TypeError
        written = _JAVASCRIPT_DATE.fullmatch(text)
        return datetime.strptime(written[1], "%b %d %Y %H:%M:%S GMT%z") if written else datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise FeedTimeMalformed(
            f"{place} is {shown_value(text)}, which is not a time. Write it like 2022-10-15T15:30:00+09:00.", field=place
        ) from error


def _refuse_without_offset(value: datetime, place: str) -> datetime:
    raise FeedOffsetMissing(
        f"{place} is {value.isoformat()}, which has no offset. This kind of feed has one with every time; give it, "
        f"like {value.isoformat()}+09:00.",
        field=place,
    )


def _in_zone(value: datetime, place: str, zone: ZoneInfo | None) -> datetime:
    if zone is None:
        raise FeedZoneRequired(
            f"{place} is {value.isoformat()}, which has no offset. Give the time zone of the feed, like Asia/Seoul.",
            field=place,
        )
    try:
        first, second = (value.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError as error:
        raise FeedTimeOutOfRange(f"{place} is {value.isoformat()}, outside what a calendar holds.", field=place) from error
    if first != second:
        showed = "showed twice" if first < second else "never showed"
        raise FeedZoneAmbiguous(
            f"{place} is {value.isoformat()}, which the clocks of {zone.key} {showed}. Give this time with its offset.",
            field=place,
        )
    return first
