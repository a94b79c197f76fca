"""Webhooks over the API: set, changed as they were read, tried, replayed; their secret is in no table."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from standardwebhooks import Webhook

from claims.models import WebhookEndpoint, WebhookPayload
from services.models import Incident
from tests.api.cast import Program, a_claim, problem
from tests.claims.hook_cast import PUBLIC

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(ours: Program) -> dict[str, Any]:
    made = ours.post("/webhooks", {"url": PUBLIC, "kinds": ["claim.filed"]})
    assert made.status_code == 201, made.content
    return dict(made.json())


def patched(program: Program, webhook: dict[str, Any], change: Any, match: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": str(uuid4()), "Accept-Language": "en"}
    headers |= {} if match is None else {"If-Match": match}
    path = f"/api/v1/webhooks/{webhook['id']}"
    return program.client.patch(path, json.dumps(change), "application/json", headers=headers)


def test_one_is_set_and_its_secret_read_but_kept_nowhere(ours: Program, webhook: dict[str, Any]):
    assert (webhook["state"], webhook["kinds"], webhook["version"]) == ("enabled", ["claim.filed"], 1)
    (secret,) = ours.get(f"/webhooks/{webhook['id']}/secret").json()["secrets"]
    assert secret.startswith("whsec_")
    Webhook(secret)
    ours.post(f"/webhooks/{webhook['id']}/secret")
    newest, before = ours.get(f"/webhooks/{webhook['id']}/secret").json()["secrets"]
    assert (before, newest != before) == (secret, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE ANY(%s)', [[f"%{secret}%", f"%{newest}%"]])
            assert cursor.fetchone() == (0,), table


def test_it_changes_as_it_was_read(ours: Program, webhook: dict[str, Any]):
    etag = ours.get(f"/webhooks/{webhook['id']}")["ETag"]
    assert problem(patched(ours, webhook, {"enabled": False})) == (428, "version_required")
    assert problem(patched(ours, webhook, {"enabled": False}, '"9"')) == (412, "version_mismatch")
    changed = patched(ours, webhook, {"enabled": False, "description": "ours"}, etag)
    assert (changed.json()["state"], changed.json()["stopped_for"], changed.json()["description"]) == (
        "disabled",
        "asked",
        "ours",
    )
    assert problem(patched(ours, webhook, {"enabled": True}, etag)) == (412, "version_mismatch")
    assert problem(ours.post(f"/webhooks/{webhook['id']}/test")) == (409, "webhook_disabled")
    etag = ours.get(f"/webhooks/{webhook['id']}")["ETag"]
    assert patched(ours, webhook, {"enabled": True}, etag).json()["state"] == "enabled"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://93.184.216.34/x", "fetch_url_invalid"), ("https://127.0.0.1/", "fetch_address_forbidden"),
        ("https://[::1]/", "fetch_address_forbidden"), ("https://169.254.169.254/latest", "fetch_address_forbidden"),
        ("https://[64:ff9b::a9fe:a9fe]/", "fetch_address_forbidden"), ("https://93.184.216.34:8443/", "fetch_url_invalid"),
        ("https://user:pw@93.184.216.34/", "fetch_url_invalid"), ("ftp://93.184.216.34/", "fetch_url_invalid"),
        ("x", "fetch_url_invalid"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_told_anything_is_refused(ours: Program, url: str, code: str):
    assert problem(ours.post("/webhooks", {"url": url})) == (422, code)
    assert not WebhookEndpoint.objects.exists()


def test_what_happens_to_a_claim_is_on_its_way_and_replayed(ours: Program, incident: Incident, webhook: dict[str, Any]):
    reference = ours.post("/claims", a_claim()).json()["reference"]
    path = f"/webhooks/{webhook['id']}"
    (delivery,) = ours.get(f"{path}/deliveries").json()["data"]
    assert (delivery["type"], delivery["claim"], delivery["number"], delivery["state"]) == (
        "claim.filed",
        reference,
        1,
        "waiting",
    )
    whole = ours.get(f"{path}/deliveries/{delivery['event']}").json()
    assert (json.loads(whole["payload"])["data"]["claim"], whole["log"]) == (reference, [])
    assert ours.post(f"{path}/replays", {"event": delivery["event"]}).json() == {"events": 1}
    assert ours.post(f"{path}/replays", {"since": "2022-10-15T00:00:00Z"}).json() == {"events": 1}
    for wrong, code in (
        ({}, "one_of_two"), ({"event": "x"}, "reference_unknown"), ({"event": str(uuid4())}, "reference_unknown"),
        ({"event": delivery["event"], "since": "2022-10-15T00:00:00Z"}, "one_of_two"),
        ({"event": delivery["event"], "before": "2022-10-15T00:00:00Z"}, "one_of_two"),
    ):  # fmt: skip
        assert problem(ours.post(f"{path}/replays", wrong))[1] == code
    WebhookPayload.objects.all().delete()
    assert ours.get(f"{path}/deliveries/{delivery['event']}").json()["payload"] is None


def test_one_that_is_removed_is_gone(ours: Program, theirs: Program, webhook: dict[str, Any]):
    path = f"/api/v1/webhooks/{webhook['id']}"
    for program, key, status in ((theirs, "a", 404), (ours, "b", 204), (ours, "b", 204), (ours, "c", 404)):
        headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": key}
        assert program.client.delete(path, headers=headers).status_code == status
    assert ours.get("/webhooks").json()["data"] == []
