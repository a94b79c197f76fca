"""Quantities with their units as letters and explanations write them, in the active language."""

from django.utils.translation import get_language

from claims.eligibility.text import Wording


class _Amounts(Wording):
    """Of an explanation's words those for amounts, which need no terms."""

    def __init__(self, *, english: bool) -> None:
        self.pick = int(english)


def said_amount(quantity: int | None, unit: str | None) -> str:
    """`quantity`: of money in minor units of its currency, which is its unit."""
    return _Amounts(english=(get_language() or "ko").startswith("en")).amount(quantity, unit)


def said_difference(quantity: int, unit: str) -> str:
    """With its sign, also where it is more."""
    return f"{'+' if quantity > 0 else ''}{said_amount(quantity, unit)}"
