"""Tokens: for a secret that holds, no longer than it does, and nowhere kept in clear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from accounts.models import Credential
from accounts.operations import revoke_credential, set_scopes
from tests.api.cast import API, Program, a_credential, basic, problem, token_of
from tests.builders import a_partner, a_user

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
USAGE = f"{API}/usage"


def asked(token: str) -> Any:
    return Client().get(USAGE, headers={"Authorization": f"Bearer {token}"})


def test_a_secret_gives_a_token_for_an_hour_with_the_scopes_that_were_asked_for():
    credential, secret = a_credential(scopes=["usage:read", "usage:write"])
    answer = token_of(credential.client_id, secret, scope="usage:read").json()
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 3600, "usage:read")
    assert token_of(credential.client_id, secret).json()["scope"] == "usage:read usage:write"
    assert asked(answer["access_token"]).status_code == 200


def test_a_partner_has_two_that_both_work_so_that_it_can_change_over():
    first, first_secret = a_credential()
    second, second_secret = a_credential(first.partner)
    tokens = [token_of(one.client_id, s).json()["access_token"] for one, s in ((first, first_secret), (second, second_secret))]
    assert [asked(token).status_code for token in tokens] == [200, 200]
    revoke_credential(credential_id=first.pk, reason="replaced", revoked_by=a_user("manager"), now=timezone.now())
    assert [asked(token).status_code for token in tokens] == [401, 200]
    assert token_of(first.client_id, first_secret).status_code == 401


@pytest.mark.parametrize("wrong", ["", "x", "!", "argon2"])
def test_any_other_secret_gives_none(wrong: str):
    credential, _ = a_credential()
    assert token_of(credential.client_id, wrong).status_code == 401
    anchor = Application.objects.get(client_id=credential.client_id)
    assert token_of(credential.client_id, anchor.client_secret).status_code == 401
    assert token_of(credential.client_id, credential.secret_hash).status_code == 401
    assert token_of("nobody", wrong).status_code == 401


def test_a_secret_in_the_body_is_taken_as_well():
    credential, secret = a_credential()
    body = {"grant_type": "client_credentials", "client_id": credential.client_id, "client_secret": secret}
    assert Client().post("/oauth/token", urlencode(body), FORM).status_code == 200
    assert Client().post("/oauth/token", urlencode({**body, "client_secret": secret + "x"}), FORM).status_code == 401


def test_a_scope_beyond_what_it_may_is_refused():
    credential, secret = a_credential(scopes=["usage:read"])
    answer = token_of(credential.client_id, secret, scope="usage:read claims:read")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("field", ["client_id", "client_secret", "scope", "resource", "device_code", "grant_type"])
@pytest.mark.parametrize("value", ["\x00", "\ud800", "é" * 300, "a" * 5000, "%00", "http://[::1"])
def test_no_byte_breaks_it(field: str, value: str):
    credential, secret = a_credential()
    body = {"grant_type": "client_credentials", "client_id": credential.client_id, "client_secret": secret, field: value}
    raw = "&".join(f"{name}={text}" for name, text in body.items()).encode("utf-8", "surrogatepass")
    client = Client(raise_request_exception=False)
    answer = client.post("/oauth/token", raw, FORM)
    assert answer.status_code < 500, answer.content[:200]
    answer = client.post(
        "/oauth/token",
        body={},
        headers={"Authorization": basic(value.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode())},
    )
    assert answer.status_code < 500, answer.content[:200]


def test_what_ends_with_its_credential_ends_at_once():
    program = Program()
    assert program.get("/usage").status_code == 200
    Credential.objects.filter(pk=program.credential.pk).update(
        revoked_at=timezone.now(), revoked_by=a_user("manager"), revoked_for="leaked"
    )
    assert problem(program.get("/usage")) == (401, "unauthenticated")


def test_a_scope_that_the_partner_lost_is_lost_with_its_tokens():
    program = Program()
    rest = [scope for scope in program.partner.scopes if scope != "usage:read"]
    set_scopes(partner_id=program.partner.pk, scopes=rest, set_by=a_user("manager"), now=timezone.now())
    assert problem(program.get("/usage")) == (403, "scope_missing")


def test_a_token_ends():
    program = Program()
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert problem(program.get("/usage")) == (401, "unauthenticated")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic x", "bearer " + "x" * 300, "Bearer é", "x y z"])
def test_anything_else_is_no_token(header: str):
    a_partner()
    response = Client().get(USAGE, headers={"Authorization": header})
    assert problem(response) == (401, "unauthenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_neither_a_secret_nor_a_token_is_in_the_database():
    program = Program()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                [f"%{program.token}%", f"%{program.secret}%"],
            )
            assert cursor.fetchone() == (0,), table


def test_a_token_is_revoked_by_its_program():
    program = Program()
    header = {"Authorization": basic(program.credential.client_id, program.secret)}
    assert Client().post("/oauth/revoke", f"token={program.token}", FORM, headers=header).status_code == 200
    assert problem(program.get("/usage")) == (401, "unauthenticated")
