"""What the database refuses about people, roles and partners, whoever asks, and however."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from accounts.models import (
    AccountEvent,
    AccountEventKind,
    Consent,
    ConsentText,
    Credential,
    DataView,
    Person,
    RoleChange,
    RoleGrant,
    User,
    ViewNote,
)
from accounts.operations import (
    confirm_role_change,
    create_person,
    issue_credential,
    propose_role_change,
    record_consents,
    record_search,
    reveal_personal_data,
    revoke_credential,
    set_scopes,
    texts_to_agree_to,
)
from tests.builders import NOW, a_partner, a_person, a_user
from tests.databases import owner_connection

pytestmark = pytest.mark.django_db

APPEND_ONLY: list[Any] = [
    model for model in apps.get_app_config("accounts").get_models() if getattr(model, "append_only", False)
]


@pytest.fixture
def change() -> RoleChange:
    """An open one: a caseworker is to be checker."""
    return propose_role_change(
        user_id=a_user("caseworker").pk, grants=["checker"], takes=[], proposed_by=a_user("manager"), note="x", now=NOW
    )


@pytest.fixture
def credential() -> Credential:
    manager, partner = a_user("manager"), a_partner()
    set_scopes(partner_id=partner.pk, scopes=["usage:write"], set_by=manager, now=NOW)
    expires = NOW + timedelta(days=30)
    return issue_credential(partner_id=partner.pk, scopes=["usage:write"], expires_at=expires, issued_by=manager, now=NOW)[0]


def test_the_logs_of_accounts_are_append_only():
    assert set(APPEND_ONLY) == {Person, AccountEvent, DataView, ConsentText, Consent}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m.__name__)
def test_refuses_change_to_the_application(model: Any):
    viewer, person = a_user("auditor"), create_person(now=NOW, name="Kim")
    reveal_personal_data(person_id=person.pk, reason="audit", viewer=viewer, now=NOW)
    record_search(text="Kim", viewer=viewer, now=NOW)
    call_command("publish_consents", stdout=StringIO())
    record_consents(person=person, said={text.pk: True for text in texts_to_agree_to()}, channel="web", now=NOW)
    before = list(model._default_manager.order_by("pk").values())
    assert before
    for statement in ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(model._meta.db_table))
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m.__name__)
def test_refuses_change_to_the_owner_as_well(model: type[models.Model], statement: str):
    with owner_connection() as owner, pytest.raises(Exception, match="append_only"):
        owner.execute(statement.format(model._meta.db_table, model._meta.pk.column))


def refused(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


# --- roles ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_role_is_given_taken_or_turned_without_its_event():
    user = a_user("caseworker")
    for statement in (
        "INSERT INTO accounts_rolegrant (user_id, role, granted_at) VALUES (%s, 'checker', now())",
        "DELETE FROM accounts_rolegrant WHERE user_id = %s",
        "UPDATE accounts_rolegrant SET role = 'checker' WHERE user_id = %s",
        "UPDATE accounts_user SET is_active = false WHERE id = %s",
        "UPDATE accounts_user SET is_staff = false WHERE id = %s",
    ):
        with refused("change_without_event"), connection.cursor() as cursor:
            cursor.execute(statement, [user.pk])
    with refused("change_without_event"), transaction.atomic():
        about = {"user": user, "kind": AccountEventKind.PASSWORD_CHANGED, "at": NOW}
        AccountEvent.objects.create(**about)
        RoleGrant.objects.filter(user=user).delete()
    with transaction.atomic():
        AccountEvent.objects.create(**{**about, "kind": AccountEventKind.ROLES_CHANGED})
        RoleGrant.objects.filter(user=user).delete()


def test_a_password_or_a_log_in_needs_no_event():
    user = a_user("caseworker")
    User.objects.filter(pk=user.pk).update(password="x", last_login=NOW, is_active=True)


@pytest.mark.parametrize(("held", "given"), [("manager", "checker"), ("auditor", "manager")])
def test_a_manager_holds_no_other_role(held: str, given: str):
    user = a_user(held)
    with refused("manager_alone"), transaction.atomic():
        RoleGrant.objects.create(user=user, role=given, granted_at=NOW)
    RoleGrant.objects.create(user=user, role="claimant", granted_at=NOW)


def closed(change: RoleChange, by: User, state: str = "confirmed", **more: Any) -> None:
    RoleChange.objects.filter(pk=change.pk).update(**{"state": state, "closed_by": by, "closed_at": NOW, **more})


def test_neither_the_proposer_nor_whom_it_is_about_confirms(change: RoleChange):
    for user in (change.proposed_by, change.user):
        with refused("own_change"), transaction.atomic():
            closed(change, user)
    with refused("own_change"), transaction.atomic():
        closed(change, change.user, "returned")
    closed(change, change.proposed_by, "returned")


def test_confirmed_by_another_holds_without_the_trigger_too(change: RoleChange):
    with owner_connection() as owner:
        definition = owner.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'role_change_is_confirmed_by_another'"
        ).fetchone()
    assert definition is not None
    assert "closed_by_id = proposed_by_id" in definition[0]


def test_a_second_log_in_of_the_same_person_does_not_confirm(change: RoleChange):
    other, person = a_user("manager"), a_person()
    for user in (change.proposed_by, change.user):
        User.objects.filter(pk__in=[user.pk, other.pk]).update(person=person)
        with refused("own_change"), transaction.atomic():
            closed(change, other)
        User.objects.filter(pk=user.pk).update(person=None)


def test_nobody_proposes_about_himself_or_twice(change: RoleChange):
    about = {"grants": ["finance"], "note": "x", "proposed_at": NOW}
    with refused("own_change"), transaction.atomic():
        RoleChange.objects.create(user=change.proposed_by, proposed_by=change.proposed_by, **about)
    with refused("user_has_one_open_role_change"), transaction.atomic():
        RoleChange.objects.create(user=change.user, proposed_by=change.proposed_by, **about)


def test_a_closed_change_stays_as_it_is(change: RoleChange):
    confirm_role_change(change_id=change.pk, confirmed_by=a_user("manager"), now=NOW)
    with refused("closed_for_ever"), transaction.atomic():
        RoleChange.objects.filter(pk=change.pk).update(state="open")


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"grants": ["king"]}, "role_change_roles_are_known"),
        ({"grants": []}, "role_change_changes_something"),
        ({"grants": ["finance"], "takes": ["finance"]}, "role_change_changes_something"),
        ({"grants": ["finance"], "leaves": True}, "role_change_changes_something"),
        ({"grants": ["finance"], "state": "lost"}, "state_is_known"),
        ({"grants": ["finance"], "state": "returned"}, "role_change_is_open_or_has_an_end"),
        ({"grants": ["finance"], "closed_at": NOW}, "role_change_is_open_or_has_an_end"),
    ],
)
def test_refuses_nonsense_about_changes(change: RoleChange, columns: dict[str, Any], name: str):
    about = {"user": a_user("auditor"), "proposed_by": change.proposed_by, "note": "x", "proposed_at": NOW}
    with refused(name), transaction.atomic():
        RoleChange.objects.create(**about, **columns)


@pytest.mark.parametrize("column", ["user_id", "grants", "takes", "leaves", "note", "proposed_by_id", "proposed_at"])
def test_what_was_proposed_is_not_changed(change: RoleChange, column: str):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RoleChange.objects.filter(pk=change.pk).update(**{column: models.F(column)})


# --- views ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"reason": "audit"}, "data_view_is_of_a_person_or_a_search"),
        ({"reason": "search", "searched": ""}, "data_view_is_of_a_person_or_a_search"),
        ({"reason": "search", "searched": "홍길동"}, "data_view_is_of_a_person_or_a_search"),
        ({"reason": "audit", "searched": "name"}, "data_view_is_of_a_person_or_a_search"),
        ({"reason": "mood", "searched": "name"}, "reason_is_known|data_view_is"),
    ],
)
def test_a_view_is_of_a_person_or_a_search(columns: dict[str, Any], name: str):
    with refused(name), transaction.atomic():
        DataView.objects.create(viewer=a_user("auditor"), at=NOW, **columns)


def test_refuses_nonsense_in_the_logs():
    auditor, person = a_user("auditor"), a_person()
    with refused("kind_is_known"), transaction.atomic():
        AccountEvent.objects.create(at=NOW, kind="guessed")
    with refused("view_note_hash_is_sha256_hex"), transaction.atomic():
        DataView.objects.create(person=person, viewer=auditor, reason="audit", note_hash="a note", at=NOW)
    view = DataView.objects.create(person=person, viewer=auditor, reason="audit", at=NOW)
    with refused("view_note_says_something"), transaction.atomic():
        ViewNote.objects.create(view=view, text="", salt="x")


# --- credentials ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({}, "partner_has_two_live_credentials"),
        ({"place": 3}, "credential_has_one_of_two_places"),
        ({"place": 0}, "credential_has_one_of_two_places"),
        ({"place": 2, "expires_at": NOW}, "credential_expires_after_issue"),
        ({"place": 2, "secret_hash": "a secret"}, "credential_secret_is_hashed"),
        ({"place": 2, "scopes": ["everything"]}, "credential_scopes_are_known"),
        ({"place": 2, "revoked_at": NOW}, "revoked_credential_has_a_reason"),
    ],
)
def test_refuses_nonsense_about_credentials(credential: Credential, columns: dict[str, Any], name: str):
    copied = {field.attname: getattr(credential, field.attname) for field in Credential._meta.concrete_fields}
    with refused(name), transaction.atomic():
        Credential.objects.create(**{**copied, "id": None, "client_id": "other", **columns})


def test_a_revoked_credential_is_not_good_again(credential: Credential):
    revoke_credential(credential_id=credential.pk, reason="leaked", revoked_by=credential.issued_by, now=NOW)
    with refused("revoked_for_ever"), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(revoked_at=None, revoked_by=None, revoked_for="")


@pytest.mark.parametrize("column", ["secret_hash", "expires_at", "scopes", "partner_id", "place"])
def test_a_credential_stays_what_was_issued(credential: Credential, column: str):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(**{column: models.F(column)})


def test_partners_have_known_scopes_only(credential: Credential):
    with refused("partner_scopes_are_known"), transaction.atomic():
        credential.partner.scopes = ["everything"]
        credential.partner.save(update_fields=["scopes"])
