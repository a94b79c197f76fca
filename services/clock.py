"""What time it is: the one place that asks. Faces and tasks pass `now()` on; operations are told.

In a sandbox partners move the time on, so that what is due in three days is due at once (ADR 46). Its clock runs: it shows the
instant that it was set to and the real time that passed since. `real()` is for what no sandbox may move: how long a log-in
holds, and what other machines compare with clocks of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from services.models import ClockMove


def now() -> datetime:
    """Outside a sandbox the real time, without a query. Raises ImproperlyConfigured in a sandbox that was not begun."""
    return real() + ahead() if settings.SANDBOX else real()


def real() -> datetime:
    return timezone.now()


def ahead() -> timedelta:
    """How far a sandbox's clock is ahead of the real one, since it was last moved."""
    last = ClockMove.objects.order_by("-pk").first()
    if last is None:
        raise ImproperlyConfigured("This sandbox has no clock yet: manage.py begin_sandbox, on a database without claims.")
    return last.shows_at - last.real_at
