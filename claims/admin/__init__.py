"""The staff's pages: records to look at, policies and drafts of the official record to write and publish."""

from claims.admin import (
    appeals,
    chain_page,
    claim_page,
    consequences,
    dashboard_page,
    decisions,
    disputes,
    evidence_page,
    goodwill_page,
    payment_page,
    policies,
    queue_page,
    record_drafts,
    records,
    sharing_page,
    twins,
)

__all__ = [
    "appeals",
    "chain_page",
    "claim_page",
    "consequences",
    "dashboard_page",
    "decisions",
    "disputes",
    "evidence_page",
    "goodwill_page",
    "payment_page",
    "policies",
    "queue_page",
    "record_drafts",
    "records",
    "sharing_page",
    "twins",
]
