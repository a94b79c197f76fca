"""What a claimant calls a file: shown to people, and never a path."""

from __future__ import annotations

import re
import unicodedata

from services.resident_numbers import without_resident_numbers

LONGEST_NAME = 100  # characters


def shown_name(name: str) -> str:
    """Its last part in NFC, without what cannot be seen or turns the direction of text; shortened in the middle, so that its
    ending stays. Empty where nothing is left. A resident registration number in it is masked.
    """
    seen = "".join(
        " " if one.isspace() else one
        for one in unicodedata.normalize("NFC", name)
        if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    last = re.split(r"[/\\]", seen)[-1]
    plain = " ".join(without_resident_numbers(last).split()).strip(". ")
    if len(plain) <= LONGEST_NAME:
        return plain
    return f"{plain[: LONGEST_NAME - 21]}…{plain[-20:]}"
