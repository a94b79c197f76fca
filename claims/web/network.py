"""From where somebody asks. No error comes from here: whoever asks could bring one about, and see by it what was looked up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

from claims.keys import digest_of_network


def network_of(request: HttpRequest) -> str:
    """As a digest: of IPv6 48 bits, as many as a household or whoever rents a server may have to themselves, and by 64 would be
    as many networks as they like. A carrier has many phones behind them, as behind one address of IPv4. Behind a proxy that
    nobody told us of (TRUSTED_PROXIES) it is the proxy's, for everybody; where it is not known all share one.
    """
    return digest_of_network(_network(request))


def _network(request: HttpRequest) -> str:
    try:
        address = ip_address(get_client_ip(request) or "")
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), 48), strict=False))
