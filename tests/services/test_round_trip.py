"""What we publish in the shape of a status page is read back by our own reader as the same windows."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.test import Client

from services.feeds import read_feed
from services.models import RecordVersion

pytestmark = pytest.mark.django_db

Span = tuple[str, str, datetime | None, datetime | None]


def published(version: RecordVersion) -> set[Span]:
    """Of the governing source of each service."""
    windows = list(version.windows.select_related("service", "source"))
    best = {w.service_id: min(o.source.rank or 0 for o in windows if o.service_id == w.service_id) for w in windows}
    return {
        (w.service.code, "full" if w.severity == "full" else "partial", w.start_at, w.end_at)
        for w in windows
        if w.source.rank == best[w.service_id]
    }


def test_the_shipped_record_is_read_back(client: Client, version_2: RecordVersion):
    body = client.get("/status/api/v2/incidents.json").content
    items = {item.foreign_id: item for item in read_feed("statuspage", body)}
    item = items[version_2.incident.key]
    read = {(w.component_id or "", w.severity, w.start_at, w.end_at) for w in item.windows}
    differing = read ^ published(version_2)
    # The partial and the flapping window of messages touch, and both are "partly" there: one span.
    assert {span[0] for span in differing} == {"kakaotalk.text_message"}
    assert all(window.notice for window in item.windows)
    assert json.loads(body)["page"]["time_zone"] == "Asia/Seoul"
