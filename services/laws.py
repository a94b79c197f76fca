"""What the Telecommunications Business Act asks of an operator after an outage: art. 33 par. 2, decree art. 37-13.

Second-hand, in our own words, for value-added services such as Kakao's: the decree as published at lod.law.go.kr
(37_13), a law firm's note on the amendment of 2025 (kimchang.com, insight 31812), and press on 2019-06-25, when the
duty came in force. Whoever relies on a date reads the decree first. Not asked here, because the record does not know
it: whether the operator is above the decree's size, whether another's telephone line was the cause, which services are free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.seoul import SEOUL


@dataclass(frozen=True)
class LawVersion:
    """Governs outages that begin, in Korea, on `from_date` or later, up to the next version.

    `floor`: an outage of this length or longer counts. `notice_days`: after the day of recovery, for the damages notice.
    `free`: whether services without a fee count too.
    """

    from_date: date
    floor: timedelta
    notice_days: int
    free: bool
    source: str


LAWS: tuple[LawVersion, ...] = (
    LawVersion(date(2019, 6, 25), timedelta(hours=4), 30, free=False, source="lod.law.go.kr 37_13"),
    LawVersion(date(2025, 3, 28), timedelta(hours=2), 30, free=True, source="kimchang.com 31812"),
)


def law_at(started_at: datetime) -> LawVersion | None:
    """The version in force on the day the outage began; None before the first."""
    day = started_at.astimezone(SEOUL).date()
    return max((law for law in LAWS if law.from_date <= day), key=lambda law: law.from_date, default=None)
