"""How much somebody may decide alone, by one decision and in a day. Expects a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Sum

from accounts.models import Role, User
from accounts.operations import log_ins_of
from claims.models import AuthorityLimit, AuthorityUsed
from services.seoul import SEOUL

LIMITED = (Role.CASEWORKER, Role.CHECKER)
Sums = Mapping[str, int]  # by unit, of money in minor units of its currency, which is its unit


def within_authority(user: User, together: Sums, largest: Sums, now: datetime) -> bool:
    """Whether he may decide this much alone, `largest` of it by one decision; if so, it is counted as decided today.

    All or nothing, every unit must fit.
    """
    day = _Day(user, together, now)
    if not day.takes(together, largest):
        return False
    day.count(together)
    return True


def those_within_authority(user: User, each: Iterable[Sums], now: datetime) -> list[bool]:
    """Of decisions in turn, whether he may take this one alone beside those before it; what he may is counted together."""
    wanted = list(each)
    day = _Day(user, {unit for sums in wanted for unit in sums}, now)
    together: Counter[str] = Counter()
    fits = []
    for sums in wanted:
        fit = day.takes(together + Counter(sums), sums)
        fits.append(fit)
        together.update(sums if fit else {})
    day.count(together)
    return fits


class _Day:
    """What somebody may decide today, and has. Rows of the day are locked, one of a unit for all log-ins of a person: two
    decisions at once see each other.
    """

    def __init__(self, user: User, units: Iterable[str], now: datetime) -> None:
        same, today = log_ins_of(user), now.astimezone(SEOUL).date()
        self.rows = AuthorityUsed.objects.filter(user=same[0], on_date=today)
        roles = [role for role in LIMITED if user.holds(role)]
        self.per_decision: dict[str, int] = {}
        self.left: dict[str, int] = {}
        for unit in sorted(units):
            limits = [limit for role in roles if (limit := authority_limit(role, unit)) is not None]
            self.per_decision[unit] = max((limit.per_decision for limit in limits), default=0)
            row = AuthorityUsed(user_id=same[0], on_date=today, unit=unit)
            AuthorityUsed.objects.bulk_create([row], ignore_conflicts=True)
            self.rows.select_for_update(no_key=True).get(unit=unit)
            # A log-in that was linked to the person since may have decided something as well.
            used = AuthorityUsed.objects.filter(user__in=same, on_date=today, unit=unit).aggregate(sum=Sum("quantity"))
            self.left[unit] = max((limit.per_day for limit in limits), default=0) - used["sum"]

    def takes(self, together: Sums, largest: Sums) -> bool:
        by_one = all(quantity <= self.per_decision[unit] for unit, quantity in largest.items())
        return by_one and all(quantity <= self.left[unit] for unit, quantity in together.items())

    def count(self, together: Sums) -> None:
        for unit, quantity in sorted(together.items()):
            self.rows.filter(unit=unit).update(quantity=F("quantity") + quantity)


def authority_limit(role: str, unit: str) -> AuthorityLimit | None:
    """The newest one."""
    return AuthorityLimit.objects.filter(role=role, unit=unit).order_by("-pk").first()


def counted(sums: Sequence[Sums]) -> tuple[Sums, Sums]:
    """Together, and the most of each unit by one."""
    together: Counter[str] = Counter()
    largest: Counter[str] = Counter()
    for one in sums:
        together.update(one)
        largest |= Counter(one)
    return together, largest
