"""The page on which staff find a claim while somebody is on the telephone."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import DataView
from accounts.operations import create_person
from claims.models import Claim
from services.admin_pages import MOST_LISTED, BoundedPaginator
from tests.builders import NOW, a_user, claim_of, outage, told

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:claims_claim_find")


@pytest.fixture
def claim() -> Claim:
    with transaction.atomic():
        person = create_person(now=NOW, name="홍길동", phone="+82 10-1234-5678", email="hong@example.org")
    return claim_of(person, outage(), told())


def found(typed: str, role: str = "caseworker") -> str:
    client = Client()
    client.force_login(a_user(role))
    answer = client.post(PAGE, {"q": typed})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("5678", "phone"), ("1234-5678", "phone"), ("010-1234-5678", "phone"), ("홍길", "name"), ("길동", "name"),
        ("HONG@example", "email"),
    ],
)  # fmt: skip
def test_a_claim_is_found_by_what_its_person_says_shown_masked_and_logged(claim: Claim, typed: str, kind: str) -> None:
    page = found(typed)
    assert claim.reference in page
    assert "홍*동" in page
    assert not any(shown in page for shown in ("홍길동", "1234-5678<"))
    assert list(DataView.objects.values_list("searched", flat=True)) == [kind]


def test_a_reference_is_found_by_its_beginning_in_any_case_and_looks_for_nobody(claim: Claim) -> None:
    for typed in (claim.reference, claim.reference.lower(), claim.reference[:5]):
        assert claim.reference in found(typed)
    assert claim.reference not in found("C-ZZZZZZ")
    assert not DataView.objects.exists()


@pytest.mark.parametrize("typed", ["678", "홍", "4321", "길", "%%", "__", "김철수", "x@y"])
def test_what_is_too_short_or_nobodys_finds_nothing(claim: Claim, typed: str) -> None:
    assert claim.reference not in found(typed)


@pytest.mark.parametrize("typed", ["678", "홍"])
def test_too_short_says_what_to_do(claim: Claim, typed: str) -> None:
    assert "search_too_short" in found(typed)


def test_who_may_see_nobody_finds_by_reference_only(claim: Claim) -> None:
    assert claim.reference in found(claim.reference, "finance")
    page = found("5678", "finance")
    assert claim.reference not in page
    assert "role_missing" in page


def test_as_many_queries_however_many_are_found(claim: Claim) -> None:
    client = Client()
    client.force_login(a_user("caseworker"))

    def asked(typed: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(PAGE, {"q": typed})
        return len(queries)

    asked("5678")
    for typed in ("5678", "홍길", claim.reference):
        one = asked(typed)
        with transaction.atomic():
            more = [create_person(now=NOW, name="홍길순", phone="02-999-5678", email="") for _ in range(3)]
        for person in more:
            claim_of(person, claim.incident, told())
        assert asked(typed) == one


def test_a_list_counts_no_further_than_it_shows() -> None:
    rows = Claim.objects.order_by("pk")
    with CaptureQueriesContext(connection) as queries:
        assert BoundedPaginator(rows, 50).count == 0
    assert f"LIMIT {MOST_LISTED}" in queries[0]["sql"]
