"""A list of many claims leaves the service: who took it, and why, is logged first. Expects a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts.models import Payee, Role, User, ViewReason
from accounts.operations import reveal_payees
from claims.models import Event
from claims.operations.moves import checked_note, log_event
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require


class Exported(StrEnum):
    """Claims of the queue's filters; what is approved and has not gone out; the file of a payment run."""

    CLAIMS = "claims"
    PAYMENTS = "payments"
    RUN = "run"


class ExportReason(StrEnum):
    ANSWER = "answer_claimant"
    PAYMENT = "payment"
    AUDIT = "audit"
    REPORT = "report"
    AUTHORITY = "authority"
    OTHER = "other"


# Who audits looks at both. Managers report from the figures of the dashboard, which are of no single claim.
EXPORTERS: Mapping[str, tuple[str, ...]] = {
    Exported.CLAIMS: (Role.CHECKER, Role.AUDITOR),
    Exported.PAYMENTS: (Role.FINANCE, Role.AUDITOR),
    Exported.RUN: (Role.FINANCE, Role.AUDITOR),
}


class UnknownExport(Unknown):
    code = "unknown_export"


class ExportReasonUnknown(Refusal):
    code = "export_reason_unknown"


def record_export(
    *, what: str, reason: str, exported_by: User, now: datetime, note: str = "", wanted: Mapping[str, Any] | None = None
) -> Event:
    """The row that says who takes which list, and why. Commit before the first byte goes out.

    `wanted`: what the list is narrowed by, ids and codes only. A reason of no other kind needs a note. Raises UnknownExport,
    RoleMissing, ExportReasonUnknown, Required, ValueTooLong, InvalidCharacter.
    """
    now = check_instant(now, "now")
    if what not in EXPORTERS:
        raise UnknownExport(f"{what!r} is no list; known: {', '.join(EXPORTERS)}.", field="what")
    require(exported_by, EXPORTERS[what], f"export {what}")
    if reason not in list(ExportReason):
        raise ExportReasonUnknown(f"{reason!r} is no reason; known: {', '.join(ExportReason)}.", field="reason")
    text = checked_note(note, required=reason == ExportReason.OTHER)
    data = {"export": what, "reason": reason, **({"wanted": dict(wanted)} if wanted else {})}
    return log_event("export_made", actor=exported_by, now=now, data=data, note=text)


def reveal_listed(*, payee_ids: Sequence[int], reason: str, exported_by: User, now: datetime) -> dict[int, Payee]:
    """The accounts of a part of a list, by their numbers, for who has said in `record_export` why they take it.

    Each of the people has a row that says who saw it. Commit before they go out. Raises RoleMissing.
    """
    why = ViewReason.AUDIT if reason == ExportReason.AUDIT else ViewReason.PAYMENT
    return reveal_payees(payee_ids=payee_ids, reason=why, viewer=exported_by, now=now)
