"""Somebody has the log checked; a worker goes through it, a slice of links at a time. Expects a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Role, User
from claims import hints
from claims.chain import NOTHING, anchors_of, faults_of
from claims.models import ChainCheck, ChainLink, CheckState
from claims.operations.locks import try_lock
from claims.operations.moves import log_event
from claims.queries.audit import links_of_chain, unlinked_rows
from services.instants import check_instant
from services.refusals import InvalidValue, Refusal
from services.staff import require

CHECKERS_OF_LOG = (Role.AUDITOR, Role.CHECKER)
LINKS = 10_000  # about a second of work
MOST_FAULTS = 100  # kept; the others are counted
LATE = timedelta(hours=1)  # a row is linked within seconds of its commit


class CheckUnderWay(Refusal):
    """One walk over the log at a time."""

    code = "check_under_way"


def begin_chain_check(*, asked_by: User, now: datetime, anchor: str = "") -> ChainCheck:
    """`anchor`: POSITION:HASH noted before, or nothing. Raises RoleMissing, InvalidValue, CheckUnderWay."""
    now = check_instant(now, "now")
    require(asked_by, CHECKERS_OF_LOG, "check the log")
    try:
        anchors_of([anchor] if anchor else [])
    except ValueError as error:
        raise InvalidValue(str(error), field="anchor") from error
    try:
        with transaction.atomic():
            check = ChainCheck.objects.create(anchor=anchor, asked_by=asked_by, asked_at=now)
    except IntegrityError as error:
        raise CheckUnderWay("The log is being checked at this moment. Wait for what it says.") from error
    log_event("chain_check_begun", actor=asked_by, now=now, data={"check": check.pk, "anchor": anchor})
    hints.write_hint(hints.CHECK_CHAIN, now=now)
    return check


def check_next_links(*, now: datetime, most: int = LINKS) -> bool:
    """The next links of the open check; whether there may be more. At the end also what was never linked, and the anchor.

    False while another process does it, and where no check is open.
    """
    now = check_instant(now, "now")
    if not try_lock("chain check"):
        return False
    check = ChainCheck.objects.filter(state=CheckState.OPEN).first()
    if check is None:
        return False
    links = list(islice(links_of_chain(after=check.position), most))
    last = len(links) < most
    faults = _cut(check) + list(
        faults_of(links, _anchors(check, links, last), after=check.position, before=check.hash or NOTHING)
    )
    if links:
        check.position, check.hash = links[-1]["position"], links[-1]["hash"]
    if last:
        faults += [f"{log} {pk} is not linked" for log, pk in unlinked_rows(now - LATE)]
        check.state, check.finished_at = CheckState.DONE, now
    check.fault_count += len(faults)
    check.faults = [*check.faults, *faults][:MOST_FAULTS]
    check.save(update_fields=["position", "hash", "faults", "fault_count", "state", "finished_at"])
    if last:
        data = {"check": check.pk, "position": check.position, "hash": check.hash, "faults": check.fault_count}
        log_event("chain_checked", actor=None, now=now, data=data)
    return not last


def _cut(check: ChainCheck) -> list[str]:
    """What the earlier slices ended with is still there."""
    there = ChainLink.objects.filter(position=check.position, hash=check.hash)
    return [] if check.position == 0 or there.exists() else [f"position {check.position}: is gone since the check began"]


def _anchors(check: ChainCheck, links: list[Mapping[str, Any]], last: bool) -> dict[int, str]:
    """Those of this slice; at the end also those beyond the head. What finished checks ended with was noted as well: a chain
    that was cut and linked again differs from it.
    """
    heads = ChainCheck.objects.filter(state=CheckState.DONE, position__gt=0).values_list("position", "hash")
    noted = {**dict(heads), **anchors_of([check.anchor] if check.anchor else [])}
    after = links[-1]["position"] if links else check.position
    return {position: noted[position] for position in noted if check.position < position and (last or position <= after)}
