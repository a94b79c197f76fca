"""Resident registration numbers (주민등록번호): nobody may keep them without a law that says so, and none does here."""

from __future__ import annotations

import re
import unicodedata

from services.refusals import Refusal

# Day of birth, a digit that says sex and century, six more; between the halves whatever `_plain` makes a hyphen of, or space.
# Where the day of birth is in parts they need a hyphen: 22-10-15 3250000 is a day and a sum.
_MONTH, _DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
RESIDENT_NUMBER = re.compile(
    rf"(?<![0-9])((19|20)?[0-9]{{2}}{_MONTH}{_DAY}[-\s]{{0,5}}|(19)?[0-9]{{2}}-?{_MONTH}-?{_DAY}\s?-[-\s]{{0,3}})"
    r"[1-8]([-\s]?[0-9]{6}|[0-9]{2}-[0-9]{4})(?![0-9])"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー一ㅡ\u1173_·./"), "-")  # ㅡ: a vowel of the Korean keyboard, then as NFKC has it


class ResidentNumber(Refusal):
    """It looks like a resident registration number, which is kept nowhere."""

    code = "resident_number"


def check_no_resident_number(text: str, field: str, hint: str = "") -> None:
    """Raises ResidentNumber, which does not repeat what was typed in."""
    if RESIDENT_NUMBER.search(_plain(text)):
        raise ResidentNumber(f"This looks like a resident registration number, which we do not keep.{hint}", field=field)


def _plain(text: str) -> str:
    """Digits of other widths as plain ones, one kind of dash, and nothing that cannot be seen."""
    kept = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(one for one in kept if unicodedata.category(one) != "Cf")
