"""Partners: contacts that can be erased, scopes, and credentials of which nobody here knows the secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from accounts.models import AccountEvent, Credential, Partner, PartnerContact, User
from accounts.operations import (
    CredentialRevoked,
    EmailInvalid,
    ExpiryInvalid,
    ReasonUnknown,
    ScopeNotAllowed,
    TooManyCredentials,
    UnknownContact,
    UnknownCredential,
    UnknownPartner,
    UnknownScope,
    add_contact,
    erase_contact,
    issue_credential,
    register_partner,
    revoke_credential,
    set_scopes,
)
from services.refusals import Refusal
from services.staff import RoleMissing
from tests.builders import NOW, a_partner, a_user

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)


@pytest.fixture
def manager() -> User:
    return a_user("manager")


@pytest.fixture
def partner(manager: User) -> Partner:
    return set_scopes(partner_id=a_partner().pk, scopes=["usage:write", "claims:read"], set_by=manager, now=NOW)


def issued(partner: Partner, by: User, **more: Any) -> tuple[Credential, str]:
    arguments = {"scopes": ["usage:write"], "expires_at": NOW + YEAR, "now": NOW}
    return issue_credential(partner_id=partner.pk, issued_by=by, **{**arguments, **more})


def stored() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values()) for model in (Partner, PartnerContact, Credential, AccountEvent)
    ]


def test_a_secret_is_told_once_and_kept_as_a_hash(partner: Partner, manager: User):
    credential, secret = issued(partner, manager)
    credential.refresh_from_db()
    assert len(secret) >= 40
    assert check_password(secret, credential.secret_hash)
    assert credential.secret_hash.startswith("argon2$")
    assert credential.secret_prefix == secret[:6]
    assert (credential.scopes, credential.expires_at, credential.revoked_at) == (["usage:write"], NOW + YEAR, None)
    assert credential.client_id.startswith("mobility.")
    assert secret not in str(stored())


def test_what_is_done_to_a_partner_has_its_event(partner: Partner, manager: User):
    contact = add_contact(partner_id=partner.pk, name="김담당", email="kim@example.com", added_by=manager, now=NOW)
    key = contact.pk
    erase_contact(contact_id=key, erased_by=manager, now=NOW)
    credential, _ = issued(partner, manager)
    revoke_credential(credential_id=credential.pk, reason="leaked", revoked_by=manager, now=NOW)
    said = [(event.kind, event.actor, event.data) for event in AccountEvent.objects.filter(partner=partner)]
    assert said == [
        ("partner_registered", None, {}),
        ("scopes_set", manager, {"scopes": ["claims:read", "usage:write"]}),
        ("contact_added", manager, {"contact": key}),
        ("contact_erased", manager, {"contact": key}),
        ("credential_issued", manager, {"credential": credential.pk, "scopes": ["usage:write"]}),
        ("credential_revoked", manager, {"credential": credential.pk, "reason": "leaked"}),
    ]


def test_what_changes_nothing_has_no_event(partner: Partner, manager: User):
    before = stored()
    set_scopes(partner_id=partner.pk, scopes=["claims:read", "usage:write"], set_by=manager, now=NOW)
    a_partner()
    assert stored() == before


def test_an_erased_contact_leaves_no_name(partner: Partner, manager: User):
    contact = add_contact(partner_id=partner.pk, name="김담당", phone="02-123-4567", added_by=manager, now=NOW)
    erase_contact(contact_id=contact.pk, erased_by=manager, now=NOW)
    assert "김담당" not in str(stored())
    assert "02-123-4567" not in str(stored())


@pytest.mark.parametrize("role", ["caseworker", "checker", "finance", "auditor"])
def test_only_managers_do_anything_to_partners(partner: Partner, manager: User, role: str):
    other = a_user(role)
    contact = add_contact(partner_id=partner.pk, name="Kim", added_by=manager, now=NOW)
    credential, _ = issued(partner, manager)
    before = stored()
    for attempt in (
        lambda: register_partner(code="another", name_ko="x", name_en="x", registered_by=other, now=NOW),
        lambda: add_contact(partner_id=partner.pk, name="Lee", added_by=other, now=NOW),
        lambda: erase_contact(contact_id=contact.pk, erased_by=other, now=NOW),
        lambda: set_scopes(partner_id=partner.pk, scopes=[], set_by=other, now=NOW),
        lambda: issued(partner, other),
        lambda: revoke_credential(credential_id=credential.pk, reason="leaked", revoked_by=other, now=NOW),
    ):
        with pytest.raises(RoleMissing):
            attempt()
    assert stored() == before


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"scopes": []}, UnknownScope),
        ({"scopes": ["everything"]}, UnknownScope),
        ({"scopes": ["usage:write", "webhooks:write"]}, ScopeNotAllowed),
        ({"expires_at": NOW}, ExpiryInvalid),
        ({"expires_at": NOW + timedelta(days=367)}, ExpiryInvalid),
        ({"expires_at": (NOW + YEAR).replace(tzinfo=None)}, Refusal),
        ({"now": NOW.replace(tzinfo=None)}, Refusal),
    ],
)
def test_a_credential_that_is_refused_is_not_stored(
    partner: Partner, manager: User, more: dict[str, Any], refusal: type[Refusal]
):
    before = stored()
    with pytest.raises(refusal):
        issued(partner, manager, **more)
    assert stored() == before


def test_a_partner_has_two_live_credentials(partner: Partner, manager: User):
    first, _ = issued(partner, manager)
    issued(partner, manager)
    with pytest.raises(TooManyCredentials):
        issued(partner, manager)
    revoke_credential(credential_id=first.pk, reason="replaced", revoked_by=manager, now=NOW)
    issued(partner, manager)
    assert partner.credentials.filter(revoked_at__isnull=True).count() == 2


def test_an_expired_credential_gives_up_its_place(partner: Partner, manager: User):
    short, _ = issued(partner, manager, expires_at=NOW + timedelta(days=1))
    issued(partner, manager)
    with pytest.raises(TooManyCredentials):
        issued(partner, manager, now=NOW + timedelta(hours=23))
    issued(partner, manager, now=NOW + timedelta(days=1))
    short.refresh_from_db()
    assert (short.revoked_for, short.revoked_by) == ("expired", manager)


def test_a_credential_is_revoked_once_with_a_reason(partner: Partner, manager: User):
    credential, _ = issued(partner, manager)
    with pytest.raises(ReasonUnknown):
        revoke_credential(credential_id=credential.pk, reason="mood", revoked_by=manager, now=NOW)
    revoke_credential(credential_id=credential.pk, reason="leaked", revoked_by=manager, now=NOW)
    with pytest.raises(CredentialRevoked):
        revoke_credential(credential_id=credential.pk, reason="ended", revoked_by=manager, now=NOW)
    assert Credential.objects.get().revoked_for == "leaked"


def test_contacts_and_scopes_that_are_refused_are_not_stored(partner: Partner, manager: User):
    before = stored()
    for refusal, attempt in (
        (EmailInvalid, lambda: add_contact(partner_id=partner.pk, name="K", email="k", added_by=manager, now=NOW)),
        (Refusal, lambda: add_contact(partner_id=partner.pk, name="", added_by=manager, now=NOW)),
        (Refusal, lambda: add_contact(partner_id=partner.pk, name="K", phone="1" * 31, added_by=manager, now=NOW)),
        (UnknownPartner, lambda: add_contact(partner_id=0, name="K", added_by=manager, now=NOW)),
        (UnknownContact, lambda: erase_contact(contact_id=0, erased_by=manager, now=NOW)),
        (UnknownCredential, lambda: revoke_credential(credential_id=0, reason="leaked", revoked_by=manager, now=NOW)),
        (UnknownScope, lambda: set_scopes(partner_id=partner.pk, scopes=["x"], set_by=manager, now=NOW)),
    ):
        with pytest.raises(refusal):
            attempt()
    assert stored() == before
