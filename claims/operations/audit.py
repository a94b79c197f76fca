"""Who looked at what, and the links between all that was logged. Expects a transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from claims.chain import NOTHING, hash_of
from claims.models import CaseView, ChainLink
from claims.operations.locks import try_lock
from claims.queries.audit import LOGS, content_of, unlinked
from services.instants import check_instant

logger = logging.getLogger(__name__)

BATCH = 5_000  # a second of work
LOOK_BACK = 100_000  # links; a row committed after so many with higher ids is only found by the check


def link_log(*, now: datetime) -> bool:
    """Link what was logged and is not linked yet, each log in the order of its ids; whether there may be more.

    A row that is committed late comes behind others with higher ids: the order of the chain is its own. False while another
    process does it. Once an hour the head is written to the log of the process, which the database cannot reach.
    """
    now = check_instant(now, "now")
    if not try_lock("chain"):
        return False
    head = ChainLink.objects.last()
    position, before = (0, NOTHING) if head is None else (head.position, head.hash)
    links: list[ChainLink] = []
    for log in LOGS:
        for row in _unlinked(log, position)[: BATCH - len(links)]:
            before = hash_of(before, content_of(row))
            position += 1
            links.append(ChainLink(position=position, log=log, row=row.pk, hash=before, linked_at=now))
    ChainLink.objects.bulk_create(links)
    if links and (head is None or _hour(head.linked_at) < _hour(now)):
        logger.info("head of the chain: %s", links[-1])
    return len(links) == BATCH


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


def _unlinked(log: str, head: int) -> QuerySet[Any]:
    old = ChainLink.objects.filter(log=log, position__lte=head - LOOK_BACK).order_by("-position")
    return unlinked(log).filter(pk__gt=old.values_list("row", flat=True).first() or 0)


def record_views(*, claim_ids: Iterable[int], page: str, viewer: User, now: datetime) -> list[CaseView]:
    """Somebody of the staff opens a page that shows these claims."""
    at = check_instant(now, "now")
    return CaseView.objects.bulk_create(CaseView(claim_id=claim, page=page, viewer=viewer, at=at) for claim in claim_ids)
