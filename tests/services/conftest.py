"""The shipped record, loaded the way the command loads it; servers and names for fetching."""

import socket
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from services.models import RecordVersion
from services.operations import FIXTURES, load_incident, load_service_tree
from tests.replay import loaded
from tests.services.answering import OK, Server

NOW = datetime(2022, 12, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def tree(db: None) -> None:
    loaded("tree", load_service_tree)


@pytest.fixture
def record(db: None) -> None:
    loaded("both records", _load_records)


def _load_records() -> None:
    load_service_tree()
    for name in ("kakao-2022-10-04", "kakao-2022-10-15"):
        load_incident(FIXTURES / f"{name}.json", now=NOW)


@pytest.fixture
def version_1(record: None) -> RecordVersion:
    return RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=1)


@pytest.fixture
def version_2(record: None) -> RecordVersion:
    return RecordVersion.objects.get(incident__key="kakao-2022-10-15", number=2)


@pytest.fixture
def resolve(monkeypatch):
    """Names get the addresses they are given, each name once; numbers are read as ever. Returns (give, names asked for)."""
    known, asked, real = {}, [], socket.getaddrinfo

    def getaddrinfo(host, port, *arguments, **options):
        if host not in known:
            return real(host, port, *arguments, **options, flags=socket.AI_NUMERICHOST)
        asked.append(host)
        answers = known[host].pop(0)
        return [answer for address in answers for answer in real(address, port, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return lambda name, *answers: known.update({name: list(answers)}), asked


@pytest.fixture
def allowed(settings):
    settings.DEBUG = True
    settings.FETCH_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def serve():
    servers = []

    def start(script=OK + b"Content-Length: 0\r\n\r\n", context=None):
        servers.append(Server(script, context))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
