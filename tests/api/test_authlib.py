"""A client that is not ours, unmodified, against a server: Authlib, as an app has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.db import transaction

from accounts.models import App, User
from accounts.operations import keep_person
from claims.models import Claim
from services.models import Incident
from tests.api.app_cast import browser_of
from tests.api.cast import BACK, Program, a_claim, an_app
from tests.builders import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def app() -> App:
    return an_app()


@pytest.fixture
def new_session(live_server: Any, app: App) -> Iterator[Callable[[], Any]]:
    """Closed before the server is: a connection that is kept is one to the database as well."""
    about = {"redirect_uri": BACK, "scope": "own:read", "token_endpoint_auth_method": "none", "code_challenge_method": "S256"}
    with ExitStack() as opened:
        yield lambda: opened.enter_context(OAuth2Session(app.application.client_id, **about))


def test_it_gets_in_stays_in_and_is_let_out(
    incident: Incident, new_session: Callable[[], Any], live_server: Any, monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the server of the tests has no certificate
    reference = Program("ours").post("/claims", a_claim()).json()["reference"]
    with transaction.atomic():
        owner = User.objects.create_user("own@example.org")
        keep_person(user=owner, person=Claim.objects.get().person, by="code", now=NOW)
    about = requests.get(f"{live_server.url}/.well-known/oauth-authorization-server", timeout=10).json()
    assert about["issuer"] == live_server.url
    session, verifier = new_session(), generate_token(48)
    address, state = session.create_authorization_url(about["authorization_endpoint"], code_verifier=verifier)

    parts = urlsplit(address)
    answer = browser_of(owner).post(f"{parts.path}?{parts.query}", {"answer": "allow"}, headers={"Host": parts.netloc})
    assert answer.status_code == 302, answer.content.decode()[:300]
    came_back = answer.headers["Location"]

    first = session.fetch_token(
        about["token_endpoint"], authorization_response=came_back, code_verifier=verifier, state=state
    )  # fmt: skip
    assert first["scope"] == "own:read"
    seen = session.get(f"{live_server.url}/api/v1/claims", timeout=10)
    assert seen.status_code == 200, seen.text
    assert reference in seen.text

    second = session.refresh_token(about["token_endpoint"], refresh_token=first["refresh_token"])
    assert second["access_token"] != first["access_token"]
    assert reference in session.get(f"{live_server.url}/api/v1/claims", timeout=10).text

    with pytest.raises(OAuthError, match="invalid_grant"):
        new_session().refresh_token(about["token_endpoint"], refresh_token=first["refresh_token"])
    assert session.get(f"{live_server.url}/api/v1/claims", timeout=10).status_code == 401, "somebody has it who should not"
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(about["token_endpoint"], refresh_token=second["refresh_token"])

    again = new_session()
    address, state = again.create_authorization_url(about["authorization_endpoint"], code_verifier=verifier)
    parts = urlsplit(address)
    answer = browser_of(owner).post(f"{parts.path}?{parts.query}", {"answer": "allow"}, headers={"Host": parts.netloc})
    again.fetch_token(
        about["token_endpoint"], authorization_response=answer.headers["Location"], code_verifier=verifier, state=state
    )  # fmt: skip
    assert again.get(f"{live_server.url}/api/v1/claims", timeout=10).status_code == 200
    held = again.token
    answer = again.revoke_token(about["revocation_endpoint"], token=held["refresh_token"], token_type_hint="refresh_token")
    assert answer.status_code == 200
    for token in (held["access_token"], second["access_token"]):
        seen = requests.get(f"{live_server.url}/api/v1/claims", headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert seen.status_code == 401
