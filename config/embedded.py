"""The embedded stack: a real PostgreSQL and a real Valkey for machines that have neither.

    with embedded.stack("test") as urls: ...
    python -m config.embedded up|down|status|psql|destroy NAME

Stacks are named and know nothing of each other; each lies under var/NAME/ (CLAIMS_VAR: another
root). Several processes share one. `stack.lock` is held for the moment of a start or a stop;
each user holds a share of `users.lock` for as long as it lives, and the one that finds itself
the last stops the servers. A user that is killed gives its share back by dying.
"""

import fcntl
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from config.postgres import ADMIN, APP, OWNER, Postgres
from config.site import StackError, site
from config.valkey import Valkey

__all__ = ["Stack", "StackError", "destroy", "down", "read", "reset", "revive", "stack", "up", "var_root"]

USAGE = "usage: python -m config.embedded up|down|status|psql|destroy NAME"


@dataclass(frozen=True)
class Stack:
    """How to reach the servers of one stack. The URLs carry passwords: they are not for printing."""

    name: str
    database_url: str
    database_owner_url: str
    broker_url: str

    def environment(self) -> dict[str, str]:
        """For processes that shall use these servers."""
        return {
            "CLAIMS_STACK": self.name,
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "BROKER_URL": self.broker_url,
        }


def var_root() -> Path:
    return Path(os.environ.get("CLAIMS_VAR") or Path(__file__).resolve().parent.parent / "var").resolve()


def folder(name: str) -> Path:
    if not name.replace("-", "").replace("_", "").isalnum():
        raise StackError("bad_name", f"A stack's name has letters, digits, - and _ only, not {name!r}.")
    return var_root() / name


def read(name: str) -> Stack | None:
    """As the state file tells it, running or not; None before its first start. Starts nothing."""
    try:
        state = json.loads((folder(name) / "stack.json").read_text())
        passwords = {role: _password_file(name, role).read_text() for role in (OWNER, APP, "valkey")}
    except FileNotFoundError:
        return None
    return Stack(
        name=name,
        database_url=_database_url(APP, passwords, state),
        database_owner_url=_database_url(OWNER, passwords, state),
        broker_url=f"redis://:{passwords['valkey']}@127.0.0.1:{state['valkey_port']}/0",
    )


@contextmanager
def stack(name: str) -> Iterator[Stack]:
    """Use the stack: started if it is not running, stopped at the end by its last user."""
    with _locked(name):
        users = (folder(name) / "users.lock").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
    with users:
        with _locked(name):
            running = _start(name)
        try:
            yield running
        finally:
            with _locked(name):
                if _is_last(users) and not _state(name).get("kept_up"):
                    _stop(name)


def up(name: str) -> Stack:
    """Start it and leave it running until `down`, whoever else uses it meanwhile."""
    with _locked(name):
        running = _start(name)
        _write_state(name, {**_state(name), "kept_up": True})
        return running


def down(name: str) -> None:
    """Stop it. Refused with `in_use` while somebody uses it; its last user stops it then."""
    if not folder(name).exists():
        return
    with _locked(name), (folder(name) / "users.lock").open("a") as users:
        _write_state(name, {**_state(name), "kept_up": False})
        if not _is_last(users):
            raise StackError("in_use", f"The stack {name} is in use. It stops when its last user ends.")
        _stop(name)


def revive(name: str) -> None:
    """Start again what has been killed, on the same ports, so that connected programs find it."""
    postgres, valkey = _servers(name)
    if not (postgres.ready() and valkey.ready()):
        with _locked(name):
            _start(name)


def reset(name: str) -> None:
    """An empty database and an empty broker. The stack must be running."""
    with _locked(name):
        postgres, valkey = _servers(name)
        postgres.recreate_database()
        valkey.clear()


def destroy(name: str) -> None:
    """Stop it and delete its data."""
    if not folder(name).exists():
        return
    down(name)
    with _locked(name):
        shutil.rmtree(site(folder(name)).home)
        shutil.rmtree(folder(name))


def is_running(name: str) -> bool:
    return (folder(name) / "stack.json").exists() and all(server.ready() for server in _servers(name))


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """One at a time starts or stops this stack."""
    try:
        folder(name).mkdir(parents=True, exist_ok=True)
        lock = (folder(name) / "stack.lock").open("a")
    except PermissionError as failure:
        raise StackError(
            "not_your_stack",
            f"{failure.filename} belongs to another account. Run as that account, or set CLAIMS_VAR to a folder of your own.",
        ) from failure
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    """Only asked while holding stack.lock: nobody can join between the question and the answer's use."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(name: str) -> Stack:
    postgres, valkey = _servers(name)
    try:
        postgres.start()
        valkey.start()
    finally:
        _write_state(name, {**_state(name), "postgres_port": postgres.port, "valkey_port": valkey.port})
    running = read(name)
    assert running is not None, "its state was written in the line before"
    return running


def _stop(name: str) -> None:
    for server in _servers(name):
        server.stop()


def _servers(name: str) -> tuple[Postgres, Valkey]:
    state = _state(name)
    ground = site(folder(name))
    passwords = {role: _password(name, role) for role in (ADMIN, OWNER, APP, "valkey")}
    return (
        Postgres(ground, passwords, state.get("postgres_port")),
        Valkey(ground, passwords["valkey"], state.get("valkey_port")),
    )


def _database_url(role: str, passwords: dict[str, str], state: dict[str, Any]) -> str:
    # sslmode: a PGSSLMODE in the user's environment must not reach a server built without TLS.
    return f"postgres://{role}:{passwords[role]}@127.0.0.1:{state['postgres_port']}/claims?sslmode=disable"


def _password_file(name: str, role: str) -> Path:
    return folder(name) / f"{role}.password"


def _password(name: str, role: str) -> str:
    """Made at the first question, which is asked under stack.lock; readable by this account only."""
    kept = _password_file(name, role)
    if not kept.exists():
        draft = kept.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(24))
        draft.rename(kept)
    return kept.read_text()


def _state(name: str) -> dict[str, Any]:
    kept = folder(name) / "stack.json"
    state: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    return state


def _write_state(name: str, state: dict[str, Any]) -> None:
    draft = folder(name) / "stack.json.draft"
    draft.write_text(json.dumps(state))
    draft.rename(folder(name) / "stack.json")


def _psql(name: str, arguments: list[str]) -> None:
    """Becomes psql, as the owner of the schema."""
    known = read(name)
    if known is None or not is_running(name):
        raise StackError("not_running", f"The stack {name} is not running: python -m config.embedded up {name}")
    program = site(folder(name)).postgres_bin / "psql"
    os.execv(program, [str(program), known.database_owner_url, *arguments])  # noqa: S606 (no shell is meant)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["up", name]:
            up(name)
            print(f"{name} runs until: python -m config.embedded down {name}")
        case ["down", name]:
            down(name)
        case ["status", name]:
            print(f"{name}: {'running' if is_running(name) else 'not running'}")
        case ["psql", name, *rest]:
            _psql(name, rest)
        case ["destroy", name]:
            destroy(name)
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StackError as refusal:
        sys.exit(str(refusal))
