"""Where somebody is paid: the newest of the accounts that were given, by an index."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.db.models import Max

from accounts.models import Payee, PersonalData, User


def payee_of(person_id: int) -> Payee | None:
    """The one that counts, with who gave it. One query."""
    return Payee.objects.filter(person=person_id).select_related("event__actor").order_by("-event_id").first()


def is_another(holder: str, person_id: int) -> bool:
    """Whether the account's holder is somebody else than the claim says, as far as names tell. Of a business the name of the
    shop stands beside, as in 홍길동(행복카페); who gave no name is nobody else. One query.
    """
    name = _folded(PersonalData.objects.filter(person=person_id).values_list("name", flat=True).first() or "")
    held = _folded(holder)
    return bool(name) and name not in held and held not in name


def _folded(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


def payee_ids(person_ids: Sequence[int]) -> dict[int, int]:
    """By person, the number of the one that counts; who has none is left out. One query, and nothing that names anybody."""
    newest = Payee.objects.filter(person__in=person_ids).order_by().values_list("person").annotate(Max("event"))
    return dict(newest)


def is_paid_like(person_id: int, user: User) -> bool:
    """Whether what counts for this person is, or was, an account of the user's own. No query for who is nobody's person."""
    if user.person_id is None:
        return False
    paid = payee_of(person_id)
    return paid is not None and is_own_account(user, paid.bank, paid.account)


def is_own_account(user: User, bank: str, account: str) -> bool:
    """Whether the user was ever to be paid there."""
    if user.person_id is None:
        return False
    return Payee.objects.filter(person=user.person_id, bank=bank, account=account).exists()


# The same in SQL, of the person of `c` and the user `u`.
NEWEST_PAYEE = "NOT EXISTS (SELECT 1 FROM accounts_payee z WHERE z.person_id = y.person_id AND z.event_id > y.event_id)"
PAID_LIKE_SQL = f"""EXISTS (
    SELECT 1 FROM accounts_payee own JOIN accounts_payee y ON y.bank = own.bank AND y.account = own.account
     WHERE own.person_id = u.person_id AND y.person_id = c.person_id AND {NEWEST_PAYEE})"""  # noqa: S608 - constants


def gave_payee_sql(when: str, also: str = "false") -> str:
    """The user `k`, by any log-in, gave what counts for `c`, by an event `e` of which this is true. `also`: whether what the
    user `g` gave counts as his.
    """
    return f"""EXISTS (
    SELECT 1 FROM accounts_payee y JOIN accounts_accountevent e ON e.id = y.event_id JOIN accounts_user g ON g.id = e.actor_id
     WHERE y.person_id = c.person_id AND (g.id = k.id OR g.person_id = k.person_id OR {also}) AND {NEWEST_PAYEE} AND {when})"""  # noqa: S608
