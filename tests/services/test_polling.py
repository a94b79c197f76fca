"""Asking feeds over the network: what is kept of an answer, when a feed is asked again, and that one asks at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection

from accounts.models import User
from config import celery_app
from services import tasks
from services.fetching import fetch
from services.models import Feed, FeedDocument, Notice, WindowProposal
from services.operations import (
    FeedJustPolled,
    FeedWithoutAddress,
    due_at,
    due_feeds,
    import_feed,
    poll_feed,
    poll_feed_now,
    polling,
)
from services.staff import RoleMissing
from tests.builders import NOW
from tests.services.answering import Server
from tests.services.feed_cast import a_feed, answer, not_json, page_until, staff

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def writer(tree: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def server(allowed: None, serve: Any) -> Server:
    started: Server = serve(answer(page_until()))
    return started


@pytest.fixture
def feed(writer: User, server: Server) -> Feed:
    return a_feed(writer, url=server.url(), poll_minutes=10)


def polled(feed: Feed, at: datetime = NOW) -> Feed:
    poll_feed(feed_id=feed.pk, now=at)
    feed.refresh_from_db()
    return feed


def test_a_poll_keeps_the_document_its_proposals_and_the_etag(feed: Feed):
    polled(feed)
    assert (feed.polled_at, feed.etag, feed.last_error, feed.failures) == (NOW, '"1"', "", 0)
    assert bytes(feed.documents.get().content) == page_until()
    assert feed.documents.get().read_by is None
    assert WindowProposal.objects.count() == 1


def test_the_etag_is_sent_and_an_unchanged_feed_changes_nothing(feed: Feed, server: Server):
    polled(feed)
    server.script = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    polled(feed, NOW + 10 * MINUTE)
    assert 'If-None-Match: "1"' in server.requests[1]
    assert (feed.polled_at, feed.etag, FeedDocument.objects.count()) == (NOW + 10 * MINUTE, '"1"', 1)


def test_after_an_upload_the_server_must_say_everything_again(feed: Feed, server: Server):
    polled(feed)
    import_feed(feed="page", body=page_until("12:00"), now=NOW + MINUTE)
    polled(feed, NOW + 10 * MINUTE)
    assert "If-None-Match" not in server.requests[1]
    assert WindowProposal.objects.filter(replaced_by=None).count() == 1
    assert FeedDocument.objects.count() == 3


REFUSED = {
    "fetch_status": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
    "fetch_redirected": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
    "feed_malformed": answer(not_json(), '"2"'),
}


@pytest.mark.parametrize("code", REFUSED)
def test_of_what_is_refused_nothing_but_the_error_is_kept(feed: Feed, server: Server, code: str):
    polled(feed)
    before = [model.objects.count() for model in (FeedDocument, Notice, WindowProposal)]
    server.script = REFUSED[code]
    polled(feed, NOW + 10 * MINUTE)
    assert feed.last_error.startswith(f"{code}: ")
    assert (feed.failures, feed.etag) == (1, '"1"'), "the etag of a document that was not read would hide it for ever"
    assert [model.objects.count() for model in (FeedDocument, Notice, WindowProposal)] == before


def test_an_error_is_forgotten_once_the_feed_answers(feed: Feed, server: Server):
    good, server.script = server.script, REFUSED["fetch_status"]
    assert polled(feed).failures == 1
    server.script = good
    polled(feed, NOW + 20 * MINUTE)
    assert (feed.last_error, feed.failures) == ("", 0)


def test_text_that_no_column_holds_is_no_error(feed: Feed, monkeypatch: pytest.MonkeyPatch):
    def refuse(url: str, etag: str) -> None:
        raise FeedJustPolled(f"\x00\ud800{'x' * 600}")

    monkeypatch.setattr(polling, "fetch", refuse)
    assert polled(feed).last_error.startswith("feed_just_polled: ??xxx")
    assert len(feed.last_error) == 500


@pytest.mark.parametrize(("failures", "minutes"), [(0, 10), (1, 20), (3, 80), (30, 1440)])
def test_a_failing_feed_is_asked_after_growing_pauses(feed: Feed, failures: int, minutes: int):
    Feed.objects.update(polled_at=NOW, failures=failures)
    assert due_feeds(NOW + minutes * MINUTE - timedelta(seconds=1)) == []
    assert due_feeds(NOW + minutes * MINUTE) == [feed.pk]


def test_no_feed_is_asked_more_often_than_it_says(feed: Feed):
    Feed.objects.update(polled_at=NOW, failures=9, poll_minutes=3 * 1440)
    feed.refresh_from_db()
    assert due_at(feed) == NOW + timedelta(days=3)


def test_a_feed_that_is_not_due_is_left_alone(feed: Feed, server: Server):
    polled(feed)
    assert poll_feed(feed_id=feed.pk, now=NOW + 9 * MINUTE) is None
    Feed.objects.update(poll_minutes=None)
    assert poll_feed(feed_id=feed.pk, now=NOW + 99 * MINUTE) is None
    assert due_feeds(NOW + 99 * MINUTE) == []
    assert server.connections == 1


def test_staff_may_ask_at_any_time_but_not_within_a_minute(feed: Feed, writer: User, server: Server):
    polled(feed)
    with pytest.raises(FeedJustPolled):
        poll_feed_now(feed_id=feed.pk, asked_by=writer, now=NOW + timedelta(seconds=59))
    assert poll_feed_now(feed_id=feed.pk, asked_by=writer, now=NOW + MINUTE).error == ""
    with pytest.raises(RoleMissing):
        poll_feed_now(feed_id=feed.pk, asked_by=staff("auditor", "auditor"), now=NOW + 5 * MINUTE)
    with pytest.raises(FeedWithoutAddress):
        poll_feed_now(feed_id=a_feed(writer, code="files").pk, asked_by=writer, now=NOW)
    assert server.connections == 2


def test_the_task_polls_all_that_are_due_and_one_that_breaks_stops_no_other(
    feed: Feed, writer: User, server: Server, monkeypatch: pytest.MonkeyPatch
):
    other = a_feed(writer, code="other", url=server.url("/other"), poll_minutes=10)
    real = import_feed

    def broken(**given: Any) -> Any:
        if given["feed"] == "page":
            raise ZeroDivisionError
        return real(**given)

    monkeypatch.setattr(polling, "import_feed", broken)
    tasks.poll_feeds()
    other.refresh_from_db()
    assert other.documents.count() == 1
    assert server.connections == 2
    tasks.poll_feeds()
    assert server.connections == 2, "neither is due"


def test_the_task_stops_in_time(feed: Feed, server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0)
    tasks.poll_feeds()
    assert server.connections == 0


def test_the_task_is_scheduled_under_its_name():
    celery_app.loader.import_default_modules()
    assert {entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()} <= set(celery_app.tasks)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_server_is_asked(feed: Feed, monkeypatch: pytest.MonkeyPatch):
    asked_in_a_transaction = []
    real = fetch

    def watched(*given: Any, **more: Any) -> Any:
        asked_in_a_transaction.append(connection.in_atomic_block)
        return real(*given, **more)

    monkeypatch.setattr(polling, "fetch", watched)
    polled(feed)
    assert asked_in_a_transaction == [False]
