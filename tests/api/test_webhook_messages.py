"""What a webhook is told is as the API's description says, by its type."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from claims.api.webhook_messages import ClaimMessage, ClaimTold, TrialMessage, TrialTold
from claims.models import WebhookKind, WebhookPayload
from claims.operations import ToldFact, send_test_event
from services.models import Incident
from tests.api.test_examples import DESCRIPTION, faults
from tests.builders import NOW, a_policy, claim_of, follow_up, work_off
from tests.claims.hook_cast import PROGRAM, an_endpoint, known


def described(kind: str) -> Any:
    return DESCRIPTION["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.django_db
def test_each_message_is_of_its_shape(incident: Incident):
    a_policy()
    endpoint = an_endpoint()
    claim_of(known("rider-1")[0], incident, facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    with transaction.atomic():
        send_test_event(partner_id=endpoint.partner_id, endpoint=endpoint.key, client_id=PROGRAM, now=NOW)
    sent = [json.loads(text) for text in WebhookPayload.objects.values_list("text", flat=True)]
    assert {one["type"] for one in sent} == {
        "claim.filed", "claim.decided", "claim.payment_changed", "claim.closed", "webhook.test",
    }  # fmt: skip
    for message in sent:
        whole, told = (TrialMessage, TrialTold) if message["type"] == WebhookKind.TEST else (ClaimMessage, ClaimTold)
        assert not faults(message, described(message["type"]))
        assert (message.keys(), message["data"].keys()) == (whole.model_fields.keys(), told.model_fields.keys())
        assert faults({**message, "type": "claim.forgotten"}, described(message["type"]))


def test_each_kind_is_described_once():
    assert list(DESCRIPTION["webhooks"]) == WebhookKind.values
    names = [one["post"]["operationId"] for one in DESCRIPTION["webhooks"].values()]
    assert len(set(names)) == len(names)
