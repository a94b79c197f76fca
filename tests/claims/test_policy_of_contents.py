"""Each page tells the browser to run, style by and fetch nothing but our own files."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import OUTAGE, a_user, outage

pytestmark = pytest.mark.django_db

FORBIDS = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")


def policy(client: Client, address: str) -> set[str]:
    return set(client.get(address).headers["Content-Security-Policy"].split("; "))


def test_pages_of_claimants_of_staff_and_the_api(client: Client):
    outage()
    client.force_login(a_user("caseworker"))
    for address in (
        reverse("public:incidents"), reverse("claim:start"), reverse("my:find"), reverse("account_signup"),
        reverse("admin:index"), reverse("admin:claims_claimstatus_changelist"), reverse("api:windows", args=[OUTAGE]),
        "/nothing/",
    ):  # fmt: skip
        said = policy(client, address)
        assert said >= set(FORBIDS), address
        assert not any("unsafe" in one for one in said), address


def test_only_where_staff_look_at_letters_may_a_style_stand_in_the_page(client: Client):
    client.force_login(a_user("checker"))
    address = reverse("admin:claims_replytemplate_add")
    said = policy(client, address)
    assert {one for one in said if "unsafe" in one} == {"style-src 'self' 'unsafe-inline'"}
