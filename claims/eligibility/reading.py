"""Amounts and conditions of a policy as they stand, in Korean or English: what is given in general, before there is any claim.

What an explanation writes with the values of one claim (`formula.py`) is written here with the names of what will be taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from . import shapes as p
from .formula import ATOM, WORDS, Formula
from .labels import ROUNDING
from .pack import Figure, Pack
from .quantities import MORE_UNITS, UNITS
from .reasons import said_reason
from .wording import Names

Pair = tuple[str, str]  # Korean, English
PLACES: dict[tuple[str, str], Pair] = {
    ("start", "losses"): ("피해가 시작된 때", "when the losses began"),
    ("end", "losses"): ("피해가 끝난 때", "when the losses ended"),
    ("start", "counted"): ("인정되는 시간이 시작된 때", "when the counted time began"),
    ("end", "counted"): ("인정되는 시간이 끝난 때", "when the counted time ended"),
    ("start", "piece"): ("그 구간이 시작된 때", "when the piece began"),
    ("end", "piece"): ("그 구간이 끝난 때", "when the piece ended"),
    ("start", "extent"): ("장애 전체가 시작된 때", "when the whole outage began"),
    ("end", "extent"): ("장애 전체가 끝난 때", "when the whole outage ended"),
}  # fmt: skip
MOVES: dict[str, Pair] = {
    "days": ("{0}일", "{0} days"), "weeks": ("{0}주", "{0} weeks"), "months": ("{0}개월", "{0} months"),
    "years": ("{0}년", "{0} years"), "working_days": ("{0} 근무일", "{0} working days"),
}  # fmt: skip
MARKS = [chr(ord("ⓐ") + place) for place in range(26)] + [f"ⓩ{place}" for place in range(100)]
COMPOUND = {
    "add", "subtract", "multiply", "divide", "quotient", "percent", "completed", "started", "rounded", "tiers", "cases",
    "match", "total", "greatest", "later", "between", "working_days",
}  # fmt: skip


class Reading(Formula):
    """Writes a pack's amounts and conditions in one language (0 Korean, 1 English). `names`: services by code."""

    def __init__(self, pack: Pack, pick: int, names: Names) -> None:
        super().__init__({}, pack.body.amounts, pick, pack.zone, self.fact)
        self.pack, self.names = pack, names
        self.marked: dict[str, str] | None = None  # marks by what stands under them, while an amount is parted

    def say(self, korean: str, english: str) -> str:
        return (korean, english)[self.pick]

    def text(self, text: p.Text) -> str:
        return text.said(self.pick)

    def fact(self, name: str) -> str:
        return self.text(self.pack.body.facts[name].label)

    def service(self, code: str) -> str:
        return self.names[code][self.pick] if code in self.names else code

    def services(self, codes: Iterable[str]) -> str:
        return ", ".join(self.service(code) for code in codes)

    def unit(self, unit: str) -> str:
        return {**MORE_UNITS, **UNITS}.get(unit, (unit, unit))[self.pick].strip()

    def figure(self, figure: Figure) -> str:
        """Its value; of a dated one each with the day from which it holds."""
        if figure.value is not None:
            return self.quantities.number(figure.value, figure.unit)
        unknown = self.say("알려지지 않음", "not known")
        return "; ".join(
            self.say(f"{one.from_}부터 {said}", f"{said} from {one.from_}")
            for one in figure.dated or ()
            for said in [unknown if one.value is None else self.quantities.number(one.value, figure.unit)]
        )

    # --- amounts ---

    def parted(self, amount: Any) -> list[str]:
        """The amount, and below it what stands in it under a mark: else it would be read through five pairs of brackets."""
        marked = self.marked = {}
        whole = self.amount(amount, "")
        self.marked = None
        return [whole, *(f"{mark} = {told}" for told, mark in sorted(marked.items(), key=itemgetter(1)))]

    def amount(self, amount: Any, path: str) -> str:
        return amount if isinstance(amount, str) else super().amount(amount, path)

    def _nested(self, amount: Any, path: str, least: int = ATOM) -> str:
        told = self.amount(amount, path)
        if self.marked is not None and isinstance(amount, p.NamedAmount | p.Tiers | p.Cases | p.Match):
            return self.marked.setdefault(told, MARKS[len(self.marked)])
        inner = self.named[amount.amount] if isinstance(amount, p.NamedAmount) else amount
        return f"({told})" if p.kind_of(inner) in COMPOUND else told

    def _compared(self, amount: Any, path: str) -> str:
        return self.amount(amount, path)

    def _wanted(self, wanted: Any, path: str) -> str:
        return self._nested(wanted, path) if isinstance(wanted, p.Part) else super()._wanted(wanted, path)

    def _figure(self, amount: p.FigureRef, path: str) -> str:
        figure = self.pack.body.figures[amount.figure]
        return self.figure(figure) if figure.value is not None else f"[{self.figure(figure)}]"

    def _fact(self, amount: p.FactRef, path: str) -> str:
        return self.fact(amount.fact)

    def _counted(self, amount: p.Counted, path: str) -> str:
        unit = self.word(amount.counted)
        another = "" if amount.measure is None else f", {amount.measure}"
        return self.say(f"인정되는 시간({unit}{another})", f"counted time ({unit}{another})")

    def _days_touched(self, amount: p.DaysTouched, path: str) -> str:
        return self.say("장애 전체가 걸친 날 수", "days that the whole outage touched")

    def _piece(self, amount: p.PieceOf, path: str) -> str:
        if amount.piece == "day":
            return self.say("그 구간이 시작된 날", "the day on which the piece began")
        return self.say("몇 번째 구간인지", "the number of the piece")

    def _at(self, amount: p.At, path: str) -> str:
        return PLACES[amount.at, amount.of][self.pick]

    def _day_of(self, amount: p.DayOf, path: str) -> str:
        of = self.amount(amount.day_of, path)
        return self.say(f"{of}의 날짜", f"the day of {of}")

    def _later(self, amount: p.Later, path: str) -> str:
        figure = self.pack.body.figures[amount.by.figure] if isinstance(amount.by, p.FigureRef) else None
        many = self.amount(amount.by, path) if figure is None or figure.value is None else str(figure.value)
        day, by = self._nested(amount.later, path), MOVES[amount.unit][self.pick].format(many)
        return self.say(f"{day} + {by}", f"{by} after {day}")

    def _last_day(self, amount: p.LastDay, path: str) -> str:
        period, of = self.word(amount.last_day), self.amount(amount.of, path)
        return self.say(f"{period}의 마지막 날 ({of})", f"the last day of the {period} ({of})")

    def _first_day(self, amount: p.FirstDay, path: str) -> str:
        period, of = self.word(amount.first_day), self.amount(amount.of, path)
        return self.say(f"{period}의 첫날 ({of})", f"the first day of the {period} ({of})")

    def _days_in(self, amount: p.DaysIn, path: str) -> str:
        period, of = self.word(amount.days_in), self.amount(amount.of, path)
        return self.say(f"{period}의 날 수 ({of})", f"the days of the {period} ({of})")

    def _weekday(self, amount: p.Weekday, path: str) -> str:
        of = self.amount(amount.weekday, path)
        return self.say(f"요일, 월요일이 1 ({of})", f"the weekday, Monday 1 ({of})")

    def _working_days(self, amount: p.WorkingDays, path: str) -> str:
        start, end = (self._nested(one, path) for one in amount.working_days)
        return self.say(f"{start}부터 {end} 전까지의 근무일 수", f"working days from {start} until {end}")

    def _between(self, amount: p.Between, path: str) -> str:
        start, end = (
            self.fact(one) if isinstance(one, str) and one in self.pack.body.facts else self._nested(one, path)
            for one in amount.between
        )
        unit = self.word(amount.unit)
        return self.say(f"{start}부터 {end}까지({unit})", f"from {start} until {end}, in {unit}")

    def rounding(self, to: int, mode: str) -> str:
        said = ROUNDING[mode][self.pick]
        return self.say(f"{to:,} 단위 {said}", f"{said} to {to:,}")

    def _quotient(self, amount: p.Quotient, path: str) -> str:
        first, second = (self._nested(one, path) for one in amount.quotient)
        return f"{first} ÷ {second}, {self.rounding(amount.to, amount.mode)}"

    def _rounded(self, amount: p.Rounded, path: str) -> str:
        return f"{self._nested(amount.rounded, path)}, {self.rounding(amount.to, amount.mode)}"

    def _completed(self, amount: p.Completed, path: str) -> str:
        of, per = self._nested(amount.completed, path), self.amount(amount.per, path)
        return self.say(f"{of} ÷ {per}, 버림", f"{of} ÷ {per}, rounded down")

    def _started(self, amount: p.Started, path: str) -> str:
        of, per = self._nested(amount.started, path), self.amount(amount.per, path)
        return self.say(f"{of} ÷ {per}, 올림", f"{of} ÷ {per}, rounded up")

    def _percent(self, amount: p.Percent, path: str) -> str:
        share = self._nested(amount.percent, path)
        sign = "" if "%" in self.amount(amount.percent, path) else " %"
        return f"{self._nested(amount.of, path)} × {share}{sign}"

    def _tiers(self, amount: p.Tiers, path: str) -> str:
        of = self.amount(amount.of, path)
        return f"{of}: " + "; ".join(f"{end} → {self.amount(tier.pays, path)}" for end, tier in self._ends(amount))

    def _ends(self, amount: p.Tiers) -> Iterator[tuple[str, p.Tier]]:
        """Up to where each tier goes; the last begins where the one before it ends."""
        before = ""
        for tier in amount.tiers:
            if tier.upper is None:
                yield before, tier
                return
            end, included = self.amount(tier.upper[0], ""), tier.upper[1]
            yield self.say(f"{end} {'이하' if included else '미만'}", f"{'up to' if included else 'below'} {end}"), tier
            before = self.say(f"{end} {'초과' if included else '이상'}", f"{'above' if included else 'from'} {end}")

    def _cases(self, amount: p.Cases, path: str) -> str:
        told = [f"{self.conditions(case.when)} → {self.amount(case.pays, path)}" for case in amount.cases]
        return "; ".join([*told, f"{self.word('otherwise')} → {self.amount(amount.otherwise, path)}"])

    def _match(self, amount: p.Match, path: str) -> str:
        told = [f"{value} → {self.amount(pays, path)}" for value, pays in amount.values.items()]
        told += [] if amount.otherwise is None else [f"{self.word('otherwise')} → {self.amount(amount.otherwise, path)}"]
        return f"{self.fact(amount.match)}: {'; '.join(told)}"

    def _needs_review(self, amount: p.NeedsReview, path: str) -> str:
        return f"{self.word('needs_review')} ({self.reason(amount.needs_review)})"

    def _by_piece(self, amount: p.Total | p.Greatest, path: str) -> str:
        kind, each = p.kind_of(amount) or "", WORDS[amount.each][self.pick]
        of = self._nested(getattr(amount, kind), path)
        name = self.say(*{"total": ("합계", "the sum"), "greatest": ("가장 큰 값", "the largest")}[kind])
        told = self.say(f"{each}마다 {of}의 {name}", f"{name} of {of} over each {each}")
        if amount.where:
            only = self.conditions(amount.where)
            told += self.say(f", {only}인 것만", f", only where {only}")
        if amount.gap_minutes is not None:
            gap = f"{amount.gap_minutes:,}"
            told += self.say(f", {gap}분까지 끊긴 것은 이어 봄", f", interruptions of up to {gap} minutes do not end a run")
        if amount.whole_runs:
            told += self.say(
                f", 이어진 시간은 시작된 {each}에 통째로", f", a run belongs wholly to the {each} in which it begins"
            )
        return told

    _total = _greatest = _by_piece

    def conditions(self, all_of: Iterable[p.Condition]) -> str:
        return self.say(" 그리고 ", " and ").join(self.condition(one, "") for one in all_of)

    def reason(self, code: str) -> str:
        return said_reason(code, self.pack, self.pick)
