"""The finder of twins on planted claims, timed, and checked pair by pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.core.management import call_command
from django.db import transaction
from rich.console import Console

from bench.growth import tidy
from bench.planted import NOW, Hints, Planted, add_claims, plant
from bench.results import write_section
from claims.models import Pattern, Twin
from claims.operations import find_twins, key_claims

TITLE = "Finding claims that may be one"
FULL, ROUNDS = 100_000, 5  # what results.md tells: a smaller run only prints
SLICE = 20_000


@dataclass(frozen=True)
class Kept:
    """Of what was found and what was planted, how many are both."""

    found: int
    planted: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.planted if self.planted else 1.0


def measure(*, claims: int, new: int, rounds: int) -> None:
    """Print the figures; a full run writes them to bench/results.md. Fails unless exactly what was planted is found."""
    console = Console()
    call_command("migrate", database="owner", verbosity=0)
    call_command("grant_roles", verbosity=0)
    console.print(f"making {claims:,} claims")
    planted = plant(claims=claims)
    tidy()
    keys = timed(lambda: key_all(planted.claims))
    tidy()
    full = timed(lambda: find(planted))
    kept = check(planted)
    pairs = Counter(reason for twin in found_hints(planted).values() for reason in twin)
    later = [_later(planted, new) for _ in range(rounds)]
    report(console, keys=keys, full=full, later=later, claims=claims, new=new, kept=kept, pairs=pairs, planted=planted)


def _later(planted: Planted, new: int) -> float:
    key_all(add_claims(planted, claims=new))
    seconds = timed(lambda: find(planted))
    check(planted)
    return seconds


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    started = perf_counter()
    work()
    return perf_counter() - started


def key_all(claims: list[int]) -> None:
    for first in range(0, len(claims), SLICE):
        with transaction.atomic():
            key_claims(claim_ids=claims[first : first + SLICE], now=NOW)


@transaction.atomic
def find(planted: Planted) -> int:
    return find_twins(incident_id=planted.incident.pk, now=NOW)


def found_hints(planted: Planted) -> Hints:
    rows = Twin.objects.filter(incident=planted.incident).values_list("claim", "other", "reasons")
    return {(claim, other): reasons for claim, other, reasons in rows}


def check(planted: Planted) -> Kept:
    """Whether each planted pair was found for its reason, and nothing else."""
    found, expected = found_hints(planted), planted.expected
    kept = Kept(len(found), len(expected), len([pair for pair, reasons in expected.items() if found.get(pair) == reasons]))
    assert kept.precision == kept.recall == 1, f"{kept}"
    return kept


def report(
    console: Console, *, keys: float, full: float, later: list[float], claims: int, new: int, kept: Kept,
    pairs: Counter[str], planted: Planted,
) -> None:  # fmt: skip
    shared = Pattern.objects.filter(incident=planted.incident).exclude(kind="name").order_by("kind")
    names = Pattern.objects.filter(incident=planted.incident, kind="name").count()
    reasons = ", ".join(f"{why} {pairs[why]:,}" for why in sorted(pairs))
    patterns = ", ".join(f"one {one.kind} of {one.claims:,} claims" for one in shared)
    text = [
        f"`make bench-twins`: {claims:,} claims of one incident, of which {kept.planted:,} hints are owed; half of the others "
        f"have one of {names:,} common names. One process beside the database.",
        "",
        "| what | time |",
        "|---|---|",
        f"| keys of {claims:,} people | {keys:.1f} s |",
        f"| the first pass: all against all | **{full:.1f} s** (aim: under 10 s) |",
        f"| {new} new claims against {claims:,}, the best of {len(later)} (their median) | "
        f"**{min(later) * 1000:.0f} ms** ({median(later) * 1000:.0f} ms) |",
        "",
        f"Precision {kept.precision:g}, recall {kept.recall:g} after each pass: of {kept.planted:,} planted hints "
        f"{kept.both:,} were found, and {kept.found - kept.both} others: {reasons}. Patterns instead of pairs: {patterns}.",
    ]
    if claims >= FULL and len(later) >= ROUNDS:
        write_section(TITLE, text)
    console.print("\n".join([f"# {TITLE}", "", *text]), highlight=False, markup=False, soft_wrap=True)
