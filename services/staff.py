"""Who may write at the record. Log-ins and roles live in `accounts`; here is what they are asked."""

from typing import Protocol

from services.refusals import Refusal

WRITERS = ("caseworker", "checker")
PUBLISHERS = ("checker",)


class RoleMissing(Refusal):
    code = "role_missing"


class Staff(Protocol):
    """A log-in of `accounts`."""

    pk: int
    is_active: bool

    def holds(self, *roles: str) -> bool:
        """At least one of them."""


def require(user: Staff, roles: tuple[str, ...], what: str) -> None:
    """Raises RoleMissing."""
    if not user.is_active or not user.holds(*roles):
        raise RoleMissing(f"To {what} one needs the role {' or '.join(roles)}.")
