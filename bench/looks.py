"""What the pages of staff cost among many claims: times in the server and numbers of queries, of each page many looks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from secrets import token_urlsafe
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from rich.console import Console

from accounts.models import PersonalData, User
from accounts.operations import create_staff
from bench.crowd import FAMILY, SEED, SYLLABLES, fill
from bench.results import write_section
from claims.demonstration.loading import INCIDENT
from claims.models import Claim, ClaimStatus
from services.models import Incident

TITLE = "Pages of staff among many claims"
AIM = 150  # ms
FULL = 1_000_000
WARM = 5
DESK = "desk@example.org"
QUEUE = reverse("admin:claims_claimstatus_changelist")
FIND = reverse("admin:claims_claim_find")


@dataclass
class Looked:
    page: str
    taken: list[float] = field(default_factory=list)  # milliseconds
    queries: set[int] = field(default_factory=set)

    def row(self) -> str:
        p95 = quantiles(self.taken, n=20, method="inclusive")[-1]
        asked = f"{min(self.queries)}" if len(self.queries) == 1 else f"{min(self.queries)} to {max(self.queries)}"
        return f"| {self.page} | {median(self.taken):.0f} | **{p95:.0f}** | {max(self.taken):.0f} | {asked} |"


def measure(*, claims: int, looks: int, keep: bool) -> list[Looked]:
    """Print the table; a full run writes it to bench/results.md."""
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    if not keep:
        fill(claims=claims, said=console.print)
    found = look(incident=Incident.objects.get(key=INCIDENT), looks=looks)
    report(console, found, claims=claims, looks=looks)
    return found


def look(*, incident: Incident, looks: int) -> list[Looked]:
    import_module("config.wsgi")  # as the web process does
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(_caseworker())
    chance = random.Random(SEED)
    return [_looked(client, chance, page, ask, looks) for page, ask in _pages(incident).items()]


def _caseworker() -> User:
    """Who may see all that is measured."""
    now = Incident.objects.get(key=INCIDENT).started_at + timedelta(days=30)
    user = User.objects.filter(email=DESK).first()
    if user is None:
        with transaction.atomic():
            user = create_staff(email=DESK, roles=["caseworker", "checker", "auditor"], password=token_urlsafe(), now=now)
    return user


Ask = Callable[[random.Random], tuple[str, dict[str, str] | None]]  # the address, and what is sent


def _pages(incident: Incident) -> dict[str, Ask]:
    last = Claim.objects.latest("pk").pk
    first = Claim.objects.earliest("pk").pk
    due = list(
        ClaimStatus.objects.filter(review="queued").order_by("answer_due_date")[:1].values_list("answer_due_date", flat=True)
    )
    days = [str(due[0] + timedelta(days=n)) for n in range(19)] if due else ["2022-11-01"]

    def some(chance: random.Random) -> int:
        return chance.randint(first, last)

    def queue(chance: random.Random, **more: object) -> tuple[str, None]:
        return f"{QUEUE}?{urlencode({'incident': incident.pk, **more})}", None

    def reference(chance: random.Random) -> str:
        return Claim.objects.only("reference").get(pk=some(chance)).reference

    def tail(chance: random.Random) -> str:
        return PersonalData.objects.get(pk=Claim.objects.get(pk=some(chance)).person_id).phone[-4:]

    def name(chance: random.Random) -> str:
        return chance.choice(FAMILY) + chance.choice(SYLLABLES) + chance.choice(SYLLABLES)

    return {
        "start page": lambda chance: (reverse("admin:index"), None),
        "queue": queue,
        "queue, a page in its middle": lambda chance: queue(chance, after=f"{chance.choice(days)}.{some(chance)}"),
        "queue, of a service": lambda chance: queue(chance, service=chance.choice(["kakaotalk", "kakao_t", "melon.streaming"])),
        "queue, of an amount": lambda chance: queue(chance, least=chance.randint(1, 5_000), most=chance.randint(5_000, 20_000)),
        "queue, due until a day": lambda chance: queue(chance, due=chance.choice(days)),
        "queue, mine": lambda chance: queue(chance, mine="on"),
        "claim": lambda chance: (reverse("admin:claims_claim_change", args=[some(chance)]), None),
        "find, a reference": lambda chance: (FIND, {"q": reference(chance)}),
        "find, four last digits": lambda chance: (FIND, {"q": tail(chance)}),
        "find, a name": lambda chance: (FIND, {"q": name(chance)}),
        "find, a given name": lambda chance: (FIND, {"q": name(chance)[1:]}),
        "list of claims, by reference": lambda chance: (
            f"{reverse('admin:claims_claim_changelist')}?q={reference(chance)}", None
        ),
        "list of claims": lambda chance: (reverse("admin:claims_claim_changelist"), None),
        "dashboard": lambda chance: (f"{reverse('admin:claims_tally_changelist')}?incident={incident.pk}", None),
    }  # fmt: skip


def _looked(client: Client, chance: random.Random, page: str, ask: Ask, looks: int) -> Looked:
    done = Looked(page)
    for number in range(WARM + looks):
        address, sent = ask(chance)
        queries: list[str] = []

        def count(run: Callable[..., Any], sql: str, *more: Any, asked: list[str] = queries) -> Any:
            asked.append(sql)
            return run(sql, *more)

        with connection.execute_wrapper(count):
            started = perf_counter()
            answer = client.get(address) if sent is None else client.post(address, sent)
            taken = (perf_counter() - started) * 1000
        assert answer.status_code == 200, (address, answer.status_code)
        if number >= WARM:
            done.taken.append(taken)
            done.queries.add(len(queries))
    return done


def report(console: Console, found: list[Looked], *, claims: int, looks: int) -> None:
    statuses = ClaimStatus.objects.count()
    text = [
        f"`make bench-desk`: {statuses:,} claims of one incident, copied in, then assessed, decided by rule and tallied by the "
        f"operations. Each page {looks} times, by one process beside the database, with other claims, people or filters each "
        "time. Milliseconds in the server, with the templates and the log of who looked.",
        "",
        "| page | p50 | p95 | longest | queries |",
        "|---|---|---|---|---|",
        *(one.row() for one in found),
        "",
        f"Aim: p95 of at most {AIM} ms.",
    ]
    if claims >= FULL:
        write_section(TITLE, text)
    console.print("\n".join([f"# {TITLE}", "", *text]), highlight=False, markup=False, soft_wrap=True)
