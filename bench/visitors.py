"""Visitors who look at what they may expect: sessions that are filled, requests on a schedule, and how long each took."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from importlib import import_module
from io import StringIO
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rich.console import Console

from bench.results import write_section
from claims.demonstration.loading import INCIDENT
from config import supervisor
from config.site import free_port

TITLE = "What may be expected, while others look"
RATE, SECONDS = 20, 20  # what results.md tells: another run only prints
AIM = 100  # ms
WARM = 40  # requests of both kinds, so that each worker has compiled the terms and what its policies need
LONGEST = 30  # seconds for one request
TRIVIAL = "/my/check/"
SPAN = {"start_at": "2022-10-15T15:20", "end_at": "2022-10-15T21:15"}
BIKE = {"ride_started_at": "2022-10-15T15:20", "ride_locked_at": "2022-10-15T15:42", "ride_charge": "53450"}


def measure(*, rate: int, seconds: int) -> None:
    """Print the table; a full run writes it to bench/results.md."""
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    call_command("load_demo", stdout=StringIO())
    import_module("config.wsgi")  # as the web process does
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    page = reverse("claim:step", args=[INCIDENT, "expected"])
    asked = rate * seconds
    filled = [_ride(), _three_services()]
    visitors = [_another(filled[number % 2]) for number in range(asked)]
    address = f"127.0.0.1:{free_port(None)}"
    console.print(f"asking for {asked} pages at {rate} a second, twice")
    with supervisor.running(["web"], stack="bench", address=address) as processes:
        processes.wait_until_ready()
        _ask(address, page, visitors[:2] * (WARM // 2), rate)
        trivial = _ask(address, TRIVIAL, [""] * asked, rate)
        before = os.getloadavg()[0]
        quoted = _ask(address, page, visitors, rate)
        load = (before, os.getloadavg()[0])
    report(console, {page: quoted, TRIVIAL: trivial}, rate=rate, seconds=seconds, load=load)


def _ride() -> dict[str, Any]:
    return _filled(["kakao_t_bike.ride_end_billing"], BIKE, {})


def _three_services() -> dict[str, Any]:
    services = ["kakaotalk.text_message", "kakao_t.taxi_call", "melon.streaming"]
    return _filled(services, {}, {"about-fact-claimant_kind": "taxi_driver"})


def _filled(services: list[str], facts: dict[str, str], about: dict[str, str]) -> dict[str, Any]:
    """The session of somebody who has come as far as the quote."""
    client = Client()

    def send(step: str, said: dict[str, Any]) -> Any:
        return client.post(reverse("claim:step", args=[INCIDENT, step]), {f"tell-{INCIDENT}-current_step": step, **said})

    send("services", {"services-services": services})
    times = {f"times-{row}-{name}": value for row in range(len(services)) for name, value in SPAN.items()}
    times |= {f"times-0-fact-{name}": value for name, value in facts.items()}
    send("times", {"times-TOTAL_FORMS": len(services), "times-INITIAL_FORMS": len(services), **times})
    if about:
        send("about", about)
    answer = client.get(reverse("claim:step", args=[INCIDENT, "expected"]))
    assert answer.status_code == 200, (services, answer.headers)
    return dict(client.session.items())


def _another(filled: dict[str, Any]) -> str:
    """The key of a session that says the same."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update(filled)
    store.create()
    return str(store.session_key)


def _ask(address: str, page: str, visitors: list[str], rate: int) -> list[float]:
    """Milliseconds of each, from the moment that it was due: what waits for those before it waits in the figure too."""
    with ThreadPoolExecutor(max_workers=len(visitors)) as threads:
        started = perf_counter() + 0.2
        waiting = [
            threads.submit(_look, address, page, key, started + number / rate) for number, key in enumerate(visitors)
        ]  # fmt: skip
        return [one.result() for one in waiting]


def _look(address: str, page: str, key: str, due: float) -> float:
    sleep(max(0.0, due - perf_counter()))
    connection = HTTPConnection(address, timeout=LONGEST)
    connection.request("GET", page, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"} if key else {})
    answer = connection.getresponse()
    answer.read()
    taken = (perf_counter() - due) * 1000
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{page} answered {answer.status}")
    return taken


def report(console: Console, found: dict[str, list[float]], *, rate: int, seconds: int, load: tuple[float, float]) -> None:
    text = [
        f"`make bench-quote`: {rate} requests a second for {seconds} s, each of another visitor (a ride with its facts, or "
        "three services), from 2 workers of 4 threads on 2 processors that the asking process shares. Milliseconds from the "
        f"moment that a request was due. Load average of a minute as it began "
        f"{load[0]:.1f}, as it ended {load[1]:.1f}, with what else ran.",
        "",
        "| page | p50 | p95 | longest |",
        "|---|---|---|---|",
        *(_row(page, taken) for page, taken in found.items()),
        "",
        f"Aim: p95 of at most {AIM} ms.",
    ]
    if (rate, seconds) == (RATE, SECONDS):
        write_section(TITLE, text)
    console.print("\n".join([f"# {TITLE}", "", *text]), highlight=False, markup=False, soft_wrap=True)


def _row(page: str, taken: list[float]) -> str:
    p95 = quantiles(taken, n=20, method="inclusive")[-1]
    return f"| {page} | {median(taken):.0f} | **{p95:.0f}** | {max(taken):.0f} |"
