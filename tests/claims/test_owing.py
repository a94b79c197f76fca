"""What is owed and what is undecided, of every kind of line, in SQL, in columns and in Python."""

from itertools import product

import polars as pl
import pytest
from django.db import connection

from claims.eligibility.reasons import OF_A_FACT
from claims.models import Outcome
from claims.models.owing import OWED_IN_COLUMNS, OWED_SQL, PROOF, UNDECIDED_IN_COLUMNS, UNDECIDED_SQL, is_owed

LINES = list(product(Outcome.values, [None, 0, 500], [[], ["too_short"], ["too_short", PROOF + "fare"]]))


@pytest.mark.django_db
def test_rows_and_columns_agree_on_what_is_owed_and_what_is_undecided():
    with connection.cursor() as cursor:
        rows = [_of_a_row(cursor, *line) for line in LINES]
    said = [(outcome, quantity, " ".join(reasons)) for outcome, quantity, reasons in LINES]
    columns = pl.DataFrame(said, schema={"outcome": pl.String, "quantity": pl.Int64, "reasons": pl.String}, orient="row")
    assert columns.select(owed=OWED_IN_COLUMNS, undecided=UNDECIDED_IN_COLUMNS).rows() == rows
    assert [is_owed(*line) for line in LINES] == [owed for owed, _ in rows]
    assert rows == [
        (
            outcome == "eligible" and quantity is not None and len(reasons) < 2,
            outcome in {"unknown", "needs_review", "parked"} or len(reasons) == 2,
        )
        for outcome, quantity, reasons in LINES
    ]


def test_the_reason_that_keeps_a_line_from_being_paid_is_the_engines():
    assert PROOF.removesuffix(":") in OF_A_FACT


def _of_a_row(cursor, outcome, quantity, reasons):
    cursor.execute(
        f"""SELECT {OWED_SQL}, {UNDECIDED_SQL}
              FROM (SELECT %s::text AS outcome, %s::bigint AS quantity, %s::text[] AS reasons) e""",
        [outcome, quantity, reasons],
    )
    return cursor.fetchone()
