"""What the tests of a claimant's own pages share: a browser that may work on a claim, and where its pages are."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.models import AccessCode, Claim
from claims.operations import answer_payments, make_payment_run
from claims.operations.mail import HOLDS
from claims.web.my.access import open_for
from tests.builders import NOW, a_user


@transaction.atomic
def let_in(client: Client, claim: Claim, by: str = "code", code: UUID | None = None) -> User:
    """As the guest whose code was right, a while ago where none is said."""
    request = HttpRequest()
    session: SessionBase = client.session
    request.session = session
    open_for(request, claim, by=by, now=timezone.now(), code=code)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return User.objects.get(person=claim.person, email=None)


def used_code(claim: Claim, at: datetime) -> UUID:
    """One that was sent and typed in."""
    return AccessCode.objects.create(claim=claim, asked_at=at, expires_at=at + HOLDS, used_at=at, salt="x", digest="x").key


@transaction.atomic
def session_of(*claims: Claim, typed_in: bool = False) -> str:
    """The key of a new session that may work on them, by their codes; `typed_in`: those themselves are known too."""
    request, now = HttpRequest(), timezone.now()
    request.session = SessionStore()
    for claim in claims:
        open_for(request, claim, by="code", now=now, **({"code": used_code(claim, now)} if typed_in else {}))
    request.session.save()
    return str(request.session.session_key)


@transaction.atomic
def all_paid() -> None:
    """All that is due goes out, and arrives."""
    finance = a_user("finance")
    run = make_payment_run(made_by=finance, note="x", now=NOW)
    answer_payments(run_id=run.pk, arrived=True, answered_by=finance, now=NOW)


def mine(name: str, claim: Claim, *more: Any) -> str:
    return reverse(f"my:{name}", args=[claim.reference, *more])
