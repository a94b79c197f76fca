"""Resident registration numbers (주민등록번호): nobody may keep them without a law that says so, and none does here.

A day of birth, then a digit that says sex and century, then six more, the last of which checks the others in all that were
given before October 2020. Days beside sums and order numbers look the same: what stands is what one can have been given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from services.refusals import Refusal

EARLIEST, LATEST = date(1926, 1, 1), date(2035, 12, 31)  # fixed, so that a text is read alike on every day
CENTURIES = dict(zip("12563478", ["19"] * 4 + ["20"] * 4, strict=True))  # by the digit of the sex
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
MASK = "-*******"

# Shapes are tried where runs of digits begin, and none can run far: however hostile a text is, it is read once.
_SIGN, _MONTH, _DAY = " ?[-./·] ?", "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_DAYS = (
    rf"([0-9]{{2}})(?:{_SIGN}| ?){_MONTH}(?:{_SIGN}| ?){_DAY}",
    rf"([0-9]{{2}})(?:{_SIGN}| ?년 ?)(0?[1-9]|1[0-2])(?:{_SIGN}| ?월 ?)(0?[1-9]|[12][0-9]|3[01])(?![0-9])(?: ?일)?",
)
_SIGNS = r"(?: ?[^\w\s₩$€¥£]){0,5} ?"
_BACK = "(?:(?:뒤|뒷|끝|나머지)(?: ?7)? ?(?:자리|번호|숫자)?(?: ?7개)?[은는이가]?|하이픈|대시|다시)"
_JOINT = rf"((?:생|이고|이며|의)?{_SIGNS}(?:{_BACK}{_SIGNS})?)"
_SHAPES = tuple(
    re.compile(rf"({century}){day}{_JOINT}([1-8](?:(?:{_SIGN}| ?)[0-9]){{6}})(?![0-9])")
    for century in ("", "19|20")
    for day in _DAYS
)
_RUN = re.compile("[0-9]+")
_UNDIVIDED = re.compile("[1-8][- ]?[0-9]{2}[- ]?[0-9]{4}")  # of which nothing but two gaps says where the day ends
_OFFICIAL = re.compile("[0-9]{6}-[0-9]{7}")
_PARTICLE = "(?:[을은이의에도만씩과정]|이나|이고|이며|까지|부터|정도|짜리|입니다|이에요|이었습니다)"
_WON = re.compile(rf" ?(?:원{_PARTICLE}?(?![가-힣])|won\b|krw\b|₩)", re.IGNORECASE)
NOBODY = 2020  # since this year nobody was born who claims: such days are of the outage, and what follows them may be a sum
_ONE_BY_ONE = re.compile(r"(?<![0-9])[0-9]([ .·/-])[0-9](?![0-9])(?:\1[0-9](?![0-9])){4,}")
_MASKED = re.compile(f"(?:{'|'.join(_DAYS)}){re.escape(MASK)}")
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters of Hangul that are not seen
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー一ㅡ\u1173_"), "-")  # ㅡ: a vowel of the Korean keyboard, then as NFKC has it


class ResidentNumber(Refusal):
    """It looks like a resident registration number, which is kept nowhere."""

    code = "resident_number"


def check_no_resident_number(text: str, field: str, hint: str = "") -> None:
    """Raises ResidentNumber, which does not repeat what was typed in."""
    if any(_found(_plain(unicodedata.normalize("NFC", text))[0])):
        raise ResidentNumber(f"This looks like a resident registration number, which we do not keep.{hint}", field=field)


def without_resident_numbers(text: str) -> str:
    """What may be a resident registration number masked but for the day of birth: for what people write in their own words,
    where a refusal would lose the rest. The day stays as it was written, in plain digits.
    """
    typed = unicodedata.normalize("NFC", text)
    plain, places = _plain(typed)
    kept, done = "", 0
    for start, day, end in _found(plain):
        kept += f"{typed[done : places[start]]}{plain[start:day]}{MASK}"
        done = places[end]
    return kept + typed[done:] if kept else text


def has_resident_number(text: str) -> bool:
    """Whether something in it would be masked."""
    return without_resident_numbers(text) != text


def has_masked(text: str) -> bool:
    """Whether a number was masked in it, or somebody wrote one so by themselves."""
    return _MASKED.search(text) is not None


def _found(plain: str) -> Iterator[tuple[int, int, int]]:
    """Where each begins, where its day ends, and where it ends."""
    done = 0
    for run in _RUN.finditer(plain):
        tried = (shape.match(plain, run.start()) for shape in _SHAPES if run.start() >= done)
        one = next((found for found in tried if found and _is_one(found)), None)
        if one is not None:
            done = one.end()
            yield one.start(), one.start(5), done


def _is_one(found: re.Match[str]) -> bool:
    """Whether somebody can have been given it, and it is no sum. As it stands in papers, with its check digit right, it is one
    however long ago the day was, and whatever follows. A day of late with its century is of an order rather than of a birth.
    """
    written, year, month, day, _, back = found.groups()
    of_sex, digits = CENTURIES[back[0]], f"{year}{month:0>2}{day:0>2}{''.join(filter(str.isdigit, back))}"
    try:
        born = date.fromisoformat(f"{of_sex}{digits[:6]}")
    except ValueError:
        return False
    if born > LATEST or written not in ("", of_sex):
        return False
    right = _checks([int(digit) for digit in digits])
    if right and _OFFICIAL.fullmatch(found.group()):
        return True
    if born < EARLIEST or not _is_joined(found) or (written and not right and born.year >= NOBODY):
        return False
    return (right and born.year < NOBODY) or not _is_sum(found, right=right, even=digits.endswith("00"))


def _is_joined(found: re.Match[str]) -> bool:
    """Where nothing stands between day and number, both are one run of digits, or nearly, or the day ends in its unit."""
    day = found.string[found.start() : found.start(5)]
    return bool(found[5]) or day.endswith("일") or (day.isdigit() and _UNDIVIDED.fullmatch(found[6]) is not None)


def _is_sum(found: re.Match[str], *, right: bool, even: bool) -> bool:
    """It is called one; or it ends in 00, as sums of won do and one number of somebody in a hundred: theirs has a dash, a word
    before it, or the right check digit.
    """
    joint = found[5]
    if joint and _WON.match(found.string, found.end()):
        return True
    return bool(joint) and even and not right and "-" not in joint and not any(map(str.isalpha, joint))


def _checks(digits: list[int]) -> bool:
    """Whether the last digit is the check digit of those before it, which foreigners have two higher."""
    total = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=False))
    return ((13 if digits[6] >= 5 else 11) - total % 11) % 10 == digits[-1]


def _plain(typed: str) -> tuple[str, list[int]]:
    """What is read: digits as plain ones however they are written, one kind of dash, one space for many, no gaps where digits
    stand one by one, and nothing that cannot be seen. With it, of each sign and of the end, where that is in `typed`.
    """
    signs: list[tuple[str, int]] = []
    for place, one in enumerate(typed):
        for sign in _read(one):
            if sign != " " or not signs or signs[-1][0] != " ":
                signs.append((sign, place))
    whole = "".join(sign for sign, _ in signs)
    gaps = {at for found in _ONE_BY_ONE.finditer(whole) for at in range(found.start() + 1, found.end(), 2)}
    left = [pair for at, pair in enumerate(signs) if at not in gaps]
    return "".join(sign for sign, _ in left), [*(place for _, place in left), len(typed)]


def _read(one: str) -> str:
    digit = unicodedata.decimal(one, None)
    if digit is not None:
        return str(digit)
    if one.isspace() or one in _FILLERS:
        return " "
    kind = unicodedata.category(one)
    return "" if kind[0] == "C" or kind in ("Mn", "Me") else unicodedata.normalize("NFKC", one).translate(_DASHES)
