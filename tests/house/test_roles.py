"""Tests work as the application role, on a database that the owner made."""

import pytest
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, transaction

pytestmark = pytest.mark.django_db


def test_works_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        role, database = cursor.fetchone()
    assert role == "claims_app"
    assert database.startswith("test_claims_")


@pytest.mark.parametrize("statement", ["CREATE TABLE mine (id int)", "DROP TABLE django_session", "CREATE SCHEMA mine"])
def test_has_no_rights_to_change_the_schema(statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_is_bounded_in_time():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        )
        assert cursor.fetchone() == ("20s", "3s", "20s")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_starts_empty_after_a_test_that_committed(time):
    users = get_user_model().objects
    assert not users.exists()
    users.create_user(email="someone@example.org")
