"""A partner's program, and what it sends."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.models import App, Credential, Partner, Scope, User
from accounts.operations import issue_credential, register_app, set_scopes
from tests.builders import OUTAGE, a_partner, a_user

API = "/api/v1"
_keys = count(1)


@transaction.atomic
def a_credential(partner: Partner | None = None, scopes: Sequence[str] = Scope.values) -> tuple[Credential, str]:
    """With its secret."""
    partner, manager, now = partner or a_partner(), a_user("manager"), timezone.now()
    set_scopes(partner_id=partner.pk, scopes=sorted({*partner.scopes, *scopes}), set_by=manager, now=now)
    return issue_credential(
        partner_id=partner.pk, scopes=scopes, expires_at=now + timedelta(days=30), issued_by=manager, now=now
    )  # fmt: skip


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def token_of(client_id: str, secret: str, **more: str) -> Any:
    """What the token endpoint answers."""
    asked = {"grant_type": "client_credentials", **more}
    body, form = urlencode(asked), "application/x-www-form-urlencoded"
    return Client().post("/oauth/token", body, form, headers={"Authorization": basic(client_id, secret)})


BACK = "https://app.example/back"


@transaction.atomic
def an_app(audience: str = "claimants", *more: str) -> App:
    """The first of its audience; `more`: addresses beside the usual one."""
    found = App.objects.filter(audience=audience, ended_at=None).first()
    names = {"name_ko": "내 청구 앱", "name_en": "My claims app"}
    return found or register_app(
        **names, audience=audience, redirect_uris=[BACK, *more], registered_by=a_user("manager"), now=timezone.now()
    )


def a_token(user: User, *scopes: str) -> str:
    """As an app has it for whoever logged in with it."""
    app = an_app("staff" if user.is_staff else "claimants").application
    token, end = secrets.token_urlsafe(30), timezone.now() + timedelta(hours=1)
    AccessToken.objects.create(user=user, application=app, token=token, scope=" ".join(scopes), expires=end)
    return token


class Program:
    """It sends JSON with its token, and a new key with each write."""

    def __init__(self, code: str = "mobility", scopes: Sequence[str] = Scope.values) -> None:
        self.credential, self.secret = a_credential(a_partner(code), scopes)
        self.partner = self.credential.partner
        self.token = token_of(self.credential.client_id, self.secret).json()["access_token"]
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(API + path, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """`body`: bytes as they are, None for none, anything else as JSON."""
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        key = {"Idempotency-Key": f"key-{next(_keys)}"}
        return self.client.post(API + path, raw, "application/json", headers={**key, **self._headers(headers)})

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **named}


def a_ride(**more: Any) -> dict[str, Any]:
    ride = {
        "external_id": f"ride-{next(_keys)}", "person": "rider-1", "service": "kakao_t_bike.ride_end_billing", "kind": "ride",
        "start_at": "2022-10-15T15:20:00+09:00", "end_at": "2022-10-15T21:15:00+09:00",
        "locked_at": "2022-10-15T15:42:00+09:00", "charge_minor": 53_450, "currency": "KRW",
    }  # fmt: skip
    return {name: value for name, value in {**ride, **more}.items() if value is not ...}


def a_lock(**more: Any) -> dict[str, Any]:
    """Of the ride that `ride` names."""
    lock = {
        "external_id": f"lock-{next(_keys)}", "person": "rider-1", "service": "kakao_t_bike.ride_end_billing", "kind": "lock",
        "start_at": "2022-10-15T15:42:00+09:00",
    }  # fmt: skip
    return {**lock, **more}


def a_claim(**more: Any) -> dict[str, Any]:
    lost = {"service": "kakaotalk.text_message", "start_at": "2022-10-15T15:30:00+09:00", "end_at": "2022-10-15T22:00:00+09:00"}
    claim = {"external_id": f"claim-{next(_keys)}", "person": "rider-1", "incident": OUTAGE, "losses": [lost]}
    return {name: value for name, value in {**claim, **more}.items() if value is not ...}


def problem(response: Any) -> tuple[int, str]:
    """Its status and code; that it is a problem at all is checked on the way."""
    assert response["Content-Type"] == "application/problem+json", response.content[:300]
    body = response.json()
    assert body["status"] == response.status_code
    assert {"type", "title", "detail", "code", "request_id", "errors"} <= body.keys()
    assert response["X-Request-Id"] == body["request_id"]
    return response.status_code, body["code"]
