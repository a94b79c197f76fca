from services.models.clock import ClockMove
from services.models.drafts import ChangeKind, DraftState, RecordChange, RecordDraft
from services.models.duties import DutyProof
from services.models.feeds import (
    ComponentMapping,
    Feed,
    FeedDocument,
    FeedItem,
    FeedKind,
    ItemKind,
    ProposalAnswer,
    Recovery,
    Verdict,
    WindowProposal,
)
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
    "ChangeKind",
    "ClockMove",
    "ComponentMapping",
    "DraftState",
    "DutyProof",
    "Extent",
    "Feed",
    "FeedDocument",
    "FeedItem",
    "FeedKind",
    "Finding",
    "FindingType",
    "Incident",
    "ItemKind",
    "Notice",
    "Observation",
    "OutageWindow",
    "ProposalAnswer",
    "RecordChange",
    "RecordDraft",
    "RecordExtent",
    "RecordFinding",
    "RecordVersion",
    "RecordWindow",
    "Recovery",
    "Scope",
    "Service",
    "ServiceDependency",
    "Severity",
    "Source",
    "State",
    "Verdict",
    "WindowProposal",
]
