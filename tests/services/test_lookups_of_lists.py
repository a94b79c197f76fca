"""A hand-written address asks a list only what its filters ask, and breaks nothing."""

import pytest
from django.test import Client

from tests.services.feed_cast import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(staff("reader", "auditor"))
    return client


@pytest.mark.parametrize(
    "asked",
    [
        "claims/dispute/?incident__claims__person__personal_data__phone__startswith=0101",
        "services/outagewindow/?incident__claims__reference=C-0000-0000",
        "accounts/dataview/?viewer__password__startswith=argon2",
        "accounts/credential/?partner__credentials__secret_hash__startswith=a",
        "claims/claim/?incident__title_ko__regex=[",
        "claims/claim/?origin__in=filed",
    ],
)
def test_what_lies_behind_a_filter_is_not_asked_for(reader: Client, asked: str):
    assert reader.get(f"/admin/{asked}").status_code == 400


@pytest.mark.parametrize("asked", ["claims/claim/?origin__exact=%00", "claims/event/?o=5", "claims/claim/?q=%00"])
def test_what_no_list_can_answer_leads_to_the_list(reader: Client, asked: str):
    answer = reader.get(f"/admin/{asked}")
    assert (answer.status_code, answer["location"].endswith("?e=1")) == (302, True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("claims/claim/?origin__exact=filed", 200), ("claims/claim/?incident__id__exact=1", 200),
        ("claims/claim/?incident__id__exact=99999999999999999999", 200), ("claims/event/?kind=tried", 200),
        ("claims/caseview/?viewer__id__exact=1", 200), ("claims/workerbeat/_00/change/", 302),
        ("claims/tally/?end=9999-12-31", 200), ("claims/tally/?start=0001-01-01", 200),
    ],
)  # fmt: skip
def test_what_filters_ask_is_answered(reader: Client, asked: str, code: int):
    assert reader.get(f"/admin/{asked}").status_code == code


def test_no_list_counts_by_choices(reader: Client):
    assert "_facets" not in reader.get("/admin/claims/claim/").content.decode()
