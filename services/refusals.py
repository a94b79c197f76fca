"""The one base of every refusal in the project.

An operation that will not do what it was asked raises a named refusal. Its `code`
is stable (programs may depend on it); its message says what, where and what to do.
A face (API, form, admin, command) translates it and never invents its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818  # a refusal is an answer, not a fault
    """Something was asked that must not be done. Nothing has been stored.

    `about`: names and sums of the message, which a face that says the code in words of its own shows beside them. `place`: of
    what was told as a list, the way to the one that is wrong; `field` is within it.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, field: str | None = None, about: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.about = about
        self.place: tuple[str | int, ...] = ()

    def as_problem(self) -> dict[str, Any]:
        """The refusal as a JSON-ready body; `field` only where one field is to blame."""
        problem: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.field is not None:
            problem["field"] = self.field
        return problem


@contextmanager
def within(*place: str | int) -> Iterator[None]:
    """Says of what is refused meanwhile that it lies there."""
    try:
        yield
    except Refusal as refusal:
        refusal.place = (*place, *refusal.place)
        raise


class Unknown(Refusal):
    """Something was named that does not exist."""

    code: ClassVar[str] = "unknown"


class InvalidValue(Refusal):
    """A value that its column cannot hold: too long, not one of the choices, not text."""

    code: ClassVar[str] = "invalid_value"


class InvalidCharacter(Refusal):
    """A character that cannot be printed, or that would change how what stands beside it is read."""

    code: ClassVar[str] = "invalid_character"
