"""The processes of the stack: started, kept, stopped; none outlives its supervisor.

    with supervisor.running(["worker", "dispatcher", "beat"], stack="demo") as procs:
        procs.pids, procs.stop("worker"), procs.kill("worker"), procs.start("worker")

Names: worker (worker2, worker3, ... for more of them), dispatcher, beat, web. What each writes
goes to var/STACK/log/NAME.log. The entry points behind `make demo` and `make serve` are in
config/entry.py: python -m config.entry demo|serve.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
WARM_SECONDS = 30  # a slice of work takes three; Celery's warm shutdown waits for it
LONGEST_PAUSE = 30.0  # between two starts of a process that keeps dying
HEALTHY_SECONDS = 30.0  # after which its next death counts as the first again
REVIVE_SECONDS = 2.0  # how often the embedded servers are asked whether they live

# For glibc, in web processes: all threads share two heaps, as what one has freed in a heap of its own the others cannot use;
# and what is large (a document) never lies in a heap, so that it is given back at once. The Dockerfile says the same.
WEB_MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144"}

# Linux sends SIGKILL to a process whose parent (the thread that started it) has died. The order
# survives exec; the second line is for a parent that died before it was given.
LEASH = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]): sys.exit("the supervisor has died")
os.execv(sys.argv[2], sys.argv[2:])
"""


def command(name: str, *, stack: str, address: str) -> list[str]:
    """What runs under this name."""
    python = sys.executable
    beat_state = str(embedded.folder(stack) / "beat-schedule")
    if name.startswith("worker"):
        return [python, "-m", "celery", "-A", "config", "worker", "-n", f"{name}@{stack}", "--loglevel", "INFO"]
    commands = {
        "dispatcher": [python, "manage.py", "dispatch_hints"],
        "beat": [python, "-m", "celery", "-A", "config", "beat", "--schedule", beat_state, "--pidfile="],
        "web": [
            *(python, "-m", "gunicorn", "--config", "python:config.web_process", "config.wsgi"),
            *("--bind", address, "--access-logfile", "-"),
        ],
    }
    return commands[name]


