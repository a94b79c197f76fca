"""What only a socket can send, to the real web process: each has one answer, changes not one row, and the next is served.

Whatever could be taken in two ways has a whole claim behind it, or within it: had anybody read it otherwise, it would be there.
"""

from __future__ import annotations

import io
import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from itertools import count
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from claims.models import Claim, UsageImport
from config import supervisor
from tests.api.cast import Program, a_claim, a_ride
from tests.builders import outage
from tests.chaos.living import PATIENCE
from tests.databases import empty_tables, environment_of_processes, rows

pytestmark = pytest.mark.timeout(600 + 2 * PATIENCE)

SECONDS = 3  # that the web process waits for what is slow
WAITS = 60.0  # seconds that a client waits; far more than an answer takes
CLAIMS = b"POST /api/v1/claims HTTP/1.1"
SERVICES = b"GET /api/v1/services HTTP/1.1"
_keys = count(1)

Said = tuple[int, str]  # a status, and the code of its problem


@dataclass(frozen=True)
class Site:
    host: str
    port: int
    token: str

    def open(self, sent: bytes = b"") -> socket.socket:
        link = socket.create_connection((self.host, self.port), timeout=WAITS)
        link.sendall(sent)
        return link

    def ask(self, sent: bytes, *, ends: bool = False) -> list[Said]:
        """All that is answered until it is closed. `ends`: it is said that nothing more will come."""
        with self.open() as link:
            try:
                link.sendall(sent)
                if ends:
                    link.shutdown(socket.SHUT_WR)
            except OSError:  # it was answered and closed before all was sent
                pass
            return answers(link)

    def request(self, line: bytes = CLAIMS, *, body: bytes | None = None, **headers: Any) -> bytes:
        """A claim, as it should be where nothing else is said. `headers`: another value, several, or None for none."""
        if body is None:
            number = next(_keys)
            body = json.dumps(a_claim(external_id=f"raw-{number}", person=f"raw-{number}")).encode()
        told: dict[str, Any] = {
            "Host": b"%s:%d" % (self.host.encode(), self.port), "Authorization": f"Bearer {self.token}".encode(),
            "Content-Type": b"application/json", "Content-Length": b"%d" % len(body),
            "Idempotency-Key": b"raw-%d" % next(_keys), "Connection": b"close",
        }  # fmt: skip
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [line]
        for name, values in told.items():
            if values is not None:
                lines += [name.encode() + b": " + value for value in (values if isinstance(values, list) else [values])]
        return b"\r\n".join([*lines, b"", b""]) + body

    def get(self, line: bytes, **headers: Any) -> bytes:
        return self.request(line, body=b"", **{"Content_Length": None, **headers})


class _Bytes(io.BytesIO):
    """One answer after another is read from it."""

    def close(self) -> None:
        pass


class _Sent:
    def __init__(self, content: _Bytes) -> None:
        self.content = content

    def makefile(self, *_: Any) -> _Bytes:
        return self.content


