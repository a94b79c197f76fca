"""A guest asks for a code by the claim's reference and their address, and is let in by it; an account keeps a claim within
reach. Each expects a transaction.

Nobody learns whether there is such a claim, or whose address that is: known and unknown do the same work and are answered
alike.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from accounts.models import PersonalData, User
from accounts.operations import keep_person
from claims import hints
from claims.models import MOST_TRIES, AccessCode, Claim, NewsKind
from claims.operations.locks import lock_address
from claims.operations.mail import HOLDS, tell
from claims.operations.numbers import READ_AS
from services.instants import check_instant
from services.salted import Salted

MOST_CODES = (
    (timedelta(hours=1), 5),
    (timedelta(days=1), 10),
)  # of a claim: with five tries each, 50 guesses in a million a day


def ask_for_code(*, key: UUID, reference: str, email: str, now: datetime) -> None:
    """A code goes to the address of the claim's person, if that is the one that was typed in. `key`: of the browser, by which
    `enter_code` knows which code is meant. Beyond five an hour or ten a day for a claim nothing more is sent: that is counted
    for one at a time, and where nothing is counted too, so that both take as long.
    """
    now = check_instant(now, "now")
    lock_address(email)
    reached = Claim.objects.filter(reference=typed_reference(reference), person__personal_data__email__iexact=email.strip())
    claim = reached.exclude(person__personal_data__email="").first()
    if any([_asked(claim, now - span) >= most for span, most in MOST_CODES]):  # noqa: C419 - both are counted
        claim = None
    AccessCode.objects.create(key=key, claim=claim, asked_at=now, expires_at=now + HOLDS, salt=secrets.token_hex(16))
    hints.write_hint(hints.SEND_MAIL, now=now)


def _asked(claim: Claim | None, since: datetime) -> int:
    return AccessCode.objects.filter(claim=0 if claim is None else claim.pk, asked_at__gt=since).count()


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
    if kept is not None and not PersonalData.objects.filter(person=claim.person_id, email__iexact=user.email).exists():
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
    """`c w2xm z593` -> `C-W2XM-Z593`: whatever the case, with O for 0 and I or L for 1, as people read letters and digits."""
    plain = "".join(one for one in reference.upper() if one.isascii() and one.isalnum())
    rest = plain.removeprefix("C").translate(READ_AS) if len(plain) == 9 else ""
    return f"C-{rest[:4]}-{rest[4:]}" if rest else ""
