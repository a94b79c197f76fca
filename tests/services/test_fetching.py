"""What a server can answer, and what is made of it: a document, nothing new, or a refusal in time."""

import gzip
import shutil
import socket
import ssl
import subprocess
import time

import pytest

from services.fetching import Fetched, FetchTls, fetch
from services.refusals import Refusal
from tests.services.answering import NAME, OK

SECRET = b"SECRET"
BOMB = gzip.compress(bytes(20_000_000))


def _refused(url, **options):
    with pytest.raises(Refusal) as refused:
        fetch(url, **options)
    assert SECRET.decode() not in refused.value.message
    return refused.value.code


def test_a_document_with_its_etag(allowed, serve):
    server = serve(OK + b'ETag: W/"7"\r\nContent-Length: 5\r\n\r\nhello')
    assert fetch(server.url("/feed?x=1")) == Fetched(b"hello", 'W/"7"')
    request = server.requests[0]
    assert request.startswith("GET /feed?x=1 HTTP/1.1\r\n")
    assert "Accept-Encoding: identity\r\n" in request
    assert "If-None-Match" not in request


def test_a_document_in_chunks_or_until_the_end_of_the_connection(allowed, serve):
    assert fetch(serve(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n").url()) == Fetched(
        b"hello", ""
    )
    assert fetch(serve(OK + b"\r\nhello").url()) == Fetched(b"hello", "")


def test_a_document_that_has_not_changed(allowed, serve):
    server = serve(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    assert fetch(server.url(), etag='"7"') is None
    assert 'If-None-Match: "7"\r\n' in server.requests[0]


@pytest.mark.parametrize("etag", ["7", '"7', '"a"b"', f'"{"a" * 200}"', '"a\tb"'])
def test_a_malformed_etag_is_not_kept(etag, allowed, serve):
    assert fetch(serve(OK + f"ETag: {etag}\r\nContent-Length: 0\r\n\r\n".encode()).url()) == Fetched(b"", "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 305])
def test_a_redirect_is_named_and_not_followed(status, allowed, serve):
    canary = serve()
    server = serve(f"HTTP/1.1 {status} SECRET\r\nLocation: {canary.url('/inside')}\r\nContent-Length: 6\r\n\r\nSECRET".encode())
    with pytest.raises(Refusal, match=canary.url("/inside")) as refused:
        fetch(server.url())
    assert (refused.value.code, canary.connections) == ("fetch_redirected", 0)
    assert "SECRET" not in refused.value.message


@pytest.mark.parametrize("status", [201, 204, 206, 304, 401, 403, 404, 410, 429, 500, 503])
def test_another_status_is_refused(status, allowed, serve):
    server = serve(f"HTTP/1.1 {status} SECRET\r\nContent-Length: 6\r\n\r\nSECRET".encode())
    with pytest.raises(Refusal, match=str(status)) as refused:
        fetch(server.url())
    assert refused.value.code == "fetch_status"
    assert "SECRET" not in refused.value.message


def test_no_proxy_of_the_environment_is_asked(allowed, serve, monkeypatch):
    proxy = serve()
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url(""))
    assert fetch(serve(OK + b"Content-Length: 5\r\n\r\nhello").url()) == Fetched(b"hello", "")
    assert proxy.connections == 0


@pytest.mark.parametrize(
    "framing", [b"Content-Length: %d\r\n\r\n%s", b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"]
)
def test_a_body_may_have_as_many_bytes_as_said_and_no_more(framing, allowed, serve):
    body = b"a" * 100_000
    server = serve(OK + framing % (len(body), body))
    fetched = fetch(server.url(), most_bytes=100_000)
    assert fetched is not None
    assert fetched.body == body
    assert _refused(server.url(), most_bytes=99_999) == "fetch_too_large"


def test_a_length_that_is_too_large_is_refused_before_the_body(allowed, serve):
    server = serve(lambda connection: connection.sendall(OK + b"Content-Length: 1001\r\n\r\n") or server.stopped.wait(5))
    assert _refused(server.url(), most_bytes=1_000, seconds=2) == "fetch_too_large"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"\r\n", SECRET * 1_000),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n"),
        (b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"Trailer: SECRET\r\n" * 1_000),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"a" * 4_000 + b"\r\na\r\n"),
    ],
)
def test_what_never_ends_is_too_large(start, piece, allowed, serve):
    server = serve()
    server.script = server.drip(OK + start, piece)
    assert _refused(server.url(), most_bytes=50_000, seconds=5) == "fetch_too_large"


