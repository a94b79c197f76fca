"""Fetching typed-in URLs: which are refused before anything is connected, and what a hostile server can do."""

import gzip
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from ipaddress import ip_address, ip_network

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from config import env
from services.endpoints import FetchAddressForbidden, FetchMisconfigured, FetchUrlInvalid, checked_endpoint
from services.fetching import Fetched, FetchTls, fetch
from services.refusals import Refusal

SECRET = b"SECRET"
HANDSHAKE = b"\x16"  # how a TLS client starts
OK = b"HTTP/1.1 200 OK\r\n"
NAME = "feeds.example.com"
BOMB = gzip.compress(bytes(20_000_000))
PUBLIC = "93.184.216.34"

NOT_PUBLIC = [
    *("127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1"),
    *("localhost", "LOCALHOST", "0", "0.0.0.0", "0.1.2.3", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1"),  # noqa: S104
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]"),
    *("[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:0:127.0.0.1]", "[::ffff:0.0.0.0]", "[::ffff:255.255.255.255]"),
    *("10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "0xa.1", "167772161"),
    *("169.254.0.1", "169.254.169.254", "169.254.170.2", "0xa9fea9fe", "2852039166", "168.63.129.16", "192.0.0.192"),
    *("100.64.0.0", "100.100.100.200", "100.127.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1"),
    *("192.31.196.1", "192.52.193.1", "192.175.48.1", "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.255"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.254", "255.255.255.255"),
    *("[64:ff9b::169.254.169.254]", "[64:ff9b::7f00:1]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::a00:1]", "[64:ff9b:1:ffff::1]"),
    *("[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::]", "[2002:808:808::1]", "[2001::1]", "[2001:0:7f00:1::1]"),
    *("[2001:1::1]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[2001:30::1]", "[2001:1ff:ffff::1]", "[2001:db8::1]"),
    *("[100::1]", "[100:0:0:1::1]", "[3fff::1]", "[3fff:fff:ffff::1]", "[3ffe::1]", "[5f00::1]", "[2620:4f:8000::1]"),
    *("[fc00::1]", "[fd00:ec2::254]", "[fdff:ffff::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[feff::1]"),
    *("[ff02::1]", "[ff0e::1]", "[ffff::1]", "[::5efe:7f00:1]", "[1fff::1]", "[4000::1]", "[8000::1]"),
]

STILL_PUBLIC = [
    *("1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"),
    *("168.63.129.15", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0"),
    *("192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.114.0", "223.255.255.255"),
    *("2000::1", "2001:200::1", "2001:db7::1", "2001:db9::1", "2001:4860:4860::8888", "2003::1", "2620:4f:8001::1"),
    *("2a00::1", "3ffd::1", "3fff:1000::1"),
]

INVALID = [
    *(
        "",
        " ",
        "feed",
        "//example.com/",
        "example.com/feed",
        "https:",
        "https://",
        "https:///feed",
        "https:example.com",
        "https:/x",
    ),
    *("ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "data:text/plain,x", "javascript:x", "unix:/x"),
    *(
        "https://user@example.com/",
        "https://user:hush@example.com/",
        "https://@example.com/",
        "https://example.com:hush@127.0.0.1/",
    ),
    *(
        "https://example.com/#",
        "https://example.com/#part",
        "https://example.com#@127.0.0.1/",
        "https://example.com\\@127.0.0.1/",
    ),
    *("https://example.com\\.127.0.0.1/", "https:\\\\127.0.0.1\\", "https://exa mple.com/", " https://example.com/"),
    *(
        "https://example.com/a b",
        "https://example.com/\n",
        "https://exam\tple.com/",
        "https://example.com/\r\nX: y",
        "\x00https://e.com/",
    ),
    *("https://example.com/\x7f", "https://exam\u200bple.com/", "https://exam\u00adple.com/", "https://example.com/\ud800"),
    *("https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://%31%32%37.0.0.1/", "https://example.com%2f@127.0.0.1/"),
    *("https://[::1", "https://::1/", "https://[]/", "https://[1::2::3]/", "https://[127.0.0.1]/", "https://[example.com]/"),
    *("https://[v1.fe80::a]/", "https://[::1]x/", "https://x[::1]/", "https://[::1]:x/", "https://[::ffff:127.0.0.256]/"),
    *(
        "https://example.com:0/",
        "https://example.com:x/",
        "https://example.com:-1/",
        "https://example.com:4٤3/",
        "https://a:1:2/",
    ),
    *("https://example.com:123456/", "https://.example.com/", "https://example..com/", "https://example.com./", "https://./"),
    *(
        "https://exam*ple.com/",
        "https://exam\u2100ple.com/",
        "https://u:hush@exam\u2100ple.com/",
        "https://a,b/",
        "https://a;b/",
    ),
    *(
        "https://faß.example.com/",
        "https://βόλος.example.com/",
        f"https://{'a' * 64}.com/",
        f"https://example.com/{'a' * 2_000}",
    ),
]


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


class _Server(socketserver.ThreadingTCPServer):
    """Says `script` to whoever sends a request: bytes, or a function of the socket."""

    daemon_threads = True

    def __init__(self, script, context=None):
        self.script, self.context, self.connections, self.requests, self.stopped = script, context, 0, [], threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def url(self, path="/feed", host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

    def drip(self, start, piece):
        """A script that says `start`, then `piece` for ever, a hundred times a second."""

        def script(connection):
            connection.sendall(start)
            while not self.stopped.wait(0.01):
                connection.sendall(piece)

        return script

    def stop(self):
        self.stopped.set()
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        with suppress(OSError):
            connection = self.request
            if self.server.context:
                connection = self.server.context.wrap_socket(connection, server_side=True)
            received = b""
            while not received.endswith(b"\r\n\r\n") and (piece := connection.recv(4_096)):
                received += piece
                if received.startswith(HANDSHAKE):
                    break
            self.server.requests += [received.decode("latin-1")] if received else []
            script = self.server.script
            connection.sendall(script) if isinstance(script, bytes) else script(connection)
            if self.server.context:
                connection.unwrap()


@pytest.fixture
def serve():
    servers = []

    def start(script=OK + b"Content-Length: 0\r\n\r\n", context=None):
        servers.append(_Server(script, context))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def _refused(url, **options):
    with pytest.raises(Refusal) as refused:
        fetch(url, **options)
    assert SECRET.decode() not in refused.value.message
    return refused.value.code


# --- The guard ----------------------------------------------------------------------------


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_what_is_not_public_is_refused_in_every_spelling(host):
    with pytest.raises(FetchAddressForbidden) as refused:
        checked_endpoint(f"https://{host}/")
    assert refused.value.as_problem()["code"] == "fetch_address_forbidden"


@pytest.mark.parametrize("address", STILL_PUBLIC)
def test_the_neighbours_of_forbidden_networks_are_public(address):
    host = f"[{address}]" if ":" in address else address
    assert checked_endpoint(f"https://{host}/").address == address


def test_the_guard_lets_nothing_through_that_python_calls_private():
    networks = [*ip_address("::").__class__._constants._private_networks, *ip_address("0.0.0.0")._constants._private_networks]  # noqa: S104
    for network in networks:
        for address in {network[0], network[-1], network[network.num_addresses // 2]}:
            if not (address.version == 6 and address.ipv4_mapped):
                with pytest.raises(FetchAddressForbidden):
                    checked_endpoint(f"https://[{address}]/" if address.version == 6 else f"https://{address}/")


def test_an_ipv4_address_in_ipv6_is_connected_to_as_ipv4():
    assert checked_endpoint("https://[::ffff:8.8.8.8]/").address == "8.8.8.8"


@pytest.mark.parametrize("url", INVALID)
def test_an_invalid_url_is_refused_without_asking_for_its_name(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: pytest.fail("a name was asked for"))
    with pytest.raises(FetchUrlInvalid) as refused:
        checked_endpoint(url)
    assert (refused.value.code, refused.value.field) == ("fetch_url_invalid", "url")
    assert "hush" not in refused.value.message


@pytest.mark.parametrize("start", ["http://", "http://{}:443", "https://{}:80", "https://{}:8443", "https://{}:22"])
def test_outside_of_allowed_networks_only_https_on_443(start, resolve):
    resolve[0](NAME, [PUBLIC])
    with pytest.raises(FetchUrlInvalid, match="443"):
        checked_endpoint(start.format(NAME) if "{}" in start else start + NAME)


@pytest.mark.parametrize(
    "answers",
    [
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        [PUBLIC, "::1"],
        [PUBLIC, "::ffff:127.0.0.1"],
        [PUBLIC, "2606:2800:220::1", "64:ff9b::a00:1"],
    ],
)
def test_one_private_answer_among_public_ones_refuses_them_all(answers, resolve):
    resolve[0](NAME, answers)
    with pytest.raises(FetchAddressForbidden):
        checked_endpoint(f"https://{NAME}/")


def test_public_and_allowed_answers_together_are_held_to_https(resolve, allowed):
    resolve[0](NAME, ["127.0.0.1", PUBLIC])
    with pytest.raises(FetchUrlInvalid, match="443"):
        checked_endpoint(f"http://{NAME}/")


def test_the_connection_goes_to_the_address_that_was_checked(resolve):
    give, asked = resolve
    give(NAME, [PUBLIC, "1.1.1.1"], ["127.0.0.1"])
    endpoint = checked_endpoint(f"https://{NAME}/")
    connection = endpoint.connection(1.0)
    assert (connection.host, connection.server_hostname, connection.assert_hostname) == (PUBLIC, NAME, NAME)
    assert asked == [NAME]


def test_the_name_is_not_asked_for_again_when_fetching(resolve, allowed, serve):
    give, asked = resolve
    give(NAME, ["127.0.0.1"], ["127.0.0.2"])
    server = serve()
    assert fetch(server.url(host=NAME)) == Fetched(b"", "")
    assert asked == [NAME]
    assert f"Host: {NAME}:{server.port}\r\n" in server.requests[0]


def test_a_name_that_is_not_known_is_unreachable(monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert _refused(f"https://{NAME}/") == "fetch_unreachable"


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        (f"HTTPS://{NAME.upper()}", NAME, "/"),
        (f"https://{NAME}:443/a//b?c=d&e=%20", NAME, "/a//b?c=d&e=%20"),
        (f"https://{NAME}//127.0.0.1/@x", NAME, "//127.0.0.1/@x"),
        (
            "https://공지.example.com/장애?때=오늘",
            "xn--ob0b195c.example.com",
            "/%EC%9E%A5%EC%95%A0?%EB%95%8C=%EC%98%A4%EB%8A%98",
        ),
    ],
)
def test_a_url_is_taken_apart_once(url, host, target, resolve):
    resolve[0](host, [PUBLIC])
    endpoint = checked_endpoint(url)
    assert (endpoint.host, endpoint.target, endpoint.authority, endpoint.port) == (host, target, host, 443)


def test_nothing_connects_while_forbidden_urls_are_tried(serve):
    canary = serve()
    forbidden = [canary.url(host=host, scheme=scheme) for host in NOT_PUBLIC for scheme in ("http", "https")]
    for url in [*forbidden, *INVALID, f"https://example.com\\@127.0.0.1:{canary.port}/", f"http://a@127.0.0.1:{canary.port}/"]:
        _refused(url, seconds=0.2)
    assert canary.connections == 0


# --- The setting --------------------------------------------------------------------------


def test_allowed_networks_refuse_everything_when_debug_is_off(settings, allowed, serve):
    settings.DEBUG = False
    canary = serve()
    with pytest.raises(FetchMisconfigured, match="FETCH_ALLOWED_NETWORKS"):
        fetch(canary.url())
    with pytest.raises(FetchMisconfigured):
        checked_endpoint("https://8.8.8.8/")
    assert canary.connections == 0


def test_django_checks_that_allowed_networks_are_for_development(settings, allowed):
    assert [problem.id for problem in run_checks(tags=["security"])] == []
    settings.DEBUG = False
    assert "services.E001" in [problem.id for problem in run_checks(tags=["security"])]
    settings.FETCH_ALLOWED_NETWORKS = []
    assert "services.E001" not in [problem.id for problem in run_checks(tags=["security"])]


def test_an_address_outside_of_the_allowed_networks_stays_forbidden(allowed):
    assert _refused("http://10.0.0.1:8000/") == "fetch_address_forbidden"


def test_networks_are_read_from_the_environment(monkeypatch):
    assert env.networks("FETCH_ALLOWED_NETWORKS_OF_TEST") == []
    monkeypatch.setenv("FETCH_ALLOWED_NETWORKS_OF_TEST", "127.0.0.0/8, ::1/128")
    assert env.networks("FETCH_ALLOWED_NETWORKS_OF_TEST") == [ip_network("127.0.0.0/8"), ip_network("::1/128")]


@pytest.mark.parametrize("text", ["127.0.0.1/8", "10.0.0.0/33", "localhost", "127.0.0.0/8 ::1/128"])
def test_a_malformed_network_is_an_error_at_start(text, monkeypatch):
    monkeypatch.setenv("FETCH_ALLOWED_NETWORKS_OF_TEST", text)
    with pytest.raises(ImproperlyConfigured, match=r"FETCH_ALLOWED_NETWORKS_OF_TEST: .*127\.0\.0\.0/8"):
        env.networks("FETCH_ALLOWED_NETWORKS_OF_TEST")


# --- What a server says -------------------------------------------------------------------


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
