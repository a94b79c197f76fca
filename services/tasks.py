"""Thin Celery tasks: a name and one call. Each is harmless when it comes twice, late, or not at all."""

from __future__ import annotations

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from services import operations

SLICE_SECONDS = 20  # with one more fetch and import still below the broker's visibility timeout

log = logging.getLogger(__name__)


@shared_task(name="services.poll_feeds")
def poll_feeds() -> None:
    """Poll the feeds that are due, for some seconds; the others are still due when it comes again."""
    deadline = monotonic() + SLICE_SECONDS
    for feed_id in operations.due_feeds(timezone.now()):
        if monotonic() >= deadline:
            return
        _poll(feed_id)


def _poll(feed_id: int) -> None:
    """A feed that breaks something unforeseen keeps no other from being polled."""
    try:
        operations.poll_feed(feed_id=feed_id, now=timezone.now())
    except Exception:
        log.exception("feed %s could not be polled", feed_id)
