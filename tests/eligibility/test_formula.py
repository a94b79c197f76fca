"""A calculation as people read it: no bracket too many and none too few, whole units in words, and only what changed the sum."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction
from operator import add, mul, sub, truediv
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from claims.eligibility import ClaimInput, FactInput, batch_of, compile_terms
from claims.eligibility.explain import explain
from claims.eligibility.explanation_text import ExplanationText
from claims.eligibility.formula import Formula, written

from .cast import fact, loss, pack, record, rule, window

SEOUL = ZoneInfo("Asia/Seoul")
SIGNS = {"add": add, "subtract": sub, "multiply": mul, "divide": truediv}
MINUTES = {"counted": "minutes"}
EDGES: dict[str, Any] = {"between": ["began", "ended"], "in": "minutes"}


def told(amount: Any, language: str = "en", *, minutes: int = 451, **more: Any) -> str:
    """The line of the calculation; so many minutes counted, and as many from `began` until `ended`, and half a one."""
    facts = {"began": fact("instant"), "ended": fact("instant"), "fare": fact("integer", default=53_450)}
    made = pack(facts=facts, rules=[rule(amount=amount, **more)])
    terms = compile_terms(record(window("a", "15 08:00", "15 20:00")), [made])
    ended = f"2022-10-15T{8 + minutes // 60:02}:{minutes % 60:02}:30+09:00"
    at = tuple(FactInput(name, value, "staff") for name, value in (("began", "2022-10-15T08:00:00+09:00"), ("ended", ended)))
    lost = loss(1, "a", "15 08:00", f"15 {8 + minutes // 60:02}:{minutes % 60:02}")
    (explained,) = explain(batch_of([ClaimInput(1, (lost,), at)], terms), terms)
    lines = ExplanationText(terms, language).explanation(explained, SEOUL)
    marks = ("계산: ", "calculation: ")
    (line,) = (text.strip() for text in lines if text.strip().startswith(marks))
    return line.removeprefix(marks[0]).removeprefix(marks[1])


FARE = {"subtract": [{"fact": "fare"}, {"add": [200, {"multiply": [150, {"started": MINUTES, "per": 1}]}]}]}


@pytest.mark.parametrize(("language", "amount", "more", "wanted"), [
    ("ko", FARE, {"minutes": 22, "at_most": {"fact": "fare"}}, "53,450 - (200 + 150 × 22분) = 49,950원"),
    ("en", FARE, {"minutes": 22, "at_most": {"fact": "fare"}}, "53,450 - (200 + 150 × 22 minutes) = 49,950 won"),
    ("ko", {"multiply": [250, {"completed": MINUTES, "per": 30}]}, {}, "250 × 15 (451분 ÷ 30, 내림) = 3,750원"),
    ("en", {"multiply": [250, {"started": MINUTES, "per": 30}]}, {}, "250 × 16 (451 minutes ÷ 30, rounded up) = 4,000 won"),
    ("ko", {"multiply": [150, {"started": EDGES, "per": 1}]}, {"minutes": 22}, "150 × 23 (22.5분, 올림) = 3,450원"),
    ("en", {"started": MINUTES, "per": 60}, {}, "451 minutes ÷ 60, rounded up = 8 won"),
    ("ko", {"divide": [MINUTES, 30]}, {}, "451분 ÷ 30 ≈ 15.03, 1 단위 버림 → 15원"),
    ("ko", {"divide": [MINUTES, 2]}, {}, "451분 ÷ 2 = 225.5, 1 단위 버림 → 225원"),
    ("en", MINUTES, {"at_most": 450}, "451 minutes = 451, at most 450 → 450 won"),
    ("en", MINUTES, {"at_most": 451}, "451 minutes = 451 won"),
    ("en", MINUTES, {"at_least": 452, "at_most": 900}, "451 minutes = 451, at least 452 → 452 won"),
    ("en", MINUTES, {"at_least": 451}, "451 minutes = 451 won"),
    ("en", {"divide": [MINUTES, 2]}, {"at_most": 200}, "451 minutes ÷ 2 = 225.5, at most 200 → 200 won"),
    ("ko", MINUTES, {"deduct": [{"divide": [1, 2]}]}, "451분 = 451, 0.5 공제, 1 단위 버림 → 450원"),
    ("ko", MINUTES, {"deduct": [51]}, "451분 = 451, 51 공제 → 400원"),
    ("ko", MINUTES, {"deduct": [0]}, "451분 = 451원"),
    ("ko", {"lesser_of": [{"completed": MINUTES, "per": 60}, 3]}, {}, "작은 값 (7 (451분 ÷ 60, 내림); 3) = 3원"),
    ("en", 700, {}, "700 = 700 won"),
])  # fmt: skip
def test_what_is_read(language: str, amount: Any, more: dict[str, Any], wanted: str) -> None:
    assert told(amount, language, **more) == wanted


def tree(dice: Random, depth: int) -> Any:
    if not depth or not dice.randrange(4):
        return dice.choice([1, 2, 5, 7, 30, "1/3", "1/2"])
    return {dice.choice(list(SIGNS)): [tree(dice, depth - 1), tree(dice, depth - 1)]}


def worth(amount: Any) -> Fraction:
    if not isinstance(amount, dict):
        return Fraction(amount)
    ((sign, parts),) = amount.items()
    left, right = map(worth, parts)
    return Fraction(SIGNS[sign](left, right))


def read(text: str) -> Fraction:
    python = text.replace(",", "").replace("×", "*").replace("÷", "/")
    return Fraction(eval(re.sub(r"\d+(\.\d+)?", r"Fraction('\g<0>')", python)))  # noqa: S307 - a text of ours


def written_out(amount: Any) -> str:
    made = pack(rules=[rule(losses=None, amount=amount)])
    return Formula({}, {}, 1, SEOUL, str).amount(made.body.rules[0].choices[0].amount, "x")


def test_what_is_written_comes_to_what_is_meant() -> None:
    dice, read_right = Random(1), 0
    for _ in range(400):
        amount = tree(dice, 3)
        with suppress(ZeroDivisionError):
            meant = worth(amount)
            assert read(written_out(amount)) == meant, amount
            read_right += 1
    assert read_right > 300


@pytest.mark.parametrize(("amount", "wanted"), [
    ({"multiply": [{"multiply": [2, 3]}, {"divide": [4, 5]}]}, "2 × 3 × 4 ÷ 5"),
    ({"divide": [{"multiply": [39_000, 6]}, 31]}, "39,000 × 6 ÷ 31"),
    ({"divide": [6, {"multiply": [2, 3]}]}, "6 ÷ (2 × 3)"),
    ({"subtract": [{"subtract": [{"add": [1, 2]}, {"subtract": [3, 4]}]}, {"multiply": [5, 6]}]}, "1 + 2 - (3 - 4) - 5 × 6"),
    ({"divide": [1, "1/3"]}, "1 ÷ (1/3)"),
    ({"percent": 10, "of": {"add": [1, 2]}}, "(1 + 2) × 10 %"),
])  # fmt: skip
def test_which_brackets_stay(amount: Any, wanted: str) -> None:
    assert written_out(amount) == wanted


@pytest.mark.parametrize(("value", "wanted"), [
    ("234000/31", "≈7,548.39"), ("45/2", "22.5"), ("-45/4", "-11.25"), ("1/3", "≈0.33"), ("1234567", "1,234,567"), ("0", "0"),
])  # fmt: skip
def test_values_have_at_most_two_places(value: str, wanted: str) -> None:
    assert written(value, "number", SEOUL) == wanted
