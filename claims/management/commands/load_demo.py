"""The official record, the policies and the made-up people, ready to look at. Again: adds nothing but fresh passwords."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import Role
from claims.demonstration.steps import (
    count_for_charts,
    create_log_ins,
    give_authority,
    give_credential,
    load_everybody,
    load_policies,
    load_record,
    load_replies,
)

PROGRAM = "demo-mobility"  # whose program the quick start is


class Command(BaseCommand):
    help = "Load the demonstration: record, policies, people, and staff log-ins, whose passwords it prints."

    def handle(self, *args: Any, **options: Any) -> None:
        load_record(up_to=None)
        self.stdout.write(f"{load_policies()} policies, {load_everybody()} people. Log-ins:")
        give_authority()
        call_command("publish_consents", verbosity=0, stdout=StringIO())
        count_for_charts()
        log_ins = create_log_ins()
        load_replies(published_by=next(email for email, _, roles in log_ins if Role.CHECKER in roles))
        for email, password, roles in log_ins:
            self.stdout.write(f"  {email}  {password}  ({', '.join(roles)})")
        manager = next(email for email, _, roles in log_ins if Role.MANAGER in roles)
        client_id, secret = give_credential(PROGRAM, issued_by=manager)
        self.stdout.write(f"A program of {PROGRAM} (docs/api.md): CLIENT_ID={client_id} CLIENT_SECRET={secret}")
