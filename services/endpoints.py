"""Where a URL that a person typed in leads, without being led into a network of our own.

`checked_endpoint` is the guard: whoever connects to such a URL, for whatever request, asks it first and connects to
nothing but the endpoint that it gives.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from urllib3.connection import HTTPConnection, HTTPSConnection

from services.refusals import Refusal

Address = IPv4Address | IPv6Address

LONGEST_URL = 2_000  # characters
PORTS = {"http": 80, "https": 443}

# Everything in IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890), reachable or not, and multicast. Of IPv6
# only global unicast (2000::/3) is left. ipaddress.is_global would let through NAT64, 6to4 and multicast, for example.
FORBIDDEN_NETWORKS = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # not registered: the platform address inside every Azure network
        *("::/3", "4000::/2", "8000::/1"),  # among them ::1, NAT64, fc00::/7, fe80::/10, ff00::/8
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20"),
    )
)

_AUTHORITY = re.compile(r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:@%]+))(?::(?P<port>[1-9][0-9]{0,4}))?")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


class FetchUrlInvalid(Refusal):
    code = "fetch_url_invalid"


class FetchAddressForbidden(Refusal):
    code = "fetch_address_forbidden"


class FetchMisconfigured(Refusal):
    code = "fetch_misconfigured"


class FetchUnreachable(Refusal):
    code = "fetch_unreachable"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a checked URL leads: `address` is connected to, `host` is named in TLS and in the request."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, percent-encoded
    address: str

    @property
    def authority(self) -> str:
        """The Host header's value."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def connection(self, seconds: float) -> HTTPConnection:
        """Not yet open. `seconds` bounds each wait on it, not their sum. No proxy, and no name is resolved again."""
        if self.scheme == "http":
            return HTTPConnection(self.address, self.port, timeout=seconds)
        return HTTPSConnection(
            self.address,
            self.port,
            timeout=seconds,
            server_hostname=self.host,
            assert_hostname=self.host,
            cert_reqs="CERT_REQUIRED",
        )


def checked_endpoint(url: str) -> Endpoint:
    """The URL, resolved once. Raises FetchUrlInvalid, FetchAddressForbidden, FetchUnreachable, FetchMisconfigured."""
    parts, host, port = _taken_apart(url)
    addresses = _resolved(host, port)
    if not check_addresses(host, addresses) and (parts.scheme, port) != ("https", 443):
        raise FetchUrlInvalid(f"{host} is fetched by https on port 443 only, not by {parts.scheme} on {port}.", field="url")
    return Endpoint(scheme=parts.scheme, host=host, port=port, target=_target(parts), address=str(addresses[0]))


def check_addresses(host: str, addresses: list[Address]) -> bool:
    """Whether all of them lie in allowed networks. Raises FetchAddressForbidden when one lies neither there nor in public."""
    allowed = allowed_networks()
    elsewhere = [address for address in addresses if not any(address in network for network in allowed)]
    if any(address in network for address in elsewhere for network in FORBIDDEN_NETWORKS):
        raise FetchAddressForbidden(f"{host} leads into a network that is not public. Give a public address.", field="url")
    return not elsewhere


def allowed_networks() -> list[IPv4Network | IPv6Network]:
    """The networks of FETCH_ALLOWED_NETWORKS. Raises FetchMisconfigured when there are any outside of development."""
    if settings.FETCH_ALLOWED_NETWORKS and not settings.DEBUG:
        raise FetchMisconfigured(
            "FETCH_ALLOWED_NETWORKS is for development. Unset it, or nothing is fetched while DEBUG is off."
        )
    return list(settings.FETCH_ALLOWED_NETWORKS)


def _taken_apart(url: str) -> tuple[SplitResult, str, int]:
    """The URL with its host in ASCII and its port."""
    if len(url) > LONGEST_URL:
        raise _invalid(f"it is longer than {LONGEST_URL:,} characters")
    if not url.isprintable() or set(url) & set(" \\#"):
        raise _invalid("it has a space, a backslash, a fragment (#) or a character that cannot be seen")
    try:
        parts = urlsplit(url)
        found = _AUTHORITY.fullmatch(parts.netloc)
        if parts.scheme not in PORTS or found is None:
            raise _invalid("it must be http or https and name a host, and a port at most: no user, password or zone")
        host = str(IPv6Address(found["ipv6"])) if found["ipv6"] else _ascii_name(found["name"])
    except ValueError:  # its text may hold a password
        raise _invalid("it is not well formed, or its host is not a name") from None
    return parts, host, int(found["port"] or PORTS[parts.scheme])


def _invalid(why: str) -> FetchUrlInvalid:
    return FetchUrlInvalid(f"This URL is not fetched: {why}. Give one like https://example.com/feed.", field="url")


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    return iri_to_uri(f"{path}?{parts.query}" if parts.query else path)


def _ascii_name(name: str) -> str:
    """IDNA 2003, which the standard library speaks; what IDNA 2008 reads as another name is refused."""
    if set(name) & set("ßẞς"):
        raise _invalid("its name can be read in two ways; write it in the form that starts with xn--")
    ascii_name = name.encode("idna").decode().lower()
    if not _HOST_NAME.fullmatch(ascii_name):
        raise _invalid("its host is not a name")
    return ascii_name


def _resolved(host: str, port: int) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, OverflowError, UnicodeError) as failure:
        raise FetchUnreachable(f"There is no {host} on port {port}. Check the spelling.", field="url") from failure
    return [_judged(ip_address(answer[4][0])) for answer in answers]


def _judged(address: Address) -> Address:
    """An IPv4 address written in IPv6 is that IPv4 address, to judge and to connect to."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
