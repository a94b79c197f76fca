"""Text that can be erased while its digest stays with a row that is never changed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Salted:
    """A text with its salt, which is erased with it: the digest then says nothing, not even whether a guess is right."""

    text: str
    salt: str

    @classmethod
    def of(cls, text: str) -> Salted:
        return cls(text, secrets.token_hex(16))

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of salt, line feed and text; empty of no text."""
        return hashlib.sha256(f"{self.salt}\n{self.text}".encode()).hexdigest() if self.text else ""
