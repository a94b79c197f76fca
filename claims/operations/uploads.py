"""How often a claimant may send files: each costs seconds of work, whatever comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from accounts.models import User
from claims.documents import FileNotChecked
from claims.models import Event
from claims.operations.corrections import NotTheClaimant
from claims.operations.decisions import is_claimant
from claims.operations.moves import lock_status
from services.instants import check_instant
from services.refusals import Refusal

MOST_AN_HOUR = 20  # files of a claim, whether they are taken or not
SPAN = timedelta(hours=1)
SENT = "evidence_sent"
TURN = Lock()  # of this process: a document is in memory twice while it is looked at, and its decoder takes a processor
PATIENCE = 10.0  # seconds until it is one's turn: of the few threads of a process each that waits answers nobody else


class TooManyFilesNow(Refusal):
    """Later there may be more."""

    code = "too_many_files_now"


def begin_upload(*, claim_id: int, sent_by: User, now: datetime) -> None:
    """The claimant's own log-in sends a file, which is looked at next. Expects a transaction; commit it before
    `receive_evidence`, for a file that is refused there counts as well.

    Raises UnknownClaim, NotTheClaimant, TooManyFilesNow.
    """
    now = check_instant(now, "now")
    status = lock_status(claim_id)
    if not is_claimant(status.claim, sent_by):
        raise NotTheClaimant("Only who made the claim sends files here.", field="sent_by")
    if count_sent(claim_id, now - SPAN) >= MOST_AN_HOUR:
        raise TooManyFilesNow(f"At most {MOST_AN_HOUR} files of a claim are taken an hour. Send it later.", field="file")
    Event.objects.create(at=now, kind=SENT, actor=sent_by, claim_id=claim_id)


@contextmanager
def in_turn() -> Iterator[None]:
    """One document after the other, whoever sends them. Raises FileNotChecked for who would wait too long."""
    if not TURN.acquire(timeout=PATIENCE):
        raise FileNotChecked("Other files are looked at. Send it again in a moment.")
    try:
        yield
    finally:
        TURN.release()


def count_sent(claim_id: int, since: datetime) -> int:
    """Files that were sent after that instant."""
    return Event.objects.filter(claim=claim_id, kind=SENT, at__gt=since).count()
