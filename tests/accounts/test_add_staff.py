"""The command that makes the first managers."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.management.commands import add_staff
from accounts.models import AccountEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(add_staff, "getpass", lambda prompt: "a much longer one 7")
    return "a much longer one 7"


def test_a_manager_is_made_by_a_command(password: str):
    said = StringIO()
    call_command("add_staff", "Kim@example.com", "--role", "manager", stdout=said)
    assert said.getvalue() == "kim@example.com: manager\n"
    user = authenticate(username="kim@example.com", password=password)
    assert isinstance(user, User)
    assert user.holds("manager")
    assert [(event.kind, event.actor) for event in AccountEvent.objects.all()] == [("staff_created", None)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kim@example.com",), "--role"),
        (("kim@example.com", "--role", "king"), "king"),
        (("kim@example.com", "--role", "claimant"), "claimant"),
        (("kim", "--role", "manager"), "email_format"),
        (("kim@example.com", "--role", "manager", "--role", "checker"), "roles_conflict"),
    ],
)
def test_what_is_refused_is_told_and_not_stored(arguments: tuple[str, ...], said: str):
    with pytest.raises(CommandError, match=said):
        call_command("add_staff", *arguments)
    assert not User.objects.exists()


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(add_staff, "getpass", lambda prompt: "short")
    with pytest.raises(CommandError):
        call_command("add_staff", "kim@example.com", "--role", "manager")
    assert not User.objects.exists()
