"""A calculation written out with the values of its parts, as the steps of an explanation name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from . import shapes as p
from .instants import day_of, instant_of
from .quantities import LENGTHS, Quantities, of_one

Values = Mapping[str, dict[str, Any]]  # steps by path

WORDS: dict[str, tuple[str, str]] = {
    "first_known": ("먼저 아는 값", "first known of"), "lesser_of": ("작은 값", "lesser of"),
    "greater_of": ("큰 값", "greater of"), "rounded": ("반올림", "rounded"), "quotient": ("나눈 값", "quotient of"),
    "tiers": ("구간", "tier of"), "cases": ("경우", "case"), "otherwise": ("그 밖의 경우", "otherwise"),
    "completed": ("내림", "rounded down"), "started": ("올림", "rounded up"), "total": ("합계", "total"),
    "greatest": ("최댓값", "greatest"), "needs_review": ("담당자 확인", "a person decides"),
    "working_days": ("근무일 수", "working days"), "run": ("연속 구간", "run"), "hour": ("시간", "hour"),
    "day": ("날짜", "day"), "week": ("주", "week"), "month": ("달", "month"), "quarter": ("분기", "quarter"),
    "year": ("해", "year"), "seconds": ("초", "seconds"), "minutes": ("분", "minutes"), "hours": ("시간", "hours"),
    "days": ("일", "days"),
}  # fmt: skip
SIGNS = {"add": " + ", "subtract": " - ", "multiply": " × ", "divide": " ÷ "}
WHOLE, SUM, PRODUCT, ATOM = range(4)  # how tightly what is written holds together: below what is asked it stands in brackets
BINDS = {"add": SUM, "subtract": SUM} | dict.fromkeys(("multiply", "divide", "percent", "counted", "between"), PRODUCT)
BINDS |= dict.fromkeys(("tiers", "cases", "match", "completed", "started"), WHOLE)
# Of the parts of a sum or product: of the first, and of those after it.
ASKS = {"add": (SUM, SUM), "subtract": (SUM, PRODUCT), "multiply": (PRODUCT, PRODUCT), "divide": (PRODUCT, ATOM)}
COMPARISONS: dict[str, tuple[str, str]] = {
    "is": ("{0} = {1}", "{0} is {1}"), "in": ("{0}: {1} 중 하나", "{0} is one of {1}"),
    "from": ("{0}: {1}부터", "{0} from {1} on"), "before": ("{0}: {1} 전", "{0} before {1}"),
    "until": ("{0}: {1}까지", "{0} until {1}"), "at_least": ("{0}: {1} 이상", "{0} at least {1}"),
    "at_most": ("{0}: {1} 이하", "{0} at most {1}"), "above": ("{0}: {1} 초과", "{0} above {1}"),
    "below": ("{0}: {1} 미만", "{0} below {1}"),
}  # fmt: skip


class Formula:
    """Writes amounts and conditions of one line in one language (0 Korean, 1 English)."""

    def __init__(
        self, steps: Values, named: Mapping[str, Any], pick: int, zone: ZoneInfo, label: Callable[[str], str],
        *, said: Callable[[str, str], str] = lambda fact, value: value,
    ) -> None:  # fmt: skip
        self.steps = steps
        self.named = named  # the pack's `amounts`
        self.pick = pick
        self.zone = zone
        self.label = label
        self.said = said  # a text fact's value
        self.quantities = Quantities(pick)

    def value(self, path: str) -> str | None:
        """A step's value: a number, a day, or a time in the pack's zone."""
        step = self.steps.get(path)
        return None if step is None or step["value"] is None else written(step["value"], step["is"], self.zone)

    def number(self, path: str) -> Fraction | None:
        step = self.steps.get(path)
        return None if step is None or step["value"] is None else Fraction(step["value"])

    def amount(self, amount: Any, path: str) -> str:
        """With the values of what it is made of; of what has no form of its own, the value."""
        kind = p.kind_of(amount) or ""
        if kind == "number":
            return exact(p.fraction_of(amount))
        form = getattr(self, f"_{kind}", None)
        told: str = form(amount, path) if form is not None else self.value(path) or "?"
        return told

    def _signed(self, amount: Any, path: str) -> str:
        kind = p.kind_of(amount) or ""
        parts = enumerate(getattr(amount, kind))
        return SIGNS[kind].join(self._nested(part, f"{path}.{kind}[{i}]", ASKS[kind][i > 0]) for i, part in parts)

    _add = _multiply = _divide = _signed

    def _subtract(self, amount: p.Subtract, path: str) -> str:
        """Of two days how many lie between them: a row of hyphens would be read as one."""
        if not self._of_days(amount, path):
            return self._signed(amount, path)
        last, first = (self.value(f"{path}.subtract[{i}]") or "?" for i in (0, 1))
        return f"{self._so_many(self.number(path), 'days')} ({first} ~ {last})"

    def _of_days(self, amount: Any, path: str) -> bool:
        parts = (self.steps.get(f"{path}.subtract[{i}]", {}) for i in (0, 1))
        return isinstance(amount, p.Subtract) and all(part.get("is") == "day" for part in parts)

    def _counted(self, amount: p.Counted, path: str) -> str:
        return self._in_units(path, amount.counted)

    def _between(self, amount: p.Between, path: str) -> str:
        return self._in_units(path, amount.unit)

    def _in_units(self, path: str, unit: str) -> str:
        """What is no whole number of hours or minutes as a length."""
        number = self.number(path)
        seconds = None if number is None or number < 0 or number.denominator == 1 else number * LENGTHS.get(unit, 0)
        if seconds and seconds.denominator == 1:
            return self.quantities.length_in(unit, int(seconds))
        return self._so_many(number, unit)

    def _so_many(self, number: Fraction | None, unit: str) -> str:
        told = "?" if number is None else exact(number)
        return f"{told}{('', ' ')[self.pick]}{of_one(1, self.word(unit)) if told in ('1', '-1') else self.word(unit)}"

    def _several(self, amount: Any, path: str) -> str:
        kind = p.kind_of(amount) or ""
        inner = [self._nested(part, f"{path}.{kind}[{i}]", WHOLE) for i, part in enumerate(getattr(amount, kind))]
        return f"{self.word(kind)} ({'; '.join(inner)})"

    _lesser_of = _greater_of = _several

    def _first_known(self, amount: p.FirstKnown, path: str) -> str:
        known = self._meant(amount, path)
        return self._several(amount, path) if known == (amount, path) else self.amount(*known)

    def _meant(self, amount: Any, path: str) -> tuple[Any, str]:
        """What stands for it: the first that is known, what has its name, or what is whole before it is rounded."""
        if isinstance(amount, p.NamedAmount):
            return self._meant(self.named[amount.amount], f"amounts.{amount.amount}")
        if isinstance(amount, p.FirstKnown):
            for i, option in enumerate(amount.first_known):
                if f"{path}.first_known[{i}]" in self.steps:
                    return self._meant(option, f"{path}.first_known[{i}]")
        kind = p.kind_of(amount)
        if kind in ("completed", "started") and self.amount(amount.per, f"{path}.per") == "1":
            whole = self.number(f"{path}.{kind}")
            if whole is not None and whole.denominator == 1:
                return self._meant(getattr(amount, kind), f"{path}.{kind}")
        return amount, path

    def _in_whole(self, amount: Any, path: str) -> str:
        """So many units; without the rounding of what is whole."""
        meant, at = self._meant(amount, path)
        if meant is not amount:
            return self.amount(meant, at)
        kind = p.kind_of(amount) or ""
        per, one = self._nested(amount.per, f"{path}.per"), self.amount(amount.per, f"{path}.per") == "1"
        of = self._nested(getattr(amount, kind), f"{path}.{kind}", SUM if one else PRODUCT)
        return f"{of if one else f'{of} ÷ {per}'}, {self.word(kind)}"

    _completed = _started = _in_whole

    def _percent(self, amount: p.Percent, path: str) -> str:
        return f"{self._nested(amount.of, f'{path}.of', PRODUCT)} × {self._nested(amount.percent, f'{path}.percent')} %"

    def _amount(self, amount: p.NamedAmount, path: str) -> str:
        return self.amount(self.named[amount.amount], f"amounts.{amount.amount}")

    def _tiers(self, amount: p.Tiers, path: str) -> str:
        of = f"{self.word('tiers')} ({self._nested(amount.of, f'{path}.of', WHOLE)})"
        return self._taken(of, [(tier.pays, f"{path}.tiers[{i}].pays") for i, tier in enumerate(amount.tiers)])

    def _cases(self, amount: p.Cases, path: str) -> str:
        for i, case in enumerate(amount.cases):
            if f"{path}.cases[{i}].pays" in self.steps:
                when = [self.condition(c, f"{path}.cases[{i}].when[{n}]") for n, c in enumerate(case.when)]
                return self._taken(f"{self.word('cases')} ({'; '.join(when)})", [(case.pays, f"{path}.cases[{i}].pays")])
        return self._taken(self.word("otherwise"), [(amount.otherwise, f"{path}.otherwise")])

    def _match(self, amount: p.Match, path: str) -> str:
        options = [(pays, f"{path}.values.{value}") for value, pays in amount.values.items()]
        options += [] if amount.otherwise is None else [(amount.otherwise, f"{path}.otherwise")]
        return self._taken(self.label(amount.match), options)

    def _taken(self, of: str, options: Sequence[tuple[Any, str]]) -> str:
        """What is chosen by, and the amount that is taken, as far as one is."""
        taken = next(((amount, path) for amount, path in options if path in self.steps), None)
        return of if taken is None else f"{of}: {self._nested(*taken, SUM)}"

    def _by_piece(self, amount: p.Total | p.Greatest, path: str) -> str:
        kind, each = self.word(p.kind_of(amount) or ""), self.word(amount.each)
        return f"{(f'{each}별 {kind}', f'{kind} by {each}')[self.pick]} ({self.value(path) or '?'})"

    _total = _greatest = _by_piece

    def _nested(self, amount: Any, path: str, least: int = ATOM) -> str:
        """As a part of another, in brackets where it would be read otherwise without; whole units with how many they are."""
        told, (meant, at) = self.amount(amount, path), self._meant(amount, path)
        kind = p.kind_of(meant) or ""
        binds = BINDS.get(kind, PRODUCT if "/" in told else ATOM)
        if kind in ("completed", "started"):
            told = f"{told} = {self.value(at) or '?'}"
        elif told.startswith("-"):
            binds = WHOLE
        elif self._of_days(meant, at):
            binds = ATOM
        return f"({told})" if binds < least else told

    def word(self, key: str) -> str:
        return WORDS[key][self.pick]

    def condition(self, condition: p.Condition, path: str) -> str:
        """The condition in words, with what is compared as it is now."""
        for joint, word in (("any", (" 또는 ", " or ")), ("all", (" 그리고 ", " and "))):
            parts = getattr(condition, f"{joint}_")
            if parts is not None:
                return word[self.pick].join(f"({self.condition(c, f'{path}.{joint}[{i}]')})" for i, c in enumerate(parts))
        if condition.not_ is not None:
            return ("아님: {0}", "not: {0}")[self.pick].format(self.condition(condition.not_, f"{path}.not"))
        ((name, wanted),) = condition.comparisons.items()
        subject = self.label(condition.fact) if condition.fact else self._compared(condition.that, f"{path}.that")
        if name == "known":
            return (("{0}: 알려짐", "{0} is known") if wanted else ("{0}: 알 수 없음", "{0} is not known"))[self.pick].format(
                subject
            )
        if condition.fact and name in ("is", "in"):
            wanted = self._called(condition.fact, wanted)
        return COMPARISONS[name][self.pick].format(subject, self._wanted(wanted, f"{path}.{name}"))

    def _compared(self, amount: Any, path: str) -> str:
        return self._nested(amount, path, SUM)

    def _called(self, fact: str, wanted: Any) -> Any:
        """Texts by what they are called; all else as it is."""
        if isinstance(wanted, list):
            return [self.said(fact, one) for one in wanted]
        return self.said(fact, wanted) if isinstance(wanted, str) else wanted

    def _wanted(self, wanted: Any, path: str) -> str:
        if isinstance(wanted, bool):
            return (("예", "yes") if wanted else ("아니오", "no"))[self.pick]
        if isinstance(wanted, dt.date):
            return wanted.isoformat()
        if isinstance(wanted, list):
            return ", ".join(wanted)
        if isinstance(wanted, str) and self.steps.get(path) is None:
            return wanted
        return self._compared(wanted, path)


def written(value: str, kind: str, zone: ZoneInfo) -> str:
    """A step's value as people read it: exact, as others are worked out of it."""
    number = Fraction(value)
    if kind == "day":
        return day_of(int(number)).isoformat()
    return clock(int(number), zone) if kind == "instant" else exact(number)


def exact(number: Fraction) -> str:
    """As a decimal where that has at most four places."""
    if (10**4 * number).denominator == 1:
        return _decimal(number)
    return f"{number.numerator:,}/{number.denominator:,}"


def result(number: Fraction) -> str:
    """What a calculation comes to, with its sign: exact, or about so much.

    Never about a whole or a half: those are where it would be rounded or cut otherwise.
    """
    told, places = exact(number), 2
    if "/" not in told:
        return f"= {told}"
    while (2 * round(number, places)).denominator == 1:
        places += 1
    return f"≈ {_decimal(round(number, places))}"


def _decimal(number: Fraction) -> str:
    whole = number.denominator == 1
    return f"{number.numerator:,}" if whole else f"{Decimal(number.numerator) / number.denominator:,f}"


def clock(value: int, zone: ZoneInfo) -> str:
    """An instant as the clocks of a zone show it, with its offset where they show it twice; seconds where there are some."""
    local = instant_of(value).astimezone(zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.strftime("%Y-%m-%d %H:%M" + (":%S" if local.second else "") + ("%z" if twice else ""))
