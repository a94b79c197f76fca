"""The charts of the dashboard: tallies in, marks and tables out. Pure, but for the language. Hours and days are Korean."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claims.admin.amounts import said_amount
from claims.admin.case_words import said_reason
from claims.admin.dashboard_words import say
from claims.admin.drawing import HEIGHT, LEFT, TOP, Chart, hatched, lying_bars
from claims.deadlines import ANSWER_WORKING_DAYS, CALENDAR, working_day
from claims.queries import Peak, Tallied
from services.language import in_english
from services.seoul import shown

Cells = Mapping[str, Sequence[tuple[int, int]]]  # (hour since 1970, claims) by the code of a service
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_HOURS, HOUR_WIDTH = 28 * 24, 3  # drawn; pixels
MOST_DAYS, DAY_WIDTH = 92, 26
MAP_HOURS, MAP_SERVICES, CELL, MAP_ROW, MAP_LEFT = 7 * 24, 25, 6, 36, 4
MOST_BARS, LEVELS = 30, 5
AGES = (2, 5, ANSWER_WORKING_DAYS, 15, 20)  # working days, inclusive; then more
CURVE = Path(__file__).resolve().parent.parent / "intake_2022.yaml"


@cache
def known_of_2022() -> Mapping[str, Any]:
    """Source, first day and the sums that are known."""
    read: Mapping[str, Any] = yaml.safe_load(CURVE.read_text(encoding="utf-8"))
    return read


def intake(rows: Sequence[Tallied]) -> Chart:
    by_hour = _by_hour(rows)
    hours = _steps(by_hour, HOUR)
    drawn, most = hours[:MOST_HOURS], max([1, *by_hour.values()])
    chart = _chart("intake", ("hour", "claims"), [(shown(at), by_hour[at]) for at in hours if by_hour[at]])
    chart.width, chart.cut = LEFT + len(drawn) * HOUR_WIDTH + 40, len(hours) > len(drawn)
    tall = [by_hour[at] * HEIGHT / most for at in drawn]
    places = ((LEFT + place * HOUR_WIDTH, TOP + HEIGHT - high, HOUR_WIDTH, high) for place, high in enumerate(tall) if high)
    chart.boxes("chart-bar", places)
    for place, at in enumerate(drawn):
        _night(chart, at, LEFT + place * HOUR_WIDTH, every=1 if len(drawn) < 10 * 24 else 2)
    chart.axis(most)
    return chart


def curve(rows: Sequence[Tallied]) -> Chart:
    """Whole days since the first claim, against the sums known of 2022."""
    by_day = Counter[date]()
    for row in rows:
        by_day[row.at.date()] += row.count
    days, total, ours = _days(by_day), 0, [0]
    for day in days:
        total += by_day[day]
        ours.append(total)
    known = known_of_2022()["known"]
    last = max(len(days), *(one["days"] for one in known))
    most, least = max(total, *(one["claims"] for one in known)), 20 * total
    logarithmic = total > 0 and least < most
    chart = _chart("curve", ("day_number", "day", "claims", "in_2022"), _against(days, ours, known))
    chart.axis(most)

    def at(place: int, claims: int) -> tuple[float, float]:
        share = math.log1p(claims) / math.log1p(most) if logarithmic else claims / most
        return LEFT + place * (chart.width - LEFT - 60) / last, TOP + HEIGHT - share * HEIGHT

    if days:
        chart.line("chart-line", [at(place, claims) for place, claims in enumerate(ours)])
        chart.text(*_shifted(at(len(days), total), 6, -4), f"{total:,}")
    for one in known:
        x, y = at(one["days"], one["claims"])
        chart.dot(x, y)
        about = f"{say('about')} " if one["about"] else ""
        chart.text(x - 9, y + 14, f"2022: {about}{one['claims']:,}", "end")
    for place in range(0, last + 1, max(1, last // 10)):
        chart.text(at(place, 0)[0], TOP + HEIGHT + 16, str(place), "middle")
    chart.remarks = [known_of_2022()["source"]["en" if in_english() else "ko"]] + [say("log_scale")] * logarithmic
    return chart


def backlog(rows: Sequence[Tallied], *, today: date, overdue: str) -> Chart:
    """`overdue`: how many of the queue are past their own deadlines, in words."""
    ages = Counter[int]()
    for row in rows:
        filed = row.at.date()
        ages[next((age for age in AGES if today <= working_day(filed, age, CALENDAR)), 0)] += row.count
    names = {age: say("up_to").format(age) for age in AGES} | {0: say("more_than").format(AGES[-1])}
    late = {age: age not in AGES or age > ANSWER_WORKING_DAYS for age in names}
    table = [(name, ages[age], say("yes" if late[age] else "no")) for age, name in names.items()]
    chart = _chart("backlog", ("age", "claims", "overdue"), table)
    most, wide = max([1, *ages.values()]), 52
    chart.width = LEFT + wide * len(names) + 10
    for place, (age, name) in enumerate(names.items()):
        tall, x = ages[age] * HEIGHT / most, LEFT + place * wide + 4
        draw = hatched if late[age] else Chart.box
        draw(chart, "chart-second" if late[age] else "chart-bar", x, TOP + HEIGHT - tall, wide - 8, tall)
        chart.text(x + wide / 2 - 4, TOP + HEIGHT - tall - 3, f"{ages[age]:,}", "middle")
        chart.text(x + wide / 2 - 4, TOP + HEIGHT + 16, name, "middle")
    chart.axis(most)
    chart.remarks = [f"{say('own_deadline')}: {overdue}"]
    return chart


def money(approved: Sequence[Tallied], paid: Sequence[Tallied], unit: str) -> Chart:
    new, gone = (_sums(rows, unit, lambda row: row.at.date()) for rows in (approved, paid))
    days, left, table = _days(new | gone), 0, []
    for day in days:
        left += new[day] - gone[day]
        table.append((day.isoformat(), new[day], gone[day], left))
    chart = _chart("money", ("day", "approved", "paid", "unpaid"), table)
    drawn = table[:MOST_DAYS]
    most = max([1, *(abs(quantity) for row in drawn for quantity in row[1:])])
    chart.width, chart.cut = max(360, LEFT + len(drawn) * DAY_WIDTH + 60), len(table) > len(drawn)
    for place, (name, one, two, _) in enumerate(drawn):
        x = LEFT + place * DAY_WIDTH + 4
        chart.box("chart-bar", x, TOP + HEIGHT - max(0, one) * HEIGHT / most, 9, max(0, one) * HEIGHT / most)
        hatched(chart, "chart-second", x + 10, TOP + HEIGHT - two * HEIGHT / most, 9, two * HEIGHT / most)
        if place % 2 == 0:
            chart.text(x + 9, TOP + HEIGHT + 16, name[5:], "middle")
    middles = [LEFT + place * DAY_WIDTH + 13.5 for place in range(len(drawn))]
    if drawn:
        chart.line(
            "chart-line", [(x, TOP + HEIGHT - max(0, row[3]) * HEIGHT / most) for x, row in zip(middles, drawn, strict=True)]
        )
    chart.axis(most)
    return _in_unit(chart, unit)


def policies(approved: Sequence[Tallied], paid: Sequence[Tallied], unit: str) -> Chart:
    new, gone = (_sums(rows, unit, lambda row: row.key) for rows in (approved, paid))
    names = sorted(new | gone, key=lambda policy: (-new[policy], policy))
    chart = _chart(
        "policies",
        ("policy", "approved", "paid", "unpaid"),
        [(one, new[one], gone[one], new[one] - gone[one]) for one in names],
    )
    bars = [(one, [(new[one], said_amount(new[one], unit)), (gone[one], said_amount(gone[one], unit))]) for one in names]
    lying_bars(chart, bars[:MOST_BARS])
    chart.cut = len(bars) > MOST_BARS
    return _in_unit(chart, unit)


def refused(rows: Sequence[Tallied]) -> Chart:
    by_reason = Counter[str]()
    for row in rows:
        by_reason[row.key] += row.count
    total = by_reason.pop("", 0)
    found = [
        (said_reason(code), count) for code, count in sorted(by_reason.items(), key=lambda one: (-one[1], one[0])) if count
    ]
    chart = _chart("refused", ("reason", "refusals"), [*found, (say("all_refusals"), total)] if found else [])
    lying_bars(chart, [(name, [(count, f"{count:,}")]) for name, count in found[:MOST_BARS]])
    chart.cut = len(found) > MOST_BARS
    return chart


def impact(found: Sequence[Peak], cells: Callable[[list[str], datetime, datetime], Cells], names: Mapping[str, str]) -> Chart:
    """Services with most claims in an hour come first. `cells`: of the services and of [start, end). `names`: by code."""
    table = [(names.get(one.service, one.service), shown(one.at), one.claims) for one in found]
    chart = _chart("impact", ("service", "fullest", "claims"), table)
    if not found:
        return chart
    first, last = min(one.first for one in found), max(one.last for one in found)
    drawn, whole = found[:MAP_SERVICES], (last - first) // HOUR + 1
    hours, most = min(whole, MAP_HOURS), found[0].claims
    chart.cut = whole > hours or len(found) > len(drawn)
    chart.width, chart.height = MAP_LEFT + max(hours, 48) * CELL + 10, len(drawn) * MAP_ROW + 40
    of_service = cells([one.service for one in drawn], first, first + hours * HOUR)
    by_level: dict[int, list[tuple[float, float, float, float]]] = defaultdict(list)
    start = int(first.timestamp()) // 3600
    for place, one in enumerate(drawn):
        y = place * MAP_ROW + 6
        chart.text(MAP_LEFT, y + 11, names.get(one.service, one.service))
        for hour, count in of_service.get(one.service, []):
            full = max(1, math.ceil(LEVELS * math.sqrt(count / most)))
            by_level[full].append((MAP_LEFT + (hour - start) * CELL, y + 15, CELL, MAP_ROW - 20))
    for full, places in sorted(by_level.items()):
        chart.boxes(f"chart-heat{full}", places)
    for place in range(hours):
        _night(chart, first + place * HOUR, MAP_LEFT + place * CELL, every=1, foot=len(drawn) * MAP_ROW + 6, top=0)
    chart.remarks = [f"{say('fullest')}: {most:,}"]
    return chart


# --- parts ---------------------------------------------------------------------------------------


def _chart(key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Chart:
    return Chart(key, say(key), say(f"{key}_desc"), [say(column) for column in columns], rows)


def _in_unit(chart: Chart, unit: str) -> Chart:
    chart.remarks = [f"{say('unit')}: {unit}"]
    return chart


def _by_hour(rows: Sequence[Tallied]) -> Counter[datetime]:
    counted = Counter[datetime]()
    for row in rows:
        counted[row.at] += row.count
    return counted


def _sums(rows: Sequence[Tallied], unit: str, key: Any) -> Counter[Any]:
    summed = Counter[Any]()
    for row in rows:
        if row.unit == unit:
            summed[key(row)] += row.amount
    return summed


def _against(days: Sequence[date], ours: Sequence[int], known: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """A row for each day of ours, and for those of which something is known of 2022."""
    then = {one["days"]: f"{say('about')} {one['claims']:,}" if one["about"] else f"{one['claims']:,}" for one in known}
    return [
        (place, days[place - 1].isoformat() if place <= len(days) else "-", ours[place] if place <= len(days) else "-",
         then.get(place, "-"))
        for place in range(1, max(len(days), *then) + 1)
        if place <= len(days) or place in then
    ]  # fmt: skip


def _steps(found: Mapping[datetime, Any], step: timedelta) -> list[datetime]:
    """From the first to the last, without gaps."""
    if not found:
        return []
    first, last = min(found), max(found)
    return [first + place * step for place in range((last - first) // step + 1)]


def _days(found: Mapping[date, Any]) -> list[date]:
    return [min(found) + place * DAY for place in range((max(found) - min(found)).days + 1)] if found else []


def _night(chart: Chart, at: datetime, x: float, *, every: int, foot: float = TOP + HEIGHT, top: float = TOP) -> None:
    """A line and the day's name where it begins in Korea, at every so many days."""
    if at.hour == 0:
        chart.line("chart-night", [(x, top), (x, foot)])
        if at.toordinal() % every == 0:
            chart.text(x + 3, foot + 16, f"{at:%m-%d}")


def _shifted(point: tuple[float, float], right: float, down: float) -> tuple[float, float]:
    return point[0] + right, point[1] + down
