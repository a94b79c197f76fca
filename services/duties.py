"""What the law asks after an outage, and by when. Pure: no database, no clock.

The texts are (Korean, English). Ends are exclusive; a due date is a whole day in Korea.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import TextChoices

from services.laws import LawVersion, law_at
from services.seoul import SEOUL, shown

Text = tuple[str, str]
DUE_SOON_DAYS = 7
ONE_DAY = timedelta(days=1)


class DutyKind(TextChoices):
    """Telling users that the service is down; telling them who is compensated, by what and how."""

    OUTAGE_NOTICE = "outage_notice"
    DAMAGES_NOTICE = "damages_notice"


class DutyState(StrEnum):
    """Not begun: the clock does not run yet. Not due: the law does not ask for it."""

    NOT_DUE = "not_due"
    NOT_BEGUN = "not_begun"
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done_late"


ALARMING = (DutyState.DUE_SOON, DutyState.OVERDUE)
PENDING = (DutyState.OPEN, *ALARMING)


@dataclass(frozen=True)
class Span:
    """[start_at, end_at); None: still down."""

    start_at: datetime
    end_at: datetime | None


@dataclass(frozen=True)
class Outage:
    """What the clock reads of an incident.

    `extent`: by the governing source, else the best ranked one that gives any; `windows`: of unplanned outage, by the
    source that governs each service, in the record in force. `told_at`: when the operator first told the public. `sent`:
    when a notice went out, by kind.
    """

    started_at: datetime
    recorded: bool
    extent: Span | None
    windows: Sequence[Span]
    told_at: datetime | None
    sent: dict[DutyKind, list[datetime]]


@dataclass(frozen=True)
class Duty:
    """`due_at`: exclusive, None where there is no date; `due_date`: its last day; `since_at`: from when it runs."""

    kind: DutyKind
    state: DutyState
    why: Text
    since_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    due_date: date | None = None
    days_left: int | None = None


def duties_of(outage: Outage, *, notice_within: timedelta, now: datetime) -> list[Duty]:
    """The outage notice, then the damages notice. `notice_within`: our own threshold for "without delay"."""
    law = law_at(outage.started_at)
    if law is None:
        why = ("이 장애가 시작된 날에는 고지 의무가 없었습니다.", "There was no such duty on the day this outage began.")
        return [Duty(kind, DutyState.NOT_DUE, why) for kind in DutyKind]
    if outage.recorded and outage.extent is None and not outage.windows:
        why = ("예고한 점검만 있었습니다.", "There was planned maintenance only.")
        return [Duty(kind, DutyState.NOT_DUE, why) for kind in DutyKind]
    return [_outage_notice(outage, law, notice_within, now), _damages_notice(outage, law, now)]


def _outage_notice(outage: Outage, law: LawVersion, within: timedelta, now: datetime) -> Duty:
    kind, start = DutyKind.OUTAGE_NOTICE, _start(outage)
    told = min([at for at in (outage.told_at, *outage.sent.get(kind, ())) if at is not None], default=None)
    short = _too_short(outage, law, now)
    if short is not None and not _lasts(outage):
        return Duty(kind, DutyState.NOT_DUE, short, start, done_at=told)
    due_at = start + within
    elapsed = max((told or now) - start, timedelta())
    if told is not None:
        state = DutyState.DONE if told <= due_at else DutyState.DONE_LATE
    else:
        state = DutyState.OVERDUE if now > due_at else DutyState.OPEN
    return Duty(kind, state, _without_delay(elapsed, within, told), start, due_at, told)


def _damages_notice(outage: Outage, law: LawVersion, now: datetime) -> Duty:
    kind = DutyKind.DAMAGES_NOTICE
    recovered_at = _recovered(outage)
    if recovered_at is None:
        return Duty(kind, DutyState.NOT_BEGUN, _why_not_begun(outage))
    short = _too_short(outage, law, now)
    if short is not None:
        return Duty(kind, DutyState.NOT_DUE, short, recovered_at)
    due_date = last_day(recovered_at, law.notice_days)
    due_at = datetime.combine(due_date + ONE_DAY, time(), SEOUL)
    days_left = (due_date - now.astimezone(SEOUL).date()).days
    sent = min(outage.sent.get(kind, ()), default=None)
    state = _state(sent, due_at, days_left)
    return Duty(kind, state, _thirty_days(recovered_at, law), recovered_at, due_at, sent, due_date, days_left)


def _state(sent: datetime | None, due_at: datetime, days_left: int) -> DutyState:
    if sent is not None:
        return DutyState.DONE if sent < due_at else DutyState.DONE_LATE
    if days_left < 0:
        return DutyState.OVERDUE
    return DutyState.DUE_SOON if days_left <= DUE_SOON_DAYS else DutyState.OPEN


def last_day(recovered_at: datetime, days: int) -> date:
    """The last day in Korea to send a notice. Recovery on 2022-10-20 and 30 days: 2022-11-19.

    The day of recovery is not counted; a service that is back at midnight was back the day before. Saturdays and holidays
    move nothing here, though the Civil Act might allow a day more: the earlier date is the safe one.
    """
    local = recovered_at.astimezone(SEOUL)
    return (local - timedelta(microseconds=1)).date() + days * ONE_DAY


def _start(outage: Outage) -> datetime:
    return outage.extent.start_at if outage.extent else outage.started_at


def _lasts(outage: Outage) -> bool:
    return _recovered(outage) is None


def _recovered(outage: Outage) -> datetime | None:
    """The end of the extent; without one, of the last window; None while there is no such end."""
    if outage.extent is not None:
        return outage.extent.end_at
    ends = [window.end_at for window in outage.windows]
    return None if None in ends else max((end for end in ends if end is not None), default=None)


def _longest(outage: Outage, now: datetime) -> timedelta:
    """Of the extent and the windows; what is still open lasts until now."""
    spans = [*outage.windows, *([outage.extent] if outage.extent else [])]
    return max(((span.end_at or max(now, span.start_at)) - span.start_at for span in spans), default=timedelta())


def _too_short(outage: Outage, law: LawVersion, now: datetime) -> Text | None:
    """Why the law does not ask for it; None where it does."""
    longest = _longest(outage, now)
    if longest >= law.floor:
        return None
    floor = hours(law.floor)
    return (
        f"해당하지 않습니다. 가장 긴 중단이 {hours(longest)[0]}으로, 기준인 {floor[0]}에 못 미칩니다.",
        f"It does not apply, because the longest outage is {hours(longest)[1]}, below the floor of {floor[1]}.",
    )


def _why_not_begun(outage: Outage) -> Text:
    if not outage.recorded:
        return ("공식 기록이 아직 없습니다.", "There is no official record yet.")
    return (
        "공식 기록에서 아직 복구되지 않아 기한이 시작되지 않았습니다.",
        "By the official record the service is not back yet, so the clock has not begun.",
    )


def _without_delay(elapsed: timedelta, within: timedelta, told: datetime | None) -> Text:
    ko, en = hours(elapsed)
    own = hours(within)
    said = (f"첫 공식 공지까지 {ko}.", f"{en} until the first official notice.")
    if told is None:
        said = (f"공식 공지 없이 {ko} 지남.", f"{en} without an official notice.")
    return (
        f"{said[0]} 법은 '지체 없이'라고만 하며, {own[0]}은 이 서비스가 스스로 정한 기준입니다.",
        f'{said[1]} The law says only "without delay"; the {own[1]} are this service\'s own threshold.',
    )


def _thirty_days(recovered_at: datetime, law: LawVersion) -> Text:
    at = shown(recovered_at)
    free = ("무료 서비스도 일부 포함됩니다.", "Free services count in part.")
    if not law.free:
        free = ("무료 서비스는 제외됩니다.", "Free services are exempt.")
    return (
        f"복구({at})부터 {law.notice_days}일 안에 청구권자, 기준, 절차를 알립니다. {free[0]}",
        f"Who is compensated, by what and how is told within {law.notice_days} days of recovery ({at}). {free[1]}",
    )


def hours(length: timedelta) -> Text:
    """Whole minutes, rounded down: `4시간 30분`, `4 h 30 min`."""
    whole, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [(f"{whole}시간", f"{whole} h")] if whole else []
    parts += [(f"{minutes}분", f"{minutes} min")] if minutes or not whole else []
    return " ".join(ko for ko, _ in parts), " ".join(en for _, en in parts)
