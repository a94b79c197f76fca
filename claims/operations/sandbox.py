"""An installation in which partners try their programs: it is begun before there are claims, and time passes as they say."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from claims import hints
from claims.models import Claim, Usage
from services.models import ClockMove
from services.operations import begin_clock, move_clock
from services.refusals import Refusal


class NoSandbox(Refusal):
    code = "no_sandbox"


class SandboxInUse(Refusal):
    """What is real was stored here: no made-up clock may work on it."""

    code = "sandbox_in_use"


def begin_sandbox(*, now: datetime) -> None:
    """Give it its clock; one that has it stays as it is. `now`: the real time. Raises NoSandbox, SandboxInUse."""
    if not settings.SANDBOX:
        raise NoSandbox("This is no sandbox: SANDBOX=1 is not set.")
    if not ClockMove.objects.exists() and (Claim.objects.exists() or Usage.objects.exists()):
        raise SandboxInUse("There are claims or usage in this database, of no sandbox. Give the sandbox a database of its own.")
    begin_clock(now=now)


def let_time_pass(*, seconds: int, moved_by: str, now: datetime) -> None:
    """What becomes due by it is looked for at once. `now`: the real time. Raises NoSandbox, ClockMovesForward, ClockTooFar."""
    if not settings.SANDBOX:
        raise NoSandbox("This is no sandbox: SANDBOX=1 is not set.")
    shows_at = move_clock(seconds=seconds, moved_by=moved_by, now=now).shows_at
    for task in (hints.SWEEP, hints.TIDY):
        hints.write_hint(task, now=shows_at)
