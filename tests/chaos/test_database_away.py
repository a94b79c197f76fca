"""What partners' programs are told while the database is away, and that nothing is lost of what they sent.

On a server of its own, which is stopped, filled and killed for real: the other is what other tests work with.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from claims.api.urls import urlpatterns
from claims.models import Claim
from config import embedded, env, postgres, supervisor
from config.postgres import ADMIN, APP, OWNER, Postgres
from tests.api.cast import Program, a_claim
from tests.builders import outage
from tests.chaos.asking import Asking, free_address
from tests.chaos.living import PATIENCE, eventually
from tests.conftest import WORKER
from tests.databases import rows

pytestmark = pytest.mark.timeout(600 + 2 * PATIENCE)


@dataclass(frozen=True)
class Site(Asking):
    """The web process, the servers behind it, and a program that asks it."""

    name: str

    @property
    def postgres(self) -> Postgres:
        return embedded._servers(self.name)[0]

    @contextmanager
    def as_role(self, role: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.postgres.url(role), autocommit=True) as own:
            yield own

    def hang_up(self) -> None:
        """The connections that the web process has kept."""
        with self.as_role(APP) as own:
            own.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE usename = current_user AND pid <> pg_backend_pid()"""
            )
        connection.close()


@contextmanager
def _servers(name: str) -> Iterator[dict[str, str]]:
    """A PostgreSQL with a copy of the test database, and a Valkey. This process works there as well."""
    embedded.destroy(name)  # of a test that was killed
    with ExitStack() as at_the_end, pytest.MonkeyPatch.context() as patched:
        patched.setattr(postgres, "SETTINGS", {**postgres.SETTINGS, "max_connections": "40", "shared_buffers": "32MB"})
        at_the_end.callback(embedded.destroy, name)
        urls = at_the_end.enter_context(embedded.stack(name))
        server = embedded._servers(name)[0]
        programs, known_as = server.site.postgres_bin, connections["owner"].get_connection_params()
        at = psycopg.conninfo.make_conninfo(**{key: known_as[key] for key in ("host", "port", "user", "password", "dbname")})
        dump = subprocess.run([programs / "pg_dump", at], check=True, capture_output=True)
        told = ["-q", "-v", "ON_ERROR_STOP=1", "-1", "-o", os.devnull, server.url(ADMIN)]
        subprocess.run([programs / "psql", *told], input=dump.stdout, check=True, capture_output=True)
        for alias, url in (("default", urls.database_url), ("owner", urls.database_owner_url)):
            at_the_end.enter_context(_pointed(alias, url))
        yield urls.environment()


