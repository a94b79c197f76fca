"""Test databases: one migrated template, kept until its sources change, and a copy per test process.

All of it is done by the owner, over connections of its own: inside a test Django forbids every
alias that the test has not asked for.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
TEMPLATE_SOURCES = ("*/migrations/*.py", "*/fixtures/**/*", "*/management/commands/grant_roles.py", "requirements.txt")
COPY = "test_claims_{pid}"

# What a migrated database holds by itself; the rest is emptied after a test that commits.
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}
SEEN = {"claims_caseview", "django_session"}  # written to by who only looks at a page
COUNTED = {"accounts_requestcount", "accounts_cache", "claims_caseview"}  # of requests themselves, whatever they ask


@contextmanager
def test_database() -> Iterator[str]:
    """Points both aliases at a fresh copy of the template for the length of the block."""
    maintenance = str(connections["owner"].settings_dict["NAME"])
    name = COPY.format(pid=os.getpid())
    with _alone():
        _drop_left_over(maintenance)
        template = _template(maintenance)
        _create(maintenance, name, template=template)
        _forget_at_a_power_cut(maintenance, name)
    _point_at(name)
    try:
        yield name
    finally:
        _point_at(maintenance)
        _drop(maintenance, name)


def owner_connection(database: str | None = None) -> psycopg.Connection:
    """As the owner, to the present test database if no other is named; each statement commits."""
    parameters = connections["owner"].get_connection_params()
    if database is not None:
        parameters["dbname"] = database
    return psycopg.connect(**parameters, autocommit=True)


def environment_of_processes() -> dict[str, str]:
    """The present test database, and the broker of this test process, emptied."""
    if os.environ["BROKER_URL"].startswith("redis"):
        redis.Redis.from_url(os.environ["BROKER_URL"]).flushdb()
    return {
        "CLAIMS_STACK": os.environ["CLAIMS_STACK"],
        "DATABASE_URL": _url("default", os.environ["DATABASE_URL"]),
        "DATABASE_OWNER_URL": _url("owner", os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])),
        "BROKER_URL": os.environ["BROKER_URL"],
    }


def _url(alias: str, url: str) -> str:
    return urlsplit(url)._replace(path=f"/{connections[alias].settings_dict['NAME']}").geturl()


def rows() -> dict[str, Any]:
    """By table how many rows it has, and a number that is another one when any of them was changed."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            if table not in COUNTED:
                cursor.execute(f'SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{table}" t')
                found[table] = cursor.fetchone()
    return found


def written() -> dict[str, int]:
    """By table how many rows this transaction has written, also those that it took back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
                WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""
        )
        return {table: rows for table, rows in cursor.fetchall() if table not in SEEN}


def empty_tables() -> None:
    """After a test that commits. Append-only tables refuse that, so the owner takes their triggers away for it.

    DELETE is quicker than TRUNCATE for the few rows of a test, and foreign keys are deferred,
    so the order does not matter.
    """
    with owner_connection() as connection, connection.transaction():
        tables = [
            name
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if name not in KEPT_TABLES
        ]
        filled = [table for table in tables if _has_rows(connection, table)]
        for table in filled:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        for table in filled:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in filled:
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


def _has_rows(connection: psycopg.Connection, table: str) -> bool:
    return connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone() is not None


@contextmanager
def _alone() -> Iterator[None]:
    """One test process at a time makes or copies the template."""
    embedded.folder("test").mkdir(parents=True, exist_ok=True)
    with (embedded.folder("test") / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _template(maintenance: str) -> str:
    """Its name says what it was made from. A half-made one has another name and is made again."""
    name = f"claims_template_{_fingerprint()}"
    if name in _databases(maintenance):
        return name
    draft = "claims_template_draft"
    for old in _databases(maintenance):
        if old.startswith("claims_template_"):
            _drop(maintenance, old)
    _create(maintenance, draft, template="template1")
    _point_at(draft)
    try:
        call_command("migrate", database="owner", verbosity=0)
        call_command("grant_roles", stdout=open(os.devnull, "w"))  # noqa: SIM115
    finally:
        _point_at(maintenance)
    with owner_connection(maintenance) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in TEMPLATE_SOURCES:
        for source in sorted(path for path in BASE_DIR.glob(pattern) if path.is_file()):
            digest.update(str(source.relative_to(BASE_DIR)).encode() + source.read_bytes())
    return digest.hexdigest()[:12]


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _databases(maintenance: str) -> set[str]:
    with owner_connection(maintenance) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def _create(maintenance: str, name: str, *, template: str) -> None:
    with owner_connection(maintenance) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _forget_at_a_power_cut(maintenance: str, name: str) -> None:
    """No commit waits for the disk: a test kills programs, and the server only where it has one of its own."""
    with owner_connection(maintenance) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))


def _drop(maintenance: str, name: str) -> None:
    """Whoever is still connected is thrown out. Autovacuum is the server's own: the owner may not, but a plain DROP does."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with owner_connection(maintenance) as connection:
        try:
            connection.execute(drop + sql.SQL(" WITH (FORCE)"))
        except psycopg.errors.InsufficientPrivilege:
            connection.execute(drop)


def _drop_left_over(maintenance: str) -> None:
    """Of test processes that were killed."""
    prefix = COPY.format(pid="")
    for name in _databases(maintenance):
        if name.startswith(prefix) and not _lives(int(name.removeprefix(prefix))):
            _drop(maintenance, name)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != os.getpid()
