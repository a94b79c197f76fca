"""What is read of the JSON of Atlassian Statuspage, public API v2. Fields not named here are let through."""

from datetime import datetime
from typing import Annotated

from services.feeds.items import FULL, PARTIAL
from services.feeds.shapes import Id, Instant, Listed, Row, Text, WebAddress, word_of
from services.feeds.story import Phase

PHASES = {
    "investigating": Phase.OPEN,
    "identified": Phase.OPEN,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
    "postmortem": Phase.COMMENT,
}
STAGES = {"scheduled": 1, "in_progress": 2, "verifying": 3, "completed": 4}
OPERATIONAL = "operational"
UNDER_MAINTENANCE = "under_maintenance"
SEVERITIES = {
    OPERATIONAL: None,
    "degraded_performance": PARTIAL,
    "partial_outage": PARTIAL,
    "major_outage": FULL,
    UNDER_MAINTENANCE: FULL,
}
IMPACTS = {"none": None, "minor": PARTIAL, "major": PARTIAL, "critical": FULL, "maintenance": None}

_Status = Annotated[str, word_of(SEVERITIES)]


class AffectedRow(Row):
    code: Id | None = None
    name: Text = ""
    old_status: _Status | None = None
    new_status: _Status | None = None


class UpdateRow(Row):
    id: Id
    status: str
    body: Text | None = None
    created_at: Instant
    display_at: Instant | None = None
    affected_components: Listed[AffectedRow] | None = None

    @property
    def at(self) -> datetime:
        return self.display_at or self.created_at


class IncidentUpdateRow(UpdateRow):
    status: Annotated[str, word_of(PHASES)]


class MaintenanceUpdateRow(UpdateRow):
    status: Annotated[str, word_of(STAGES)]


class ComponentRow(Row):
    id: Id
    name: Text


class ItemRow(Row):
    id: Id
    name: Text
    status: str
    created_at: Instant
    resolved_at: Instant | None = None
    shortlink: WebAddress | None = None
    components: Listed[ComponentRow] | None = None


class IncidentRow(ItemRow):
    status: Annotated[str, word_of(PHASES)]
    started_at: Instant | None = None
    monitoring_at: Instant | None = None
    impact: Annotated[str, word_of(IMPACTS)] | None = None
    incident_updates: Listed[IncidentUpdateRow]


class MaintenanceRow(ItemRow):
    """Its `started_at` is when it was entered, so it is not read."""

    status: Annotated[str, word_of(STAGES)]
    scheduled_for: Instant
    scheduled_until: Instant | None = None
    incident_updates: Listed[MaintenanceUpdateRow]


class StatuspageFile(Row):
    incidents: Listed[IncidentRow] | None = None
    scheduled_maintenances: Listed[MaintenanceRow] | None = None
