"""The processes of the stack: kept alive, stopped warm, and none left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import supervisor

BASE_DIR = Path(__file__).resolve().parents[2]

# In the place of a worker: one child of its own, and three seconds to finish when told to stop.
STAND_IN = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
def finish(number, frame):
    time.sleep(float(sys.argv[1])); print("finished", flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, finish)
print(f"child {child.pid} ready.", flush=True)
while True: time.sleep(1)
"""


@pytest.fixture
def stand_ins(monkeypatch, tmp_path):
    """`running` with small programs under the real names; they log into this test's folder."""
    monkeypatch.setenv("CLAIMS_VAR", str(tmp_path))
    monkeypatch.setattr(
        supervisor,
        "command",
        lambda name, *, stack, address: [sys.executable, "-c", STAND_IN if name != "beat" else "raise SystemExit('no')", "0.3"],
    )

    def running(*names, keep=True):
        return supervisor.running(names, stack="a", keep=keep, embedded_servers=False)

    return running


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(question, seconds=10):
    deadline = time.monotonic() + seconds
    while not question() and time.monotonic() < deadline:
        time.sleep(0.05)
    return question()


def _child_in(log):
    return int(log.read_text().split("child ")[-1].split()[0])


def test_stops_warm_and_takes_the_children_along(stand_ins):
    with stand_ins("worker") as procs:
        procs.wait_until_ready()
        log = procs.log_folder / "worker.log"
        pid, child = procs.pids["worker"], _child_in(log)
    assert "finished" in log.read_text()
    assert not _lives(pid)
    assert _until(lambda: not _lives(child)), "a process left behind by the worker"


def test_starts_again_what_was_killed_later_each_time(stand_ins):
    with stand_ins("worker") as procs:
        procs.wait_until_ready()
        first, child = procs.pids["worker"], _child_in(procs.log_folder / "worker.log")
        os.kill(first, signal.SIGKILL)
        assert _until(lambda: procs.pids.get("worker", first) != first)
        assert not _lives(child), "the pool of the killed worker would work beside the new one"
        assert procs.children["worker"].deaths == 1


def test_waits_longer_before_each_start_of_what_keeps_dying(stand_ins):
    with stand_ins("beat") as procs:
        time.sleep(3)
        assert 2 <= procs.children["beat"].deaths <= 3  # after 0, 0.5 and 1.5 s, and not again before 3.5 s
        with pytest.raises(TimeoutError, match="beat is not ready"):
            procs.wait_until_ready(timeout=0.1)


def test_a_killed_one_stays_dead_when_nobody_keeps_it_and_can_be_started(stand_ins):
    with stand_ins("worker", keep=False) as procs:
        procs.wait_until_ready()
        first = procs.pids["worker"]
        procs.kill("worker")
        time.sleep(1)
        assert procs.pids == {}
        procs.start("worker")
        assert procs.pids["worker"] != first


def test_a_stopped_one_is_not_started_again(stand_ins):
    with stand_ins("worker") as procs:
        procs.wait_until_ready()
        procs.stop("worker")
        time.sleep(1)
        assert procs.pids == {}


def test_one_that_does_not_stop_is_killed_after_its_time(stand_ins, monkeypatch):
    monkeypatch.setattr(supervisor, "command", lambda name, **_: [sys.executable, "-c", STAND_IN, "300"])
    with stand_ins("worker") as procs:
        procs.wait_until_ready()
        pid = procs.pids["worker"]
        procs.stop("worker", timeout=0.5)
        assert not _lives(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_children_die_with_a_supervisor_that_was_killed(process_environment):
    """A real worker with its pool, and beat: SIGKILL of the supervisor leaves none of the four."""
    program = (
        "import time\nfrom config import supervisor\n"
        "with supervisor.running(['worker', 'beat'], stack='supervised', embedded_servers=False) as procs:\n"
        "    procs.wait_until_ready()\n    print(*procs.pids.values(), flush=True)\n    time.sleep(300)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=BASE_DIR, env={**os.environ, **process_environment}, stdout=subprocess.PIPE
    ) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        pool = [pid for pid in _all_pids() if _parent(pid) == pids[0]]
        assert len(pool) >= 2
        parent.kill()
    _until(lambda: not any(_lives(pid) for pid in [*pids, *pool]), seconds=60)  # a pool still importing sees it later
    left = [Path(f"/proc/{pid}/cmdline").read_text() for pid in [*pids, *pool] if _lives(pid)]
    assert not left


def _all_pids():
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _parent(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def test_web_processes_give_back_memory_and_so_they_do_in_the_image(monkeypatch, tmp_path):
    monkeypatch.setenv("CLAIMS_VAR", str(tmp_path))
    told = "import os; print(sorted(set(os.environ) & {'MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_'}), 'told', flush=True)"
    monkeypatch.setattr(supervisor, "command", lambda name, **more: [sys.executable, "-c", told])
    with supervisor.running(["web"], stack="a", keep=False, embedded_servers=False) as processes:
        log = processes.log_folder / "web.log"
        assert _until(lambda: "told" in log.read_text())
        assert str(sorted(supervisor.WEB_MEMORY)) in log.read_text()
    image = (BASE_DIR / "Dockerfile").read_text().split()
    assert {f"{name}={value}" for name, value in supervisor.WEB_MEMORY.items()} <= set(image)
