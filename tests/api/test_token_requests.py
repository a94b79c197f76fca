"""What the token endpoints are sent: what is wrong is said as in RFC 6749, and whoever guesses is counted as who they are."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from accounts.models import Credential, RequestCount
from tests.api.app_cast import code_for, exchanged
from tests.api.cast import a_credential, an_app, basic, token_of
from tests.builders import a_user

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
GRANT = "grant_type=client_credentials"
HERE, THERE = "192.0.2.1", "198.51.100.1"


@pytest.fixture
def client() -> tuple[Credential, str]:
    return a_credential()


def posted(body: str | bytes, header: str | None = None, path: str = "/oauth/token", form: str = FORM, **more: Any) -> Any:
    headers = {} if header is None else {"Authorization": header}
    return Client(raise_request_exception=False).generic("POST", path, body, form, headers=headers, **more)


def said(answer: Any) -> tuple[int, str]:
    """Its status and error, as RFC 6749 has them (5.2)."""
    body = answer.json()
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/json", True)
    assert {"error"} <= body.keys() <= {"error", "error_description"}
    return answer.status_code, body["error"]


# --- what is sent -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"), ("grant_type=", "invalid_request"), ("scope=usage:read", "invalid_request"),
        *((f"grant_type={grant}", "unsupported_grant_type") for grant in (
            DEVICE, quote(DEVICE), "password", "password&username=x&password=x", "implicit", "openid", "CLIENT_CREDENTIALS",
            "urn:ietf:params:oauth:grant-type:jwt-bearer", "%20client_credentials", "x" * 5000,
        )),
        (f"grant_type={DEVICE}&device_code=x", "unsupported_grant_type"),
        (f"{GRANT}&{GRANT}", "invalid_request"), (f"{GRANT}&scope=&scope=", "invalid_request"),
        (f"{GRANT}&x=1&x=2", "invalid_request"), (f"{GRANT}&" + "&".join(f"a{n}=" for n in range(2000)), "invalid_request"),
        (f"{GRANT}&scope=%ff", "invalid_request"), (f"{GRANT}&scope=%ED%A0%80", "invalid_request"),
        (f"{GRANT}&scope=%00", "invalid_request"), (GRANT.encode() + b"&scope=\xff", "invalid_request"),
        ('{"grant_type": "client_credentials"}', "invalid_request"), ("<x/>", "invalid_request"), ("\0", "invalid_request"),
        (f"{GRANT}&scope=x", "invalid_scope"), (f"{GRANT}&scope=usage:read%20own:read", "invalid_scope"),
        ("grant_type=authorization_code", "invalid_request"), ("grant_type=authorization_code&code=x", "invalid_request"),
        ("grant_type=authorization_code&redirect_uri=https://app.example/back", "invalid_request"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x", "invalid_grant"),
        ("grant_type=authorization_code&code=x&redirect_uri=https://app.example/back", "unauthorized_client"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(client: tuple[Credential, str], body: str | bytes, error: str):
    assert said(posted(body, basic(client[0].client_id, client[1]))) == (400, error)


@pytest.mark.parametrize("form", ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "x", f"{FORM}x"])
def test_what_is_no_form_is_refused(client: tuple[Credential, str], form: str):
    assert said(posted(GRANT, basic(client[0].client_id, client[1]), form=form)) == (400, "invalid_request")


@pytest.mark.parametrize("charset", ["euc-kr", "utf-16", "base64", "undefined", "x" * 300, "utf-7"])
def test_another_charset_is_refused(client: tuple[Credential, str], charset: str):
    answer = posted(GRANT, basic(client[0].client_id, client[1]), form=f"{FORM}; charset={charset}")
    assert said(answer) == (400, "invalid_request")


@pytest.mark.parametrize("form", [FORM, FORM.upper(), f"{FORM}; charset=UTF-8", f"{FORM}; charset=utf8", f"{FORM};x=y"])
def test_a_form_is_read_however_it_is_called(client: tuple[Credential, str], form: str):
    assert posted(GRANT, basic(client[0].client_id, client[1]), form=form).status_code == 200


@pytest.mark.parametrize(
    "more", ["x=1", "resource=https://x.example", "device_code=x", "username=x&password=y", "%00=%00", "scope="]
)
def test_what_is_unknown_or_empty_is_not_looked_at(client: tuple[Credential, str], more: str):
    assert posted(f"{GRANT}&{more}", basic(client[0].client_id, client[1])).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_it_is_posted(method: str, path: str):
    answer = posted(GRANT, path=path, REQUEST_METHOD=method)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, (411, "invalid_request")),
        ({"CONTENT_LENGTH": "900000"}, (413, "invalid_request")),
        ({"HTTP_CONTENT_ENCODING": "gzip"}, (400, "invalid_request")),
        ({"QUERY_STRING": GRANT}, (400, "invalid_request")),
        ({"QUERY_STRING": "&"}, (400, "invalid_request")),
    ],
)
def test_only_a_body_is_read(client: tuple[Credential, str], how: dict[str, Any], answer: tuple[int, str]):
    assert said(posted(GRANT, basic(client[0].client_id, client[1]), **how)) == answer


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 400), ("token=", 400), ("token=x&token=x", 400), ("x=1", 400), ("token=x", 200), ("token=x&token_type_hint=x", 200),
     ("token=x&token_type_hint=refresh_token", 200), ("token=%ff", 400), ("token=%00", 400), ("token=x&grant_type=x", 200)],
)  # fmt: skip
def test_what_is_to_be_revoked(client: tuple[Credential, str], body: str, status: int):
    answer = posted(body, basic(client[0].client_id, client[1]), "/oauth/revoke")
    assert answer.status_code == status
    assert status == 200 or said(answer) == (400, "invalid_request")


def test_nobody_looks_into_tokens():
    assert posted("token=x", path="/oauth/introspect").status_code == 404


def test_a_scope_that_was_asked_for_twice_is_given_once(client: tuple[Credential, str]):
    answer = token_of(client[0].client_id, client[1], scope="usage:read usage:write usage:read")
    assert answer.json()["scope"] == "usage:read usage:write"
    owner, app = a_user("caseworker"), an_app("staff")
    assert exchanged(app, code_for(app, owner, scope="cases:read cases:read")).json()["scope"] == "cases:read"


# --- who asks ---------------------------------------------------------------------------------------------


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic ", "Basic x", "Basic é", "Bearer x", "Digest x", "Basic " + encoded("x"), "Basic " + encoded(b"\xff:\xff"),
     "Basic " + encoded(":"), "Basic " + encoded("x:y"), "Basic " + encoded("%00:y"), "Basic " + encoded("%ff:y"),
     "Basic " + encoded("é" * 300 + ":y"), "x" * 5000],
)  # fmt: skip
@pytest.mark.parametrize(("path", "body"), [("/oauth/token", GRANT), ("/oauth/revoke", "token=x")])
def test_whoever_is_nobody_is_told_how_to_say_it(header: str, path: str, body: str):
    answer = posted(body, header, path)
    assert (said(answer), answer["WWW-Authenticate"]) == ((401, "invalid_client"), 'Basic realm="api"')


@pytest.mark.parametrize(
    "body", [GRANT, f"{GRANT}&client_id=x", f"{GRANT}&client_id=x&client_secret=y", f"{GRANT}&client_secret=y"]
)
def test_nobody_is_told_so_of_a_body_too(body: str):
    assert said(posted(body)) == (401, "invalid_client")


def test_a_secret_is_sent_in_one_way(client: tuple[Credential, str]):
    name, secret = client[0].client_id, client[1]
    right, form = basic(name, secret), urlencode({"client_id": name, "client_secret": secret})
    for more in (form, f"client_secret={secret}", "client_id=x", f"client_id={name.upper()}"):
        assert said(posted(f"{GRANT}&{more}", right)) == (400, "invalid_request"), more
    for header in (
        right,
        right.replace("Basic", "basic"),
        right.replace("Basic ", "BASIC  "),
        f"Basic {encoded(f'{quote(name)}:{secret}')}",
    ):
        assert posted(f"{GRANT}&client_id={name}", header).status_code == 200, header
    assert posted(f"{GRANT}&{form}").status_code == 200


@pytest.mark.parametrize("junk", ["!!!", "-", "é", "\t", "=", "."])
def test_what_is_no_base64_is_no_secret(client: tuple[Credential, str], junk: str):
    right = basic(client[0].client_id, client[1])
    for header in (right.replace(" ", f" {junk}"), right[:20] + junk + right[20:]):
        assert said(posted(GRANT, header)) == (401, "invalid_client"), header


# --- how often --------------------------------------------------------------------------------------------


def test_whatever_else_is_sent_guesses_are_counted_together(client: tuple[Credential, str], settings: Any):
    settings.TOKENS_PER_MINUTE, name = 10**6, client[0].client_id
    for number in range(3):
        wrong = basic(name, f"wrong{number}")
        for body, header in (
            (GRANT, wrong), (f"{GRANT}&client_id=rnd{number}", wrong), (GRANT, wrong.replace(" ", f" {'!' * (number + 1)}")),
            (f"{GRANT}&client_id={name}", wrong), (f"{GRANT}&client_id={name}&client_secret=wrong{number}", None),
            (f"{GRANT}&x={number}", wrong.replace("Basic", "bAsic")),
        ):  # fmt: skip
            assert posted(body, header).status_code in (400, 401)
    known = RequestCount.objects.exclude(caller__startswith="token::")
    assert known.count() == 1
    assert known.get().requests <= 3 * 4


def test_too_many_guesses_are_refused(client: tuple[Credential, str], settings: Any):
    settings.TOKENS_PER_MINUTE = 2
    answers = [posted(f"{GRANT}&client_id={client[0].client_id}", basic(client[0].client_id, f"wrong{n}")) for n in range(6)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused, "the minute ends once in between at most"
    for answer in refused:
        assert said(answer) == (429, "invalid_request")
        assert 1 <= int(answer["Retry-After"]) <= 60


def test_a_stranger_locks_no_partner_out(client: tuple[Credential, str], settings: Any):
    settings.TOKENS_PER_MINUTE, name = 1, client[0].client_id
    right = basic(name, client[1])
    for number in range(4):
        posted(GRANT, basic(name, f"wrong{number}"), REMOTE_ADDR=THERE)
        posted(GRANT, basic(f"nobody{number}", "x"), REMOTE_ADDR=HERE)
    assert posted(GRANT, right, REMOTE_ADDR=HERE).status_code == 200


def test_whoever_is_nobody_is_counted_by_network(settings: Any):
    settings.APP_TOKENS_PER_MINUTE = 0
    assert said(posted(GRANT, basic("nobody", "x"))) == (429, "invalid_request")
    settings.APP_TOKENS_PER_MINUTE = 10**6
    for number in range(3):
        for at in (HERE, THERE):
            posted(f"{GRANT}&client_id=nobody{number}", REMOTE_ADDR=at)
            posted(GRANT, basic(f"no{number}", "x"), "/oauth/revoke", REMOTE_ADDR=at)
    assert RequestCount.objects.count() == 3


# --- codes ------------------------------------------------------------------------------------------------


def test_a_code_needs_the_address_it_was_given_for():
    app = an_app("staff")
    code = code_for(app, a_user("caseworker"))
    assert said(exchanged(app, code, redirect_uri="")) == (400, "invalid_request")
    assert exchanged(app, code).status_code == 200
