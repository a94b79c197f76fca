"""Roles of staff change by two people, neither of whom it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import AccountEvent, Role, RoleChange, RoleGrant, User
from accounts.operations import (
    ChangeClosed,
    ChangeOpen,
    EmailTaken,
    InvitedByOneself,
    NoteRequired,
    NoteTooLong,
    NothingChanges,
    OwnChange,
    PasswordSet,
    RolesConflict,
    RolesNotConfirmed,
    TooFewManagers,
    UnknownChange,
    UnknownRole,
    UnknownStaff,
    UserLeft,
    confirm_role_change,
    create_staff,
    invite_staff,
    issue_password_link,
    propose_leaving,
    propose_role_change,
    return_role_change,
    set_first_password,
)
from services.refusals import Refusal
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> User:
    return a_user("manager")


@pytest.fixture
def two() -> User:
    return a_user("manager")


def proposed(user: User, by: User, grants: Any = ("checker",), takes: Any = (), note: str = "new tasks") -> RoleChange:
    return propose_role_change(user_id=user.pk, grants=grants, takes=takes, proposed_by=by, note=note, now=NOW)


def confirmed(change: RoleChange, by: User) -> RoleChange:
    return confirm_role_change(change_id=change.pk, confirmed_by=by, now=NOW + timedelta(hours=1))


def roles(user: User) -> set[str]:
    return set(user.role_grants.values_list("role", flat=True))


def stored() -> list[int]:
    return [model._default_manager.count() for model in (User, RoleChange, RoleGrant, AccountEvent)]


def test_a_proposed_change_changes_nothing_until_it_is_confirmed(one: User, two: User):
    user = a_user("caseworker")
    change = proposed(user, one, ["checker"], ["caseworker"])
    assert roles(user) == {"caseworker"}
    confirmed(change, two)
    assert roles(user) == {"checker"}
    grant = user.role_grants.get()
    assert (grant.granted_by, grant.granted_at) == (two, NOW + timedelta(hours=1))
    assert (change.state, RoleChange.objects.get().state, RoleChange.objects.get().closed_by) == ("open", "confirmed", two)


def test_each_step_has_its_event(one: User, two: User):
    user = a_user("caseworker")
    change = proposed(user, one)
    confirmed(change, two)
    again = proposed(user, two, (), ["checker"])
    return_role_change(change_id=again.pk, returned_by=one, note="not yet", now=NOW)
    said = [(event.kind, event.actor, event.data) for event in AccountEvent.objects.filter(user=user)]
    assert said == [
        ("staff_created", None, {"roles": ["caseworker"]}),
        ("roles_proposed", one, {"change": change.pk, "grants": ["checker"], "takes": []}),
        ("roles_changed", two, {"change": change.pk, "grants": ["checker"], "takes": []}),
        ("roles_proposed", two, {"change": again.pk, "grants": [], "takes": ["checker"]}),
        ("change_returned", one, {"change": again.pk}),
    ]


def test_what_is_returned_is_not_done(one: User):
    user = a_user("caseworker")
    change = proposed(user, one)
    closed = return_role_change(change_id=change.pk, returned_by=one, note="a slip", now=NOW)
    assert (closed.state, closed.closing_note) == ("returned", "a slip")
    assert roles(user) == {"caseworker"}
    proposed(user, one)


@pytest.mark.parametrize("role", ["claimant", "caseworker", "checker", "finance", "auditor"])
def test_only_managers_change_roles(one: User, role: str):
    other, user = a_user(role), a_user("caseworker")
    change = proposed(user, one)
    before = stored()
    for attempt in (
        lambda: proposed(a_user(), other),
        lambda: confirmed(change, other),
        lambda: return_role_change(change_id=change.pk, returned_by=other, note="x", now=NOW),
        lambda: propose_leaving(user_id=user.pk, proposed_by=other, note="x", now=NOW),
        lambda: invite_staff(email="new@example.com", roles=["checker"], invited_by=other, note="x", now=NOW),
        lambda: issue_password_link(user_id=user.pk, issued_by=other, now=NOW),
    ):
        with pytest.raises(RoleMissing):
            attempt()
    assert stored() == [before[0] + 1, *before[1:3], before[3] + 1], "but for the one that the first attempt was about"


def test_nobody_confirms_what_he_proposed(one: User):
    change = proposed(a_user("caseworker"), one)
    with pytest.raises(OwnChange):
        confirmed(change, one)


def test_nobody_proposes_confirms_or_returns_what_is_about_himself(one: User, two: User):
    with pytest.raises(OwnChange):
        proposed(one, one, (), ["manager"])
    a_user("manager")
    change = proposed(two, one, (), ["manager"])
    with pytest.raises(OwnChange):
        confirmed(change, two)
    with pytest.raises(OwnChange):
        return_role_change(change_id=change.pk, returned_by=two, note="I stay", now=NOW)


def test_another_log_in_of_the_same_person_is_no_second_person(one: User, two: User):
    User.objects.filter(pk__in=[one.pk, two.pk]).update(person=a_person())
    one.refresh_from_db()
    change = proposed(a_user("caseworker"), one)
    with pytest.raises(OwnChange):
        confirmed(change, two)


def test_a_change_is_closed_once(one: User, two: User):
    change = proposed(a_user("caseworker"), one)
    confirmed(change, two)
    for attempt in (
        lambda: confirmed(change, two),
        lambda: return_role_change(change_id=change.pk, returned_by=one, note="x", now=NOW),
    ):
        with pytest.raises(ChangeClosed):
            attempt()


@pytest.mark.parametrize(
    ("grants", "takes", "note", "refusal"),
    [
        ((), (), "x", NothingChanges),
        (("caseworker",), (), "x", NothingChanges),
        ((), ("checker",), "x", NothingChanges),
        (("king",), (), "x", UnknownRole),
        (("claimant",), (), "x", UnknownRole),
        (("manager",), (), "x", RolesConflict),
        (("manager", "checker"), ("caseworker",), "x", RolesConflict),
        (("checker",), (), " ", NoteRequired),
        (("checker",), (), "x" * 2001, NoteTooLong),
    ],
)
def test_a_change_that_is_refused_is_not_stored(one: User, grants: Any, takes: Any, note: str, refusal: type[Refusal]):
    user = a_user("caseworker")
    before = stored()
    with pytest.raises(refusal):
        proposed(user, one, grants, takes, note)
    assert stored() == before


def test_changes_of_nobody_are_refused(one: User):
    claimant = User.objects.create_user("hong@example.org")
    for user in (claimant, User(pk=0)):
        with pytest.raises(UnknownStaff):
            proposed(user, one)
    with pytest.raises(UnknownChange):
        confirm_role_change(change_id=0, confirmed_by=one, now=NOW)


def test_one_change_of_a_person_waits_at_a_time(one: User, two: User):
    user = a_user("caseworker")
    proposed(user, one)
    for attempt in (
        lambda: proposed(user, two, ["finance"]),
        lambda: propose_leaving(user_id=user.pk, proposed_by=two, note="x", now=NOW),
    ):
        with pytest.raises(ChangeOpen):
            attempt()


def test_a_caseworker_becomes_manager_by_giving_up_his_other_role(one: User, two: User):
    user = a_user("caseworker")
    confirmed(proposed(user, one, ["manager"], ["caseworker"]), two)
    assert roles(user) == {"manager"}


def test_a_command_makes_no_manager_who_decides():
    before = stored()
    with pytest.raises(RolesConflict):
        create_staff(email="k@example.com", password="a long password 1", roles=["manager", "checker"], now=NOW)
    assert stored() == before


# --- the last managers ---------------------------------------------------------------------------------


def test_the_last_two_managers_stay(one: User, two: User):
    three, new = a_user("manager"), invite_staff(
        email="new@example.com", roles=["manager"], invited_by=one, note="x", now=NOW
    )  # fmt: skip
    confirmed(new, two)
    assert new.user.role_grants.get().role == Role.MANAGER, "but cannot act without a password, so does not count"
    change = proposed(one, two, (), ["manager"])
    leaving = propose_leaving(user_id=two.pk, proposed_by=three, note="x", now=NOW)
    confirmed(change, three)
    one.refresh_from_db()
    with pytest.raises(RoleMissing):
        confirmed(leaving, one)
    with pytest.raises(TooFewManagers):
        proposed(three, two, (), ["manager"])


def test_a_proposal_does_not_outlive_its_managers(one: User, two: User):
    three = a_user("manager")
    change = propose_leaving(user_id=one.pk, proposed_by=two, note="x", now=NOW)
    confirmed(propose_leaving(user_id=two.pk, proposed_by=one, note="x", now=NOW), three)
    with pytest.raises(TooFewManagers):
        confirmed(change, three)
    assert roles(one) == {"manager"}


# --- leaving -------------------------------------------------------------------------------------------


def test_who_leaves_loses_roles_log_in_and_sessions(one: User, two: User, client: Client):
    user = a_user("caseworker", "finance")
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    change = propose_leaving(user_id=user.pk, proposed_by=one, note="last day", now=NOW)
    assert client.get("/admin/").status_code == 200
    confirmed(change, two)
    assert client.get("/admin/").status_code == 302
    user.refresh_from_db()
    assert (user.is_active, roles(user), user.has_usable_password()) == (False, set(), False)
    event = AccountEvent.objects.get(kind="staff_left")
    assert (event.user, event.actor, event.data["takes"]) == (user, two, ["caseworker", "finance"])


def test_an_old_session_is_not_good_again_when_the_log_in_is(one: User, two: User, client: Client):
    user = a_user("caseworker")
    client.force_login(user)
    confirmed(propose_leaving(user_id=user.pk, proposed_by=one, note="x", now=NOW), two)
    User.objects.filter(pk=user.pk).update(is_active=True)  # in the transaction of the event, as no face can
    assert client.get("/admin/").status_code == 302


def test_nothing_is_proposed_or_confirmed_for_who_has_left(one: User, two: User):
    user = a_user("caseworker")
    confirmed(propose_leaving(user_id=user.pk, proposed_by=one, note="x", now=NOW), two)
    for attempt in (
        lambda: proposed(user, one),
        lambda: propose_leaving(user_id=user.pk, proposed_by=one, note="x", now=NOW),
        lambda: issue_password_link(user_id=user.pk, issued_by=one, now=NOW),
        lambda: set_first_password(user_id=user.pk, password="a long password 1", now=NOW),
    ):
        with pytest.raises(UserLeft):
            attempt()


# --- new staff -----------------------------------------------------------------------------------------


def invited(by: User, **more: Any) -> RoleChange:
    arguments = {"email": "new@example.com", "roles": ["checker"], "invited_by": by, "note": "begins in May", "now": NOW}
    return invite_staff(**{**arguments, **more})


def test_who_is_invited_has_neither_role_nor_password(one: User, two: User):
    change = invited(one, locale="en")
    user = User.objects.get(email="new@example.com")
    assert (user.is_staff, user.has_usable_password(), user.locale, roles(user)) == (True, False, "en", set())
    assert [event.kind for event in AccountEvent.objects.filter(user=user)] == ["staff_invited", "roles_proposed"]
    confirmed(change, two)
    assert roles(user) == {"checker"}


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"email": "new"}, Refusal),
        ({"roles": []}, NothingChanges),
        ({"roles": ["king"]}, UnknownRole),
        ({"roles": ["manager", "finance"]}, RolesConflict),
        ({"note": ""}, NoteRequired),
        ({"locale": "xx"}, Refusal),
        ({"now": NOW.replace(tzinfo=None)}, Refusal),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_is_refused_leaves_nothing(one: User, more: dict[str, Any], refusal: type[Refusal]):
    before = stored()
    with pytest.raises(refusal), transaction.atomic():
        invited(one, **more)
    assert stored() == before


def test_an_address_is_invited_once(one: User):
    invited(one)
    with pytest.raises(EmailTaken):
        invited(one, email="NEW@example.com")


def test_the_link_goes_to_who_did_not_invite_and_after_the_roles(one: User, two: User):
    change = invited(one)
    with pytest.raises(RolesNotConfirmed):
        issue_password_link(user_id=change.user_id, issued_by=two, now=NOW)
    confirmed(change, two)
    with pytest.raises(InvitedByOneself):
        issue_password_link(user_id=change.user_id, issued_by=one, now=NOW)
    issue_password_link(user_id=change.user_id, issued_by=two, now=NOW)
    assert AccountEvent.objects.filter(kind="password_link_issued", actor=two, user=change.user_id).count() == 1


def test_nobody_has_the_link_of_his_own_other_log_in(one: User, two: User):
    change = invited(one)
    confirmed(change, two)
    User.objects.filter(pk__in=[two.pk, change.user_id]).update(person=a_person())
    two.refresh_from_db()
    with pytest.raises(OwnChange):
        issue_password_link(user_id=change.user_id, issued_by=two, now=NOW)


def test_no_link_for_who_has_a_password(one: User):
    user = a_user("caseworker")
    with pytest.raises(PasswordSet):
        issue_password_link(user_id=user.pk, issued_by=one, now=NOW)
    with pytest.raises(PasswordSet):
        set_first_password(user_id=user.pk, password="another long one", now=NOW)
    user.refresh_from_db()
    assert user.check_password("a long password 1")
