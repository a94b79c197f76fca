"""Who of the staff looks at a row about a claim, or about a person, leaves a row himself: here a checker opens every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import DataView, Person, User, ViewNote
from claims.models import CaseView, Claim, ClaimStatus, Loss, Usage
from services.leads import paths_to
from tests.builders import BIKE, a_person, claim_of, told, usage
from tests.claims.stored_cast import stored  # noqa: F401 - the fixture: a row in each table of claims
from tests.house.rows_cast import add_rows, client_of
from tests.worlds import world

pytestmark = pytest.mark.django_db

LOGS = (CaseView, DataView, ViewNote)  # who looked: to look at them leaves nothing, or it would have no end
QUEUES = (ClaimStatus,)  # lists of what to open next; docs/operators.md says what they show


@world
def rows(stored: None) -> None:  # noqa: F811 - as pytest names it
    add_rows()
    User.objects.create_user("claimant@example.com", person=a_person())


def test_who_opens_a_row_about_a_claim_or_a_person_is_logged(rows: None) -> None:
    client, user = client_of("checker")
    wrong = []
    for model in admin.site._registry:
        if model in LOGS or not {Claim, Person} & set(_reached(model)):
            continue
        about = next((one for one in _rows(model) if any(_about(one))), None)
        if about is None:
            wrong.append(f"the walk needs a row of {model.__name__} that is about somebody")
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for kind, args in (("change", [about.pk]), ("history", [about.pk]), ("changelist", None)):
            before = _newest()
            answer = client.get(reverse(f"{name}_{kind}", args=args))
            assert answer.status_code == 200, f"{name}_{kind}"
            seen = _logged_since(before, user)
            missing = [asked - seen[at] for at, asked in enumerate(_about(about))]
            if any(missing) and not (model in QUEUES and kind == "changelist"):
                wrong.append(f"{name}_{kind} leaves nothing of claims {missing[0]}, people {missing[1]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("model", LOGS)
def test_who_looks_at_who_looked_leaves_nothing(rows: None, model: Any) -> None:
    client, _ = client_of("auditor")
    name, before = f"admin:{model._meta.app_label}_{model._meta.model_name}", _newest()
    for kind, args in (("changelist", None), ("change", [model._default_manager.first().pk])):
        assert client.get(reverse(f"{name}_{kind}", args=args)).status_code == 200
    assert _newest() == before


def test_what_a_page_of_a_table_was_is_said(rows: None) -> None:
    client, user = client_of("checker")
    loss = Loss.objects.all()[0]
    for kind, args in (("change", [loss.pk]), ("changelist", None)):
        client.get(reverse(f"admin:claims_loss_{kind}", args=args))
    assert list(CaseView.objects.filter(viewer=user, claim=loss.claim).values_list("page", flat=True)) == ["row", "list"]
    used = usage(loss.claim.person, BIKE, "ride", "17 15:20", "17 21:15")
    payee = reverse("admin:accounts_payee_changelist")
    for address in (reverse("admin:claims_usage_change", args=[used.pk]), payee):
        client.get(address)
    assert list(DataView.objects.filter(viewer=user).values_list("reason", "payee")) == [("row", False), ("list", True)]


def test_who_is_refused_or_finds_nothing_leaves_nothing(rows: None) -> None:
    before, loss = _newest(), Loss.objects.all()[0]
    for who in ("manager", "no role", "claimant"):
        client, _ = client_of(who)
        for kind, args in (("change", [loss.pk]), ("history", [loss.pk]), ("changelist", None)):
            assert client.get(reverse(f"admin:claims_loss_{kind}", args=args)).status_code in (302, 403)
    client, _ = client_of("checker")
    client.get(reverse("admin:claims_loss_change", args=[10**9]))
    client.get(reverse("admin:claims_loss_changelist"), {"q": "C-NONE"})
    assert _newest() == before


def test_a_list_costs_the_same_however_many_claims_are_in_it(stored: None) -> None:  # noqa: F811
    client, _ = client_of("checker")
    queries = _queries(client)
    incident = Claim.objects.all()[0].incident
    for _ in range(5):
        claim_of(a_person(), incident, told())
    assert _queries(client) == queries


def test_keys_lead_by_the_fewest_steps_and_never_by_who_wrote() -> None:
    assert paths_to(Claim, Claim) == ("pk",)
    assert paths_to(Usage, Person) == ("person",)
    assert paths_to(Loss, Claim) == ("claim",)
    assert paths_to(Usage, Claim) == ()
    assert paths_to(ViewNote, Person) == ("view__person",)


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("admin:claims_loss_changelist")).status_code == 200
    return len(asked)


# --- by the foreign keys themselves, in another way than the pages do ----------------------------------------


def _keys(model: type[Model]) -> Iterator[Any]:
    """Not to a log-in: who wrote a row is not whom it is about."""
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model is not User:
            yield field


def _reached(model: Any, so_far: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """Tables that the keys lead to, with itself."""
    if model in so_far:
        return so_far
    so_far = (*so_far, model)
    for key in _keys(model):
        so_far = _reached(key.related_model, so_far)
    return so_far


def _rows(model: Any) -> Any:
    """The newest of each table: lists begin there, or hold all there are."""
    return model._default_manager.order_by("-pk")[:50]


def _about(row: Model) -> tuple[set[int], set[int]]:
    """Claims that its keys lead to, and where there is none, people."""
    claims, people = set(), set()
    waiting = [row]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Claim):
            claims.add(one.pk)
        elif isinstance(one, Person):
            people.add(one.pk)
        else:
            ahead = (getattr(one, key.name) for key in _keys(type(one)))
            waiting += [other for other in ahead if other is not None]
    return claims, set() if claims else people


def _newest() -> tuple[int, int]:
    return tuple(getattr(log._default_manager.order_by("-pk").first(), "pk", 0) for log in (CaseView, DataView))  # type: ignore


def _logged_since(before: tuple[int, int], user: User | None) -> tuple[set[int], set[int]]:
    views = CaseView.objects.filter(pk__gt=before[0], viewer=user)
    people = DataView.objects.filter(pk__gt=before[1], viewer=user, person__isnull=False)
    return set(views.values_list("claim", flat=True)), set(people.values_list("person", flat=True))
