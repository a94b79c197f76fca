"""A made-up status page, its feed and who works at it."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.operations import create_staff
from services.models import Feed
from services.operations import register_feed
from tests.builders import NOW
from tests.services.answering import OK
from tests.services.feeds.pages import affects, body, incident, update

DOWN = affects("api", "major_outage")
UP = affects("api", "operational", "major_outage")


@transaction.atomic
def staff(name: str, *roles: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=list(roles), now=NOW)


def a_feed(by: User, **more: Any) -> Feed:
    given = {"code": "page", "name": "status page", "kind": "statuspage", "source": "press", **more}
    return register_feed(**given, registered_by=by, now=NOW)


def page_until(clock: str | None = "11:00", **more: Any) -> bytes:
    """One incident that began at 10:00 UTC and ended at this time, or goes on."""
    updates = [update("u1", "investigating", "10:00", DOWN)]
    if clock is None:
        given = incident(*updates, status="investigating", **more)
    else:
        given = incident(*updates, update("u2", "resolved", clock, UP), **more)
    document: bytes = body(incidents=[given])
    return document


def answer(content: bytes, etag: str = '"1"') -> bytes:
    """What a server says that gives this document."""
    return OK + f"ETag: {etag}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def not_json() -> bytes:
    return json.dumps("x").encode()[:-1]
