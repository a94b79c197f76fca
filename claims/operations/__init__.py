"""The only doors to the tables of this app. Each expects a transaction, opened by the face around it.

`assess_next_chunk` and `derive_next` alone open their own: they must be called outside any.
"""

from claims.operations.assessment import assess_next_chunk, finish_run
from claims.operations.derivation import derive_next
from claims.operations.derive import Derived, derive_losses
from claims.operations.drafts import (
    PUBLISHERS,
    WRITERS,
    DraftChanged,
    DraftClosed,
    NothingNew,
    OwnDraft,
    RoleMissing,
    discard_draft,
    open_draft,
    publish_draft,
    revise_draft,
)
from claims.operations.intake import (
    FactNameInvalid,
    LossOfAnotherClaim,
    ProvenanceUnknown,
    ToldFact,
    ToldLoss,
    open_claim,
    record_facts,
    revise_claim,
)
from claims.operations.policy import ExamplesDiffer, PackRefused, VersionMovedOn, publish_policy
from claims.operations.refusals import (
    AmountOutOfRange,
    CurrencyUnknown,
    IntegerExpected,
    InvalidCharacter,
    ReferenceUnknown,
    Required,
    ValueTooLong,
)
from claims.operations.usage import Copied, KindUnknown, RowError, RowsRefused, UsageDiffers, UsageRow, copy_usage, record_usage
from claims.operations.work import beat, chase_versions, plan_runs, sweep

__all__ = [
    "PUBLISHERS",
    "WRITERS",
    "AmountOutOfRange",
    "Copied",
    "CurrencyUnknown",
    "Derived",
    "DraftChanged",
    "DraftClosed",
    "ExamplesDiffer",
    "FactNameInvalid",
    "IntegerExpected",
    "InvalidCharacter",
    "KindUnknown",
    "LossOfAnotherClaim",
    "NothingNew",
    "OwnDraft",
    "PackRefused",
    "ProvenanceUnknown",
    "ReferenceUnknown",
    "Required",
    "RoleMissing",
    "RowError",
    "RowsRefused",
    "ToldFact",
    "ToldLoss",
    "UsageDiffers",
    "UsageRow",
    "ValueTooLong",
    "VersionMovedOn",
    "assess_next_chunk",
    "beat",
    "chase_versions",
    "copy_usage",
    "derive_losses",
    "derive_next",
    "discard_draft",
    "finish_run",
    "open_claim",
    "open_draft",
    "plan_runs",
    "publish_draft",
    "publish_policy",
    "record_facts",
    "record_usage",
    "revise_claim",
    "revise_draft",
    "sweep",
]
