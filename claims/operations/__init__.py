"""The only doors to the tables of this app. Each expects a transaction, opened by the face around it.

Those named `.._next..` alone open their own: they must be called outside any.
"""

from claims.operations.assessment import assess_next_chunk, finish_run
from claims.operations.audit import link_log, record_views
from claims.operations.comparison import compare_next_chunk, finish_comparisons
from claims.operations.derivation import derive_next
from claims.operations.derive import Derived, derive_losses
from claims.operations.disputes import (
    DisputeClosed,
    UnknownDispute,
    accept_dispute,
    count_disputes,
    dispute_threshold,
    reject_dispute,
)
from claims.operations.drafts import (
    DraftChanged,
    DraftClosed,
    NothingNew,
    OwnDraft,
    discard_draft,
    open_draft,
    preview_policy_draft,
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
from claims.operations.letters import write_next_letters
from claims.operations.nightly import begin_full_comparisons
from claims.operations.policy import ExamplesDiffer, PackRefused, VersionMovedOn, publish_policy
from claims.operations.previews import (
    PreviewMissing,
    policy_draft_previews,
    preview_record_draft,
    publish_previewed_record,
    record_draft_preview,
)
from claims.operations.refusals import (
    AmountOutOfRange,
    CurrencyUnknown,
    IntegerExpected,
    InvalidCharacter,
    ReferenceUnknown,
    Required,
    ValueTooLong,
)
from claims.operations.settlement import settle_next
from claims.operations.usage import Copied, KindUnknown, RowError, RowsRefused, UsageDiffers, UsageRow, copy_usage, record_usage
from claims.operations.work import beat, chase_versions, plan_runs, sweep

__all__ = [
    "AmountOutOfRange",
    "Copied",
    "CurrencyUnknown",
    "Derived",
    "DisputeClosed",
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
    "PreviewMissing",
    "ProvenanceUnknown",
    "ReferenceUnknown",
    "Required",
    "RowError",
    "RowsRefused",
    "ToldFact",
    "ToldLoss",
    "UnknownDispute",
    "UsageDiffers",
    "UsageRow",
    "ValueTooLong",
    "VersionMovedOn",
    "accept_dispute",
    "assess_next_chunk",
    "beat",
    "begin_full_comparisons",
    "chase_versions",
    "compare_next_chunk",
    "copy_usage",
    "count_disputes",
    "derive_losses",
    "derive_next",
    "discard_draft",
    "dispute_threshold",
    "finish_comparisons",
    "finish_run",
    "link_log",
    "open_claim",
    "open_draft",
    "plan_runs",
    "policy_draft_previews",
    "preview_policy_draft",
    "preview_record_draft",
    "publish_draft",
    "publish_policy",
    "publish_previewed_record",
    "record_draft_preview",
    "record_facts",
    "record_usage",
    "record_views",
    "reject_dispute",
    "revise_claim",
    "revise_draft",
    "settle_next",
    "sweep",
    "write_next_letters",
]
