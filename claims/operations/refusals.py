"""Refusals that more than one operation raises; the others stand beside their operation."""

from services.refusals import Refusal


class ReferenceUnknown(Refusal):
    code = "reference_unknown"


class IntegerExpected(Refusal):
    code = "integer_expected"


class AmountOutOfRange(Refusal):
    code = "out_of_range"


class CurrencyUnknown(Refusal):
    code = "currency_unknown"


class ValueTooLong(Refusal):
    code = "too_long"


class Required(Refusal):
    code = "required"
