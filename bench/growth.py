"""The steps after a correction, timed at each size, and the table of their ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction
from rich.console import Console

from bench.corrections import LISTED, Case, add_others, assess_all, correct, grow, open_case
from bench.results import write_section
from claims.models import LetterDue, Payout
from claims.operations import chase_versions, settle_next, write_next_letters
from claims.operations.letters import SLICE

TITLE = "What a correction costs as tables grow"
STEPS = ("publish", "detect", "assess", "settle", "letter", "nothing new")
AIM = 1.5
FULL, ROUNDS = 1_000_000, 5  # what results.md tells: a smaller run only prints


@dataclass
class Size:
    """Milliseconds of each round, by step."""

    claims: int
    taken: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})

    @contextmanager
    def time(self, step: str, *, of: int = 1) -> Iterator[None]:
        started = perf_counter()
        yield
        self.taken[step].append((perf_counter() - started) * 1000 / of)


def measure(*, sizes: Sequence[int], others: int, rounds: int, touched: int, explain: bool) -> None:
    """Print the table; a full run writes it to bench/results.md."""
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    case = open_case(corrections=rounds * len(sizes))
    console.print(f"making {others:,} windows of other incidents")
    while case.others * LISTED < others:
        add_others(case, incidents=min(50, others // LISTED))
        tidy()
    started = perf_counter()
    chase(case)
    first_look = perf_counter() - started
    done = []
    for claims in sizes:
        console.print(f"making, assessing and settling {claims:,} claims")
        grow(case, claims=claims, corrections=rounds, touched=touched)
        tidy()
        done.append(Size(claims))
        for number in range(rounds):
            with explained(console) if explain and number == 0 else nullcontext():
                one_round(case, done[-1], touched)
    report(console, case, done, touched=touched, first_look=first_look)


def tidy() -> None:
    """What autovacuum does by and by: statistics, and pages known to be visible to all."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@transaction.atomic
def chase(case: Case) -> int:
    return chase_versions(now=case.now)


def one_round(case: Case, size: Size, touched: int) -> None:
    """One correction and all that follows. Fails unless every step deals with the touched claims and no other."""
    with size.time("publish"):
        correct(case)
    with size.time("detect"):
        due = chase(case)
    assert due == touched, f"{due} claims are due instead of {touched}"
    payouts = Payout.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with size.time("assess"):
        runs = assess_all(case.now)
    assert [run.total for run in runs] == [touched], "one run over the touched claims"
    with size.time("settle"):
        while settle_next(now=case.now):
            pass
    paid = Payout.objects.filter(pk__gt=payouts)
    assert paid.values("claim").distinct().count() == paid.count() == touched, "each is owed more, once"
    with size.time("letter", of=min(SLICE, touched)):
        write_next_letters(now=case.now)
    LetterDue.objects.all().delete()
    with size.time("nothing new"):
        assert chase(case) == 0


@contextmanager
def explained(console: Console) -> Iterator[None]:
    """Prints how the database finds the touched claims; what it writes for that is rolled back."""

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "touched AS" in sql and not sql.startswith("EXPLAIN"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                console.print("\n".join(line for (line,) in cursor.fetchall()), highlight=False, markup=False, soft_wrap=True)
                transaction.set_rollback(True)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield


def report(console: Console, case: Case, sizes: Sequence[Size], *, touched: int, first_look: float) -> None:
    text = [
        f"`make bench-consequences`: one window of {case.days} is corrected, which touches {touched} claims at every size. "
        "All claims are of one incident and one service, and most losses began before the corrected span; beside it "
        f"{case.others * LISTED:,} windows of {case.others:,} other incidents. Milliseconds, the best of "
        f"{len(sizes[0].taken['detect'])} rounds (their median); a letter is of one claim.",
        "",
        f"| claims | {' | '.join(STEPS)} |",
        f"|---|{'---|' * len(STEPS)}",
        *(f"| {size.claims:,} | {' | '.join(_cell(size.taken[step]) for step in STEPS)} |" for size in sizes),
        f"| ratio {sizes[-1].claims:,} : {sizes[0].claims:,} | {' | '.join(_ratio(sizes, step) for step in STEPS)} |",
        "",
        f"Aim: ratios under {AIM}. The first look at {case.others + 1:,} incidents that have never been "
        f"looked at takes {first_look:.1f} s.",
    ]
    if sizes[-1].claims >= FULL and len(sizes[0].taken["detect"]) >= ROUNDS:
        write_section(TITLE, text)
    console.print("\n".join([f"# {TITLE}", "", *text]), highlight=False, markup=False, soft_wrap=True)


def _cell(taken: Sequence[float]) -> str:
    return f"{min(taken):.1f} ({median(taken):.1f})"


def _ratio(sizes: Sequence[Size], step: str) -> str:
    return f"**{min(sizes[-1].taken[step]) / min(sizes[0].taken[step]):.2f}**"
