"""Importing registers the pages of each of these."""

from accounts.admin import audit, consents, partners, people, staff

__all__ = ["audit", "consents", "partners", "people", "staff"]
