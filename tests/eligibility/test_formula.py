"""A calculation as people read it: no bracket too many and none too few, whole units in words, and only what changed the sum."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

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
from claims.eligibility.formula import Formula, result, written

from .calculator import comes_to, worth
from .cast import fact, loss, pack, record, rule, window

SEOUL = ZoneInfo("Asia/Seoul")
SIGNS = {"add": add, "subtract": sub, "multiply": mul, "divide": truediv}
MINUTES, HOURS = {"counted": "minutes"}, {"counted": "hours"}
BEGAN = {"day_of": {"fact": "began"}}
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
    ("ko", {"multiply": [250, {"completed": MINUTES, "per": 30}]}, {}, "250 × (451분 ÷ 30, 내림 = 15) = 3,750원"),
    ("en", {"multiply": [250, {"started": MINUTES, "per": 30}]}, {}, "250 × (451 minutes ÷ 30, rounded up = 16) = 4,000 won"),
    ("ko", {"multiply": [150, {"started": EDGES, "per": 1}]}, {"minutes": 22}, "150 × (22분 30초, 올림 = 23) = 3,450원"),
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
    ("ko", {"lesser_of": [{"completed": MINUTES, "per": 60}, 3]}, {}, "작은 값 (451분 ÷ 60, 내림 = 7; 3) = 3원"),
    ("en", 700, {}, "700 = 700 won"),
    ("ko", {"multiply": [6000, HOURS]}, {}, "6,000 × 7시간 31분 = 45,100원"),
    ("en", {"multiply": [6000, HOURS]}, {}, "6,000 × 7 h 31 min = 45,100 won"),
    ("ko", {"multiply": [6000, HOURS]}, {"minutes": 31}, "6,000 × 0시간 31분 = 3,100원"),
    ("en", {"multiply": [1000, {"completed": HOURS, "per": 8}]}, {}, "1,000 × (7 h 31 min ÷ 8, rounded down = 0) = 0 won"),
    ("en", {"multiply": [60, EDGES]}, {}, "60 × 451 min 30 s = 27,090 won"),
    ("en", {"multiply": [5, MINUTES]}, {"minutes": 1}, "5 × 1 minute = 5 won"),
    ("ko", {"multiply": [3000, {"counted": "days"}]}, {"minutes": 48}, "3,000 × 1/30일 = 100원"),
    ("en", {"multiply": [1440, {"total": {"counted": "days"}, "each": "day"}]}, {"minutes": 1}, "1,440 × total by day (1/1,440) = 1 won"),
    ("ko", {"cases": [{"when": [{"that": HOURS, "at_least": 7}], "pays": 5}], "otherwise": 3}, {},
     "경우 (7시간 31분: 7 이상): 5 = 5원"),
    ("en", {"cases": [{"when": [{"that": {"completed": HOURS, "per": 2}, "at_least": 3}], "pays": 5}], "otherwise": 3}, {},
     "case ((7 h 31 min ÷ 2, rounded down = 3) at least 3): 5 = 5 won"),
    ("en", {"tiers": [{"up_to": 8, "pays": 2}, {"pays": 9}], "of": {"started": HOURS, "per": 1}}, {}, "tier of (7 h 31 min, rounded up = 8): 2 = 2 won"),
    ("en", {"subtract": [5, -3]}, {}, "5 - (-3) = 8 won"),
    ("en", {"subtract": [451, {"fact": "fare"}]}, {}, "451 - 53,450 = -52,999, not below 0 → 0 won"),
    ("ko", MINUTES, {"deduct": [1000]}, "451분 = 451, 1,000 공제, 0보다 작으면 0 → 0원"),
    ("ko", MINUTES, {"deduct": [{"subtract": [{"fact": "fare"}, 60_000]}]}, "451분 = 451원"),
    ("en", {"subtract": [BEGAN, {"day_of": {"at": "start", "of": "losses"}}]}, {"at_least": 5}, "0 days (2022-10-15 ~ 2022-10-15) = 0 won"),
    ("ko", {"divide": [MINUTES, 60]}, {"at_most": "7.9", "round": {"to": 1, "mode": "half_up"}},
     "451분 ÷ 60 ≈ 7.52, 상한 7.9, 1 단위 버림 → 7원"),
    ("en", {"divide": [MINUTES, 60]}, {"at_most": "22/3", "round": {"to": 1, "mode": "up"}},
     "451 minutes ÷ 60 ≈ 7.52, at most 22/3, rounded down to 1 → 7 won"),
    ("en", {"divide": [23_999, 3000]}, {}, "23,999 ÷ 3,000 ≈ 7.9997, rounded down to 1 → 7 won"),
    ("en", {"divide": [MINUTES, 30]}, {"minimum": {"at_least": 16}}, "451 minutes ÷ 30 ≈ 15.03, paid from 16 → 0 won"),
])  # fmt: skip
def test_what_is_read(language: str, amount: Any, more: dict[str, Any], wanted: str) -> None:
    assert told(amount, language, **more) == wanted
    assert comes_to(f": {wanted}") is not None


def tree(dice: Random, depth: int) -> Any:
    if not depth or not dice.randrange(4):
        return dice.choice([1, 2, 5, 7, 30, "1/3", "1/2"])
    return {dice.choice(list(SIGNS)): [tree(dice, depth - 1), tree(dice, depth - 1)]}


def meant_by(amount: Any) -> Fraction:
    if not isinstance(amount, dict):
        return Fraction(amount)
    ((sign, parts),) = amount.items()
    left, right = map(meant_by, parts)
    return Fraction(SIGNS[sign](left, right))


def written_out(amount: Any) -> str:
    made = pack(rules=[rule(losses=None, amount=amount)])
    return Formula({}, {}, 1, SEOUL, str).amount(made.body.rules[0].choices[0].amount, "x")


def test_what_is_written_comes_to_what_is_meant() -> None:
    dice, read_right = Random(1), 0
    for _ in range(400):
        amount = tree(dice, 3)
        with suppress(ZeroDivisionError):
            meant = meant_by(amount)
            assert worth(written_out(amount)) == meant, amount
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


@pytest.mark.parametrize(("value", "inside", "at_the_end"), [
    ("234000/31", "234,000/31", "≈ 7,548.39"), ("45/2", "22.5", "= 22.5"), ("-45/4", "-11.25", "= -11.25"),
    ("1/30", "1/30", "≈ 0.03"), ("1/3000", "1/3,000", "≈ 0.0003"), ("1/10000", "0.0001", "= 0.0001"), ("0", "0", "= 0"),
    ("1234567", "1,234,567", "= 1,234,567"), ("23999/3000", "23,999/3,000", "≈ 7.9997"), ("22499/3000", "22,499/3,000", "≈ 7.4997"),
])  # fmt: skip
def test_only_what_stands_at_the_end_is_about_so_much(value: str, inside: str, at_the_end: str) -> None:
    assert written(value, "number", SEOUL) == inside
    assert result(Fraction(value)) == at_the_end
