"""Quantities with their units as people write them, in Korean or English."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

from .labels import INSTRUMENTS

UNITS = {
    "KRW": ("원", " won"), "point": ("포인트", " points"), "day": ("일", " days"), "hour": ("시간", " hours"),
    "minute": ("분", " minutes"), "gigabyte": (" GB", " GB"), "megabyte": (" MB", " MB"), "month": ("개월", " months"),
    "emoticon": ("개 (이모티콘)", " emoticons"),
    "talk_drawer_month": ("개 (톡서랍 플러스 1개월)", " months of Talk Drawer Plus"),
}  # fmt: skip
# Of figures, beside these.
MORE_UNITS = {
    "percent": ("%", "%"), "times": ("배", " times"), "cent": ("센트", " cents"), "pence": ("펜스", " pence"),
    "year": ("년", " years"), "km": (" km", " km"), "item": ("개", " items"), "working day": ("근무일", " working days"),
}  # fmt: skip
LENGTHS = {"hours": 3600, "minutes": 60}  # seconds
SHORT = {"hours": ("시간", " h"), "minutes": ("분", " min")}
CURRENCY = re.compile(r"[A-Z]{3}")
PAID_OUT = ("cash", "goodwill")  # remedies whose money is money


class Quantities:
    """In one language (0 Korean, 1 English)."""

    def __init__(self, pick: int) -> None:
        self.pick = pick

    def say(self, korean: str, english: str) -> str:
        return (korean, english)[self.pick]

    def length(self, seconds: int) -> str:
        """Hours, minutes and seconds, without those that are none; days have hours, as policies count them."""
        counts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
        units = self.say("시간 분 초", " h, min, s").split(" " if self.pick == 0 else ",")
        return " ".join(f"{count:,}{unit}" for count, unit in zip(counts, units, strict=True) if count) or f"0{units[1]}"

    def length_in(self, unit: str, seconds: int) -> str:
        """So many hours, or minutes, and what is over in smaller units: its first unit is the one that is reckoned with."""
        whole, over = divmod(seconds, LENGTHS[unit])
        return f"{whole:,}{self.say(*SHORT[unit])} {self.length(over)}"

    def amount(self, quantity: int | None, unit: str | None) -> str:
        """A quantity with its unit; money in units of its currency, not in minor ones."""
        if quantity is None:
            return self.say("금액 미정", "no figure yet")
        if unit in UNITS:
            return f"{quantity:,}{of_one(quantity, UNITS[unit][self.pick])}"
        if unit is not None and CURRENCY.fullmatch(unit):
            places = get_currency_precision(unit)
            return f"{Decimal(quantity).scaleb(-places):,.{places}f} {unit}"
        return f"{quantity:,} {(unit or '').replace('_', ' ')}".rstrip()

    def minor(self, unit: str | None) -> str:
        """In what money is counted where that is not whole units of its currency; else nothing."""
        one = self.amount(1, unit)
        return one if one.startswith("0.") else ""

    def of_remedy(self, remedy: str, quantity: int, unit: str) -> str:
        """A quantity of what is given."""
        return self.called(remedy, unit, self.amount(quantity, unit))

    def called(self, remedy: str, unit: str, amount: str) -> str:
        """`amount` as it is said, with what it is where that is worth money and is none, as a coupon or a credit."""
        worth_money = CURRENCY.fullmatch(unit) is not None and remedy not in PAID_OUT
        return f"{INSTRUMENTS[remedy][self.pick]} {amount}" if worth_money else amount

    def number(self, value: int | str, unit: str) -> str:
        """A figure's value with its unit: money as people write it."""
        if unit in MORE_UNITS or not isinstance(value, int):
            known = of_one(value, {**MORE_UNITS, **UNITS}.get(unit, (f" {unit}", f" {unit}"))[self.pick])
            return f"{value:,}{known}" if isinstance(value, int) else f"{value}{known}"
        return self.amount(value, unit)


def of_one(quantity: int | str, unit: str) -> str:
    """English units are written as of many."""
    many, of, what = unit.partition(" of ")
    return f"{many.removesuffix('s')}{of}{what}" if quantity in (1, -1) else unit
