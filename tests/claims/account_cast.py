"""Accounts as their owners open and use them: by the pages, with the codes that are mailed."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.models import MailContent
from claims.operations import send_next_mail

ADDRESS = "hong@example.org"
WORD = "correct horse battery"


def code_mailed(address: str = ADDRESS) -> str:
    """The one of the newest mail to there, as the worker fills it in."""
    mail = MailContent.objects.filter(address=address).latest("pk")
    assert mail.secret, "one that was not sent yet"
    return mail.secret


def send_all(server: list[Any]) -> str:
    """The text of the newest mail that a server took."""
    while send_next_mail(now=timezone.now()):
        pass
    return str(server[-1].get_content())


def code_in(text: str) -> str:
    found = re.search(r"\b([A-Z]{4}-[A-Z]{4})\b", text)
    assert found is not None
    return found[1]


def signed_up(client: Client, address: str = ADDRESS) -> User:
    client.post(reverse("account_signup"), {"email": address})
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_mailed(address)})
    assert answer.headers["Location"] == reverse("my:find"), answer.content.decode()
    return User.objects.get(email=address)


def asked_to_log_in(client: Client, address: str = ADDRESS, **more: Any) -> Any:
    return client.post(reverse("account_login"), {"login": address, "password": "", **more})


def logged_in(client: Client, address: str = ADDRESS) -> None:
    asked_to_log_in(client, address)
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_mailed(address)})
    assert answer.headers["Location"] == reverse("my:find"), answer.content.decode()


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("mfa_index")).status_code == 200)
