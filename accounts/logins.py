"""Log-in addresses: one spelling each, and how a user is found by one."""

import unicodedata
from typing import TYPE_CHECKING, Any

import idna
from django.contrib.auth.base_user import BaseUserManager
from django.db.models import F, Q, Value
from django.db.models.functions import Collate, Lower
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from accounts.models import User


def normalised_email(address: str) -> str:
    """The one spelling kept: NFC, no space around, lower case, and the domain as name servers are asked for it. One that has no
    such spelling stays as it is, and `checked_email` refuses it.
    """
    typed = unicodedata.normalize("NFC", address).strip().lower()
    name, at, domain = typed.rpartition("@")
    try:
        return f"{name}{at}{ascii_domain(domain)}"
    except UnicodeError:
        return typed


def ascii_domain(domain: str) -> str:
    """Of one in lower case: 한국.kr and xn--3e0b707e.kr are one, as are those that differ by what is not seen. By IDNA 2008, as
    mail servers have it: the codec of Python makes another domain of straße.de. Raises UnicodeError.
    """
    if domain.isascii() and "xn--" not in domain:
        return domain
    return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")


def address_is(field: str, address: str) -> Q:
    """Of rows whose `field` is this address, however it was typed. By itself `iexact`, which has an index, takes ı for i and ſ
    for s, as UPPER does: kım@example.org is another mailbox, of somebody else.
    """
    kept = normalised_email(address)
    same = Exact(Lower(Collate(F(field), "C")), Lower(Collate(Value(kept), "C")))
    return Q(**{f"{field}__iexact": kept}) & Q(same)


class UserManager(BaseUserManager["User"]):
    """Django's own entry points for users whose name is an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user without a password cannot log in until one is set."""
        user = self.model(email=normalised_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `manage.py createsuperuser`."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Log-in finds the user however the address is typed."""
        return self.get(email=normalised_email(username or ""))
