from services.models.notices import Incident, Notice, Observation, Scope, Source, State
from services.models.record import Extent, OutageWindow, RecordExtent, RecordVersion, RecordWindow, Severity
from services.models.tree import Service, ServiceDependency

__all__ = [
    "Extent",
    "Incident",
    "Notice",
    "Observation",
    "OutageWindow",
    "RecordExtent",
    "RecordVersion",
    "RecordWindow",
    "Scope",
    "Service",
    "ServiceDependency",
    "Severity",
    "Source",
    "State",
]
