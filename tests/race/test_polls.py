"""Two workers at one feed."""

from __future__ import annotations

from typing import Any

import pytest

from services.models import Feed, FeedDocument
from services.operations import load_service_tree, poll_feed, polling
from tests.builders import NOW
from tests.race.together import together, until_blocked
from tests.services.conftest import allowed, serve
from tests.services.feed_cast import a_feed, answer, page_until, staff

__all__ = ["allowed", "serve"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_polls_at_once_one_asks(allowed: None, serve: Any, monkeypatch: pytest.MonkeyPatch):
    load_service_tree()
    server = serve(answer(page_until()))
    feed = a_feed(staff("writer", "caseworker"), url=server.url(), poll_minutes=10)
    real = polling.due_at

    def look_slowly(found: Feed) -> Any:
        due = real(found)
        until_blocked()
        return due

    monkeypatch.setattr(polling, "due_at", look_slowly)
    found = together(*[lambda: poll_feed(feed_id=feed.pk, now=NOW)] * 2)
    assert sorted(polled is None for polled in found) == [False, True]
    assert (server.connections, FeedDocument.objects.count()) == (1, 1)
