"""The staff's pages: records to look at, and policies to write and publish."""

from claims.admin import policies, records

__all__ = ["policies", "records"]
