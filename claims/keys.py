"""Values by which claims are compared, each in one spelling, and the digest that is kept of it.

E-mail addresses are only put into lower case. Gmail alone ignores dots and what follows a plus sign; elsewhere they make
another address, of another person, and which provider does what is not for us to keep up with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from uuid import UUID

from django.conf import settings

from accounts.logins import normalised_email
from claims.models import KeyKind

KOREA = "82"
SERVICE_NUMBER = re.compile(r"1[568]\d{6}")  # 1588-1234: of a company, dialled without an area code


def digest_of(kind: str, value: str | bytes) -> UUID | None:
    """None where the value, in one spelling, says nothing to compare by."""
    text = one_spelling(kind, value)
    if not text:
        return None
    key, told = settings.CLAIM_KEY_SECRET.encode(), f"{kind}\n{text}".encode()
    return UUID(bytes=hmac.digest(key, told, "sha256")[:16])


def sample_seed(policy: str) -> str:
    """By which the sample of a policy is drawn. Secret, so that nobody outside can say from a reference who is looked at."""
    return hmac.digest(settings.CLAIM_KEY_SECRET.encode(), f"sample\n{policy}".encode(), "sha256").hex()


def webhook_secret(endpoint: UUID, serial: int) -> str:
    """By which what is sent to a partner's endpoint is signed, as Standard Webhooks write it. It is in no table, so that none
    can give it away.
    """
    told = f"webhook\n{endpoint}\n{serial}".encode()
    key = hmac.digest(settings.CLAIM_KEY_SECRET.encode(), told, "sha256")
    return f"whsec_{base64.b64encode(key).decode()}"


def one_spelling(kind: str, value: str | bytes) -> str:
    """Empty where there is none: a phone number of four digits, a payee without a bank. Bytes are documents, and only they."""
    if isinstance(value, bytes) or kind == KeyKind.DOCUMENT:
        return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) and value and kind == KeyKind.DOCUMENT else ""
    match kind:
        case KeyKind.PHONE:
            return phone_number(value)
        case KeyKind.PAYEE:
            return payee(value)
        case KeyKind.EMAIL:
            return normalised_email(value)
        case KeyKind.NAME:
            return "".join(unicodedata.normalize("NFC", value).split())
    return value


def phone_number(text: str) -> str:
    """In E.164, like +821012345678; what has no country is Korean. Also where a table has eaten the leading zero of 010."""
    written = unicodedata.normalize("NFKC", text).strip()
    digits = _digits(written)
    if written.startswith("+") and not digits.startswith(KOREA):
        return f"+{digits}" if 7 <= len(digits) <= 15 else ""
    abroad = re.fullmatch(rf"(?:00)?{KOREA}0?(\d{{8,}})", digits)
    if abroad:
        return _korean(abroad[1])
    if digits.startswith("0"):
        return _korean(digits[1:])
    known = SERVICE_NUMBER.fullmatch(digits) or re.fullmatch(r"10\d{8}", digits)
    return _korean(digits) if known else ""


def _korean(number: str) -> str:
    """From the area code on, without its zero: 8 digits (02-123-4567) to 11 (0507-1234-5678)."""
    return f"+{KOREA}{number}" if 8 <= len(number) <= 11 and number[0] != "0" else ""


def payee(text: str) -> str:
    """`bank:account`: the bank's code, of three digits where it is a number, and the digits of the account."""
    bank, colon, account = unicodedata.normalize("NFKC", text).partition(":")
    code, digits = "".join(bank.split()).lower(), _digits(account)
    return f"{code.zfill(3) if code.isdigit() else code}:{digits}" if code and colon and digits else ""


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
