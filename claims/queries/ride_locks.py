"""What becomes of lock events: whether each has met the ride that it names."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL

from claims.models import Usage
from claims.models.intake import LOCK_EVENT_SQL


class LockState(models.TextChoices):
    """Counts: by it the ride was locked. Followed: a later one of the same ride counts. The others give no fact."""

    COUNTS = "counts"
    FOLLOWED = "followed"
    WAITING = "waiting"  # nobody has told of its ride
    OUTSIDE_RIDE = "outside_ride"
    OF_ANOTHER_PERSON = "of_another_person"
    NOT_A_RIDE = "not_a_ride"


def with_lock_state(usage: QuerySet[Usage]) -> QuerySet[Any]:
    """With `lock_state`, None of all that is no lock."""
    state = RawSQL(STATE, [], output_field=CharField(null=True))  # noqa: S611 - constants
    return usage.annotate(lock_state=state)


# The ride in two steps, as its index does not know that two rows without a partner are of the same one.
STATE = f"""CASE WHEN claims_usage.kind = 'lock' THEN coalesce((
    SELECT CASE WHEN u.kind <> 'ride' THEN '{LockState.NOT_A_RIDE}'
                WHEN u.person_id <> claims_usage.person_id THEN '{LockState.OF_ANOTHER_PERSON}'
                WHEN claims_usage.start_at < u.start_at OR claims_usage.start_at > u.end_at THEN '{LockState.OUTSIDE_RIDE}'
                WHEN claims_usage.id = (SELECT event.id FROM {LOCK_EVENT_SQL} event) THEN '{LockState.COUNTS}'
                ELSE '{LockState.FOLLOWED}' END
      FROM (SELECT * FROM claims_usage r WHERE r.partner_id = claims_usage.partner_id AND r.external_id = claims_usage.ride
             UNION ALL
            SELECT * FROM claims_usage r
             WHERE claims_usage.partner_id IS NULL AND r.partner_id IS NULL AND r.external_id = claims_usage.ride) u
    ), '{LockState.WAITING}') END"""  # noqa: S608 - constants
