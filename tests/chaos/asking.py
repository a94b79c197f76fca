"""A partner's program that asks a real web process over HTTP."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from typing import Any

from claims.api.problem_words import WORDS
from tests.api.cast import Program, a_claim, basic

WAITS = 30.0  # seconds; so long an answer never takes, whatever is away
_numbers = count(1)


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def is_away(self, language: str) -> bool:
        """Whether it says in this language that it cannot be answered now, as a problem."""
        if self.status != 503:
            return False
        said = json.loads(self.body)
        assert self.headers["Content-Type"] == "application/problem+json"
        assert int(self.headers["Retry-After"]) > 0
        assert (said["status"], said["code"]) == (503, "temporarily_unavailable")
        assert said["detail"] == WORDS["temporarily_unavailable"][language == "en"]
        return True


@dataclass(frozen=True)
class Asking:
    address: str
    program: Program

    def ask(self, method: str, path: str, body: Any = None, *, waits: float = WAITS, **headers: str) -> Answer:
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        told = {
            "Authorization": f"Bearer {self.program.token}", "Content-Type": "application/json",
            "Idempotency-Key": f"away-{next(_numbers)}", "Accept-Language": "en",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }  # fmt: skip
        link = HTTPConnection(self.address, timeout=waits)
        try:
            link.request(method, path, raw, told)
            answer = link.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            link.close()

    def claim(self, number: str, *, language: str = "en", waits: float = WAITS, **more: Any) -> Answer:
        """One claim, with one key however often it is sent."""
        sent = a_claim(external_id=number, person=number, **more)
        return self.ask("POST", "/api/v1/claims", sent, waits=waits, Idempotency_Key=number, Accept_Language=language)

    def token(self) -> Answer:
        secret = basic(self.program.credential.client_id, self.program.secret)
        form = "application/x-www-form-urlencoded"
        return self.ask("POST", "/oauth/token", b"grant_type=client_credentials", Authorization=secret, Content_Type=form)
