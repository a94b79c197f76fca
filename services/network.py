"""From where somebody asks. No error comes from here: whoever asks could bring one about, and see by it what was looked up."""

from __future__ import annotations

import hmac
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """As a digest: of IPv6 48 bits, as many as a household or whoever rents a server may have to themselves, and by 64 would be
    as many networks as they like. A carrier has many phones behind them, as behind one address of IPv4. Behind a proxy that
    nobody told us of (TRUSTED_PROXIES) it is the proxy's, for everybody; where it is not known all share one.
    """
    address = _address(request)
    if isinstance(address, IPv6Address):
        return digest_of_network(str(IPv6Network((int(address), 48), strict=False)))
    return digest_of_network("" if address is None else str(address))


def digest_of_network(address: str) -> str:
    """By which askers are told apart for a day; nobody can say from it who they were."""
    return hmac.digest(settings.CLAIM_KEY_SECRET.encode(), f"network\n{address}".encode(), "sha256").hex()


def is_told_apart(request: HttpRequest) -> bool:
    """Not where it is unknown, nor of an address that only we ourselves can have: a proxy's that nobody told us of."""
    address = _address(request)
    return address is not None and address.is_global


def _address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(get_client_ip(request) or "")
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return None
    return address if isinstance(address, IPv4Address) else address.ipv4_mapped or address
