"""Log-in addresses: one spelling each, and how a user is found by one."""

import unicodedata
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import F, Q, Value
from django.db.models.functions import Collate, Lower
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from accounts.models import User


def normalised_email(address: str) -> str:
    """The one spelling kept: NFC, no space around, lower case."""
    return unicodedata.normalize("NFC", address).strip().lower()


def address_is(field: str, address: str) -> Q:
    """Of rows whose `field` is this address, in whichever case it was typed. By itself `iexact`, which has an index, takes ı
    for i and ſ for s, as UPPER does: gmaıl.com is another mailbox, of somebody else.
    """
    same = Exact(Lower(Collate(F(field), "C")), Lower(Collate(Value(address), "C")))
    return Q(**{f"{field}__iexact": address}) & Q(same)


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
        """Log-in finds the user whatever the case of the address typed."""
        return self.get(email=normalised_email(username or ""))
