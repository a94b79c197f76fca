"""The charts of the dashboard, but for those of intake: tallies in, marks and tables out. Pure, but for the language. Hours
and days are Korean.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from claims.admin.case_words import said_reason
from claims.admin.dashboard_words import say
from claims.admin.drawing import HEIGHT, LEFT, TOP, Chart, hatched, lying_bars
from claims.amounts import said_amount
from claims.deadlines import ANSWER_WORKING_DAYS, CALENDAR, working_day
from claims.queries import Peak, Tallied
from services.seoul import shown

Cells = Mapping[str, Sequence[tuple[int, int]]]  # (hour since 1970, claims) by the code of a service
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLOT = 600  # pixels across; what is drawn is made to fit
MOST_DAYS, DAY_WIDTH, DAY_NAME = 92, 26, 64
MAP_HOURS, MAP_SERVICES, CELL, MAP_ROW, MAP_LEFT = 7 * 24, 25, 5, 36, 4
MOST_BARS, LEVELS = 30, 5
AGES = (2, 5, ANSWER_WORKING_DAYS, 15, 20)  # working days, inclusive; then more


def backlog(rows: Sequence[Tallied], *, today: date, overdue: str) -> Chart:
    """`overdue`: how many of the queue are past their own deadlines, in words."""
    ages = Counter[int]()
    for row in rows:
        filed = row.at.date()
        ages[next((age for age in AGES if today <= working_day(filed, age, CALENDAR)), 0)] += row.count
    names = {age: say("up_to").format(age) for age in AGES} | {0: say("more_than").format(AGES[-1])}
    late = {age: age not in AGES or age > ANSWER_WORKING_DAYS for age in names}
    table = [(name, ages[age], say("yes" if late[age] else "no")) for age, name in names.items()]
    chart = worded("backlog", ("age", "claims", "overdue"), table)
    most, wide = max([1, *ages.values()]), 58
    chart.width = LEFT + wide * len(names) + 10
    for place, (age, name) in enumerate(names.items()):
        tall, x = ages[age] * HEIGHT / most, LEFT + place * wide + 4
        draw = hatched if late[age] else Chart.box
        draw(chart, "chart-second" if late[age] else "chart-bar", x, TOP + HEIGHT - tall, wide - 8, tall)
        chart.text(x + wide / 2 - 4, TOP + HEIGHT - tall - 3, f"{ages[age]:,}", "middle")
        chart.text(x + wide / 2 - 4, TOP + HEIGHT + 18, name, "middle")
    chart.axis(most)
    chart.remarks = [f"{say('own_deadline')}: {overdue}"]
    return chart


def money(approved: Sequence[Tallied], paid: Sequence[Tallied], unit: str) -> Chart:
    new, gone = (_sums(rows, unit, lambda row: row.at.date()) for rows in (approved, paid))
    days, left, table = days_of(new | gone), 0, []
    for day in days:
        left += new[day] - gone[day]
        table.append((day.isoformat(), new[day], gone[day], left))
    chart = worded("money", ("day", "approved", "paid", "unpaid"), table)
    drawn = table[-MOST_DAYS:]
    most = max([1, *(abs(quantity) for row in drawn for quantity in row[1:])])
    wide = min(DAY_WIDTH, PLOT / max(1, len(drawn)))
    for place, (name, one, two, _) in enumerate(drawn):
        x, bar = LEFT + (place + 0.1) * wide, wide * 0.38
        chart.box("chart-bar", x, TOP + HEIGHT - max(0, one) * HEIGHT / most, bar, max(0, one) * HEIGHT / most)
        hatched(chart, "chart-second", x + bar, TOP + HEIGHT - two * HEIGHT / most, bar, two * HEIGHT / most)
        if place % math.ceil(DAY_NAME / wide) == 0:
            chart.text(x, TOP + HEIGHT + 18, name[5:])
    middles = [LEFT + (place + 0.5) * wide for place in range(len(drawn))]
    if drawn:
        chart.line(
            "chart-line", [(x, TOP + HEIGHT - max(0, row[3]) * HEIGHT / most) for x, row in zip(middles, drawn, strict=True)]
        )
    chart.axis(most)
    _in_unit(chart, unit)
    chart.remarks += [say("last_days").format(MOST_DAYS)] * (len(table) > MOST_DAYS)
    return chart


def policies(approved: Sequence[Tallied], paid: Sequence[Tallied], unit: str) -> Chart:
    new, gone = (_sums(rows, unit, lambda row: row.key) for rows in (approved, paid))
    names = sorted(new | gone, key=lambda policy: (-new[policy], policy))
    chart = worded(
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
        (said_reason(code, rejected=True), count)
        for code, count in sorted(by_reason.items(), key=lambda one: (-one[1], one[0]))
        if count
    ]
    chart = worded("refused", ("reason", "refusals"), [*found, (say("all_refusals"), total)] if found else [])
    lying_bars(chart, [(name, [(count, f"{count:,}")]) for name, count in found[:MOST_BARS]])
    chart.cut = len(found) > MOST_BARS
    return chart


def impact(found: Sequence[Peak], cells: Callable[[list[str], datetime, datetime], Cells], names: Mapping[str, str]) -> Chart:
    """Services with most claims in an hour come first. `cells`: of the services and of [start, end). `names`: by code."""
    table = [(names.get(one.service, one.service), shown(one.at), one.claims) for one in found]
    chart = worded("impact", ("service", "fullest", "claims"), table)
    if not found:
        return chart
    first, last = min(one.first for one in found), max(one.last for one in found)
    drawn, whole = found[:MAP_SERVICES], (last - first) // HOUR + 1
    hours, most = min(whole, MAP_HOURS), found[0].claims
    chart.cut = whole > hours or len(found) > len(drawn)
    chart.scrolls = True
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
        night(chart, first + place * HOUR, MAP_LEFT + place * CELL, every=1, foot=len(drawn) * MAP_ROW + 6, top=0)
    chart.remarks = [f"{say('fullest')}: {most:,}"]
    return chart


# --- parts ---------------------------------------------------------------------------------------


def worded(key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Chart:
    return Chart(key, say(key), say(f"{key}_desc"), [say(column) for column in columns], rows)


def _in_unit(chart: Chart, unit: str) -> Chart:
    chart.remarks = [f"{say('unit')}: {unit}"]
    return chart


def _sums(rows: Sequence[Tallied], unit: str, key: Any) -> Counter[Any]:
    summed = Counter[Any]()
    for row in rows:
        if row.unit == unit:
            summed[key(row)] += row.amount
    return summed


def days_of(found: Mapping[date, Any]) -> list[date]:
    return [min(found) + place * DAY for place in range((max(found) - min(found)).days + 1)] if found else []


def night(chart: Chart, at: datetime, x: float, *, every: int, foot: float = TOP + HEIGHT, top: float = TOP) -> None:
    """A line and the day's name where it begins in Korea, at every so many days."""
    if at.hour == 0:
        chart.line("chart-night", [(x, top), (x, foot)])
        if at.toordinal() % every == 0:
            chart.text(x + 3, foot + 18, f"{at:%m-%d}")
