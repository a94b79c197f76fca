"""Quantities with their units as letters and explanations write them, in the active language."""

from collections.abc import Mapping

from claims.eligibility.quantities import Quantities
from claims.models import EntitlementLine
from services.language import in_english


def said_amount(quantity: int | None, unit: str | None) -> str:
    """`quantity`: of money in minor units of its currency, which is its unit."""
    return Quantities(in_english()).amount(quantity, unit)


def said_of_remedy(remedy: str, quantity: int, unit: str) -> str:
    """What is given, where it is no money called what it is."""
    return Quantities(in_english()).of_remedy(remedy, quantity, unit)


def said_of_line(line: EntitlementLine) -> str:
    """What a line gives; empty where that is not known."""
    if line.quantity is None or not line.unit:
        return ""
    if line.remedy and line.quantity:
        return said_of_remedy(line.remedy, line.quantity, line.unit)
    return said_amount(line.quantity, line.unit)


def said_stakes(gives: Mapping[str, int], asks_back: Mapping[str, int]) -> str:
    """By `stake`: what is given, and with a minus what is asked back of what has gone out; - where it is nothing."""
    sums = [*sorted(gives.items()), *((what, -quantity) for what, quantity in sorted(asks_back.items()))]
    return ", ".join(_said_stake(what, quantity) for what, quantity in sums) or "-"


def _said_stake(what: str, quantity: int) -> str:
    remedy, _, unit = what.rpartition(":")
    return said_of_remedy(remedy, quantity, unit) if remedy else said_amount(quantity, unit)


def said_difference(quantity: int, unit: str) -> str:
    """With its sign, also where it is more."""
    return f"{'+' if quantity > 0 else ''}{said_amount(quantity, unit)}"
