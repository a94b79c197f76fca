"""Stored choices, held by the database as well as by the forms."""

from django.db.models import CheckConstraint, Choices, Q


def one_of(field: str, choices: type[Choices]) -> CheckConstraint:
    """Only the listed values of `field` can be stored."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": list(choices.values)}),
        name=f"%(app_label)s_%(class)s_{field}_is_known",
    )
