"""A PostgreSQL of our own: made, started, asked, stopped. Used by config/embedded.py only."""

import os
import secrets
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from config.site import Site, StackError, free_port, processes, tail

ADMIN, OWNER, APP = "claims_admin", "claims_owner", "claims_app"
DATABASE = "claims"
START_SECONDS = 120  # crash recovery after a kill in the middle of a large load
ORPHAN_SECONDS = 5  # backends whose postmaster was killed leave by themselves

SETTINGS = {
    "shared_buffers": "256MB",
    "jit": "off",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # with 64 three test processes beside each other ran out of them
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "random_page_cost": "1.1",
    "shared_preload_libraries": "pg_stat_statements",
}


@dataclass
class Postgres:
    """`passwords` by role. `port` may change at a start, when somebody else has taken the last one."""

    site: Site
    passwords: Mapping[str, str]
    port: int | None

    @property
    def data(self) -> Path:
        return self.site.home / "postgres"

    @property
    def log(self) -> Path:
        return self.site.home / "postgres.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        # sslmode: a PGSSLMODE in the user's environment must not reach a server built without TLS.
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def ready(self) -> bool:
        """Whether our server answers: the password exchange proves that it is not another one on the same port."""
        if self.port is None:
            return False
        try:
            with self._connect("postgres"):
                return True
        except psycopg.OperationalError as failure:
            if "password authentication failed" in str(failure) and processes("postgres", self.site.tag):
                raise StackError(
                    "password_lost",
                    f"The data in {self.data} were made with another password than the one kept. "
                    "Delete the stack: python -m config.embedded destroy NAME",
                ) from failure
            return False

    def start(self) -> None:
        """Returns when it answers and has its roles. Nothing is done when it already runs."""
        if not self.ready():
            if not self.data.exists():
                self._make()
            self._check_major()
            self._start()
        self._provide_roles_at_last()

    def stop(self) -> None:
        if self._living() or self.ready():
            self._pg_ctl("stop", "-m", "fast", "-w", "-t", "60")

    def recreate_database(self) -> None:
        """The database `claims` as it was before the first migration."""
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        self._provide_roles_at_last()

    def _living(self) -> list[tuple[int, str]]:
        """Ours, and the two that start it: their launcher may have been killed meanwhile."""
        return [found for program in ("postgres", "pg_ctl", "sh") for found in processes(program, self.site.tag)]

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.url(ADMIN, database), autocommit=True, connect_timeout=5)

    def _make(self) -> None:
        """Into a draft, then renamed: a half-made one is never taken for a whole."""
        for left in self.site.home.glob("postgres.init.*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own: an initdb whose launcher was killed may still write into the last one.
        draft = self.site.home / f"postgres.init.{secrets.token_hex(4)}"
        password = self.site.home / "initdb.password"
        password.touch(mode=0o600)
        password.write_text(self.passwords[ADMIN])
        self.site.account.own(password)
        # --locale besides the builtin provider: without it trigrams of Hangul are empty under LC_ALL=C.
        status = self.site.account.run(
            *(self.site.postgres_bin / "initdb", "-D", draft, "-U", ADMIN, "--pwfile", password, "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
            *(f"-c{name}={value}" for name, value in SETTINGS.items()),
            output=self.log,
        )
        password.unlink()
        if status != 0:
            raise StackError("initdb_failed", f"initdb answered {status}. End of {self.log}:\n{tail(self.log)}")
        draft.rename(self.data)

    def _check_major(self) -> None:
        made_with = (self.data / "PG_VERSION").read_text().strip()
        told = subprocess.run([self.site.postgres_bin / "postgres", "--version"], check=True, capture_output=True, text=True)
        ours = told.stdout.split()[-1].split(".")[0]
        if made_with != ours:
            raise StackError(
                "data_of_another_major",
                f"{self.data} was made by PostgreSQL {made_with}, the programs here are version {ours}. Dump it with the "
                "old programs and load it into a new stack, or delete it: python -m config.embedded destroy NAME",
            )

    def _start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        orphans_until = time.monotonic() + ORPHAN_SECONDS
        while time.monotonic() < deadline:
            living = self._living()
            if not living:
                self._launch()
            elif any(" -D " in title for _, title in living):
                self.port = self._written_port() or self.port
            elif time.monotonic() > orphans_until:
                _kill(living)
            if self.ready():
                return
            time.sleep(0.1)
        raise StackError("postgres_failed", f"No answer in {START_SECONDS} s. End of {self.log}:\n{tail(self.log)}")

    def _written_port(self) -> int | None:
        """Of the running one: a launcher killed in the middle of a start has told nobody the port."""
        written = self.data / "postmaster.pid"
        lines = written.read_text().splitlines() if written.exists() else []
        return int(lines[3]) if len(lines) > 3 else None

    def _launch(self) -> None:
        # No process of this stack lives (they all carry its tag), so a pid file is left over from a kill.
        # PostgreSQL would believe it while that pid is a zombie, or belongs to somebody else by now.
        if Path("/proc/self").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.port = free_port(self.port)
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "cluster_name": self.site.tag,
        }
        told = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
        if self._pg_ctl("start", "-w", "-t", str(START_SECONDS), "-o", told) != 0:
            if "Address already in use" not in tail(self.log, 5):
                raise StackError("postgres_failed", f"PostgreSQL does not start. End of {self.log}:\n{tail(self.log)}")
            self.port = None

    def _pg_ctl(self, *args: str) -> int:
        return self.site.account.run(
            self.site.postgres_bin / "pg_ctl",
            "-D",
            self.data,
            "-l",
            self.log,
            *args,
            output=self.log,
            timeout=START_SECONDS + 30,
        )

    def _provide_roles_at_last(self) -> None:
        """A launcher killed in the middle leaves backends that finish its last statements beside ours."""
        for _ in range(10):
            try:
                return self._provide_roles()
            except psycopg.Error:
                time.sleep(0.5)
        return self._provide_roles()

    def _provide_roles(self) -> None:
        """Roles, extensions and the database. Extensions go into template1, so that test databases have them too."""
        with self._connect("postgres") as connection:
            for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                        sql.SQL("ALTER" if known else "CREATE"),
                        sql.Identifier(role),
                        sql.SQL(rights),
                        sql.Literal(self.passwords[role]),
                    )
                )
            made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not made:
            with self._connect("template1") as connection:
                for extension in ("btree_gist", "pg_trgm", "pg_stat_statements"):
                    connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            with self._connect("postgres") as connection:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )


def _kill(living: list[tuple[int, str]]) -> None:
    for pid, _ in living:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
