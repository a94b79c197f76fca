from services.models.notices import Incident, Notice, Observation, Scope, Source, State
from services.models.record import (
    Extent,
    Finding,
    FindingType,
    OutageWindow,
    RecordExtent,
    RecordFinding,
    RecordVersion,
    RecordWindow,
    Severity,
)
from services.models.tree import Service, ServiceDependency

__all__ = [
    "Extent",
    "Finding",
    "FindingType",
    "Incident",
    "Notice",
    "Observation",
    "OutageWindow",
    "RecordExtent",
    "RecordFinding",
    "RecordVersion",
    "RecordWindow",
    "Scope",
    "Service",
    "ServiceDependency",
    "Severity",
    "Source",
    "State",
]
