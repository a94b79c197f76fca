"""The buttons of the pages about people, log-ins and partners, each with what is sent by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import App, Partner, RoleChange, Scope, User
from accounts.operations import (
    add_contact,
    confirm_role_change,
    invite_staff,
    issue_credential,
    propose_role_change,
    register_app,
    register_partner,
    set_scopes,
)
from tests.builders import NOW, a_user, paid_to
from tests.house.buttons_cast import Button, Sent, World

USER, CHANGE, PARTNER = "accounts_user_change", "accounts_rolechange_change", "accounts_partner_change"
NOTE = {"note": "x"}


@transaction.atomic
def changing(world: World) -> RoleChange:
    by: dict[str, Any] = {"proposed_by": world.manager, "note": "x", "now": NOW}
    return propose_role_change(user_id=world.worker.pk, grants=["checker"], takes=[], **by)


@transaction.atomic
def invited(world: World) -> User:
    """With roles that were confirmed, and no password yet."""
    change = invite_staff(email="new@example.com", roles=["caseworker"], invited_by=world.manager, note="x", now=NOW)
    confirm_role_change(change_id=change.pk, confirmed_by=a_user("manager"), now=NOW)
    return change.user


@transaction.atomic
def partner(world: World) -> Partner:
    made = register_partner(code="rides", name_ko="제휴사", name_en="Partner", now=NOW)
    by: dict[str, Any] = {"partner_id": made.pk, "now": NOW}
    add_contact(name="Lee", added_by=world.manager, **by)
    set_scopes(scopes=Scope.values, set_by=world.manager, **by)
    now = timezone.now()
    issue_credential(scopes=Scope.values, expires_at=now + timedelta(days=30), issued_by=world.manager, **{**by, "now": now})
    return made


@transaction.atomic
def app(world: World) -> App:
    return register_app(**NEW_APP, redirect_uris=[BACK], registered_by=world.manager, now=NOW)


def payee(world: World) -> None:
    paid_to(world.person)


def of_contact(world: World, user: User, partner: Partner) -> Sent:
    return Sent([partner.pk], {"row": partner.contacts.get().pk})


def of_credential(world: World, user: User, partner: Partner) -> Sent:
    return Sent([partner.pk], {"row": partner.credentials.get().pk, "reason": "ended"})


def issuing(world: World, user: User, partner: Partner) -> Sent:
    until = timezone.now().date() + timedelta(days=30)
    return Sent([partner.pk], {"scopes": Scope.values, "last_date": f"{until}"})


BACK = "https://app.example.org/back"
NEW_APP = {"name_ko": "앱", "name_en": "App", "audience": "claimants"}
NEW_PARTNER = {"code": "new", "name_ko": "제휴사", "name_en": "Partner"}
INVITED = {"email": "one@example.com", "roles": ["caseworker"], "locale": "ko", **NOTE}
BUTTONS = [
    Button("accounts_personaldata_changelist", "", "accounts_dataview", lambda w, u: Sent(body={"q": "5678"})),
    Button("accounts_personaldata_change", "", "accounts_dataview", lambda w, u: Sent([w.person.pk], {"reason": "review"})),
    Button(
        "accounts_personaldata_payee",
        "",
        "accounts_dataview",
        lambda w, u, _: Sent([w.person.pk], {"reason": "payment"}),
        payee,
    ),
    Button("accounts_user_add", "", "accounts_rolechange", lambda w, u: Sent(body=INVITED)),
    Button(
        USER, "roles", "accounts_rolechange", lambda w, u: Sent([w.worker.pk], {"roles": ["caseworker", "checker"], **NOTE})
    ),
    Button(USER, "leaving", "accounts_rolechange", lambda w, u: Sent([w.worker.pk], NOTE)),
    Button(USER, "link", "accounts_accountevent", lambda w, u, one: Sent([one.pk]), invited),
    Button(CHANGE, "confirm", "accounts_rolegrant", lambda w, u, one: Sent([one.pk]), changing),
    Button(CHANGE, "return", "accounts_rolechange", lambda w, u, one: Sent([one.pk], NOTE), changing),
    Button("accounts_partner_add", "", "accounts_partner", lambda w, u: Sent(body=NEW_PARTNER)),
    Button(PARTNER, "contact", "accounts_partnercontact", lambda w, u, one: Sent([one.pk], {"name": "Kim"}), partner),
    Button(PARTNER, "erase", "accounts_partnercontact", of_contact, partner),
    Button(PARTNER, "scopes", "accounts_partner", lambda w, u, one: Sent([one.pk], {"scopes": Scope.values[:1]}), partner),
    Button(PARTNER, "issue", "accounts_credential", issuing, partner),
    Button(PARTNER, "revoke", "accounts_credential", of_credential, partner),
    Button("accounts_app_add", "", "accounts_app", lambda w, u: Sent(body={**NEW_APP, "redirect_uris": BACK})),
    Button("accounts_app_change", "end", "accounts_app", lambda w, u, one: Sent([one.pk]), app),
]
