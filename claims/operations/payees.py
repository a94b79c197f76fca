"""Claimants say where they are paid, staff enter it for them, and it is erased again. Expects a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Channel, Payee, Person, User
from accounts.operations import checked_account, checked_bank, checked_holder, erase_payees, lock_person, store_payee
from accounts.payees import is_own_account, payee_of
from claims.models import AccessCode, Claim, ClaimKey, Event, KeyKind, NewsKind
from claims.operations.corrections import NotTheClaimant
from claims.operations.decisions import DECIDERS, OwnClaim, check_approves_nothing_unpaid, check_not_own, is_claimant
from claims.operations.keys import add_key, twins_are_due
from claims.operations.moves import UnknownClaim, checked_note, lock_statuses, log_event
from claims.operations.news import tell
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require

FRESH = timedelta(minutes=30)  # a code, since it was typed in
JUST_FILED = timedelta(hours=1)
MOST_A_DAY = 5  # each change is a mail, and holds the money for two days


class CodeNeeded(Refusal):
    """Who gives an account shows first that they are reached where the claimant is."""

    code = "code_needed"


class PayeeGivenOften(Refusal):
    code = "payee_given_often"


def give_payee(
    *,
    claim_id: int,
    bank: str,
    account: str,
    holder: str,
    given_by: User,
    code: UUID | None,
    now: datetime,
    filed_here: bool = False,
) -> Payee:
    """The claimant's own log-in says where they are paid, for each of their claims. They are told of it by a mail at once.

    `code`: the key under which this browser asked for one and was let in, `filed_here`: whether it filed this claim; whoever
    calls has checked it; see `may_give`. An account that takes the place of
    another is not paid to for two days (`claims/queries/payees.py`). The same again changes nothing.

    Raises UnknownClaim, NotTheClaimant, CodeNeeded, PayeeGivenOften, BankUnknown, AccountInvalid, ResidentNumber,
    HolderMissing, InvalidValue.
    """
    now = check_instant(now, "now")
    claim = Claim.objects.select_related("person").filter(pk=claim_id).first()
    if claim is None:
        raise UnknownClaim(f"There is no claim {claim_id}.", field="claim")
    if not is_claimant(claim, given_by):
        raise NotTheClaimant("Who made the claim says where they are paid. Staff enter what they were told.")
    said = (checked_bank(bank), checked_account(account), checked_holder(holder))
    claims = _lock(claim.person_id)
    before = payee_of(claim.person_id)
    if before is not None and (before.bank, before.account, before.holder) == said and _is_theirs(before, claim):
        return before
    if not may_give(claim, before, code, now, filed_here=filed_here):
        raise CodeNeeded("Ask for a code, and type it in before you say where you are paid.")
    given = Payee.objects.filter(person=claim.person_id, event__actor__person=claim.person_id)
    if given.filter(event__at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise PayeeGivenOften("It was changed often today. Write to us, and somebody looks at it with you.")
    payee = store_payee(
        person=claim.person, bank=bank, account=account, holder=holder, channel=Channel.WEB, given_by=given_by, now=now
    )  # fmt: skip
    assert payee is not None, "it is not what stood before"
    _follow(payee, claims, claim_id, given_by, now)
    return payee


def _is_theirs(payee: Payee, claim: Claim) -> bool:
    return payee.event.actor is not None and is_claimant(claim, payee.event.actor)


def may_give(claim: Claim, stands: Payee | None, code: UUID | None, now: datetime, *, filed_here: bool) -> bool:
    """Whether the code let somebody in to a claim of this person in the last half hour; or whoever has just filed this one by
    the web in the same browser, and no account stands. An account that keeps the person has filed nothing here: whoever left
    theirs logged in would be paid for what somebody else files there.
    """
    if filed_here and stands is None and claim.entries.filter(channel=Channel.WEB, received_at__gt=now - JUST_FILED).exists():
        return True
    used = AccessCode.objects.filter(claim__person=claim.person_id, used_at__gt=now - FRESH)
    return code is not None and used.filter(pk=code).exists()


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
    proposed or confirmed what one of the claims is still to be paid, and what `store_payee` raises. The claimant is told.
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
    _follow(payee, claims, claim_id, given_by, now, note=text)
    return payee


def _follow(
    payee: Payee, claims: Sequence[int], claim_id: int | None, by: User | None, now: datetime, *, note: str = ""
) -> None:
    """Claims are compared by it; it stands in the log; and the claimant is told, but of what a command loads."""
    for claim in claims:
        add_key(claim_id=claim, kind=KeyKind.PAYEE, value=f"{payee.bank}:{payee.account}", now=now)
    data = {"payee": payee.pk, "channel": payee.channel}
    log_event("payee_set", actor=by, now=now, data=data, note=note, claim_id=claim_id)
    if by is not None:
        tell([claim_id] if claim_id is not None else claims[-1:], NewsKind.PAYEE, now=now)


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
