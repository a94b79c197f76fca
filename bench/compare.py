"""The three contestants of `make bench`, and the table of their ratios."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from bench import floor
from bench.interactive import Waited, one_by_one
from bench.population import DUE, populate
from bench.processes import PROCESSES, side_by_side
from bench.results import write_section
from claims.models import Assessment, AssessmentRun, EntitlementLine, RunState
from claims.operations import assess_next_chunk, plan_runs

TITLE = "Assessing made-up losses"
FULL, ROUNDS = 1_000_000, 3  # what results.md tells: a smaller run only prints


@dataclass
class Timed:
    """Seconds of each round."""

    name: str
    seconds: list[float]

    @property
    def rounds(self) -> str:
        return ", ".join(f"{seconds:.2f}" for seconds in self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def ratios_to(self, other: Timed) -> list[float]:
        """Round by round: both ran within the same minute, whatever else the machine did in another."""
        return [mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True)]


def compare(*, losses: int, rounds: int, sample: int) -> None:
    """Print the table; a full run writes it to bench/results.md."""
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    claims = losses // 3
    console.print(f"making {losses:,} losses of {claims:,} claims")
    incident = populate(claims=claims, losses=losses)
    job, bare, plain = Timed("job", []), Timed("floor", []), Timed("loop", [])
    lines = 0
    for number in track(range(rounds), description="rounds", console=console):
        empty_results()
        make_due()
        job.seconds.append(side_by_side("bench.compare:work_off", prepare=_plan))
        lines = EntitlementLine.objects.count()
        assert Assessment.objects.count() == claims, "the job must assess every claim once"
        if number == 0:
            floor.save_results()
        empty_results()
        bare.seconds.append(side_by_side("bench.floor:fetch_and_write"))
        assert EntitlementLine.objects.count() == lines, "the floor must write what the job wrote"
        empty_results()
        plain.seconds.append(side_by_side("bench.loop:assess_sample", sample, incident.pk))
    floor.forget_results()
    waited = one_by_one()  # after the last process was started: the engine is used in this one
    _report(console, job, bare, plain, waited, losses=losses, claims=claims, lines=lines, sample=sample)


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        cursor.execute("ANALYZE claims_reassessmentdue")


def empty_results() -> None:
    """As the owner: the application may not."""
    with connections["owner"].cursor() as cursor:
        tables = "claims_entitlementline, claims_assessment, claims_runchunk, claims_assessmentrun, claims_reassessmentdue"
        with transaction.atomic(using="owner"):
            for table in tables.split(", "):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY")
            for table in tables.split(", "):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _plan() -> None:
    with transaction.atomic(durable=True):
        plan_runs(now=timezone.now())


def work_off(index: int) -> None:
    for run in AssessmentRun.objects.filter(state=RunState.OPEN):
        while assess_next_chunk(run_id=run.pk, worker=f"bench-{index}", now=timezone.now()):
            pass


def _report(
    console: Console, job: Timed, bare: Timed, plain: Timed, waited: Waited,
    *, losses: int, claims: int, lines: int, sample: int,
) -> None:  # fmt: skip
    to_floor = job.ratios_to(bare)
    to_loop = [ratio * claims / sample for ratio in plain.ratios_to(job)]
    rows = [
        ("job", job, f"{losses:,} losses, {claims:,} claims, {lines:,} lines", claims),
        ("floor", bare, "the same rows fetched and written, nothing computed", claims),
        ("plain loop", plain, f"a sample of {sample:,} claims", sample),
    ]
    text = [
        f"`make bench`: {losses:,} losses, {PROCESSES} processes, {len(job.seconds)} rounds side by side, medians.",
        "",
        "| contestant | what | seconds (each round) | claims per second |",
        "|---|---|---|---|",
        *(
            f"| {name} | {what} | {timed.median:.2f} ({timed.rounds}) | {count / timed.median:,.0f} |"
            for name, timed, what, count in rows
        ),
        "",
        f"job / floor = **{statistics.median(to_floor):.2f}** (aim: at most 2; rounds: {_each(to_floor, 2)})",
        "",
        f"job rate / loop rate = **{statistics.median(to_loop):.0f}** (aim: at least 50; rounds: {_each(to_loop, 0)})",
        "",
        f"{losses / job.median:,.0f} losses per second end to end.",
        "",
        f"One claim in a warm process, {waited.policies} policies in force: p50 **{waited.p50:.1f} ms** (aim: at most 10), "
        f"p99 **{waited.p99:.1f} ms** (aim: at most 30); engine only, without the database.",
    ]
    if losses >= FULL and len(job.seconds) >= ROUNDS:
        write_section(TITLE, text)
    console.print("\n".join([f"# {TITLE}", "", *text]), highlight=False, markup=False)


def _each(ratios: list[float], places: int) -> str:
    return ", ".join(f"{ratio:.{places}f}" for ratio in ratios)
