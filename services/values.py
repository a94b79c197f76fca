"""Checking a row by its columns' own rules before the database is asked."""

from django.core.exceptions import ValidationError
from django.db.models import Model

from services.refusals import InvalidValue


def check_values(row: Model, *skipped: str) -> None:
    """Lengths, patterns and choices. Foreign keys are left out: they were looked up already. Raises InvalidValue."""
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=[*relations, *skipped])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidValue(f"{field} of {row._meta.verbose_name}: {' '.join(messages)}", field=field) from error
