"""A guest asks for a code by the claim's reference and their address, and is let in by it; an account keeps a claim within
reach. Each expects a transaction, but for `write_next_code`.

Nobody learns whether there is such a claim, or whose address that is: known and unknown do the same work and are answered
alike.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.logins import address_is
from accounts.models import PersonalData, User
from accounts.operations import keep_person
from claims import hints
from claims.models import MOST_TRIES, AccessCode, Claim, MailKind, NewsKind
from claims.operations.asked_mails import had_enough
from claims.operations.language import language_of
from claims.operations.mail import HIDDEN, HOLDS, made_mail
from claims.operations.news import tell
from claims.operations.numbers import LETTERS, READ_AS
from services.instants import check_instant
from services.salted import Salted

DIGITS = 6


def ask_for_code(*, key: UUID, reference: str, email: str, network: str, now: datetime) -> None:
    """A code goes to the address of the claim's person, if that is the one that was typed in, and not beyond what is sent of
    all that can be asked for. `key`: of the browser, by which `enter_code` knows which code is meant. `network`: of who asks,
    as `digest_of_network` has it.
    """
    now, email = check_instant(now, "now"), email.strip()
    enough = had_enough(email, network, now=now)
    reached = Claim.objects.filter(address_is("person__personal_data__email", email), reference=typed_reference(reference))
    claim = reached.exclude(person__personal_data__email="").first()
    AccessCode.objects.create(
        key=key, claim=None if enough else claim, asked_at=now, expires_at=now + HOLDS, salt=secrets.token_hex(16),
        network=network,
    )  # fmt: skip
    hints.write_hint(hints.SEND_MAIL, now=now)


def codes_due(now: datetime) -> QuerySet[AccessCode]:
    return AccessCode.objects.filter(claim__isnull=False, mail=None, expires_at__gt=now)


def write_next_code(*, now: datetime) -> bool:
    """The mail with a code that somebody asked for; False where none is waited for. Opens its own transaction."""
    now = check_instant(now, "now")
    with transaction.atomic(durable=True):
        asked = codes_due(now).order_by("asked_at").select_for_update(skip_locked=True, of=("self",)).first()
        if asked is None:
            return False
        claim = Claim.objects.select_related("incident", "person").get(pk=asked.claim_id or 0)
        address = PersonalData.objects.filter(person=claim.person_id).values_list("email", flat=True).first()
        if not address:  # erased since it was asked for: it opens nothing any more
            AccessCode.objects.filter(pk=asked.pk).update(claim=None)
            return True
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        asked.mail = made_mail(
            claim.person, MailKind.CODE, address, language_of(claim), now, reference=claim.reference, code=HIDDEN,
            minutes=int((asked.expires_at - asked.asked_at).total_seconds()) // 60, secret=code,
        )  # fmt: skip
        asked.digest = Salted(code, asked.salt).digest
        asked.save(update_fields=["mail", "digest"])
    return True


def enter_code(*, key: UUID, code: str, now: datetime) -> Claim | None:
    """The claim that the code opens, once; None for a wrong one, one that was used, tried five times or has expired, and for
    one that was never sent. It refuses by no exception: the try has to be kept.
    """
    now = check_instant(now, "now")
    asked = AccessCode.objects.select_for_update().filter(pk=key).first()
    if asked is None or asked.tries >= MOST_TRIES or asked.used_at is not None or asked.expires_at <= now:
        return None
    asked.tries = F("tries") + 1
    asked.save(update_fields=["tries"])
    typed = "".join(one for one in code if one.isdecimal())
    if not asked.digest or not secrets.compare_digest(Salted(typed, asked.salt).digest, asked.digest):
        return None
    AccessCode.objects.filter(pk=key).update(used_at=now)
    return Claim.objects.select_related("person").get(pk=asked.claim_id or 0)


def keep_claim(*, claim: Claim, user: User, by: str, now: datetime) -> None:
    """The account reaches the claim's person from now on, as `keep_person` has it; where that is somebody else's address, they
    are warned: whoever finds a browser in which the claim is open can do it.
    """
    kept = keep_person(user=user, person=claim.person, by=by, now=now)
    reached = PersonalData.objects.filter(address_is("email", user.email or ""), person=claim.person_id)
    if kept is not None and not reached.exists():
        tell([claim.pk], NewsKind.KEPT, now=now)


def forget_codes(*, now: datetime) -> int:
    """Delete what nobody needs any more: of those that opened nothing after a day, of others after the year for which it is
    kept who was let in. Returns how many.
    """
    now = check_instant(now, "now")
    old = AccessCode.objects.filter(claim=None, asked_at__lt=now - timedelta(days=1))
    older = AccessCode.objects.filter(asked_at__lt=now - timedelta(days=365))
    return old.delete()[0] + older.delete()[0]


def typed_reference(reference: str) -> str:
    """`c w2xm z593` -> `C-W2XM-Z593`: whatever the case, with O for 0 and I or L for 1, as people read letters and digits, and
    also without the C; empty where it has no form of one.
    """
    groups = re.findall("[0-9A-Z]+", reference.upper())
    plain = "".join(groups)
    rest = (plain.removeprefix("C") if len(plain) == 9 or groups[:1] == ["C"] else plain).translate(READ_AS)
    if len(rest) != 8 or any(one not in LETTERS for one in rest):
        return ""
    return f"C-{rest[:4]}-{rest[4:]}"
