"""The only door to where people are paid. Expects a transaction, opened by the face around it.

No refusal here says what was typed in: messages end in logs and on screens.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from accounts.banks import BANKS
from accounts.models import AccountEventKind, Channel, Payee, Person, Role, User
from accounts.operations.log import log_event
from accounts.payees import payee_of
from services.instants import check_instant
from services.prepared import prepared_cursor
from services.refusals import InvalidValue, Refusal
from services.resident_numbers import check_no_resident_number
from services.salted import Salted
from services.staff import require
from services.texts import normalised
from services.values import check_values

LOCK = 7331  # beside the numbers of claims/operations/locks.py
ERASERS = (Role.CHECKER,)
HYPHENS = " If it is an account, write it with the hyphens of its bank."


class BankUnknown(Refusal):
    code = "bank_unknown"


class AccountInvalid(Refusal):
    code = "account_invalid"


class HolderMissing(Refusal):
    code = "holder_missing"


def lock_person(person_id: int) -> None:
    """Wait until nobody else changes where this person is paid, or gives a claim of theirs its keys. Taken before row locks."""
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, person_id & 0x7FFFFFFF])


def store_payee(
    *, person: Person, bank: str, account: str, holder: str, channel: str, given_by: User | None, now: datetime
) -> Payee | None:
    """From now on the person is paid there. `account`: 6 to 16 digits, with hyphens or without. `given_by`: None by a command.

    None where the same user gave the same before and it counts still: a retry is harmless. Raises BankUnknown,
    AccountInvalid, ResidentNumber, HolderMissing, InvalidValue.
    """
    at = check_instant(now, "now")
    payee = Payee(person=person, bank=checked_bank(bank), account=checked_account(account), channel=channel)
    payee.holder = checked_holder(holder)
    if channel not in Channel.values:
        raise InvalidValue(f"channel is {channel!r}. Use one of {', '.join(Channel.values)}.", field="channel")
    check_values(payee, "salt")
    lock_person(person.pk)
    before = payee_of(person.pk)
    giver = None if given_by is None else given_by.pk
    if before is not None and (before.told, before.channel, before.event.actor_id) == (payee.told, channel, giver):
        return None
    salted = Salted.of(payee.told)
    payee.salt = salted.salt
    payee.event = log_event(
        AccountEventKind.PAYEE_SET, actor=given_by, now=at, person=person, digest=salted.digest, channel=channel
    )
    payee.save(force_insert=True)
    return payee


def erase_payees(*, person_id: int, erased_by: User | None, now: datetime) -> int:
    """Delete every account of the person; how many. What stays are the events with digests that say nothing without the salt.

    By a checker, or a command. Raises RoleMissing.
    """
    at = check_instant(now, "now")
    if erased_by is not None:
        require(erased_by, ERASERS, "erase where somebody is paid")
    lock_person(person_id)
    payees = Payee.objects.filter(person=person_id)
    ids = list(payees.values_list("pk", flat=True))
    if ids:
        person = Person.objects.get(pk=person_id)
        log_event(AccountEventKind.PAYEE_ERASED, actor=erased_by, now=at, person=person, payees=ids)
        payees.delete()
    return len(ids)


def checked_bank(code: str) -> str:
    """Raises BankUnknown."""
    kept = unicodedata.normalize("NFKC", code).strip()
    if kept not in BANKS:
        raise BankUnknown("No bank has this code. Use the common code of three digits, like 004 or 088.", field="bank")
    return kept


def checked_account(typed: str) -> str:
    """Its digits. An account of thirteen that looks like a resident number is taken if it has its bank's hyphens.

    Raises AccountInvalid, ResidentNumber.
    """
    kept = unicodedata.normalize("NFKC", typed).strip()
    check_no_resident_number(kept, "account", HYPHENS)
    digits = kept.replace("-", "")
    if not re.fullmatch(r"[0-9]+(-[0-9]+)*", kept) or not 6 <= len(digits) <= 16:
        raise AccountInvalid("An account is 6 to 16 digits, with hyphens or without, and nothing else.", field="account")
    return digits


def checked_holder(name: str) -> str:
    """Raises HolderMissing, ResidentNumber, InvalidValue."""
    kept = " ".join(normalised(name, "holder").split())
    if not kept:
        raise HolderMissing("Give the name on the account.", field="holder")
    check_no_resident_number(kept, "holder")
    if not kept.isprintable():
        raise InvalidValue("The name has characters that cannot be printed. Type it in again.", field="holder")
    return kept
