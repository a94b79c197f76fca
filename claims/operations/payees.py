"""Staff enter where a claimant is paid, and it is erased again. Expects a transaction."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Payee, Person, User
from accounts.operations import erase_payees, lock_person, store_payee
from accounts.payees import is_own_account, payee_of
from claims.models import Claim, ClaimKey, Event, KeyKind
from claims.operations.decisions import DECIDERS, OwnClaim, check_approves_nothing_unpaid, check_not_own
from claims.operations.keys import add_key, twins_are_due
from claims.operations.moves import UnknownClaim, checked_note, lock_statuses, log_event
from services.instants import check_instant
from services.staff import require


def set_payee(
    *,
    person: Person,
    bank: str,
    account: str,
    holder: str,
    channel: str,
    given_by: User | None,
    now: datetime,
    claim_id: int | None = None,
    note: str = "",
) -> Payee:
    """From now on the person is paid there, for each of their claims, which are compared by it with all others.

    `claim_id`: on whose page it was entered, and where the event with the note stands, in which staff say how they know;
    `given_by`: None by a command. What goes out is what a payment run finds when it is made. The same from the same user
    changes nothing. Waits for whoever decides, confirms or pays one of these claims right now.

    Raises RoleMissing, Required for the note, UnknownClaim, OwnClaim for one's own claim or account, OwnProposal for who
    proposed or confirmed what one of the claims is still to be paid, and what `store_payee` raises.
    """
    now = check_instant(now, "now")
    text = checked_note(note, required=given_by is not None)
    if given_by is not None:
        require(given_by, DECIDERS, "enter where somebody is paid")
    claims = _lock(person.pk)
    if claim_id is not None and claim_id not in claims:
        raise UnknownClaim(f"This person has no claim {claim_id}.", field="claim")
    if given_by is not None:
        check_not_own(person.pk, given_by)
        check_approves_nothing_unpaid(claims, given_by)
    payee = store_payee(
        person=person, bank=bank, account=account, holder=holder, channel=channel, given_by=given_by, now=now
    )  # fmt: skip
    if payee is None:
        kept = payee_of(person.pk)
        assert kept is not None, "nothing was new"
        return kept
    if given_by is not None and is_own_account(given_by, payee.bank, payee.account):
        raise OwnClaim("This account is yours. Somebody else enters it, if it is right.", field="account")
    for claim in claims:
        add_key(claim_id=claim, kind=KeyKind.PAYEE, value=f"{payee.bank}:{payee.account}", now=now)
    data = {"payee": payee.pk, "channel": channel}
    log_event("payee_set", actor=given_by, now=now, data=data, note=text, claim_id=claim_id)
    return payee


def erase_payee(*, person_id: int, erased_by: User | None, now: datetime) -> int:
    """Delete every account of the person, and the keys that were made of them; how many accounts.

    By a checker, or a command. What has been paid keeps the number of the account's event, and that it was there. Raises
    RoleMissing, OwnClaim.
    """
    now = check_instant(now, "now")
    claims = _lock(person_id)
    if erased_by is not None:
        check_not_own(person_id, erased_by)
    erased = erase_payees(person_id=person_id, erased_by=erased_by, now=now)
    if erased:
        ClaimKey.objects.filter(claim__in=claims, kind=KeyKind.PAYEE).delete()
        twins_are_due(claims, now=now)
        Event.objects.create(at=now, kind="payee_erased", actor=erased_by, data={"person": person_id, "payees": erased})
    return erased


def _lock(person_id: int) -> list[int]:
    """The person, then the statuses of all claims, as whoever decides or pays one of them holds it; their numbers."""
    lock_person(person_id)
    claims = list(Claim.objects.filter(person=person_id).order_by("pk").values_list("pk", flat=True))
    lock_statuses(claims)
    return claims
