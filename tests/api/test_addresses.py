"""Addresses that are none: programs are told so as a problem, also where DEBUG would show a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.cast import problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("address", ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/claims/", "/oauth/nothing"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_programs_are_told_by_a_problem(settings: Any, address: str, debug: bool, method: str):
    settings.DEBUG = debug
    answer = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem(answer) == (404, "not_found")


def test_the_page_of_the_description_is_found_without_its_slash():
    assert Client().get("/api/docs")["Location"] == "/api/docs/"
