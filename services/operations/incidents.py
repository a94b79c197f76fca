"""Opening an incident as a case."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from services.instants import check_instant
from services.models import Incident
from services.refusals import Refusal
from services.staff import WRITERS, Staff, require
from services.texts import normalised, one_line
from services.values import check_values


class IncidentOpen(Refusal):
    code = "incident_open"


def open_incident(
    *, key: str, title_ko: str, title_en: str, started_at: datetime, opened_by: Staff, started_approx: bool = False,
    cause_ko: str = "",
) -> Incident:  # fmt: skip
    """A new case, without a record as yet. Raises RoleMissing, InvalidCharacter, InvalidValue, IncidentOpen,
    what `check_instant` raises.
    """
    require(opened_by, WRITERS, "open an incident")
    incident = Incident(
        key=key,
        title_ko=one_line(title_ko, "title_ko"),
        title_en=one_line(title_en, "title_en"),
        cause_ko=normalised(cause_ko, "cause_ko"),
        started_at=check_instant(started_at, "started_at"),
        started_approx=started_approx,
    )
    check_values(incident)
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError as taken:
        told = f"There is an incident {key!r} already. Choose another key, or work on that one."
        raise IncidentOpen(told, field="key") from taken
    return incident