@contextmanager
def _pointed(alias: str, url: str) -> Iterator[None]:
    told = connections[alias].settings_dict
    before = dict(told)
    connections[alias].close()
    known_as = env.env.db_url_config(url)
    told.update({name: known_as[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
    try:
        yield
    finally:
        connections[alias].close()
        told.update(before)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """One web process for all tests here."""
    name, address = f"away-{WORKER}", free_address()
    with django_db_blocker.unblock(), _servers(name) as environment:
        own = {**environment, "API_REQUESTS_PER_MINUTE": "1000000", "TOKENS_PER_MINUTE": "1000000"}
        outage(version=2)
        program = Program("away")
        with supervisor.running(["web"], stack=name, environment=own, embedded_servers=False, address=address) as processes:
            processes.wait_until_ready(timeout=PATIENCE)
            yield Site(address, program, name)


def refused(site: Site, number: str, because: str, **more: Any) -> None:
    """In both languages; and why, in the log alone."""
    for language in ("ko", "en"):
        answer = site.claim(number, language=language, **more)
        assert answer.is_away(language), answer
    assert because in (embedded.folder(site.name) / "log" / "web.log").read_text(errors="replace")


def taken(site: Site, number: str, **more: Any) -> None:
    """With the key of before; and it is there once."""
    answer = site.claim(number, **more)
    assert answer.status == 201, answer.body
    assert Claim.objects.filter(as_partner_knows_it__external_id=number).count() == 1


def everything() -> list[tuple[str, str]]:
    """Each method and address of the API; what they name is not looked for."""
    found = []
    for pattern in urlpatterns:
        path = re.sub("<(?!uuid)[^>]*>", "x", re.sub("<uuid:[^>]*>", str(UUID(int=0)), str(pattern.pattern)))
        view: Any = pattern.callback
        found += [(name, f"/api/v1/{path}") for name in ("GET", "POST", "PATCH", "DELETE") if hasattr(view.cls, name.lower())]
    return found


def test_while_postgresql_is_stopped_each_address_says_so(site: Site):
    taken(site, "before")
    before = rows()
    connection.close()
    site.postgres.stop()
    try:
        refused(site, "stopped", "Connection refused")
        wrong = []
        for method, path in everything():
            answer = site.ask(method, path, {} if method in ("POST", "PATCH") else None)
            asks_nothing = path.startswith("/api/v1/problems") or path == "/api/v1/test-clock"  # the clock is a sandbox's
            if not answer.is_away("en") and not (asks_nothing and answer.status in (200, 404)):
                wrong.append((method, path, answer))
        assert not wrong
        assert site.token().is_away("en")
        page = site.ask("GET", "/incidents/")
        assert (page.status, "Retry-After" in page.headers) == (503, True), "people are told as well"
    finally:
        embedded.revive(site.name)
    assert rows() == before
    taken(site, "stopped")


def test_what_is_sent_while_postgresql_crashes_is_there_once(site: Site):
    """Each program sends its claims again, with the same key, until they are taken."""
    statuses, before, back = Counter[int](), Claim.objects.count(), threading.Event()
    connection.close()

    def program(letter: str) -> None:
        """Goes on until the database is back."""
        for number in count():
            while (status := site.claim(f"crash-{letter}-{number}").status) == 503:
                statuses[status] += 1
                sleep(0.1)
            statuses[status] += 1
            if back.is_set():
                return

    with ThreadPoolExecutor(4) as programs:
        sent = [programs.submit(program, letter) for letter in "abcd"]
        try:
            eventually(lambda: statuses[201] > 8, every=0.01)
            site.postgres._pg_ctl("stop", "-m", "immediate", "-W")
            eventually(lambda: statuses[503] > 0)
        finally:
            embedded.revive(site.name)
            back.set()
        for one in sent:
            one.result()
    assert set(statuses) == {201, 503}
    assert Claim.objects.count() == before + statuses[201]


def test_while_somebody_holds_a_lock_it_is_said_in_time(site: Site):
    """Of tokens and of counts, which every request needs; of claims; and where a statement takes too long."""
    before = rows()
    with site.as_role(OWNER) as holder, holder.transaction():
        holder.execute("LOCK TABLE oauth2_provider_accesstoken, accounts_requestcount IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(2) as both:
            asked = [both.submit(site.token), both.submit(site.claim, "locked")]
        assert [answer.result().is_away("en") for answer in asked] == [True, True]
    with site.as_role(OWNER) as holder, holder.transaction():
        holder.execute("LOCK TABLE claims_claim IN ACCESS EXCLUSIVE MODE")
        refused(site, "locked", "canceling statement due to lock timeout")
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 200")
        late = site.program.post("/claims", a_claim(external_id="late"))
        assert (late.status_code, late.json()["code"], late["Retry-After"]) == (503, "temporarily_unavailable", "5")
        connection.close()
    assert rows() == before
    taken(site, "locked")


def test_while_there_are_too_many_connections_it_is_said(site: Site):
    before = rows()
    site.hang_up()
    with ExitStack() as many:
        with suppress(psycopg.OperationalError):
            while True:
                many.enter_context(psycopg.connect(site.postgres.url(APP)))
        refused(site, "crowded", "connection slots")
        assert site.token().is_away("en")
    assert rows() == before
    taken(site, "crowded")


def test_while_the_database_is_read_only_it_is_said(site: Site):
    """As a standby is before it takes over."""
    before = rows()
    with site.as_role(ADMIN) as admin:
        admin.execute(sql.SQL("ALTER DATABASE claims SET default_transaction_read_only = on"))
        site.hang_up()
        try:
            refused(site, "standby", "in a read-only transaction")
            assert site.ask("GET", "/api/v1/services").status == 200
        finally:
            admin.execute("ALTER DATABASE claims RESET default_transaction_read_only")
            site.hang_up()
    assert rows() == before
    taken(site, "standby")


@pytest.fixture
def small_disk(site: Site) -> Iterator[Path]:
    """All tables lie on it."""
    with TemporaryDirectory(prefix="small-disk-") as place, ExitStack() as at_the_end:
        mount = ["mount", "-t", "tmpfs", "-o", "size=256m,mode=0755", "tmpfs", place]
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            pytest.skip("only root mounts a small disk")
        at_the_end.callback(subprocess.run, ["umount", "--lazy", place], check=True)
        site.postgres.site.account.own(Path(place))
        with site.as_role(ADMIN) as admin:
            admin.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(sql.Literal(place)))
            site.hang_up()
            admin.execute("ALTER TABLE ALL IN TABLESPACE pg_default OWNED BY claims_owner SET TABLESPACE small")
            yield Path(place)
            admin.execute("ALTER TABLE ALL IN TABLESPACE small SET TABLESPACE pg_default")
            admin.execute("DROP TABLESPACE small")


def test_while_the_disk_is_full_it_is_said(site: Site, small_disk: Path):
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as filling:
        while True:
            filling.write(bytes(65_536))
    long: dict[str, Any] = {f"full-{n}": {"message": "".join(Random(n).choices("abcdefgh", k=3_900))} for n in range(200)}
    acknowledged = []
    for number, more in long.items():  # at first there is room on pages that were begun
        before = rows()
        if site.claim(number, **more).status != 201:
            break
        acknowledged.append(number)
    refused(site, number, "No space left on device", **more)
    assert rows() == before
    filler.unlink()
    for one in (number, *acknowledged):
        taken(site, one, **long[one])