def test_answers_to_come_for_ever_are_too_large(allowed, serve):
    server = serve()
    server.script = server.drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000)
    assert _refused(server.url(), most_bytes=1_000, seconds=5) == "fetch_too_large"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b""),
        (b"H", b"T"),
        (OK + b"X: ", b"x"),
        (OK + b"Content-Length: 1000\r\n\r\n", b"x"),
        (OK + b"\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: x\r\n"),
    ],
)
def test_a_slow_drip_of_bytes_does_not_outlast_the_deadline(start, piece, allowed, serve):
    server = serve()
    server.script = server.drip(start, piece)
    started = time.monotonic()
    assert _refused(server.url(), seconds=0.2) == "fetch_timeout"
    assert time.monotonic() - started < 0.6


def test_nothing_is_read_after_the_deadline(allowed, serve):
    assert _refused(serve().url(), seconds=0) == "fetch_timeout"


def test_a_slow_answer_is_waited_for_longer_than_a_connection(allowed, serve, monkeypatch):
    monkeypatch.setattr("services.fetching.CONNECT_SECONDS", 0.05)
    server = serve()
    server.script = lambda connection: server.stopped.wait(0.15) or connection.sendall(OK + b"Content-Length: 5\r\n\r\nhello")
    assert fetch(server.url(), seconds=5) == Fetched(b"hello", "")


def test_a_server_that_does_not_shake_hands_is_left_at_the_deadline(allowed, serve):
    server = serve()
    server.script = server.drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x00")
    started = time.monotonic()
    assert _refused(server.url(scheme="https"), seconds=0.2) == "fetch_timeout"
    assert time.monotonic() - started < 0.6


def test_a_closed_port_is_unreachable(allowed, serve):
    server = serve()
    server.stop()
    assert _refused(server.url()) == "fetch_unreachable"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        SECRET,
        b"SSH-2.0-SECRET\r\n",
        b"HTTP/1.1 SECRET\r\n\r\n",
        b"HTTP/1.1 200",
        OK + b'ETag: "SECRET"\r\n',
        OK + b"Content-Length: 10\r\n\r\nSECRET",
        OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        OK + b"Transfer-Encoding: chunked\r\n\r\nSECRET\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n-2\r\nSECRET\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n10\r\nSECRET",
        OK + b"X: SECRET\r\n" * 200 + b"\r\n",
        OK + b"X: " + SECRET * 20_000 + b"\r\n\r\n",
    ],
)
def test_what_is_not_a_whole_answer_is_unreachable(said, allowed, serve):
    assert _refused(serve(said).url()) == "fetch_unreachable"


def test_a_reset_in_the_body_is_unreachable(allowed, serve):
    def reset(connection):
        connection.sendall(OK + b"Content-Length: 1000\r\n\r\nSECRET")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        connection.close()

    assert _refused(serve(reset).url()) == "fetch_unreachable"


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "gzip, gzip", "x"])
def test_a_compressed_answer_is_not_unpacked(encoding, allowed, serve):
    server = serve(OK + f"Content-Encoding: {encoding}\r\nContent-Length: {len(BOMB)}\r\n\r\n".encode() + BOMB)
    assert _refused(server.url()) == "fetch_encoded"


# --- TLS ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of NAME that is signed by its own key, as a file of both."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl command to make a certificate with")
    key, crt = (tmp_path_factory.mktemp("tls") / name for name in ("key.pem", "crt.pem"))
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    named = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", crt]
    subprocess.run([*command, *named], check=True, capture_output=True)
    return crt, key


@pytest.fixture
def secure(certificate, serve):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return serve(OK + b"Content-Length: 5\r\n\r\nhello", context)


def test_a_certificate_that_nobody_trusts_is_refused(secure, allowed, resolve):
    resolve[0](NAME, ["127.0.0.1"])
    with pytest.raises(FetchTls, match="SSLCertVerificationError"):
        fetch(secure.url(host=NAME, scheme="https"))
    assert secure.requests == []


def test_a_trusted_certificate_counts_for_its_own_name_only(secure, allowed, resolve, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    resolve[0](NAME, ["127.0.0.1"])
    resolve[0]("other.example.com", ["127.0.0.1"])
    assert fetch(secure.url(host=NAME, scheme="https")) == Fetched(b"hello", "")
    assert _refused(secure.url(host="other.example.com", scheme="https")) == "fetch_tls"
    assert _refused(secure.url(scheme="https")) == "fetch_tls"
    assert len(secure.requests) == 1


def test_a_server_without_tls_is_refused(allowed, serve):
    assert _refused(serve(OK + SECRET).url(scheme="https"), seconds=1) == "fetch_tls"
