"""What one may decide alone, and what rules may: limits, switches of policies, alarms of cohorts. Expects a transaction."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import F

from accounts.models import Role, User
from claims.models import (
    Assessment,
    AuthorityLimit,
    AutomaticPause,
    ClaimStatus,
    Cohort,
    Policy,
    ReviewStatus,
)
from claims.operations.checks import check_amount
from claims.operations.limits import LIMITED, authority_limit
from claims.operations.locks import lock_policy
from claims.operations.moves import checked_note, log_event
from claims.operations.policy import published_units
from claims.operations.refusals import AmountOutOfRange, ReferenceUnknown
from claims.operations.settlement import settle_again
from services.instants import check_instant
from services.models import Incident
from services.refusals import Refusal
from services.staff import require

SWITCHERS = (Role.CHECKER,)
MOST_APPROVED = 2**31 - 1  # what the column holds


class UnitUnknown(Refusal):
    code = "unit_unknown"


class AlreadyPaused(Refusal):
    code = "already_paused"


class NotPaused(Refusal):
    code = "not_paused"


class AlarmReached(Refusal):
    code = "alarm_reached"


def set_authority(
    *, role: str, unit: str, per_decision: int, per_day: int, set_by: User | None, now: datetime
) -> AuthorityLimit:
    """From now on whoever holds the role may decide so much by a decision, and in a day, alone; both inclusive.

    `unit`: of money its currency, and the limits are in minor units of it; or what else a published policy gives, as `point`.
    By a command (nobody) or a checker, who changes only caseworkers' limits. Raises RoleMissing, ReferenceUnknown,
    AmountOutOfRange, UnitUnknown.
    """
    now = check_instant(now, "now")
    if role not in LIMITED:
        raise ReferenceUnknown(f"The role {role!r} decides nothing. Give caseworker or checker.", field="role")
    if set_by is not None:
        require(set_by, SWITCHERS, "set a limit")
        if role != Role.CASEWORKER:
            raise ReferenceUnknown("A checker sets caseworkers' limits, not his own; those are set by a command.", field="role")
    for value, field in ((per_decision, "per_decision"), (per_day, "per_day")):
        check_amount(value, field)
        if value < 0:
            raise AmountOutOfRange(f"{field} is {value}. A limit is not below zero.", field=field)
    if per_day < per_decision:
        raise AmountOutOfRange("The limit of a day is below that of one decision. Raise it.", field="per_day")
    if not re.fullmatch(r"[A-Z]{3}", unit) and unit not in (known := published_units()):
        told = f"unit is {unit!r}, which no policy gives. Give a currency like KRW, or one of {', '.join(known)}."
        raise UnitUnknown(told, field="unit")
    if set_by is not None:
        _check_below_checkers(unit, per_decision, per_day)
    limit = AuthorityLimit.objects.create(
        role=role, unit=unit, per_decision=per_decision, per_day=per_day, set_by=set_by, set_at=now
    )  # fmt: skip
    data = {"role": role, "unit": unit, "per_decision": per_decision, "per_day": per_day}
    log_event("authority_set", actor=set_by, now=now, data=data)
    return limit


def _check_below_checkers(unit: str, per_decision: int, per_day: int) -> None:
    """A checker who is a caseworker as well would raise his own limit by theirs. Raises AmountOutOfRange."""
    own = authority_limit(Role.CHECKER, unit)
    most = (0, 0) if own is None else (own.per_decision, own.per_day)
    for value, limit, field in zip((per_decision, per_day), most, ("per_decision", "per_day"), strict=True):
        if value > limit:
            raise AmountOutOfRange(f"{field} is {value}, above the checkers' {limit}. Theirs is set by a command.", field=field)


def pause_automatic(
    *, policy: str, paused_by: User, note: str, now: datetime, incident: Incident | None = None
) -> AutomaticPause:
    """The switch: nothing more is decided by rule under a policy, for one incident or for all.

    Waits for who decides under it right now: once this has returned, nobody does. Raises RoleMissing, ReferenceUnknown,
    Required for the note, AlreadyPaused.
    """
    now = check_instant(now, "now")
    require(paused_by, SWITCHERS, "pause automatic decisions")
    text = checked_note(note, required=True)
    found = _policy(policy)
    lock_policy(found.pk, alone=True)
    if AutomaticPause.objects.filter(policy=found, incident=incident, lifted_at__isnull=True).exists():
        raise AlreadyPaused(f"{policy} is paused already.", field="policy")
    pause = AutomaticPause.objects.create(policy=found, incident=incident, set_by=paused_by, set_at=now)
    data = {"policy": policy, "incident": None if incident is None else incident.pk, "pause": pause.pk}
    log_event("automatic_paused", actor=paused_by, now=now, data=data, note=text)
    return pause


def lift_pause(*, pause_id: int, lifted_by: User, note: str, now: datetime, alarm_above: int | None = None) -> AutomaticPause:
    """Rules decide again, also what went to people meanwhile only because of the pause or the alarm.

    After an alarm `alarm_above` says how many may be approved by rule from now on; it may be left out once the alarm was
    raised. Raises RoleMissing, Required for the note, NotPaused, AmountOutOfRange, AlarmReached where the next claim would
    meet the alarm again.
    """
    now = check_instant(now, "now")
    require(lifted_by, SWITCHERS, "lift a pause")
    text = checked_note(note, required=True)
    pause = AutomaticPause.objects.select_for_update().select_related("policy").filter(pk=pause_id).first()
    if pause is None or pause.lifted_at is not None:
        raise NotPaused("There is no such pause any more.", field="pause")
    lock_policy(pause.policy_id, alone=True)
    if alarm_above is not None and pause.incident_id is not None:
        _set_alarm(pause.policy, pause.incident_id, alarm_above, set_by=lifted_by, now=now)
    if pause.set_by_id is None and _is_full(pause):
        raise AlarmReached("As many are approved as the alarm lets through. Raise it.", field="alarm_above")
    pause.lifted_by, pause.lifted_at = lifted_by, now
    pause.save(update_fields=["lifted_by", "lifted_at"])
    data = {"policy": pause.policy.code, "pause": pause.pk}
    log_event("automatic_resumed", actor=lifted_by, now=now, data=data, note=text)
    codes = [f"paused:{pause.policy.code}", f"alarm:{pause.policy.code}"]
    waiting = ClaimStatus.objects.filter(review=ReviewStatus.QUEUED, reasons__overlap=codes)
    if pause.incident_id is not None:
        waiting = waiting.filter(incident=pause.incident_id)
    newest = Assessment.objects.filter(claim__in=waiting.values("pk")).order_by("claim_id", "-run").distinct("claim_id")
    chunks = sorted(set(newest.values_list("chunk", flat=True)))
    settle_again(chunks, now=now, wait=False)  # who has one of them waits for the policy, and then sees that it is lifted
    return pause


def set_alarm(*, policy: str, incident_id: int, alarm_above: int, set_by: User, note: str, now: datetime) -> Cohort:
    """Of this policy's claims about this incident so many may be approved by rule; the next one pauses the cohort.

    What the alarm has paused stays so until the pause is lifted. Raises RoleMissing, Required for the note, ReferenceUnknown,
    AmountOutOfRange for less than are approved already.
    """
    now = check_instant(now, "now")
    require(set_by, SWITCHERS, "set the alarm of a cohort")
    text = checked_note(note, required=True)
    return _set_alarm(_policy(policy), incident_id, alarm_above, set_by=set_by, now=now, note=text)


def _set_alarm(policy: Policy, incident_id: int, alarm_above: int, *, set_by: User, now: datetime, note: str = "") -> Cohort:
    check_amount(alarm_above, "alarm_above")
    if not 0 <= alarm_above <= MOST_APPROVED:
        raise AmountOutOfRange(f"The alarm is {alarm_above}. Give 0 to {MOST_APPROVED:,}.", field="alarm_above")
    Cohort.objects.bulk_create([Cohort(policy=policy, incident_id=incident_id, alarm_above=0)], ignore_conflicts=True)
    cohort = Cohort.objects.select_for_update().get(policy=policy, incident=incident_id)
    if alarm_above < cohort.approved:
        told = f"{cohort.approved} are approved already. Give that many or more."
        raise AmountOutOfRange(told, field="alarm_above")
    cohort.alarm_above = alarm_above
    cohort.save(update_fields=["alarm_above"])
    data = {"policy": policy.code, "incident": incident_id, "alarm_above": alarm_above}
    log_event("alarm_set", actor=set_by, now=now, data=data, note=note)
    return cohort


def _is_full(pause: AutomaticPause) -> bool:
    cohort = Cohort.objects.filter(policy=pause.policy_id, incident=pause.incident_id)
    return cohort.filter(approved__gte=F("alarm_above")).exists()


def _policy(code: str) -> Policy:
    found = Policy.objects.filter(code=code).first()
    if found is None:
        raise ReferenceUnknown(f"policy is {code!r}, which is no policy we know.", field="policy")
    return found
