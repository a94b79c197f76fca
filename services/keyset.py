"""Pages of a list by the place where the last one ended: (a, b) > (x, y), which an index over a and b answers at that place.

Said as `a > x OR (a = x AND b > y)` the database begins at `x` and reads on to `y`: of 200,000 claims of one day, all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, F, Func, Value
from django.db.models.lookups import GreaterThan


def behind(place: Mapping[str, Any]) -> GreaterThan:
    """A condition: the row comes behind `place`, by the columns of the index and their values, in its order, all ascending."""
    return GreaterThan(_row(*(F(name) for name in place)), _row(*(Value(value) for value in place.values())))


def _row(*values: F | Value) -> Func:
    return Func(*values, function="ROW", output_field=BooleanField())  # of rows Django has no type, and asks for one
