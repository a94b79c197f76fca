"""Works out again what a printed calculation says, by nothing but its text."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from fractions import Fraction

from claims.eligibility.labels import ROUNDING

from .oracle_amounts import to_whole

N = r"(-?[\d,]+(?:\.\d+|/[\d,]+)?)"
Step = Callable[..., Fraction]
WHOLE = {"rounded down": math.floor, "내림": math.floor, "rounded up": math.ceil, "올림": math.ceil}
SIGNS: tuple[dict[str, Step], ...] = (
    {" + ": lambda a, b: a + b, " - ": lambda a, b: a - b}, {" × ": lambda a, b: a * b, " ÷ ": lambda a, b: a / b},
)  # fmt: skip
ATOMS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    r"(?:lesser of|작은 값) ": min, r"(?:greater of|큰 값) ": max,
    r"|(?:total|greatest) by \w+ |[\w ]+별 (?:합계|최댓값) ": lambda only: sum(only, Fraction(0)),
}  # fmt: skip
SECONDS = {"h": 3600, "시간": 3600, "min": 60, "분": 60, "s": 1, "초": 1}
UNIT = r" ?(?:seconds?|minutes?|hours?|days?|초|분|시간|일)"


def _unpaid(value: Fraction, *, less: bool) -> Fraction:
    assert less, f"{value} would have been paid"
    return Fraction(0)


STEPS: dict[str, Step] = {
    f"at least {N}|하한 {N}": max, f"at most {N}|상한 {N}": min, f"less {N}|{N} 공제": lambda value, less: value - less,
    f"paid from {N}|최소 {N}": lambda value, border: value if value >= border else Fraction(0),
    f"paid above {N}|초과 {N}": lambda value, border: value if value > border else Fraction(0),
    "not below 0|0보다 작으면 0": lambda value: _unpaid(value, less=value < 0),
    rf"together at most {N} \({N} before it\)|모두 합쳐 {N}까지 \(앞선 {N}\)":
        lambda value, most, before: min(value, max(most - before, Fraction(0))),
    f"together paid from {N}|모두 합쳐 최소 {N}": lambda value, border: _unpaid(value, less=value < border),
    f"together paid above {N}|모두 합쳐 초과 {N}": lambda value, border: _unpaid(value, less=value <= border),
}  # fmt: skip


def _rounding(mode: str) -> Step:
    return lambda value, to: Fraction(to_whole(value, {"to": int(to), "mode": mode}))


STEPS |= {f"{english} to {N}|{N} 단위 {korean}": _rounding(mode) for mode, (korean, english) in ROUNDING.items()}


def comes_to(calculation: str) -> Fraction:
    """What it ends with, in what it is counted in.

    AssertionError where a step of it is not true, ValueError where it cannot be read.
    """
    head, _, text = calculation.partition(": ")
    unit = Fraction(re.findall(r"0\.\d+", head)[0]) if "(" in head else Fraction(1)
    *told, given = apart(text, " → ")
    if not told:  # it ends with what it comes to
        *told, given = apart(text, " = ")
    first, *then = apart(" = ".join(told), ", ")
    if then and re.split(" [=≈] ", then[0])[0] in WHOLE:
        first += f", {then.pop(0)}"  # of the formula, not of the rule
    formula, *about = apart(first, " ≈ ")
    formula, *shown = apart(formula, " = ")
    value = worth(formula)
    assert all(number(one) == value for one in shown), f"{calculation}: {value}"
    found = after(value, then)
    for one in about:
        assert abs(number(one) - value) <= Fraction(1, 200), f"{calculation}: {value}"
        assert after(number(one), then) == found, f"{calculation}: not by what is shown"
    assert found * unit == number(given), f"{calculation}: {found}"
    return found


def after(value: Fraction, then: Iterable[str]) -> Fraction:
    for told in then:
        matches = ((re.fullmatch(form, told), step) for form, step in STEPS.items())
        found = [(match, step) for match, step in matches if match]
        if not found:
            raise ValueError(f"no step: {told}")
        ((match, step),) = found
        value = step(value, *(number(one) for one in match.groups() if one is not None))
    return value


def worth(text: str) -> Fraction:
    """Of an amount: what stands behind the last colon; in it units that were rounded, then sums, then products."""
    text = apart(text, ": ")[-1]
    of, *rounded = apart(text, ", ")
    if rounded:
        word, *shown = apart(", ".join(rounded), " = ")
        found = Fraction(WHOLE[word](worth(of)))
        assert all(number(one) == found for one in shown), f"{text}: {found}"
        return found
    for signs in SIGNS:
        before, sign, last = max((_last(text, sign) for sign in signs), key=lambda cut: len(cut[0]))
        if sign:
            return signs[sign](worth(before), worth(last))
    return worth(text.removesuffix(" %")) / 100 if text.endswith(" %") else _atom(text)


def _last(text: str, sign: str) -> tuple[str, str, str]:
    *before, last = apart(text, sign)
    return sign.join(before), sign if before else "", last


def _atom(text: str) -> Fraction:
    for name, take in ATOMS.items():
        if match := re.fullmatch(rf"(?:{name})\((.*)\)", text):
            return take([worth(one) for one in apart(match[1], "; ")])
    if match := re.fullmatch(rf"{N}{UNIT} \((\S+) ~ (\S+)\)", text):
        first, last = map(dt.date.fromisoformat, match.group(2, 3))
        assert number(match[1]) == (last - first).days, text
        return Fraction((last - first).days)
    parts = re.findall(rf"([\d,]+) ?({'|'.join(SECONDS)})\b", text)
    if len(parts) > 1:  # a length: its first unit is what is counted in
        return sum((number(many) * SECONDS[unit] for many, unit in parts), Fraction(0)) / SECONDS[parts[0][1]]
    if match := re.fullmatch(f"{N}(?:{UNIT})?", text):
        return number(match[1])
    raise ValueError(f"no amount: {text}")


def number(text: str) -> Fraction:
    """With which a text begins."""
    found = re.match(N, text)
    if found is None:
        raise ValueError(f"no number: {text}")
    return Fraction(found[0].replace(",", ""))


def apart(text: str, mark: str) -> list[str]:
    """Cut where the mark stands outside of brackets."""
    parts, depth = [""], 0
    for piece in re.split(rf"({re.escape(mark)}|[()])", text):
        depth += (piece == "(") - (piece == ")")
        if piece == mark and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts
