"""The commands a newcomer types: they exist, say what is missing, and install once."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

BASE_DIR = Path(__file__).resolve().parents[2]
TARGETS = [
    "demo",
    "serve",
    "sandbox",
    "test",
    "proofs",
    "scenario",
    "kills",
    "unlocked",
    "examples",
    "lint",
    "bench",
    "bench-consequences",
    "bench-desk",
    "bench-imports",
    "bench-twins",
    "bench-exact",
    "docs",
    "lock",
    "clean",
]


def _make(folder, *arguments):
    return subprocess.run(["make", *arguments], check=False, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture
def checkout(tmp_path):
    """A folder with nothing but the Makefile and two empty locks."""
    (tmp_path / "Makefile").write_text((BASE_DIR / "Makefile").read_text())
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / lock).write_text("# nothing\n")
    return tmp_path


def _python(folder, body):
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return f"PYTHON={program}"


@pytest.mark.parametrize("target", TARGETS)
def test_target_exists(target):
    assert _make(BASE_DIR, "--dry-run", target).returncode == 0


def test_says_which_python_is_needed(checkout):
    told = _make(checkout, "runtime", _python(checkout, 'case "$*" in *version_info*) exit 1;; *) echo Python 3.9.2;; esac'))
    assert told.returncode != 0
    assert "Python 3.11 or newer is needed" in told.stderr
    assert "Python 3.9.2" in told.stderr


def test_names_the_debian_package_when_venv_is_missing(checkout):
    told = _make(checkout, "runtime", _python(checkout, 'case "$*" in *ensurepip*) exit 1;; esac'))
    assert told.returncode != 0
    assert "apt-get install python3-venv" in told.stderr
    assert not (checkout / ".venv").exists()


def test_installs_once_per_content_of_the_lock_and_repairs_the_environment(checkout):
    assert "installing requirements.txt" in _make(checkout, "runtime").stderr
    (checkout / "requirements.txt").touch()
    assert _make(checkout, "runtime").stderr == ""
    (checkout / "requirements.txt").write_text("# nothing else\n")
    assert "installing requirements.txt" in _make(checkout, "runtime").stderr
    assert "installing requirements-dev.txt" in _make(checkout, "dev").stderr
    (checkout / ".venv" / "bin" / "python").unlink()
    assert "making .venv" in _make(checkout, "runtime").stderr


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_has_hashes_and_names_no_host(lock):
    text = (BASE_DIR / lock).read_text()
    pins = re.split(r"\n(?=[a-z])", text)
    assert [pin.splitlines()[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin] == []
    assert not re.search(r"https?://|--index|--extra-index|--find-links", text)


def test_locks_agree_with_each_other_and_with_what_was_asked_for():
    def pins(name):
        found = re.findall(r"^([a-z0-9-]+(?:\[[a-z, ]+\])?==[^ \n]+)", (BASE_DIR / name).read_text(), re.MULTILINE)
        return {pin.replace(" ", "") for pin in found}

    assert pins("requirements.in") <= pins("requirements.txt") <= pins("requirements-dev.txt")
    assert pins("requirements-dev.in") <= pins("requirements-dev.txt")


def test_python_version_is_said_once():
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == ">=3.11"
    assert project["tool"]["mypy"]["python_version"] == "3.11"


def test_ci_calls_lint_and_test_and_nothing_else():
    called = re.findall(r"^make (.+)$", (BASE_DIR / ".ci" / "run").read_text(), re.MULTILINE)
    assert called == ["lint", "test"]


def test_commands_of_the_readme_exist():
    readme = (BASE_DIR / "README.md").read_text()
    targets = set(re.findall(r"^\s*(?:\$ )?make ([a-z]+)", readme, re.MULTILINE))
    assert {"demo", "test"} <= targets <= set(TARGETS)
    assert set(re.findall(r"manage\.py ([a-z_]+)", readme)) <= set(get_commands())
    for module in re.findall(r"python -m ([a-z_.]+)", readme):
        path = BASE_DIR / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
