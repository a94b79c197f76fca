"""Work is given out without clashes: the next one, many at once in turn, later. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import cycle

from django.db.models import QuerySet

from accounts.models import Role, User
from claims.models import ClaimStatus, ReviewStatus, SavedView, Skill
from claims.operations.appealed import DecidedBefore
from claims.operations.checks import check_text
from claims.operations.decisions import DECIDERS, OwnClaim, check_no_conflict
from claims.operations.moves import Move, TransitionNotAllowed, lock_status, make_move, make_moves
from claims.operations.refusals import ReferenceUnknown
from claims.operations.review import check_in_hand
from claims.queries.queue import QueueFilter, queued, skilled_services
from services.instants import AlreadyOver, OutOfRange, check_instant
from services.models import Service
from services.staff import require
from services.texts import is_text, normalised

MOST_SHARED = 1_000


def take_next(*, taken_by: User, now: datetime, wanted: QueueFilter | None = None) -> ClaimStatus | None:
    """The claim with the next deadline that is in nobody's hands and within the taker's skills, to review it; None: none is.

    Two who ask at once get two claims: what one is about to take is passed over. So is the taker's own. Raises RoleMissing.
    """
    now = check_instant(now, "now")
    require(taken_by, DECIDERS, "take a claim")
    passed: list[int] = []
    free = _free(wanted or QueueFilter(), taken_by, now)
    while (
        status := free.exclude(pk__in=passed).select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
    ) is not None:
        try:
            check_no_conflict(status.pk, taken_by)
        except (OwnClaim, DecidedBefore):
            passed.append(status.pk)
            continue
        move = Move(status.pk, "claim_taken", review=ReviewStatus.IN_REVIEW, assignee=taken_by.pk)
        make_move(status, move, actor=taken_by, now=now)
        return status
    return None


def share_out(
    *, among: Sequence[User], most: int, shared_by: User, now: datetime, wanted: QueueFilter | None = None
) -> dict[int, int]:
    """Give out at most so many claims in turn, the next deadline first, each to somebody with the skill for it.

    Returns how many by user. A claim that nobody among them has the skill for, or whose only candidates are in conflict with
    it, stays in the queue. Raises RoleMissing, ReferenceUnknown, OutOfRange.
    """
    now = check_instant(now, "now")
    require(shared_by, (Role.CHECKER,), "share out claims")
    if not among:
        raise ReferenceUnknown("Name at least one who reviews.", field="among")
    if not 1 <= most <= MOST_SHARED:
        told = f"{most} claims cannot be shared out at once; give 1 to {MOST_SHARED}."
        raise OutOfRange(told, field="most", about=f"1–{MOST_SHARED:,}")
    for user in among:
        require(user, DECIDERS, "review a claim")
    skills = {user.pk: skilled_services(user) for user in among}
    free = queued(wanted or QueueFilter(), now=now).select_related("claim")
    statuses = list(free.select_for_update(no_key=True, skip_locked=True, of=("self",))[:most])
    turns, given = cycle(among), {user.pk: 0 for user in among}
    moves = []
    for status in sorted(statuses, key=lambda one: (one.answer_due_date, one.pk)):
        for user in (next(turns) for _ in among):
            if _may(user, status, skills[user.pk]):
                moves.append(Move(status.pk, "claim_assigned", review=ReviewStatus.IN_REVIEW, assignee=user.pk))
                given[user.pk] += 1
                break
    make_moves(moves, actor=shared_by, now=now)
    return given


def _free(wanted: QueueFilter, user: User, now: datetime) -> QuerySet[ClaimStatus]:
    free = queued(wanted, now=now)
    services = skilled_services(user)
    return free if services is None else free.filter(service__in=services)


def _may(user: User, status: ClaimStatus, services: Sequence[int] | None) -> bool:
    if services is not None and status.service_id not in services:
        return False
    try:
        check_no_conflict(status.pk, user)
    except (OwnClaim, DecidedBefore):
        return False
    return True


def snooze_claim(
    *, claim_id: int, until: datetime, snoozed_by: User, now: datetime, note: str = "", moves: int | None = None
) -> ClaimStatus:
    """Back into the queue, and shown to nobody before then; whatever happens to the claim wakes it.

    Raises RoleMissing, OutOfRange, TransitionNotAllowed, ReviewedByAnother, ClaimMoved.
    """
    now, until = check_instant(now, "now"), check_instant(until, "until")
    require(snoozed_by, DECIDERS, "put a claim off")
    if until <= now:
        raise AlreadyOver("That is over already. Give a later time.", field="until")
    status = lock_status(claim_id, moves=moves)
    if status.review not in (ReviewStatus.QUEUED, ReviewStatus.IN_REVIEW):
        told = f"What is queued or in review is put off; this claim is {status.review}."
        raise TransitionNotAllowed(told, field="review")
    check_in_hand(status, snoozed_by)
    move = Move(
        claim_id, "claim_snoozed", review=ReviewStatus.QUEUED, snoozed_until=until, data={"until": until.isoformat()}
    )  # fmt: skip
    make_move(status, move, actor=snoozed_by, now=now, note=note)
    return status


# --- how somebody works --------------------------------------------------------------------------------


def set_skills(*, user: User, services: Sequence[str], set_by: User) -> list[Skill]:
    """Somebody reviews claims about these services (codes) and what is below them; none: about everything.

    Raises RoleMissing, ReferenceUnknown.
    """
    require(set_by, (Role.CHECKER,), "say who reviews what")
    require(user, DECIDERS, "review a claim")
    found = {service.code: service for service in Service.objects.filter(code__in=services)}
    for code in services:
        if code not in found:
            raise ReferenceUnknown(f"{code!r} is no service we know.", field="services")
    Skill.objects.filter(user=user).delete()
    return Skill.objects.bulk_create(Skill(user=user, service=found[code]) for code in sorted(set(services)))


def save_view(*, user: User, name: str, query: str) -> SavedView:
    """A filter of the queue under a name; the same name again replaces it. Raises Required, ValueTooLong, InvalidCharacter."""
    text = check_text(normalised(name, "name"), "name", longest=60, required=True)
    values = {"query": check_text(query, "query", longest=500)}
    view, _ = SavedView.objects.update_or_create(user=user, name=text, defaults=values)
    return view


def delete_view(*, user: User, name: str) -> None:
    """Nothing happens where there is none."""
    if is_text(name):
        SavedView.objects.filter(user=user, name=name).delete()
