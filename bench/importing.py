"""Imports of usage, timed beside a bare COPY, and the memory of their workers."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone
from rich.console import Console

from accounts.models import Partner
from accounts.operations import register_partner
from bench.growth import tidy
from bench.processes import memory_of, side_by_side
from bench.results import write_section
from claims.models import ImportState, Usage, UsageImport
from claims.operations import add_part, begin_import, finish_upload, work_next_part
from config import embedded
from services.operations import load_service_tree
from services.seoul import SEOUL

TITLE = "Importing a partner's usage"
FULL, ROUNDS = 1_000_000, 3  # what results.md tells: a smaller run only prints
SMALLER = 10  # times, for the memory
PIECE = 4_000_000  # bytes, as a face sends them: a part each
AIM = 3
FOLDER = embedded.folder("bench")
NAMES = ("external_id", "person", "service", "kind", "start_at", "end_at", "locked_at", "charge_minor", "currency")
INSTANTS = ("start_at", "end_at", "locked_at")
BEGAN = datetime(2021, 6, 1, tzinfo=SEOUL)


@dataclass
class Seconds:
    text: list[float] = field(default_factory=list)
    typed: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    upload: list[float] = field(default_factory=list)
    per_row: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


def measure(*, rows: int, rounds: int) -> None:
    """Print the figures; a full run writes them to bench/results.md."""
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    with transaction.atomic():
        load_service_tree()
        partner = register_partner(code="rides", name_ko="제휴사", name_en="Partner", now=timezone.now())
    console.print(f"making {rows:,} rows")
    path, small = write_file(rows), write_file(rows // SMALLER)
    seconds = Seconds()
    for number in range(rounds):
        forget()
        tidy()
        seconds.text.append(timed(lambda: bare_copy(path, typed=False)))
        seconds.typed.append(timed(lambda: bare_copy(path, typed=True)))
        for mode, times in (("per_row", seconds.per_row), ("all_or_nothing", seconds.whole)):
            forget()
            started = perf_counter()
            sent = upload(path, partner, mode)
            seconds.upload.append(perf_counter() - started)
            tidy()
            times.append(worked(mode, sent, rows))
        seconds.ready.append(ready_copy())
        console.print(f"round {number + 1}: {seconds}")
    memory = {mode: [remembered(one, partner, mode) for one in (small, path)] for mode in ("per_row", "all_or_nothing")}
    report(console, rows=rows, rounds=rounds, seconds=seconds, memory=memory, size=path.stat().st_size)


def timed(do: Callable[[], Any]) -> float:
    started = perf_counter()
    do()
    return perf_counter() - started


def write_file(rows: int) -> Path:
    """Rides of a third as many people over a month, in the order in which they ended; one in five was locked."""
    chance = random.Random(7)
    path = FOLDER / f"usage-{rows}.csv"
    with path.open("w") as file:
        file.write(",".join(NAMES) + "\n")
        for number in range(rows):
            end = BEGAN + timedelta(days=30) * number / rows
            end = end.replace(microsecond=0)
            start = end - timedelta(seconds=chance.randrange(60, 7200))
            locked = "" if chance.randrange(5) else end.isoformat()
            person = f"rider-{chance.randrange(max(rows // 3, 1)):07}"
            service = chance.choice(("kakao_t_bike.ride_end_billing", "kakao_t.taxi_call", "melon.streaming"))
            file.write(f"R{number:09},{person},{service},ride,{start.isoformat()},{end.isoformat()},{locked},")
            file.write(f"{chance.randrange(10, 600) * 100},KRW\n")
    return path


def owner() -> psycopg.Connection:
    return psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True)


def forget() -> None:
    """What imports have written, people too: each begins with the same tables."""
    truncate("claims_usage, accounts_person, accounts_partnerperson, claims_importpart, claims_derivationdue")


def truncate(these: str) -> None:
    """DELETE would look for each row in all tables that may refer to it, which are empty here."""
    with owner() as connection, connection.transaction():
        tables = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in tables:
            connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        connection.execute(f"TRUNCATE {these} CASCADE")
        for table in tables:
            connection.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def bare_copy(path: Path, *, typed: bool) -> None:
    types = {**dict.fromkeys(INSTANTS, "timestamptz"), "charge_minor": "bigint"} if typed else {}
    columns = ", ".join(f"{name} {types.get(name, 'text')}" for name in NAMES)
    with owner() as connection:
        connection.execute("DROP TABLE IF EXISTS bench_bare")
        connection.execute(f"CREATE TABLE bench_bare ({columns})")
        with connection.cursor().copy("COPY bench_bare FROM STDIN WITH (FORMAT csv, HEADER)") as copy, path.open("rb") as file:
            while block := file.read(1 << 18):
                copy.write(block)
        connection.execute("DROP TABLE bench_bare")


def ready_copy() -> float:
    """Of the rows that an import has just stored, as they are, into the same table, emptied: no import of one process into it
    can be faster.
    """
    path, names = FOLDER / "usage-ready", ", ".join(one.attname for one in Usage._meta.concrete_fields)
    with owner() as connection:
        with path.open("wb") as file, connection.cursor().copy(f"COPY claims_usage ({names}) TO STDOUT") as copy:
            for block in copy:
                file.write(block)
        truncate("claims_usage")
        started = perf_counter()
        with connection.cursor().copy(f"COPY claims_usage ({names}) FROM STDIN") as copy, path.open("rb") as file:
            while block := file.read(1 << 18):
                copy.write(block)
        return perf_counter() - started


def upload(path: Path, partner: Partner, mode: str) -> int:
    now, digest, offset = timezone.now(), hashlib.sha256(), 0
    with transaction.atomic():
        sent = begin_import(partner=partner, format="csv", encoding="utf_8", mode=mode, dry_run=False, now=now)
    about: dict[str, Any] = {"import_id": sent.pk, "partner": partner, "now": now}
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            with transaction.atomic():
                add_part(offset=offset, content=piece, **about)
            digest.update(piece)
            offset += len(piece)
    with transaction.atomic():
        finish_upload(sha256=digest.hexdigest(), size=offset, **about)
    return sent.pk


def worked(mode: str, import_id: int, rows: int) -> float:
    shared = mode == "per_row"
    seconds = side_by_side("bench.importing:work", import_id) if shared else timed(lambda: work(0, import_id))
    ended = UsageImport.objects.get(pk=import_id)
    if (ended.state, ended.stored) != (ImportState.DONE, rows) or Usage.objects.count() != rows:
        raise SystemExit(f"import {import_id} is {ended.state} with {ended.stored} of {rows} rows")
    return seconds


def work(index: int, import_id: int) -> None:
    """What a Celery child does."""
    while work_next_part(import_id=import_id, worker=f"bench:{index}", now=timezone.now()):
        pass


def remembered(path: Path, partner: Partner, mode: str) -> int:
    forget()
    return memory_of("bench.importing:work", upload(path, partner, mode))


def report(console: Console, *, rows: int, rounds: int, seconds: Seconds, memory: dict[str, list[int]], size: int) -> None:
    text = list(_told(rows, rounds, seconds, memory, size))
    for line in text:
        console.print(line, markup=False)
    if (rows, rounds) == (FULL, ROUNDS):
        write_section(TITLE, text)


def _told(rows: int, rounds: int, seconds: Seconds, memory: dict[str, list[int]], size: int) -> Sequence[str]:
    contestants = (
        ("bare COPY, all columns text", seconds.text), ("bare COPY, typed", seconds.typed),
        ("COPY of rows that are ready, into `claims_usage` with its keys, indexes and checks", seconds.ready),
        ("per row, two processes", seconds.per_row), ("all or nothing, one process", seconds.whole),
        ("the upload into parts, apart from both", seconds.upload),
    )  # fmt: skip

    def ratio(times: Sequence[float], base: Sequence[float]) -> str:
        return f"{median(base) / median(times):.2f}"

    table = [
        f"| {name} | {median(times):.2f} ({', '.join(f'{one:.2f}' for one in times)}) | {rows / median(times):,.0f} | "
        f"{ratio(times, seconds.typed)} | {ratio(times, seconds.text)} |" for name, times in contestants
    ]  # fmt: skip
    few, many = f"{rows // SMALLER:,}", f"{rows:,}"
    return [
        f"`make bench-imports`: a CSV file of {many} rides ({size / 1e6:.0f} MB) of {rows // 3:,} people nobody knew, "
        f"{rounds} rounds side by side, medians. Derivation comes later and is not in it.",
        "",
        "| what | seconds (each round) | rows per second | of the typed COPY | of the COPY as text |",
        "|---|---|---|---|---|",
        *table,
        "",
        f"Aim: at least {1 / AIM:.2f} of a bare COPY.",
        "",
        f"Most memory of a worker's process: per row {memory['per_row'][0]} MB at {few} rows and {memory['per_row'][1]} MB at "
        f"{many}; all or nothing {memory['all_or_nothing'][0]} MB and {memory['all_or_nothing'][1]} MB.",
    ]
