"""Resident registration numbers (주민등록번호): nobody may keep them without a law that says so, and none does here."""

from __future__ import annotations

import re
import unicodedata

from services.refusals import Refusal

# Day of birth, a digit that says sex and century, six more. Spaces and ends of lines count for one however many they are: where
# the text is shown they are one.
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_LAST = r"([1-8])(?:-|\s*)([0-9]{2})(?:-|\s*)([0-9]{4})(?![0-9])"
_WHOLE = rf"(?<![0-9])(?:19|20)?([0-9]{{2}}{_MONTH}{_DAY})"
_PARTS = rf"(?<![0-9])(?:19)?([0-9]{{2}})(?:[-.]|\s*)({_MONTH})(?:[-.]|\s*)({_DAY})"
WRITTEN = (
    re.compile(rf"{_WHOLE}(?:\s*(?:[^\w\s]\s*){{1,5}})?{_LAST}"),  # undivided, or with any signs between the halves
    re.compile(rf"{_PARTS}(?:\s*-[-\s]*|\.){_LAST}"),
)
# A day and a sum look the same (221015 3250000): see `_is_sum`.
SPACED = (re.compile(rf"{_WHOLE}\s+{_LAST}"), re.compile(rf"{_PARTS}[.\s]+{_LAST}"))
MASK = "-*******"
_MASKED = re.compile(rf"[0-9]{{6}}{re.escape(MASK)}")
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー一ㅡ\u1173_"), "-")  # ㅡ: a vowel of the Korean keyboard, then as NFKC has it


class ResidentNumber(Refusal):
    """It looks like a resident registration number, which is kept nowhere."""

    code = "resident_number"


def check_no_resident_number(text: str, field: str, hint: str = "") -> None:
    """Raises ResidentNumber, which does not repeat what was typed in."""
    plain = _plain(text)
    spaced = (found for shape in SPACED for found in shape.finditer(plain))
    if any(shape.search(plain) for shape in WRITTEN) or not all(_is_sum(found) for found in spaced):
        raise ResidentNumber(f"This looks like a resident registration number, which we do not keep.{hint}", field=field)


def without_resident_numbers(text: str) -> str:
    """What may be a resident registration number masked but for the day of birth: for what people write in their own words,
    where a refusal would lose the rest. Where one is found the rest is written in plain digits and dashes.
    """
    plain = _plain(text)
    kept = plain
    for shape in WRITTEN:
        kept = shape.sub(_masked, kept)
    for shape in SPACED:
        kept = shape.sub(lambda found: found.group() if _is_sum(found) else _masked(found), kept)
    return text if kept == plain else kept


def has_masked(text: str) -> bool:
    """Whether a number was masked in it, or somebody wrote one so by themselves."""
    return _MASKED.search(text) is not None


def _masked(found: re.Match[str]) -> str:
    """The day stays, and its six digits may be written in three parts; of what follows nothing does."""
    groups = found.groups()
    return "".join(groups[:-3]) + MASK


def _is_sum(found: re.Match[str]) -> bool:
    """Sums of won end in 00, and so does one number of somebody in a hundred: it is theirs if its check digit is right, which
    it need not be in those given since October 2020, so that nothing is said by a wrong one alone.
    """
    digits = "".join(found.groups())
    return digits.endswith("00") and not _checks([int(digit) for digit in digits])


def _checks(digits: list[int]) -> bool:
    """Whether the last digit is the check digit of those before it."""
    total = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 10 == digits[-1]


def _plain(text: str) -> str:
    """Digits of other widths as plain ones, one kind of dash, and nothing that cannot be seen."""
    kept = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(one for one in kept if unicodedata.category(one) != "Cf")
