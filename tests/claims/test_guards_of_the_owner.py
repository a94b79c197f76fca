"""What the database refuses to the owner of the tables. Apart from the other guards, whose rows would hold up TRUNCATE."""

from __future__ import annotations

import pytest
from django.db import models

from tests.claims.test_guards import APPEND_ONLY
from tests.databases import owner_connection


@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m.__name__)
def test_refuses_change_to_the_owner_as_well(db: None, model: type[models.Model], statement: str):
    with owner_connection() as owner, pytest.raises(Exception, match="append_only"):
        owner.execute(statement.format(model._meta.db_table, model._meta.pk.column))
