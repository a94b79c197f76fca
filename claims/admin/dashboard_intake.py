"""How claims came in, by the hour and in all, beside what is known of 2022. Hours and days are Korean."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claims.admin.dashboard_charts import DAY_NAME, HOUR, PLOT, days_of, night, worded
from claims.admin.dashboard_words import say
from claims.admin.drawing import HEIGHT, LEFT, TOP, Chart
from claims.queries import Tallied
from services.language import in_english
from services.seoul import shown

MOST_HOURS, HOURS, HOUR_WIDTH = 28 * 24, 72, 8  # drawn at most, drawn if nobody chose days; pixels at most
CURVE = Path(__file__).resolve().parent.parent / "intake_2022.yaml"


@cache
def known_of_2022() -> Mapping[str, Any]:
    """Source, first day and the sums that are known."""
    read: Mapping[str, Any] = yaml.safe_load(CURVE.read_text(encoding="utf-8"))
    return read


def days_of_2022() -> int:
    """Claims were taken for so long."""
    return max(int(one["days"]) for one in known_of_2022()["known"])


def intake(rows: Sequence[Tallied], *, first: date | None, chosen: bool = False, late: bool = False) -> Chart:
    """The last hours in which claims came, or all where somebody has `chosen` days; beside the days of 2022, counted from
    `first`, the day of the first claim. What came later than those is left out unless it is asked for with `late`.
    """
    by_hour = _by_hour(rows)
    chart = worded("intake", ("hour", "claims", "in_2022"), [])
    chart.rows = [(shown(at), by_hour[at], _said_rate(_rate(at, first))) for at in sorted(by_hour) if by_hour[at]]
    early = {at: count for at, count in by_hour.items() if late or first is None or (at.date() - first).days < days_of_2022()}
    drawn = _steps(early or by_hour, HOUR)
    if not drawn:
        return chart
    if not chosen or len(drawn) > MOST_HOURS:
        start = max(drawn[0], drawn[-1] - (HOURS - 1) * HOUR)
        drawn = [start + place * HOUR for place in range(HOURS)]
    rates = [_rate(at, first) for at in drawn]
    fullest = max(by_hour[at] for at in drawn)
    most = max(1, fullest, math.ceil(max(rates)))
    scale, logarithmic = _scale(fullest, most)
    wide = min(HOUR_WIDTH, PLOT / len(drawn))
    tall = [scale(by_hour[at]) for at in drawn]
    chart.boxes("chart-bar", ((LEFT + n * wide, TOP + HEIGHT - high, wide, high) for n, high in enumerate(tall) if high))
    for place, at in enumerate(drawn):
        night(chart, at, LEFT + place * wide, every=math.ceil(DAY_NAME / (24 * wide)))
    for rate in sorted({*rates} - {0.0}):
        left, right = (LEFT + place * wide for place in (rates.index(rate), len(rates) - rates[::-1].index(rate)))
        y = TOP + HEIGHT - scale(rate)
        chart.line("chart-then", [(left, y), (right, y)])
        chart.text(right, y - 5, f"2022: {_said_rate(rate)}", "end")
    chart.axis(most)
    rest = sum(by_hour.values()) - sum(by_hour[at] for at in drawn)
    chart.remarks = [say("drawn_hours").format(shown(drawn[0]), shown(drawn[-1] + HOUR), f"{rest:,}")]
    chart.remarks += [say("rate_2022")] * any(rates) + [say("log_scale")] * logarithmic
    return chart


def curve(rows: Sequence[Tallied], *, late: bool = False) -> Chart:
    """Whole days since the first claim, against the sums known of 2022; as many days as those, or all with `late`."""
    by_day = Counter[date]()
    for row in rows:
        by_day[row.at.date()] += row.count
    days, total, ours = days_of(by_day), 0, [0]
    for day in days:
        total += by_day[day]
        ours.append(total)
    known = known_of_2022()["known"]
    last = max(len(days), days_of_2022()) if late else days_of_2022()
    drawn = ours[: last + 1]
    most = max(drawn[-1], *(one["claims"] for one in known))
    scale, logarithmic = _scale(drawn[-1], most)
    chart = worded("curve", ("day_number", "day", "claims", "in_2022"), _against(days, by_day, ours, known))
    chart.axis(most)

    def at(place: int, claims: int) -> tuple[float, float]:
        return LEFT + place * (PLOT - 60) / last, TOP + HEIGHT - scale(claims)

    if days:
        chart.line("chart-line", [at(place, claims) for place, claims in enumerate(drawn)])
        chart.text(*_shifted(at(len(drawn) - 1, drawn[-1]), 6, -4), f"{drawn[-1]:,}")
    for place, one in enumerate(known):
        x, y = at(one["days"], one["claims"])
        chart.dot(x, y)
        about = f"{say('about')} " if one["about"] else ""
        below = 18 * sum(at(other["days"], 0)[0] - x < PLOT / 3 for other in known[place:])
        right = x < PLOT / 3
        chart.text(x + (9 if right else -9), y + below, f"2022: {about}{one['claims']:,}", "start" if right else "end")
    for place in range(0, last + 1, max(1, last // 10)):
        chart.text(at(place, 0)[0], TOP + HEIGHT + 18, str(place), "middle")
    later = total - drawn[-1]
    chart.remarks = [known_of_2022()["source"]["en" if in_english() else "ko"]]
    chart.remarks += [say("came_later").format(last, f"{later:,}")] * (later > 0) + [say("log_scale")] * logarithmic
    return chart


# --- parts ---------------------------------------------------------------------------------------


def _by_hour(rows: Sequence[Tallied]) -> Counter[datetime]:
    counted = Counter[datetime]()
    for row in rows:
        counted[row.at] += row.count
    return counted


def _against(
    days: Sequence[date], came: Mapping[date, int], ours: Sequence[int], known: Sequence[Mapping[str, Any]]
) -> list[tuple[Any, ...]]:
    """A row for each day of ours as long as 2022 lasted, later for those with claims, and for what is known of 2022."""
    then = {one["days"]: f"{say('about')} {one['claims']:,}" if one["about"] else f"{one['claims']:,}" for one in known}
    of_ours = [
        (place, day.isoformat(), ours[place], then.get(place, ""))
        for place, day in enumerate(days, 1)
        if place <= days_of_2022() or came[day]
    ]
    return of_ours + [(place, "", "", said) for place, said in then.items() if place > len(days)]


def _rate(at: datetime, first: date | None) -> float:
    """Claims in an hour of that day in 2022, as if they had come evenly between the sums that are known; 0: none is."""
    day = -1 if first is None else (at.date() - first).days
    began = sum_then = 0
    for one in known_of_2022()["known"]:
        if began <= day < one["days"]:
            rate: float = (one["claims"] - sum_then) / (24 * (one["days"] - began))
            return rate
        began, sum_then = one["days"], one["claims"]
    return 0.0


def _said_rate(rate: float) -> str:
    return f"{say('about')} {rate:,.0f}" if rate else ""


def _scale(ours: int, most: int) -> tuple[Callable[[float], float], bool]:
    """Pixels of a quantity, and whether they grow by powers of ten: where ours would else be lost below what was in 2022."""
    if 0 < 20 * ours < most:
        return lambda count: HEIGHT * math.log1p(count) / math.log1p(most), True
    return lambda count: HEIGHT * count / most, False


def _steps(found: Mapping[datetime, Any], step: timedelta) -> list[datetime]:
    """From the first to the last, without gaps."""
    if not found:
        return []
    first, last = min(found), max(found)
    return [first + place * step for place in range((last - first) // step + 1)]


def _shifted(point: tuple[float, float], right: float, down: float) -> tuple[float, float]:
    return point[0] + right, point[1] + down
