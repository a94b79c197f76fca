"""What `make demo`, `make serve` and `make sandbox` run: python -m config.entry demo|serve|sandbox [arguments of the demo].

demo     an empty stack, a worker, dispatcher and beat; the demo's own output; everything stopped again
serve    the whole stack with the demo data at http://127.0.0.1:8000 until Ctrl-C
sandbox  the same as a sandbox, with a database of its own, whose clock partners move
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config import embedded, supervisor

BASE_DIR = Path(__file__).resolve().parent.parent
USAGE = "usage: python -m config.entry demo [--lang ko|en] | serve | sandbox"
WORKERS = ["worker", "dispatcher", "beat"]
ADDRESS = os.environ.get("CLAIMS_ADDRESS", "127.0.0.1:8000")

_STARTED_AT = time.monotonic()


def demo(arguments: list[str]) -> int:
    """The demo's exit status. The embedded database is emptied first; one given by DATABASE_URL never is."""
    with _alone("demo"), _servers("demo") as environment:
        if "DATABASE_URL" not in os.environ:
            embedded.reset("demo")
        _prepare(environment)
        _say("starting worker, dispatcher and beat")
        with supervisor.running(WORKERS, stack="demo", environment=environment, embedded_servers=_embedded()) as processes:
            processes.wait_until_ready()
            _say("running the demo")
            status = _manage("demo", *arguments, environment=environment)
            _say("stopping what was started")
    return status


def serve(stack: str) -> int:
    """Runs until Ctrl-C or SIGTERM."""
    with _alone(stack), _servers(stack) as servers:
        environment = {**servers, **({"SANDBOX": "1"} if stack == "sandbox" else {})}
        _prepare(environment)
        if stack == "sandbox" and _manage("begin_sandbox", environment=environment) != 0:
            return 1
        _say("loading the demo data")
        if _manage("load_demo", environment=environment) != 0:
            return 1
        _say("starting web, worker, dispatcher and beat")
        names = ["web", *WORKERS]
        with supervisor.running(
            names, stack=stack, environment=environment, embedded_servers=_embedded(), address=ADDRESS
        ) as processes:
            processes.wait_until_ready()
            _say(f"http://{ADDRESS}/admin/  (Ctrl-C stops; logs in {processes.log_folder})")
            try:
                while processes.alive():
                    time.sleep(0.5)
            except KeyboardInterrupt:
                _say("stopping")
                return 0
    return 1


def _embedded() -> bool:
    return not ("DATABASE_URL" in os.environ and "BROKER_URL" in os.environ)


@contextmanager
def _servers(stack: str) -> Iterator[Mapping[str, str]]:
    """The environment of this stack's processes: the servers given, and embedded ones for what was not."""
    given = {name: value for name, value in os.environ.items() if name.endswith("_URL")}
    if not _embedded():
        yield {"CLAIMS_STACK": stack}
        return
    _say(f"starting PostgreSQL and Valkey in {embedded.folder(stack)}")
    with embedded.stack(stack) as urls:
        own = urls.environment()
        if "DATABASE_URL" in given:
            own = {name: own[name] for name in ("CLAIMS_STACK", "BROKER_URL")}
        yield {**own, **given}


@contextmanager
def _alone(stack: str) -> Iterator[None]:
    """Two beats, or two demos in one database, would only confuse each other."""
    embedded.folder(stack).mkdir(parents=True, exist_ok=True)
    with (embedded.folder(stack) / "entry.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as failure:
            raise embedded.StackError("already_running", f"`make {stack}` is already running in this folder.") from failure
        yield


def _prepare(environment: Mapping[str, str]) -> None:
    _say("migrating the database")
    for line in (["migrate", "--database", "owner", "--verbosity", "0"], ["grant_roles"]):
        status = _manage(*line, environment=environment, quiet=True)
        if status != 0:
            raise embedded.StackError("prepare_failed", f"`manage.py {' '.join(line)}` answered {status}; see above.")


def _manage(*arguments: str, environment: Mapping[str, str], quiet: bool = False) -> int:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL if quiet else None,
    ).returncode


def _say(what: str) -> None:
    print(f"[{time.monotonic() - _STARTED_AT:5.1f} s] {what}", file=sys.stderr, flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    match arguments:
        case ["demo", *rest]:
            return demo(rest)
        case ["serve" | "sandbox" as stack]:
            return serve(stack)
        case _:
            print(USAGE, file=sys.stderr)
            return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except embedded.StackError as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
