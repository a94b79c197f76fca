"""Real servers for the tests: the embedded stack `test`, or those of DATABASE_URL and BROKER_URL.

Tests work as the application role on a database of their own (tests/databases.py). A test that
starts processes gives them `process_environment`.
"""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections, transaction
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from config import celery_app, embedded, env
from tests import worlds
from tests.databases import empty_tables, environment_of_processes, test_database

TESTS = Path(__file__).resolve().parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

# Files that take longest, so that none of them is left for the end; those that start workers of their own are spread, for
# three at once would wait for each other.
LONGEST = (
    "chaos/test_consequences.py", "browser/test_staff_pages.py", "house/test_buttons.py", "test_demo.py",
    "browser/test_a_case.py", "claims/test_imports.py", "chaos/test_workers.py", "api/test_schema.py",
    "house/test_dockerfile.py", "browser/test_journeys.py", "claims/test_documents.py", "chaos/test_bulk.py",
    "house/test_operators.py", "claims/test_guards.py", "chaos/test_imports.py", "browser/test_account_pages.py",
    "chaos/test_api_guide.py",
)  # fmt: skip

_servers = ExitStack()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they were."""
    turns = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.path.relative_to(TESTS).as_posix(), len(turns)))


def pytest_collection_finish() -> None:
    """What is there now stays to the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    """Only the controlling process starts servers; those of xdist inherit its environment."""
    if config.option.collectonly or config.option.help:
        return
    if "DATABASE_URL" not in os.environ or "BROKER_URL" not in os.environ:
        urls = _servers.enter_context(embedded.stack("test")).environment()
        if "DATABASE_URL" in os.environ:
            urls = {"BROKER_URL": urls["BROKER_URL"]}
        os.environ.update({name: url for name, url in urls.items() if name not in os.environ})
    os.environ["CLAIMS_STACK"] = f"test-{WORKER}"
    os.environ["BROKER_URL"] = _own_broker(os.environ["BROKER_URL"])
    _point_django_at_servers()
    settings.WHITENOISE_AUTOREFRESH = True  # each test client would look through all files of style and script first
    for name, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():  # a log-in costs a quarter of a second
        setattr(Argon2PasswordHasher, name, least)
    monkey: Any = TransactionTestCase
    monkey._fixture_teardown = _empty_tables


def pytest_unconfigure() -> None:
    _servers.close()


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """What a request asked for stays active in its thread: the next test begins in Korean again."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def packs_read_once() -> None:
    """The same few texts are published by hundreds of tests: what is read in one, and what its examples come to, is the same
    each time. Nothing in a pack is ever changed.
    """
    from claims.operations import policy  # once Django is ready

    named: Any = policy
    check, found = named.check_examples, dict[int, tuple[Any, list[str]]]()

    def checked(pack: Any) -> list[str]:
        if id(pack.body) not in found:
            found[id(pack.body)] = (pack.body, check(pack))
        return found[id(pack.body)][1]

    named.load_pack, named.check_examples = cache(named.load_pack), checked


@pytest.fixture(scope="session", autouse=True)
def nobody_waits() -> None:
    """Answers of accounts that are to take equally long; that they do is tested by a clock of the test's own."""
    from claims.web.account import unhurried  # once Django is ready

    named: Any = unhurried
    named.time = SimpleNamespace(monotonic=time.monotonic, sleep=lambda seconds: None)


def _own_broker(url: str) -> str:
    """Databases 1, 2, ... of a Valkey, so that the workers of one test process take no task of another's."""
    parts = urlsplit(url)
    return parts._replace(path=f"/{1 + int(WORKER.removeprefix('gw'))}").geturl() if parts.scheme == "redis" else url


def _point_django_at_servers() -> None:
    """The settings were read before the servers ran: pytest-django loads them first of all."""
    for alias in ("default", "owner"):
        known = connections[alias].settings_dict
        known.update({name: env.database(alias)[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        known["OPTIONS"].update(
            {name: value for name, value in env.database(alias).get("OPTIONS", {}).items() if name != "options"}
        )
    settings.CELERY_BROKER_URL = os.environ["BROKER_URL"]
    celery_app.conf.update(broker_url=os.environ["BROKER_URL"])


def _empty_tables(case: TransactionTestCase) -> None:
    """In the place of Django's flush, which append-only tables refuse."""
    if case._databases_names():  # type: ignore[attr-defined]
        empty_tables()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), test_database():
        django_db_blocker.block()
        yield
        with django_db_blocker.unblock():
            worlds.end()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    with item.config.stash[blocking_manager_key].unblock():
        worlds.keep(item)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Before the transaction of a test begins."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            worlds.begin(request.node)


@pytest.fixture(scope="module")
def db_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around all tests of a module: what a fixture of the module stores is there in each of them, and gone after
    the last. What a test does itself is rolled back at its own end, as ever. Nobody else sees any of it, and who wants a lock
    on a whole table waits for the end.
    """
    with django_db_blocker.unblock(), ExitStack() as around:
        worlds.end()
        atomic: Any = transaction.atomic()
        atomic._from_testcase = True  # operations may open a durable transaction within
        around.enter_context(atomic)
        yield
        worlds.end()
        transaction.set_rollback(True)


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """For `manage.py` or a supervisor in a test: this test's database, and an empty broker of its own."""
    return environment_of_processes()
