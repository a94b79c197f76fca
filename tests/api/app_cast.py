"""An app that asks to be let in, as its user's browser sends it there."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from accounts.models import App, User
from tests.api.cast import BACK

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
FORM = "application/x-www-form-urlencoded"
AUTHORIZE = "/oauth/authorize"


def asking(app: App, **more: Any) -> str:
    """Where the app sends the browser; what is None is left out."""
    asked = {
        "response_type": "code", "client_id": app.application.client_id, "redirect_uri": BACK, "state": "xyz",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more,
    }  # fmt: skip
    return f"{AUTHORIZE}?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def browser_of(user: User | None = None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def told(answer: Any) -> dict[str, str]:
    """What the browser is to bring to the app."""
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert answer.headers["Location"].startswith(f"{BACK}?"), answer.headers["Location"]
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def code_for(app: App, user: User, **more: Any) -> str:
    return told(browser_of(user).post(asking(app, **more), {"answer": "allow"}))["code"]


def sent(app: App, path: str = "/oauth/token", **fields: str) -> Any:
    body = {"client_id": app.application.client_id, **fields}
    return Client(raise_request_exception=False).post(path, urlencode(body), FORM)


def exchanged(app: App, code: str, **more: str) -> Any:
    return sent(app, grant_type="authorization_code", code=code, **{"redirect_uri": BACK, "code_verifier": VERIFIER, **more})


def refreshed(app: App, token: str) -> Any:
    return sent(app, grant_type="refresh_token", refresh_token=token)


def tokens_of(app: App, user: User) -> dict[str, Any]:
    answer = exchanged(app, code_for(app, user))
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def claims_by(token: str) -> Any:
    return Client().get("/api/v1/claims", headers={"Authorization": f"Bearer {token}"})
