"""The API keeps to its description: requests made up from it, right and wrong, by Schemathesis."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from services.models import Incident
from tests.api.cast import Program, a_claim, a_ride

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "5"))  # of each operation; `make fuzz` makes 20,000 in all
# What a schema cannot say: whether a service is there, an end comes after its start, a number was used for something else.
RULES = {"expected-statuses": ["2xx", "400", "401", "403", "404", "409", "412", "415", "422", "428", "429"]}


# Nor, of a query string, which characters cannot be seen.
NEITHER = (
    "invalid_character", "empty_body", "version_ambiguous", "out_of_range", "datetime_format", "reference_unknown",
    "subject_unknown",
)  # fmt: skip
CONFIG = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": RULES}})
SCHEMA = schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application(), config=CONFIG)
_FOUND: list[Any] = list(SCHEMA.get_all_operations())
OPERATIONS = {one.ok().label: one.ok() for one in _FOUND}


@pytest.fixture
def known(ours: Program, incident: Incident, sandbox: None, settings: Any) -> Iterator[tuple[str, str]]:
    """A token, and the reference of a claim that it sees. In a sandbox, so that its clock is asked as well."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    ours.post("/usage", a_ride())
    reference = ours.post("/claims", a_claim()).json()["reference"]
    # As Django's own client has it: what a request leaves is rolled back with the test, by a connection that is still open.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield ours.token, reference
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_breaks_it_or_gets_what_it_does_not_describe(operation: str, mode: Any, known: tuple[str, str]):
    token, reference = known

    @given(case=OPERATIONS[operation].as_strategy(generation_mode=mode), real=strategies.booleans())
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    def asked(case: Any, real: bool) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        if real and "reference" in (case.path_parameters or {}):
            case.path_parameters["reference"] = reference
        if mode == GenerationMode.POSITIVE:
            case.query.pop("cursor", None)  # nobody but us makes one
        answer = case.call_and_validate()
        if mode == GenerationMode.POSITIVE and answer.status_code == 400:
            assert answer.json()["code"] in NEITHER

    with suppress(Unsatisfiable):  # of some nothing can be wrong
        asked()