def answers(link: socket.socket) -> list[Said]:
    """Until it is closed; a reset is the end as well, once something was said."""
    received = b""
    try:
        while piece := link.recv(65_536):
            received += piece
    except ConnectionResetError:
        pass
    content, found = _Bytes(received), list[Said]()
    while content.tell() < len(received):
        answer = HTTPResponse(_Sent(content))  # type: ignore[arg-type]  # it asks for nothing else of a socket
        answer.begin()
        said = answer.read()
        is_problem = answer.headers["Content-Type"] == "application/problem+json"
        if is_problem:
            problem = json.loads(said)
            assert problem["status"] == answer.status
            assert answer.headers["X-Request-Id"] == problem["request_id"]
            assert "raw-" not in said.decode(), "nothing of what was sent is repeated"
        found.append((answer.status, problem["code"] if is_problem else ""))
    return found


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """One web process for all tests here, and a program's token; both see only what is committed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host, port = free.getsockname()
    own = {"WEB_REQUEST_SECONDS": str(SECONDS), "WEB_QUEUE_SECONDS": "8", "API_REQUESTS_PER_MINUTE": "1000000"}
    with django_db_blocker.unblock(), ExitStack() as at_the_end:
        at_the_end.callback(empty_tables)
        outage(version=2)
        token = Program("sockets").token
        environment = {**environment_of_processes(), **own}
        with supervisor.running(
            ["web"],
            stack=environment["CLAIMS_STACK"],
            environment=environment,
            embedded_servers=False,
            address=f"{host}:{port}",
        ) as processes:
            processes.wait_until_ready(timeout=PATIENCE)
            yield Site(host, port, token)


def served(site: Site) -> None:
    """The next one is, as if nothing had happened."""
    assert site.ask(site.request()) == [(201, "")]


BAD, HEADER, LENGTH = (400, "bad_request"), (400, "bad_header"), (411, "length_required")
HOST = (400, "bad_host")
LONG = b"a" * 100_000


def framed(site: Site) -> dict[str, tuple[bytes, Said]]:
    """Where a body ends. Each body is a claim, or has another request in it that is one."""
    inner = site.request()
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner)
    chunked: dict[str, Any] = {"Transfer_Encoding": b"chunked", "Content_Length": None}
    lengths: dict[str, Any] = {
        "-1": BAD, "+5": BAD, "5a": BAD, "": BAD, "0x10": BAD, "1e3": BAD, "5 5": BAD, "5,5": BAD, "\xb2": BAD, "1_0": BAD,
        "9" * 20: (413, "body_too_large"), "9" * 5_000: BAD, "9" * 9_000: (431, "header_too_large"),
    }  # fmt: skip
    found = {
        f"Content-Length {value[:20]!r}": (site.request(Content_Length=value.encode("latin-1")), said)
        for value, said in lengths.items()
    }
    whole = b"%d" % len(inner)
    return found | {
        "Content-Length and chunks": (site.request(body=b"0\r\n\r\n" + inner, Transfer_Encoding=b"chunked"), BAD),
        "two equal lengths": (site.request(body=inner, Content_Length=[whole, whole]), BAD),
        "two lengths": (site.request(body=inner, Content_Length=[b"2", whole]), BAD),
        "a body of 9 MB": (site.request(body=LONG * 90), (413, "body_too_large")),
        "a length of nothing": (site.request(body=inner, Content_Length=b"0"), (400, "empty_body")),
        "chunks": (site.request(body=chunks, **chunked), LENGTH),
        "chunks of no size": (site.request(body=b"zz\r\n{}\r\n0\r\n\r\n" + inner, **chunked), LENGTH),
        "a chunk that breaks off": (site.request(body=b"ffff\r\n{}", **chunked), LENGTH),
        "chunks twice": (site.request(body=chunks, **{**chunked, "Transfer_Encoding": [b"chunked"] * 2}), BAD),
        "chunks of HTTP/1.0": (site.request(CLAIMS[:-1] + b"0", body=chunks, **chunked), BAD),
        "packed chunks": (site.request(body=chunks, **{**chunked, "Transfer_Encoding": b"gzip, chunked"}), LENGTH),
        "another coding": (site.request(Transfer_Encoding=b"x"), LENGTH),
        "no coding": (site.request(Transfer_Encoding=b"identity"), LENGTH),
        "a coding behind a control character": (site.request(Transfer_Encoding=b"\x0bchunked"), HEADER),
        "a GET with a body": (site.request(SERVICES, body=inner), (400, "body_unexpected")),
        "a body with no token": (site.request(body=inner, Authorization=None), (401, "unauthenticated")),
    }  # fmt: skip


def lines_and_headers(site: Site) -> dict[str, tuple[bytes, Said]]:
    found: dict[str, tuple[bytes, Said]] = {}
    for name, character in {"NUL": b"\0", "SOH": b"\1", "tab": b"\t", "CR": b"\r", "LF": b"\n", "DEL": b"\x7f"}.items():
        found |= {
            f"{name} in a path": (site.request(CLAIMS.replace(b"aims", b"a%sims" % character)), BAD),
            f"{name} in a query": (site.get(SERVICES.replace(b" HTTP", b"?a%s HTTP" % character)), BAD),
            f"{name} in a name": (site.request(**{f"X{character.decode()}A": b"1"}), HEADER),
            f"{name} in a method": (site.request(CLAIMS.replace(b"ST", b"%sST" % character)), BAD),
        }
        if name != "tab":
            found[f"{name} in a value"] = (site.request(X=b"a%sb" % character), HEADER)
    for coded in (b"%ff", b"%c0%af", b"%ed%a0%80", b"%00", b"%0d%0a", b"%zz", b"%", b"\xff"):
        found[f"{coded!r} in a path"] = (site.get(b"GET /api/v1/claims/%s HTTP/1.1" % coded), (404, "not_found"))
        found[f"{coded!r} in a query"] = (site.get(b"GET /api/v1/claims?cursor=%s HTTP/1.1" % coded), (400, "cursor_invalid"))
    return found | {
        "an address of 5,000": (site.get(SERVICES.replace(b" HTTP", b"?" + LONG[:5_000] + b" HTTP")), (414, "uri_too_long")),
        "an address without an end": (b"GET /" + LONG, (414, "uri_too_long")),
        "a header of 9,000": (site.request(X=LONG[:9_000]), (431, "header_too_large")),
        "a header without an end": (CLAIMS + b"\r\nX: " + LONG, (431, "header_too_large")),
        "101 headers": (site.request(X=[b"1"] * 101), (431, "header_too_large")),
        "30,000 headers": (site.request(X=[b"1"] * 30_000), (431, "header_too_large")),
        "a header on two lines": (site.request(X=b"1\r\n 2"), HEADER),
        "a header without a colon": (site.request(X=b"1\r\nY"), HEADER),
        "a blank before a colon": (site.request(**{"X ": b"1"}), HEADER),
        "bare line feeds": (site.request().replace(b"\r\n", b"\n"), BAD),
        "one bare line feed": (site.request().replace(b"\r\n", b"\n", 1), BAD),
        "an empty line first": (b"\r\n" + site.request(), BAD),
        "two blanks": (site.request(CLAIMS.replace(b" ", b"  ", 1)), BAD),
        "a fragment": (site.get(SERVICES.replace(b" HTTP", b"#a HTTP")), BAD),
        "HTTP/0.9": (b"GET /api/v1/services\r\n\r\n", BAD),
        "HTTP/1.0": (site.get(SERVICES[:-1] + b"0"), (200, "")),
        "HTTP/2.0": (site.request(CLAIMS[:-3] + b"2.0"), BAD),
        "HTTP/9": (site.request(CLAIMS[:-3] + b"9"), BAD),
        "http/1.1": (site.request(CLAIMS.replace(b"HTTP", b"http")), BAD),
        "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), BAD),
        "a change to HTTP/2": (site.get(SERVICES, Connection=b"Upgrade, close", Upgrade=b"h2c"), (200, "")),
        "a method that nobody knows": (site.request(CLAIMS.replace(b"POST", b"BREW")), (405, "method_not_allowed")),
        "a small method": (site.request(CLAIMS.replace(b"POST", b"post")), BAD),
        "a method of one letter": (site.request(CLAIMS.replace(b"POST", b"P")), BAD),
        "a method of 30": (site.request(CLAIMS.replace(b"POST", b"P" * 30)), BAD),
        "CONNECT": (site.get(b"CONNECT evil.example:443 HTTP/1.1"), BAD),
        "OPTIONS of all": (site.get(b"OPTIONS * HTTP/1.1"), BAD),
        "another host": (site.request(Host=b"evil.example"), HOST),
        "no host": (site.request(Host=None), BAD),
        "an empty host": (site.request(Host=b""), HOST),
        "two hosts": (site.request(Host=[b"127.0.0.1", b"evil.example"]), BAD),
        "two hosts in one": (site.request(Host=b"127.0.0.1, evil.example"), HOST),
        "a host with somebody": (site.request(Host=b"a@127.0.0.1"), HOST),
        "an address of another host": (site.request(CLAIMS.replace(b"/api", b"http://evil.example/api")), BAD),
        "a broken address": (site.request(CLAIMS.replace(b"/api", b"http://[evil/api")), BAD),
        "slashes": (site.request(CLAIMS.replace(b"/api/", b"//api//")), (404, "")),
        "dots": (site.request(CLAIMS.replace(b"/v1/", b"/v1/../v1/")), (404, "not_found")),
        "two kinds of body": (site.request(Content_Type=[b"application/json", b"text/csv"]), BAD),
        "two tokens": (site.request(Authorization=[b"Bearer x", b"Bearer y"]), HEADER),
        "two keys": (site.request(Idempotency_Key=[b"x", b"y"]), HEADER),
        "a charset that is none of text": (site.get(SERVICES, Content_Type=b"text/plain; charset=hex"), (200, "")),
        "a charset of a query": (
            site.get(SERVICES.replace(b" HTTP", b"?a=1 HTTP"), Content_Type=b"text/plain; charset=hex"),
            (400, "unknown_parameter"),
        ),
        "a parameter in no encoding": (site.get(SERVICES, Content_Type=b"a/b; charset*=bogus''%ff"), (200, "")),
        "a body in no encoding": (
            site.request(Content_Type=b"application/json; charset*=bogus''%ff"), (415, "unsupported_media_type"),
        ),
        "a form in another charset": (
            site.request(
                b"POST /oauth/token HTTP/1.1", body=b"grant_type=x",
                Content_Type=b"application/x-www-form-urlencoded; charset=utf-7",
            ),
            (400, ""),
        ),
        "where all addresses begin": (site.get(SERVICES, SCRIPT_NAME=b"/x"), (200, "")),
        "two schemes": (site.get(SERVICES, X_Forwarded_Proto=b"https", X_Forwarded_Ssl=b"off"), BAD),
        "an expectation": (site.request(Expect=b"x"), BAD),
        "TLS": (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + bytes(range(0x20, 0xA0)), (408, "timeout")),
    }  # fmt: skip


@pytest.mark.parametrize("table", [framed, lines_and_headers], ids=["framed", "lines_and_headers"])
def test_each_has_one_answer_and_changes_nothing(site: Site, table: Any):
    served(site)
    before, wrong = rows(), []
    for name, (sent, said) in table(site).items():
        found = site.ask(sent)
        if found != [said]:
            wrong.append(f"{name}: {found}, should be {said}")
        if site.ask(site.get(SERVICES)) != [(200, "")]:
            wrong.append(f"{name}: the next is not answered")
    assert not wrong, "\n".join(wrong)
    assert rows() == before
    served(site)


def test_what_breaks_off_is_no_whole(site: Site):
    """Also where what has come would be one."""
    before = rows()
    body = json.dumps(a_claim(external_id="broken", person="broken")).encode()
    rides = json.dumps({"data": [a_ride(external_id=f"broken-{n}") for n in range(400)]}).encode() + b" " * 10
    for sent in (
        site.request(body=body, Content_Length=b"%d" % (len(body) + 1)),
        site.request(body=body, Content_Length=b"99999"),
        site.request(b"POST /api/v1/usage/batch HTTP/1.1", body=rides, Content_Length=b"%d" % (len(rides) + 9)),
        site.request(b"POST /oauth/token HTTP/1.1", body=b"grant_type=client_credentials", Content_Length=b"60"),
        CLAIMS,
    ):
        assert site.ask(sent, ends=True) == [(400, "body_incomplete")]
        site.open(sent).close()  # and who does not wait to be told so
    assert rows() == before
    served(site)


def test_a_file_that_breaks_off_is_not_imported(site: Site):
    head = b"external_id,person,service,kind,start_at,end_at\n"
    ride = b"cut-%d,cut,kakao_t_bike.ride_end_billing,ride,2022-10-16T09:00:00+09:00,2022-10-16T09:20:00+09:00\n"
    file = head + b"".join(ride % n for n in range(2_000))
    line, kind = b"POST /api/v1/imports?mode=per_row HTTP/1.1", b"text/csv"
    cut = site.request(line, body=file, Content_Type=kind, Content_Length=b"%d" % (2 * len(file)))
    assert site.ask(cut, ends=True) == [(400, "body_incomplete")]
    assert set(UsageImport.objects.values_list("state", flat=True)) == {"cancelled"}
    assert site.ask(site.request(line, body=file, Content_Type=kind)) == [(201, "")]
    assert sorted(UsageImport.objects.values_list("state", flat=True)) == ["cancelled", "open"]


def test_who_is_slow_holds_up_nobody_and_is_told_so(site: Site):
    """Four times as many as there are threads: in the head, in a body, and in one of which a thread has to read the rest."""
    before, stopped = rows(), threading.Event()
    large = site.request(b"POST /api/v1/usage/batch HTTP/1.1", body=b" " * 70_000, Content_Length=b"900000")
    with ExitStack() as links:
        silent = [links.enter_context(site.open()) for _ in range(8)]
        slow = [
            links.enter_context(site.open(sent)) for sent in (CLAIMS, site.request(Content_Length=b"9999")) for _ in range(8)
        ]
        slowest = [links.enter_context(site.open(large)) for _ in range(8)]

        def dribble() -> None:
            while not stopped.wait(0.1):
                for link in (*slow, *slowest):
                    with suppress(OSError):
                        link.send(b" ")

        dribbling = threading.Thread(target=dribble)
        dribbling.start()
        try:
            assert site.ask(site.get(SERVICES)) == [(200, "")]
            assert [answers(link) for link in slow] == [[(408, "timeout")]] * 16
            assert [answers(link) for link in slowest] == [[(400, "body_incomplete")]] * 8
            assert [answers(link) for link in silent] == [[]] * 8
        finally:
            stopped.set()
            dribbling.join()
    assert rows() == before
    served(site)


def test_who_sends_much_leaves_threads_to_others(site: Site):
    """Each sends fast enough to be waited for; whoever asks meanwhile is answered before any of them."""
    large = site.request(b"POST /api/v1/usage/batch HTTP/1.1", body=b" " * 70_000, Content_Length=b"900000")
    with ExitStack() as links:
        sending = [links.enter_context(site.open(large)) for _ in range(10)]
        for _ in range(3):
            assert site.ask(site.get(SERVICES)) == [(200, "")]
        assert select.select(sending, [], [], 0)[0] == []
        for link in sending:
            link.sendall(b" " * (900_000 - 70_000))
        assert [answers(link) for link in sending] == [[(400, "malformed_json")]] * 10
    served(site)


def test_who_gets_no_thread_is_told_to_come_again(site: Site):
    """Some send large bodies as slowly as may be: whoever has one meanwhile is not left waiting for all of theirs."""
    large, stopped = (
        site.request(b"POST /api/v1/usage/batch HTTP/1.1", body=b" " * 70_000, Content_Length=b"900000"),
        threading.Event(),
    )
    with ExitStack() as links:
        sending = [links.enter_context(site.open(large)) for _ in range(8)]

        def dribble() -> None:
            while not stopped.wait(0.5):
                for link in sending:
                    with suppress(OSError):
                        link.send(b" " * 20_000)

        dribbling = threading.Thread(target=dribble)
        dribbling.start()
        try:
            time.sleep(1)
            assert site.ask(large) == [(503, "temporarily_unavailable")]
            assert site.ask(site.get(SERVICES)) == [(200, "")]
        finally:
            stopped.set()
            dribbling.join()
    served(site)


def test_who_does_not_hang_up_holds_up_nobody(site: Site):
    with ExitStack() as links:
        for _ in range(700):
            links.enter_context(site.open(b"?\r\n\r\n"))
        served(site)


def test_who_takes_no_answer_holds_up_nobody_for_long(site: Site):
    """Twice as many as there are threads ask for more than lies between us."""
    large = site.get(b"GET /static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js HTTP/1.1", Connection=None)
    with ExitStack() as links:
        for _ in range(16):
            link = links.enter_context(socket.socket())
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            link.connect((site.host, site.port))
            link.sendall(8 * large)
        served(site)


def test_a_body_that_waits_to_be_asked_for_is(site: Site):
    whole = site.request(Expect=b"100-continue")
    head, end, body = whole.partition(b"\r\n\r\n")
    with site.open(head + end) as link:
        assert link.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        link.sendall(body)
        assert answers(link) == [(201, "")]


def test_who_does_not_wait_for_an_answer_gets_one_to_each_in_turn(site: Site):
    before = Claim.objects.count()
    several = [site.request(Connection=None) for _ in range(3)]
    wrong = site.get(SERVICES.replace(b"services", b"nothing"), Connection=None)
    sent = b"".join([several[0], wrong, *several[1:], site.get(SERVICES)])
    with site.open() as link:
        for at in range(0, len(sent), 700):  # in pieces that end anywhere
            link.sendall(sent[at : at + 700])
        assert answers(link) == [(201, ""), (404, "not_found"), (201, ""), (201, ""), (200, "")]
    assert Claim.objects.count() == before + 3
