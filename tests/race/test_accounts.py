"""Two at once at the same change of roles, the same managers, or the same credentials: one winner, and a named refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import AccountEvent, Credential, RoleChange, RoleGrant, User
from accounts.operations import (
    confirm_role_change,
    issue_credential,
    log,
    partners,
    propose_leaving,
    propose_role_change,
    return_role_change,
    roles,
    set_first_password,
    set_scopes,
    staff,
)
from services.refusals import Refusal
from tests.builders import NOW, a_partner, a_user
from tests.race.together import together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def in_one(call: Callable[..., object], **arguments: Any) -> object:
    """In a transaction; a refusal is an answer."""
    try:
        with transaction.atomic():
            return call(**arguments, now=NOW)
    except Refusal as refused:
        return refused


def raced(*calls: Callable[[], object]) -> list[str]:
    """Codes of what was refused."""
    return [result.code for result in together(*calls) if isinstance(result, Refusal)]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes the event first waits, before he does, until the other waits for his lock."""
    log_event = log.log_event

    def slowly(*arguments: Any, **more: Any) -> Any:
        until_blocked()
        return log_event(*arguments, **more)

    for module in (roles, partners, staff):
        monkeypatch.setattr(module, "log_event", slowly)


@transaction.atomic
def proposed(user: User, by: User) -> int:
    return propose_role_change(user_id=user.pk, grants=["checker"], takes=[], proposed_by=by, note="x", now=NOW).pk


def test_of_two_who_confirm_at_once_one_does(slow: None):
    change = proposed(a_user("caseworker"), a_user("manager"))
    calls = [partial(in_one, confirm_role_change, change_id=change, confirmed_by=a_user("manager")) for _ in range(2)]
    assert raced(*calls) == ["change_closed"]
    assert AccountEvent.objects.filter(kind="roles_changed").count() == 1
    assert RoleGrant.objects.filter(role="checker").count() == 1


def test_a_change_is_confirmed_or_returned(slow: None):
    proposer, other = a_user("manager"), a_user("manager")
    change = proposed(a_user("caseworker"), proposer)
    refused = raced(
        partial(in_one, confirm_role_change, change_id=change, confirmed_by=other),
        partial(in_one, return_role_change, change_id=change, returned_by=proposer, note="x"),
    )
    assert refused == ["change_closed"]
    done = RoleGrant.objects.filter(role="checker").exists()
    assert done is (RoleChange.objects.get().state == "confirmed")


def test_of_two_who_propose_at_once_one_does(slow: None):
    user = a_user("caseworker")
    about: dict[str, Any] = {"user_id": user.pk, "grants": ["checker"], "takes": [], "note": "x"}
    calls = [partial(in_one, propose_role_change, proposed_by=a_user("manager"), **about) for _ in range(2)]
    assert raced(*calls) == ["change_open"]
    assert RoleChange.objects.count() == 1


def test_managers_do_not_send_each_other_away_at_once(slow: None):
    one, two, three = (a_user("manager") for _ in range(3))
    with transaction.atomic():
        first = propose_leaving(user_id=one.pk, proposed_by=three, note="x", now=NOW)
        second = propose_leaving(user_id=two.pk, proposed_by=three, note="x", now=NOW)
    refused = raced(
        partial(in_one, confirm_role_change, change_id=first.pk, confirmed_by=two),
        partial(in_one, confirm_role_change, change_id=second.pk, confirmed_by=one),
    )
    assert refused == ["role_missing"]
    assert RoleGrant.objects.filter(role="manager", user__is_active=True).count() == 2


def test_a_partner_has_two_live_credentials_whoever_comes_at_once(slow: None):
    manager, partner = a_user("manager"), a_partner()
    about: dict[str, Any] = {
        "partner_id": partner.pk, "scopes": ["usage:write"], "expires_at": NOW + timedelta(days=9), "issued_by": manager,
    }  # fmt: skip
    with transaction.atomic():
        set_scopes(partner_id=partner.pk, scopes=["usage:write"], set_by=manager, now=NOW)
        issue_credential(**about, now=NOW)
    calls = [partial(in_one, issue_credential, **about) for _ in range(2)]
    assert raced(*calls) == ["too_many_credentials"]
    assert sorted(Credential.objects.values_list("place", flat=True)) == [1, 2]


def test_a_first_password_is_set_once(slow: None):
    user = a_user("caseworker")
    User.objects.filter(pk=user.pk).update(password="!unusable")
    calls = [
        partial(in_one, set_first_password, user_id=user.pk, password=password) for password in ("the first one", "the second")
    ]
    assert raced(*calls) == ["password_set"]
    assert AccountEvent.objects.filter(kind="password_changed").count() == 1
