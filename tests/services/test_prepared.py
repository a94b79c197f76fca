"""Statements that are planned once: as Django's own in all that others rest on."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.prepared import prepared_cursor

pytestmark = pytest.mark.django_db


def _twice(question: str) -> list[int]:
    answers = []
    for number in (1, 2):
        with prepared_cursor() as cursor:
            cursor.execute(question, [number])
            answers.append(cursor.fetchone()[0])
    return answers


def test_a_statement_is_prepared_once_for_all_values():
    assert _twice("SELECT %s::bigint AS planned_once") == [1, 2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%planned_once%%'")
        assert cursor.fetchone()[0] == 1


def test_its_errors_are_djangos():
    with pytest.raises(ProgrammingError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute("SELECT nothing_of_this_name")


def test_whoever_stands_between_sees_it():
    seen = []

    def between(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        assert _twice("SELECT %s::bigint") == [1, 2]
    assert seen == ["SELECT %s::bigint"] * 2


def test_where_statements_are_logged_their_text_is():
    with CaptureQueriesContext(connection) as log:
        assert _twice("SELECT %s::bigint") == [1, 2]
    assert [query["sql"] for query in log.captured_queries] == ["SELECT 1::bigint", "SELECT 2::bigint"]
