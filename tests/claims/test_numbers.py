"""Numbers that a form or an address of the admin names."""

import pytest

from claims.admin.staff import number_of
from claims.models import PolicyDraft
from services.models import WindowProposal


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("0012", 12), ("1234567890", 1_234_567_890), ("9" * 18, 10**18 - 1)])
def test_every_id_that_a_row_can_have_is_read(text: str, number: int):
    assert number_of(text) == number


@pytest.mark.parametrize("text", [None, "", " 7", "-1", "1e3", "٣", "²", "9" * 19, "1" * 5000])
def test_what_is_no_number_of_a_row_is_none(text: str | None):
    assert number_of(text) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("model", [PolicyDraft, WindowProposal])
def test_the_database_can_be_asked_for_the_largest(model: type[PolicyDraft] | type[WindowProposal]):
    assert not model._default_manager.filter(pk=number_of("9" * 18)).exists()
