"""What the pages of passkeys answer to what no browser of ours would send; how passkeys work is tried in a browser."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User
from claims.web.account.passkey_forms import AddPasskeyForm, RenamePasskeyForm
from tests.claims.account_cast import logged_in, signed_up

pytestmark = pytest.mark.django_db


def encoded(said: bytes) -> str:
    return urlsafe_b64encode(said).decode().rstrip("=")


def asked(kind: str) -> str:
    return encoded(json.dumps({"type": kind, "challenge": "AA", "origin": "http://localhost"}).encode())


MADE = {"clientDataJSON": asked("webauthn.create"), "attestationObject": encoded(b"\xa0")}
SHOWN = {
    "clientDataJSON": asked("webauthn.get"), "authenticatorData": encoded(bytes(37)), "signature": "AA",
    "userHandle": encoded(b"1"),
}  # fmt: skip


def sent(response: Any, **instead: Any) -> str:
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response, **instead})


def a_passkey(user: User) -> Authenticator:
    public = ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    held = AttestedCredentialData.create(bytes(16), b"id", public)
    told = AttestationObject.create("none", AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG(0x45), 0, held), {})
    credential = {
        "id": encoded(b"id"), "rawId": encoded(b"id"), "type": "public-key",
        "response": {"clientDataJSON": asked("webauthn.create"), "attestationObject": encoded(bytes(told))},
    }  # fmt: skip
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "x", "credential": credential})


NONSENSE = [
    "", "x", "null", "[]", "1", "true", "{}", "9" * 5000, "[" * 100_000, "\0", '{"response": 1}', '{"id": 1}',
    *(
        sent({**right, **wrong}, **instead)
        for right in (MADE, SHOWN)
        for wrong, instead in (
            ({}, {}), ({"clientDataJSON": encoded(b"[]")}, {}), ({"clientDataJSON": 1}, {}), ({"attestationObject": "gA"}, {}),
            ({"attestationObject": encoded(b"\x19")}, {}), ({"authenticatorData": "AA"}, {}), ({"userHandle": "_w"}, {}),
            ({"userHandle": encoded(b"9" * 30)}, {}), ({"userHandle": None}, {}), ({}, {"rawId": None}),
            ({}, {"rawId": "AAAA"}), ({}, {"clientExtensionResults": 1}), ({}, {"clientExtensionResults": []}),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("name", ["mfa_login_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"])
def test_nonsense_is_a_passkey_that_does_not_fit(client: Client, name: str):
    if name != "mfa_login_webauthn":
        user = signed_up(client)
    if name == "mfa_reauthenticate_webauthn":
        a_passkey(user)
    wrong = []
    for said in NONSENSE:
        cache.clear()  # of how often it was tried
        client.get(reverse(name), headers={"X-Requested-With": "XMLHttpRequest"})
        answer = client.post(reverse(name), {"credential": said}, follow=True)
        text = answer.content.decode()
        if answer.status_code != 200 or "이 패스키로는" not in text:
            wrong.append((said[:80], answer.status_code))
    assert not wrong
    assert Authenticator.objects.count() == (name == "mfa_reauthenticate_webauthn")


def test_a_name_is_as_long_as_the_page_lets_it_be(client: Client):
    key = a_passkey(signed_up(client))
    for name, fits in (("가" * 61, False), ("\0", False), ("", False), ("가" * 60, True)):
        assert RenamePasskeyForm({"name": name}, instance=key).is_valid() == fits
    named = RenamePasskeyForm({"name": "900101-1234567"}, instance=key)
    assert named.is_valid()
    assert named.cleaned_data["name"] == "900101-*******", "no resident number is kept"
    assert not AddPasskeyForm({"name": "가" * 61, "credential": "x"}, user=key.user).has_error("name", "required")
    assert AddPasskeyForm({"name": "가" * 61, "credential": "x"}, user=key.user).has_error("name", "max_length")


def test_who_has_lost_the_passkey_removes_it_after_a_code(client: Client):
    key = a_passkey(signed_up(client))
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = client.post(remove, follow=True)
    assert asked.request["PATH_INFO"] == reverse("mfa_reauthenticate_webauthn")
    assert "5분 안에" in asked.content.decode(), "and what to do without it"
    client.post(reverse("account_logout"))
    logged_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.post(remove)
    assert Authenticator.objects.exists()
    client.post(remove)
    assert not Authenticator.objects.exists()
