"""The staff's pages: records to look at, policies and drafts of the official record to write and publish."""

from claims.admin import (
    appeals,
    claim_page,
    consequences,
    decisions,
    disputes,
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
    "claim_page",
    "consequences",
    "decisions",
    "disputes",
    "goodwill_page",
    "payment_page",
    "policies",
    "queue_page",
    "record_drafts",
    "records",
    "sharing_page",
    "twins",
]
