"""Importing registers the pages of each of these."""

from accounts.admin import apps, audit, consents, partners, people, staff

__all__ = ["apps", "audit", "consents", "partners", "people", "staff"]
