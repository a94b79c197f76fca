"""Importing registers the pages of each of these."""

from accounts.admin import audit, partners, people, staff

__all__ = ["audit", "partners", "people", "staff"]
