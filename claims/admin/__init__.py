"""The staff's pages: records to look at, policies and drafts of the official record to write and publish."""

from claims.admin import consequences, decisions, disputes, policies, record_drafts, records

__all__ = ["consequences", "decisions", "disputes", "policies", "record_drafts", "records"]