@dataclass
class Child:
    """One named process. `wanted`: started again when it dies."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    wanted: bool = False
    started_at: float = 0.0  # monotonic
    log_from: int = 0  # bytes of the log that earlier starts have written
    deaths: int = 0
    start_after: float = 0.0  # monotonic

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def died(self, now: float) -> None:
        """Sets when it may be started again: 0.5 s, then twice as long each time."""
        self.deaths = 1 if now - self.started_at > HEALTHY_SECONDS else self.deaths + 1
        self.start_after = now + min(LONGEST_PAUSE, 0.5 * 2 ** (self.deaths - 1))
        self.process = None


@dataclass
class Processes:
    """The children. One thread starts them all: the leash hangs on the thread that started a process."""

    stack: str
    environment: Mapping[str, str]
    keep: bool
    embedded: bool
    address: str = "127.0.0.1:8000"
    children: dict[str, Child] = field(default_factory=dict)
    _orders: queue.Queue[Callable[[], None] | None] = field(default_factory=queue.Queue)
    _thread: threading.Thread | None = None

    @property
    def pids(self) -> dict[str, int]:
        """Of the living ones."""
        return {name: child.process.pid for name, child in self.children.items() if child.process and child.alive()}

    @property
    def log_folder(self) -> Path:
        return embedded.folder(self.stack) / "log"

    def start(self, name: str) -> None:
        """Returns when it has been started, not when it is ready. Nothing is done when it runs."""
        child = self.children.setdefault(name, Child(name))
        self._do(lambda: None if child.alive() else self._spawn(child))

    def stop(self, name: str, *, timeout: float = WARM_SECONDS) -> None:
        """SIGTERM, which lets a worker finish its slice; SIGKILL to it and its children after `timeout` seconds."""
        self._stop([name], timeout)

    def kill(self, name: str) -> None:
        """SIGKILL to it and its children, as when the power fails. Started again if `keep`."""
        child = self.children[name]
        process = child.process
        if process is not None:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()

    def wait_until_ready(self, *, timeout: float = 60) -> None:
        """Until each worker takes tasks and the web process answers; TimeoutError with the end of the log."""
        deadline = time.monotonic() + timeout
        for name, child in self.children.items():
            mark = b" ready." if name.startswith("worker") else b"Booting worker" if name == "web" else b""
            log = self.log_folder / f"{name}.log"
            while not child.alive() or mark not in log.read_bytes()[child.log_from :]:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{name} is not ready after {timeout:.0f} s. End of {log}:\n{_tail(log)}")
                time.sleep(0.05)

    def alive(self) -> bool:
        """Whether the children are looked after."""
        return self._thread is not None and self._thread.is_alive()

    def open(self, names: Sequence[str]) -> None:
        self.log_folder.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._thread.start()
        for name in names:
            self.start(name)

    def close(self) -> None:
        """All of them at once, each warm."""
        self._stop(list(self.children), WARM_SECONDS)
        self._orders.put(None)
        if self._thread is not None:
            self._thread.join()

    def _stop(self, names: Sequence[str], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        children = [self.children[name] for name in names]
        self._do(lambda: _give_up(children))  # from here on none is started again
        going = []
        for child in children:
            if child.process is not None and child.alive():
                child.process.send_signal(signal.SIGTERM)
                going.append(child.process)
        for process in going:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(process.pid, signal.SIGKILL)  # also what a process left behind
            process.wait()

    def _do(self, order: Callable[[], None]) -> None:
        """In the starting thread; its failure is raised here."""
        done = threading.Event()
        failures: list[Exception] = []

        def carry_out() -> None:
            try:
                order()
            except Exception as failure:
                failures.append(failure)
            done.set()

        self._orders.put(carry_out)
        while not done.wait(0.5):
            if not self.alive():
                raise RuntimeError("The supervisor's thread has died; its failure is printed above.")
        if failures:
            raise failures[0]

    def _keep(self) -> None:
        revive_at = 0.0
        while True:
            try:
                order = self._orders.get(timeout=0.2)
            except queue.Empty:
                order = self._restart_the_dead
            if order is None:
                return
            order()
            if self.embedded and time.monotonic() > revive_at:
                self._revive_servers()
                revive_at = time.monotonic() + REVIVE_SECONDS

    def _revive_servers(self) -> None:
        try:
            embedded.revive(self.stack)
        except embedded.StackError as failure:
            print(failure, file=sys.stderr)  # and asked again in two seconds

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for child in list(self.children.values()):
            if not (self.keep and child.wanted) or child.alive():
                continue
            if child.process is not None:
                _signal_group(child.process.pid, signal.SIGKILL)  # the pool of a worker whose parent was killed
                child.died(now)
            elif now >= child.start_after:
                self._spawn(child)

    def _spawn(self, child: Child) -> None:
        line = command(child.name, stack=self.stack, address=self.address)
        if sys.platform == "linux":
            line = [sys.executable, "-I", "-S", "-c", LEASH, str(os.getpid()), *line]
        with (self.log_folder / f"{child.name}.log").open("ab") as log:
            child.log_from = log.tell()
            child.process = subprocess.Popen(
                line,
                cwd=BASE_DIR,
                env={**os.environ, **(WEB_MEMORY if child.name == "web" else {}), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor only, which stops them warm
            )
        child.wanted = True
        child.started_at = time.monotonic()


@contextmanager
def running(
    names: Sequence[str],
    *,
    stack: str,
    environment: Mapping[str, str] | None = None,
    keep: bool = True,
    embedded_servers: bool = True,
    address: str = "127.0.0.1:8000",
) -> Iterator[Processes]:
    """Runs the named processes for the length of the block.

    `environment` is added to this process's own. `embedded_servers`: the stack's PostgreSQL and
    Valkey are started again, too, when they are killed.
    """
    processes = Processes(stack, dict(environment or {}), keep, embedded_servers, address)
    try:
        processes.open(names)
        yield processes
    finally:
        processes.close()


def _give_up(children: Sequence[Child]) -> None:
    for child in children:
        child.wanted = False


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else "(no log)"
