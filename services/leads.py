"""Where rows lead by their foreign keys: a fact to its claim, what was paid for to its decision and from there to the claim."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db.models import ForeignKey, Model


@cache
def paths_to(model: type[Model], target: type[Model]) -> tuple[str, ...]:
    """All of the fewest steps, in the way of filters: `claim`, `decision__claim`; `pk` of the target itself, nothing where no
    key leads there.

    Not by way of a log-in: who wrote a row is not whom it is about.
    """
    if model is target:
        return ("pk",)
    seen, at = {model}, [(model, "")]
    while at:
        steps = [
            (field.related_model, before + field.name)
            for one, before in at
            for field in one._meta.concrete_fields
            if isinstance(field, ForeignKey) and isinstance(field.related_model, type)
        ]
        found = tuple(path for to, path in steps if to is target)
        if found:
            return found
        ahead = [(to, f"{path}__") for to, path in steps if to not in seen and to._meta.label != settings.AUTH_USER_MODEL]
        seen.update(to for to, _ in ahead)
        at = ahead
    return ()
