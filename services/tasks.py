"""Thin Celery tasks: a name and one call. Each is harmless when it comes twice, late, or not at all."""

from __future__ import annotations

import logging
from time import monotonic

from celery import shared_task

from services import clock, operations
from services.clocks import duties_by_incident
from services.duties import ALARMING
from services.models import Incident

SLICE_SECONDS = 20  # with one more fetch and import still below the broker's visibility timeout

log = logging.getLogger(__name__)


@shared_task(name="services.poll_feeds")
def poll_feeds() -> None:
    """Poll the feeds that are due, for some seconds; the others are still due when it comes again."""
    deadline = monotonic() + SLICE_SECONDS
    for feed_id in operations.due_feeds(clock.now()):
        if monotonic() >= deadline:
            return
        _poll(feed_id)


def _poll(feed_id: int) -> None:
    """A feed that breaks something unforeseen keeps no other from being polled."""
    try:
        operations.poll_feed(feed_id=feed_id, now=clock.now())
    except Exception:
        log.exception("feed %s could not be polled", feed_id)


@shared_task(name="services.warn_of_duties")
def warn_of_duties() -> int:
    """Say loudly which statutory notices are due soon or overdue: a warning in the log for each; how many."""
    incidents = {incident.pk: incident for incident in Incident.objects.order_by("pk")}
    found = duties_by_incident(list(incidents.values()), now=clock.now())
    alarming = [(incidents[pk], duty) for pk, duties in found.items() for duty in duties if duty.state in ALARMING]
    for incident, duty in alarming:
        log.warning("%s of %s is %s: %s", duty.kind, incident.key, duty.state, duty.why[1])
    return len(alarming)
