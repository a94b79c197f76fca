"""What is said of an outage, before it is kept: notices, observations, windows, findings. Rows are named by code or key."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from services.models import OutageWindow, Scope
from services.refusals import Refusal


class SourceNotOfficial(Refusal):
    code = "source_not_official"


@dataclass(frozen=True, kw_only=True)
class NoticeSaid:
    """An announcement, in our own words.

    `source` and `feed` are codes; `incident` a key, None when it speaks of several, or of that of the feed's `item`.
    `written_at`: when a feed says that it was written, which may be after it is displayed as published.
    """

    key: str
    source: str
    channel: str
    published_at: datetime
    text: str
    incident: str | None = None
    published_approx: bool = False
    written_at: datetime | None = None
    text_en: str = ""
    ref: str = ""
    url: str = ""
    feed: str | None = None
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class ObservationSaid:
    """What a notice (by key) says of a service (by code) at one instant, if it names one."""

    notice: str
    service: str
    state: str
    scope: str = Scope.ALL
    observed_at: datetime | None = None
    approx: bool = False
    stated_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WindowSaid:
    """The span [start_at, end_at) in which a service (by code) was down, by the word of the notice's source."""

    service: str
    notice: str
    severity: str
    start_at: datetime
    end_at: datetime | None
    scope: str = Scope.ALL
    start_approx: bool = False
    end_approx: bool = False
    inferred: bool = False
    closing_rule: str = ""
    users_permille: int | None = None
    planned: bool = False
    announced_at: datetime | None = None


def said_by(window: OutageWindow) -> WindowSaid:
    """What a window that is kept says."""
    words = {field.name: getattr(window, field.name) for field in fields(WindowSaid)}
    return WindowSaid(**{**words, "service": window.service.code, "notice": window.notice.key})


@dataclass(frozen=True, kw_only=True)
class FindingSaid:
    """What a notice (by key) says of the whole incident: a fact that policies ask for by this name.

    `value` is as the type has it: whole numbers (money in minor units), true or false, a zoned datetime, a date, a text.
    """

    name: str
    notice: str
    type: str
    value: bool | int | date | datetime | str
