"""A member of staff by a command: for the first managers, before whom nobody can confirm anything."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Role, User
from accounts.operations import create_staff
from services import clock
from services.refusals import Refusal


class Command(BaseCommand):
    """Whoever can run it can do everything anyway; the log says that it was a command."""

    help = "Add a member of staff, and ask for the password. Later ones are invited by a manager and confirmed by another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", action="append", required=True, choices=[role for role in Role if role != Role.CLAIMANT])
        parser.add_argument("--lang", default=User.Locale.KOREAN, choices=User.Locale.values)

    def handle(self, *args: Any, email: str, role: list[str], lang: str, **options: Any) -> None:
        password = getpass("Password: ")
        try:
            validate_password(password, User(email=email))
            with transaction.atomic(durable=True):
                user = create_staff(email=email, password=password, roles=role, locale=lang, now=clock.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code})") from refusal
        self.stdout.write(f"{user}: {', '.join(sorted(role))}")
