"""Quantities with their units as letters and explanations write them, in the active language."""

from collections.abc import Mapping

from claims.eligibility.quantities import Quantities
from services.language import in_english


def said_amount(quantity: int | None, unit: str | None) -> str:
    """`quantity`: of money in minor units of its currency, which is its unit."""
    return Quantities(in_english()).amount(quantity, unit)


def said_of_remedy(remedy: str, quantity: int, unit: str) -> str:
    """What is given, where it is no money called what it is."""
    return Quantities(in_english()).of_remedy(remedy, quantity, unit)


def said_stakes(gives: Mapping[str, int], asks_back: Mapping[str, int]) -> str:
    """By unit: what is given, and with a minus what is asked back of what has gone out; - where it is nothing."""
    sums = [*sorted(gives.items()), *((unit, -quantity) for unit, quantity in sorted(asks_back.items()))]
    return ", ".join(said_amount(quantity, unit) for unit, quantity in sums) or "-"


def said_difference(quantity: int, unit: str) -> str:
    """With its sign, also where it is more."""
    return f"{'+' if quantity > 0 else ''}{said_amount(quantity, unit)}"
