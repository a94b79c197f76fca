"""Questions to the tables; nothing here changes a row."""

from claims.queries.appeals import Similar, SimilarDecision, overdue_appeals, pointable, similar_decisions
from claims.queries.assessment import (
    ClaimState,
    Standing,
    claim_state,
    current_assessment,
    current_lines,
    line_history,
    state_with,
)
from claims.queries.audit import links_of_chain, unlinked_rows
from claims.queries.comparison import PolicyDifference, comparison_progress, largest_differences, summary_of
from claims.queries.disputes import AROUND, counted_hours, official_spans, reports_outside
from claims.queries.drafts import Review, compare, review_pack, writers_of
from claims.queries.explanation import (
    Explanation,
    ExplanationDiffers,
    ExplanationUnavailable,
    explain_assessment,
    explain_claim,
)
from claims.queries.exports import CLAIM_COLUMNS, PAYMENT_COLUMNS, claim_rows, payees_said, payment_rows
from claims.queries.find import (
    MOST_FOUND,
    MOST_PEOPLE_SHOWN,
    PersonFound,
    claims_by_person,
    claims_by_reference,
    people_found,
)
from claims.queries.intake import PersonLoss, losses_of_claim, losses_of_person, losses_told, record_in_force
from claims.queries.partner import claims_of, people_of, standing_of, usage_of, version_of, with_standing
from claims.queries.payees import run_lines
from claims.queries.payout import Settled, payouts_of, waiting_sums
from claims.queries.queue import PAGE, QueueFilter, payments_due, queue_page, queued_ids, reasons_in_queue, skilled_services
from claims.queries.reasons import reasons_now
from claims.queries.ride_locks import LockState, with_lock_state
from claims.queries.tallies import MOST_OVERDUE, Peak, Span, Tallied, impact_of, overdue_in_queue, peaks, tallied, tallies_wait
from claims.queries.twins import TwinSeen, keys_of, patterns, patterns_of, stopping_patterns, twins_of
from claims.queries.webhooks import attempts_of, deliveries_of, endpoints_of, secrets_of
from claims.queries.work import RunProgress, RunReport, needing_assessment, open_runs, progress_of, report_of

__all__ = [
    "AROUND",
    "CLAIM_COLUMNS",
    "MOST_FOUND",
    "MOST_OVERDUE",
    "MOST_PEOPLE_SHOWN",
    "PAGE",
    "PAYMENT_COLUMNS",
    "ClaimState",
    "Explanation",
    "ExplanationDiffers",
    "ExplanationUnavailable",
    "LockState",
    "Peak",
    "PersonFound",
    "PersonLoss",
    "PolicyDifference",
    "QueueFilter",
    "Review",
    "RunProgress",
    "RunReport",
    "Settled",
    "Similar",
    "SimilarDecision",
    "Span",
    "Standing",
    "Tallied",
    "TwinSeen",
    "attempts_of",
    "claim_rows",
    "claim_state",
    "claims_by_person",
    "claims_by_reference",
    "claims_of",
    "compare",
    "comparison_progress",
    "counted_hours",
    "current_assessment",
    "current_lines",
    "deliveries_of",
    "endpoints_of",
    "explain_assessment",
    "explain_claim",
    "impact_of",
    "keys_of",
    "largest_differences",
    "line_history",
    "links_of_chain",
    "losses_of_claim",
    "losses_of_person",
    "losses_told",
    "needing_assessment",
    "official_spans",
    "open_runs",
    "overdue_appeals",
    "overdue_in_queue",
    "patterns",
    "patterns_of",
    "payees_said",
    "payment_rows",
    "payments_due",
    "payouts_of",
    "peaks",
    "people_found",
    "people_of",
    "pointable",
    "progress_of",
    "queue_page",
    "queued_ids",
    "reasons_in_queue",
    "reasons_now",
    "record_in_force",
    "report_of",
    "reports_outside",
    "review_pack",
    "run_lines",
    "secrets_of",
    "similar_decisions",
    "skilled_services",
    "standing_of",
    "state_with",
    "stopping_patterns",
    "summary_of",
    "tallied",
    "tallies_wait",
    "twins_of",
    "unlinked_rows",
    "usage_of",
    "version_of",
    "waiting_sums",
    "with_lock_state",
    "with_standing",
    "writers_of",
]
