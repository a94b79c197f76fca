"""Rows of a queue are worked off in a transaction of their own; what fails is counted."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, transaction
from django.db.models import F
from psycopg.errors import QueryCanceled

from claims.models import DerivationDue, EvidenceRequest, LetterDue, News, SettlementDue, SortDue, TwinDue

log = logging.getLogger(__name__)


@contextmanager
def attempt(
    queue: type[SettlementDue | LetterDue | DerivationDue | TwinDue | SortDue | EvidenceRequest | News],
) -> Iterator[list[int]]:
    """A transaction; its body puts the ids of the rows that it takes into the list before it works on them.

    An error rolls it back, counts as a failed attempt of these rows, and goes no further; so does a statement that takes too
    long: tried first each time, it would hold up all others. Afterwards the list is empty where nothing is left to do now:
    none was taken, the database is away, or somebody holds a lock.
    """
    taken: list[int] = []
    try:
        with transaction.atomic():
            yield taken
    except Exception as error:
        if isinstance(error, OperationalError) and not isinstance(error.__cause__, QueryCanceled):
            log.warning("%s wait: %r", queue._meta.verbose_name_plural, error)
            taken.clear()
            return
        log.exception("%s %s failed", queue._meta.verbose_name_plural, taken)
        rows = queue._default_manager.filter(pk__in=taken)
        rows.update(attempts=F("attempts") + 1, last_error=repr(error)[:2000])
