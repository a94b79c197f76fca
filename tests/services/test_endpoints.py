"""Which typed-in URLs are refused before anything is connected, and what the others are connected to."""

import socket
from ipaddress import ip_network

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from config import env
from services.endpoints import FetchAddressForbidden, FetchMisconfigured, FetchUnreachable, FetchUrlInvalid, checked_endpoint
from services.fetching import Fetched, fetch
from services.refusals import Refusal
from tests.services.answering import NAME

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
    *("", " ", "feed", "//example.com/", "example.com/feed", "https:", "https://", "https:///feed", "https:example.com"),
    *("https:/x", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "data:text/plain,x"),
    *("javascript:x", "unix:/x", "https://user@example.com/", "https://user:hush@example.com/", "https://@example.com/"),
    *("https://example.com:hush@127.0.0.1/", "https://example.com/#", "https://example.com/#part"),
    *("https://example.com#@127.0.0.1/", "https://example.com\\@127.0.0.1/", "https://example.com\\.127.0.0.1/"),
    *("https:\\\\127.0.0.1\\", "https://exa mple.com/", " https://example.com/", "https://example.com/a b"),
    *("https://example.com/\n", "https://exam\tple.com/", "https://example.com/\r\nX: y", "\x00https://e.com/"),
    *("https://example.com/\x7f", "https://exam\u200bple.com/", "https://exam\u00adple.com/", "https://example.com/\ud800"),
    *("https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://%31%32%37.0.0.1/", "https://example.com%2f@127.0.0.1/"),
    *("https://[::1", "https://::1/", "https://[]/", "https://[1::2::3]/", "https://[127.0.0.1]/", "https://[example.com]/"),
    *("https://[v1.fe80::a]/", "https://[::1]x/", "https://x[::1]/", "https://[::1]:x/", "https://[::ffff:127.0.0.256]/"),
    *("https://example.com:0/", "https://example.com:x/", "https://example.com:-1/", "https://example.com:4٤3/"),
    *("https://a:1:2/", "https://example.com:123456/", "https://.example.com/", "https://example..com/"),
    *("https://example.com./", "https://./", "https://example.com/a\\b", "https://exam*ple.com/", "https://exam\u2100ple.com/"),
    *("https://u:hush@exam\u2100ple.com/", "https://a,b/", "https://a;b/", "https://faß.example.com/"),
    *("https://βόλος.example.com/", f"https://{'a' * 64}.com/", f"https://example.com/{'a' * 2_000}"),
]


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_what_is_not_public_is_refused_in_every_spelling(host):
    with pytest.raises(FetchAddressForbidden) as refused:
        checked_endpoint(f"https://{host}/")
    assert refused.value.as_problem()["code"] == "fetch_address_forbidden"


@pytest.mark.parametrize("address", STILL_PUBLIC)
def test_the_neighbours_of_forbidden_networks_are_public(address):
    host = f"[{address}]" if ":" in address else address
    assert checked_endpoint(f"https://{host}/").address == address


def test_an_ipv4_address_in_ipv6_is_connected_to_as_ipv4():
    assert checked_endpoint("https://[::ffff:8.8.8.8]/").address == "8.8.8.8"


@pytest.mark.parametrize("url", INVALID)
def test_an_invalid_url_is_refused_without_asking_for_its_name(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: pytest.fail("a name was asked for"))
    with pytest.raises(FetchUrlInvalid) as refused:
        checked_endpoint(url)
    assert (refused.value.code, refused.value.field) == ("fetch_url_invalid", "url")
    assert "hush" not in refused.value.message


@pytest.mark.parametrize("authority", ["user@example.com", "user:hush@example.com", "[fe80::1%25eth0]", "example.com%25eth0"])
def test_a_user_or_a_zone_in_a_url_is_named_as_the_reason(authority):
    with pytest.raises(FetchUrlInvalid, match="no user, password or zone"):
        checked_endpoint(f"https://{authority}/")


@pytest.mark.parametrize("url", ["http://{}", "http://{}:443", "https://{}:80", "https://{}:8443", "https://{}:22"])
def test_outside_of_allowed_networks_only_https_on_443(url, resolve):
    resolve[0](NAME, [PUBLIC])
    with pytest.raises(FetchUrlInvalid, match="443"):
        checked_endpoint(url.format(NAME))


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
    with pytest.raises(FetchUnreachable):
        checked_endpoint(f"https://{NAME}/")


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
        with pytest.raises(Refusal):
            fetch(url, seconds=0.2)
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
    with pytest.raises(FetchAddressForbidden):
        checked_endpoint("http://10.0.0.1:8000/")


def test_networks_are_read_from_the_environment(monkeypatch):
    assert env.networks("FETCH_ALLOWED_NETWORKS_OF_TEST") == []
    monkeypatch.setenv("FETCH_ALLOWED_NETWORKS_OF_TEST", "127.0.0.0/8, ::1/128")
    assert env.networks("FETCH_ALLOWED_NETWORKS_OF_TEST") == [ip_network("127.0.0.0/8"), ip_network("::1/128")]


@pytest.mark.parametrize("text", ["127.0.0.1/8", "10.0.0.0/33", "localhost", "127.0.0.0/8 ::1/128"])
def test_a_malformed_network_is_an_error_at_start(text, monkeypatch):
    monkeypatch.setenv("FETCH_ALLOWED_NETWORKS_OF_TEST", text)
    with pytest.raises(ImproperlyConfigured, match=r"FETCH_ALLOWED_NETWORKS_OF_TEST: .*127\.0\.0\.0/8"):
        env.networks("FETCH_ALLOWED_NETWORKS_OF_TEST")
