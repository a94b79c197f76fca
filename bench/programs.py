"""Programs of a partner that make claims one after the other, and what they waited for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import StringIO
from itertools import count
from statistics import median, quantiles
from time import perf_counter, process_time, sleep
from typing import Any

import redis
from django.core.management import call_command
from django.db import connection
from rich.console import Console

from bench.processes import parent_of, processor_seconds
from bench.results import write_section
from claims.demonstration.loading import INCIDENT
from claims.demonstration.steps import give_credential
from claims.models import Claim
from config import supervisor
from config.site import free_port

TITLE = "Claims that programs make"
SECONDS, PROGRAMS, TURNS = 10.0, 8, 3
PARTS = ("web processes", "PostgreSQL", "programs")
LOSS = {"service": "kakaotalk.text_message", "start_at": "2022-10-15T15:30:00+09:00", "end_at": "2022-10-15T22:00:00+09:00"}
_numbers = count(1)


@dataclass
class Found:
    """Of one server, whose process is `pid`: milliseconds of each answer, the references that were given, and the seconds that
    processors worked for it.
    """

    address: str
    pid: int
    seconds: float = 0
    worked: Counter[str] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.made) / self.seconds

    def anew(self) -> Found:
        return Found(self.address, self.pid)

    def parts(self, what: str) -> str:
        """Milliseconds of processors for each claim."""
        each = [self.worked[name] / len(self.made) * 1000 for name in PARTS]
        return f"| {what} | {' | '.join(f'{one:.1f}' for one in [*each, sum(each)])} |"

    def row(self, what: str) -> str:
        p99 = quantiles(self.waited, n=100, method="inclusive")[-1]
        return f"| {what} | {self.rate:.0f} | {median(self.waited):.1f} | {p99:.1f} | {max(self.waited):.0f} |"


def measure(*, seconds: float, programs: int) -> None:
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    call_command("load_demo", stdout=StringIO())
    client_id, secret = give_credential("demo-mobility", issued_by="manager@demo.invalid")
    address, floor = f"127.0.0.1:{free_port(None)}", f"127.0.0.1:{free_port(None)}"
    with supervisor.running(["web"], stack="bench", address=address) as processes, _minimal(floor) as minimal:
        processes.wait_until_ready()
        token = _token(address, client_id, secret)
        ours, theirs = Found(address, processes.pids["web"]), Found(floor, minimal)
        _send(ours.anew(), token, 2.0, programs)
        _send(theirs.anew(), token, 2.0, programs)
        for _ in range(TURNS):
            _send(theirs, token, seconds, programs)
            _send(ours, token, seconds, programs)
        console.print("the broker hangs, then is away")
        hung, away = ours.anew(), ours.anew()
        pid = _broker()
        os.kill(pid, signal.SIGSTOP)
        _send(hung, token, seconds, programs)
        os.kill(pid, signal.SIGKILL)
        _send(away, token, seconds, programs)
    lost = [one for found in (ours, hung, away) for one in _missing(found.made)]
    report(console, ours, theirs, hung, away, lost=len(lost), seconds=seconds, programs=programs)


def _broker() -> int:
    """Its process, by what it says of itself."""
    link: Any = redis.Redis.from_url(os.environ["BROKER_URL"])
    return int(link.info("server")["process_id"])


@contextmanager
def _minimal(address: str) -> Iterator[int]:
    database = connection.settings_dict
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", "python:config.web_process", "bench.minimal_intake:application"),
        *("--bind", address, "--log-level", "error"),
    ]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_DATABASE": url})
    try:
        sleep(3)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _token(address: str, client_id: str, secret: str) -> str:
    link = HTTPConnection(address, timeout=30)
    body = f"grant_type=client_credentials&client_id={client_id}&client_secret={secret}"
    link.request("POST", "/oauth/token", body, {"Content-Type": "application/x-www-form-urlencoded"})
    return str(json.loads(link.getresponse().read())["access_token"])


def _send(found: Found, token: str, seconds: float, programs: int) -> None:
    """Each program sends as soon as it has its answer, for so long."""
    worked, started = _worked(found), perf_counter()
    threads = [threading.Thread(target=_program, args=(token, found, started + seconds)) for _ in range(programs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds += perf_counter() - started
    found.worked.update(_worked(found))
    found.worked.subtract(worked)


def _worked(found: Found) -> dict[str, float]:
    """Seconds of processors until now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        database = parent_of(cursor.fetchone()[0])
    return dict(zip(PARTS, (processor_seconds(found.pid), processor_seconds(database), process_time()), strict=True))


def _program(token: str, found: Found, until: float) -> None:
    link = HTTPConnection(found.address, timeout=60)
    while perf_counter() < until:
        number = next(_numbers)
        claim = {"external_id": f"c{number}", "person": f"p{number}", "incident": INCIDENT, "losses": [LOSS]}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": f"k{number}"}
        began = perf_counter()
        link.request("POST", "/api/v1/claims", json.dumps(claim), headers)
        answer = link.getresponse()
        said = answer.read()
        found.waited.append((perf_counter() - began) * 1000)
        if answer.status == 201:
            found.made.append(json.loads(said)["reference"])
        else:
            found.refused.append(answer.status)
    link.close()


def _missing(references: list[str]) -> list[str]:
    there = set(Claim.objects.filter(reference__in=references).values_list("reference", flat=True))
    return [one for one in references if one not in there]


def report(
    console: Console, ours: Found, theirs: Found, hung: Found, away: Found, *, lost: int, seconds: float, programs: int
) -> None:
    refused = sum(len(found.refused) for found in (ours, theirs, hung, away))
    made = sum(len(found.made) for found in (ours, hung, away))
    text = [
        f"`make bench-intake`: {programs} programs, each sending its next claim when it has its answer, in {TURNS} turns of "
        f"{seconds:.0f} s for each of the two, on 2 processors that the programs share. Both under gunicorn with 2 workers of "
        "4 threads, and the same 17 rows of a claim with one loss of a new person; ours with its token, its allowance, its "
        "key, its checks. Milliseconds.",
        "",
        "| who takes it | claims a second | p50 | p99 | longest |",
        "|---|---|---|---|---|",
        theirs.row("a function with psycopg, which checks nothing"),
        ours.row("`POST /api/v1/claims`"),
        hung.row("the same, while the broker hangs (SIGSTOP)"),
        away.row("the same, while the broker is away"),
        "",
        "Milliseconds of processors for each claim:",
        "",
        f"| who takes it | {' | '.join(PARTS)} | together |",
        "|---|---|---|---|---|",
        theirs.parts("a function with psycopg, which checks nothing"),
        ours.parts("`POST /api/v1/claims`"),
        "",
        f"Ratio: **{ours.rate / theirs.rate:.2f}** (aim: at least 0.5); p99 without a broker: at most 1,000 ms. Of "
        f"{made:,} claims that were answered with 201 {lost} are not there; {refused} requests were refused.",
    ]
    if (seconds, programs) == (SECONDS, PROGRAMS):
        write_section(TITLE, text)
    console.print("\n".join([f"# {TITLE}", "", *text]), highlight=False, markup=False, soft_wrap=True)
