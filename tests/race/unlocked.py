"""Take each lock out once, in a copy of the tree, and see its races lost: a race that is won without its lock proves nothing.

python -m tests.race.unlocked [WORD ...]    only removals with one of the words in a file or in a test
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded
from tests.race.removals import REMOVALS, Removal

BASE_DIR = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds for the tests of one removal
BROKEN = ("AttributeError", "FieldError", "ImportError", "NameError", "ProgrammingError", "UnboundLocalError")
ENDED = re.compile(r"^(PASSED|FAILED|ERROR) tests/race/(.+?)(?: - (.*))?$", re.MULTILINE)


@contextmanager
def copied_tree() -> Iterator[Path]:
    """The tracked files as they are now, in a folder of their own that is gone afterwards."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=BASE_DIR, check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory(prefix="unlocked-") as name:
        tree = Path(name)
        for file in filter(None, listed.split("\0")):
            if (BASE_DIR / file).is_file():  # else it is deleted and not committed
                (tree / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(BASE_DIR / file, tree / file)
        (tree / ".venv").symlink_to(BASE_DIR / ".venv")
        yield tree


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The environment of runs in the copy: the servers of this checkout's tests, where each run has a database of its own."""
    if "DATABASE_URL" in os.environ and "BROKER_URL" in os.environ:
        yield dict(os.environ)
        return
    with embedded.stack("test") as running:
        yield {**running.environment(), **os.environ}


def without(text: str, stands: str, instead: str) -> str:
    """Raises ValueError unless it stands there once."""
    if text.count(stands) != 1:
        raise ValueError(f"stands there {text.count(stands)} times, not once: {stands.strip()}")
    return text.replace(stands, instead)


def fault(removal: Removal, tree: Path, environment: dict[str, str]) -> str:
    """Take it out of the tree, run its tests there, put it back; what went otherwise than that each of them failed."""
    kept = {file: (tree / file).read_text() for file, _, _ in removal.edits}
    try:
        for file, stands, instead in removal.edits:
            (tree / file).write_text(without((tree / file).read_text(), stands, instead))
        return _fault_of_run(removal.tests, tree, environment)
    except ValueError as wrong:
        return str(wrong)
    except subprocess.TimeoutExpired:
        return f"no end after {PATIENCE} seconds"
    finally:
        for file, text in kept.items():
            (tree / file).write_text(text)


def _fault_of_run(tests: tuple[str, ...], tree: Path, environment: dict[str, str]) -> str:
    command = [".venv/bin/python", "-m", "pytest", "-q", "--tb=no", "-rfEp", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, *(f"tests/race/{test}" for test in tests)], cwd=tree, env={**environment, "COLUMNS": "300"}, check=False,
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    if run.returncode not in (0, 1):
        return f"pytest ended with {run.returncode}: {(run.stdout + run.stderr).strip()[-300:]}"
    ended = ENDED.findall(run.stdout)
    wrong = [f"{how.lower()}: {test} {why}".strip() for how, test, why in ended if how != "FAILED" or is_broken(why)]
    wrong += [f"did not end: {test}" for test in tests if not any(name.startswith(test) for _, name, _ in ended)]
    return "; ".join(wrong)


def is_broken(why: str) -> bool:
    """Whether it failed because the text without the lock is no program, and not by a race."""
    return why.partition(":")[0].rpartition(".")[2] in BROKEN


def main(words: list[str]) -> int:
    """0 if each removal was noticed. Else 1, also where no removal has one of the words."""
    chosen = [one for one in REMOVALS if not words or any(word in text for word in words for text in _texts(one))]
    faults = 0
    with copied_tree() as tree, servers() as environment:
        for number, removal in enumerate(chosen, start=1):
            begun = time.monotonic()
            found = fault(removal, tree, environment)
            faults += bool(found)
            told = f"NOT NOTICED, {found}" if found else f"noticed by {', '.join(removal.tests)}"
            gone = " and ".join(f"{file} without {' '.join(stands.split())}" for file, stands, _ in removal.edits)
            print(f"[{number}/{len(chosen)}, {time.monotonic() - begun:.0f} s] {gone}: {told}", flush=True)
    print(f"{len(chosen) - faults} of {len(chosen)} removals were noticed.")
    return int(faults > 0 or not chosen)


def _texts(removal: Removal) -> list[str]:
    return [*removal.tests, *(file for file, _, _ in removal.edits)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
