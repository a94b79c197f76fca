"""From where somebody asks, and that errors there tell nobody who has an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from claims.models import MailContent
from services.network import digest_of_network, network_of
from tests.claims.account_cast import ADDRESS, signed_up

NOWHERE = digest_of_network("")
BROKEN: list[tuple[int, dict[str, Any]]] = [
    (2, {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}), (1, {"HTTP_X_FORWARDED_FOR": "unknown"}),
    (1, {"HTTP_X_FORWARDED_FOR": "192.0.2.1, "}), (0, {"REMOTE_ADDR": ""}), (0, {"REMOTE_ADDR": "[::1"}),
    (0, {"REMOTE_ADDR": "unix:"}),
]  # fmt: skip


def network(proxies: int = 0, **headers: Any) -> str:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        return network_of(RequestFactory().get("/", **headers))


@pytest.mark.parametrize(
    ("proxies", "headers", "known"),
    [
        (0, {"REMOTE_ADDR": "192.0.2.1"}, "192.0.2.1"),
        (0, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "192.0.2.2"}, "192.0.2.1"),
        (1, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "192.0.2.3, 192.0.2.2"}, "192.0.2.2"),
        (0, {"REMOTE_ADDR": "2001:db8:0:1:2:3:4:5"}, "2001:db8::/48"),
        (0, {"REMOTE_ADDR": "2001:db8:0:ffff:2:3:4:5"}, "2001:db8::/48"),
        (0, {"REMOTE_ADDR": "2001:db8:1::1"}, "2001:db8:1::/48"),
        (0, {"REMOTE_ADDR": "::1"}, "::/48"),
        (0, {"REMOTE_ADDR": "::ffff:192.0.2.1"}, "192.0.2.1"),
    ],
)
def test_each_network_has_its_digest(proxies: int, headers: dict[str, Any], known: str):
    """Of IPv6 a household or a rented server may have 48 bits; IPv4 in its clothes is not one household."""
    assert network(proxies, **headers) == digest_of_network(known)


@pytest.mark.parametrize(("proxies", "headers"), BROKEN)
def test_who_cannot_be_told_apart_shares_one(proxies: int, headers: dict[str, Any]):
    assert network(proxies, **headers) == NOWHERE


def test_a_socket_has_no_address():
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    assert network_of(request) == NOWHERE


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "headers"), BROKEN)
def test_known_and_unknown_are_answered_alike_where_it_is_not_known(proxies: int, headers: dict[str, Any]):
    signed_up(Client())

    def seen(name: str, address: str) -> tuple[int, str, str]:
        said = {("login" if name == "account_login" else "email"): address, "password": ""}
        page = Client(raise_request_exception=False).post(reverse(name), said, follow=True, **headers)
        text = re.sub(r'(value|key)="[\w-]{32,}"', "", page.content.decode().replace(address, "x"))
        return page.status_code, page.request["PATH_INFO"], text

    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        for name in ("account_login", "account_signup", "account_reset_password"):
            known = seen(name, ADDRESS)
            assert known == seen(name, "nobody@example.org"), name
            assert known[0] == 200, name
    assert MailContent.objects.filter(address=ADDRESS).count() == 4
