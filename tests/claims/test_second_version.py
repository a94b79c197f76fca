"""The page on which version 2 of 15 October is drafted: what changes, and who gains and loses by it."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.operations import compare_next_chunk, finish_comparisons
from services.operations import load_service_tree
from tests.builders import MESSAGES, NOW, a_person, a_policy, claim_of, told, work_off
from tests.services.intake_cast import drafted, imported, opened, published, staff

pytestmark = pytest.mark.django_db


def test_the_difference_of_version_1_and_2_and_whom_it_touches(client: Client):
    writer, checker = staff("writer", "caseworker"), staff("checker", "checker")
    load_service_tree()
    incident = opened(writer)
    imported(1)
    published(drafted(writer, 1), checker, 0)
    a_policy()
    claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    late = claim_of(a_person(), incident, told(MESSAGES, "15 15:00", "16 03:00"))
    work_off()
    imported(2)
    draft = drafted(writer, 2)
    client.force_login(writer)
    address = reverse("admin:services_recorddraft_change", args=[draft.pk])
    client.post(address, {"act": "preview", "read": draft.changes.count()})
    while compare_next_chunk(now=NOW):
        pass
    with transaction.atomic():
        finish_comparisons(now=NOW)
    page = client.get(address).content.decode()
    assert "바뀌는 것 (18)" in page  # 16 windows moved, 2 added
    assert "kakao_t_bike.ride_end_billing" in page
    assert "half_hours_of_messages" in page
    assert "−250원" in page
    assert late.reference in page
