"""Telling a URL something: the status counts, whatever comes behind it, and nothing is connected to that must not be."""

import json
import socket
import time

import pytest

from services.fetching import post
from services.refusals import Refusal
from tests.services.answering import NAME, OK
from tests.services.test_endpoints import INVALID, NOT_PUBLIC

BODY = json.dumps({"a": "가"}).encode()


def _posted(url, seconds=5.0, most_bytes=65_536):
    return post(url, BODY, {"Content-Type": "application/json", "webhook-id": "1"}, most_bytes=most_bytes, seconds=seconds)


def test_the_body_and_the_headers_arrive(allowed, serve):
    server = serve(OK + b"Content-Length: 2\r\n\r\nok")
    assert _posted(server.url("/hook?x=1")) == 200
    (request,) = server.requests
    assert request.startswith("POST /hook?x=1 HTTP/1.1\r\n")
    assert request.endswith("\r\n\r\n" + BODY.decode("latin-1"))
    for header in ("Content-Type: application/json", "webhook-id: 1", f"Host: 127.0.0.1:{server.port}"):
        assert f"{header}\r\n" in request


def test_no_header_of_the_caller_takes_the_place_of_ours(allowed, serve):
    server = serve(OK + b"Content-Length: 0\r\n\r\n")
    post(server.url(), BODY, {"Host": "elsewhere.example.com"}, most_bytes=10, seconds=5)
    assert "elsewhere" not in server.requests[0]


@pytest.mark.parametrize("status", [200, 204, 302, 307, 400, 410, 429, 500])
def test_each_status_is_returned_and_no_redirect_followed(status, allowed, serve):
    canary = serve()
    server = serve(f"HTTP/1.1 {status} X\r\nLocation: {canary.url()}\r\nContent-Length: 0\r\n\r\n".encode())
    assert _posted(server.url()) == status
    assert canary.connections == 0


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 1000\r\n\r\nSECRET",
        b"Transfer-Encoding: chunked\r\n\r\nSECRET\r\n",
        b"Content-Encoding: gzip\r\n\r\nx",
    ],
)
def test_a_body_that_breaks_off_changes_no_status(rest, allowed, serve):
    assert _posted(serve(OK + rest).url()) == 200


def test_a_body_that_never_ends_is_read_as_far_as_said(allowed, serve):
    server, sent = serve(), []

    def script(connection):
        connection.sendall(OK + b"\r\n")
        while not server.stopped.is_set():
            connection.sendall(b"x" * 10_000)
            sent.append(10_000)

    server.script = script
    started = time.monotonic()
    assert _posted(server.url(), seconds=10) == 200
    assert time.monotonic() - started < 5
    assert sum(sent) < 20_000_000, "what the buffers of both sides hold, and no more"


def test_what_never_ends_around_a_body_changes_no_status(allowed, serve):
    server = serve()
    server.script = server.drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", (b"1;" + b"a" * 4_000 + b"\r\na\r\n") * 10)
    assert _posted(server.url(), seconds=5) == 200


def test_a_body_that_drips_ends_at_the_deadline(allowed, serve):
    server = serve()
    server.script = server.drip(OK + b"Content-Length: 100000\r\n\r\n", b"x")
    started = time.monotonic()
    assert _posted(server.url(), seconds=0.3) == 200
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (lambda server: server.drip(b"", b""), "fetch_timeout"),
        (lambda server: server.drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"), "fetch_timeout"),
        (lambda server: server.drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000), "fetch_too_large"),
        (lambda server: b"", "fetch_unreachable"),
        (lambda server: b"SSH-2.0-SECRET\r\n", "fetch_unreachable"),
        (lambda server: _reset, "fetch_unreachable"),
    ],
)
def test_without_a_status_it_is_refused_in_time(script, code, allowed, serve):
    server = serve()
    server.script = script(server)
    started = time.monotonic()
    with pytest.raises(Refusal) as refused:
        _posted(server.url(), seconds=0.5)
    assert refused.value.code == code
    assert "SECRET" not in refused.value.message
    assert time.monotonic() - started < 1.5


def _reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def test_nothing_connects_while_forbidden_urls_are_told_something(serve):
    canary = serve()
    forbidden = [canary.url(host=host, scheme=scheme) for host in NOT_PUBLIC for scheme in ("http", "https")]
    for url in [*forbidden, *INVALID]:
        with pytest.raises(Refusal):
            _posted(url, seconds=0.2)
    assert canary.connections == 0


def test_the_name_is_asked_for_once_and_that_address_connected_to(allowed, serve, resolve):
    give, asked = resolve
    give(NAME, ["127.0.0.1"], ["10.0.0.1"])
    server = serve()
    assert _posted(server.url(host=NAME)) == 200
    assert asked == [NAME]
