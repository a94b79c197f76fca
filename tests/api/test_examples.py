"""The examples of the API's description, each as it stands there: sent to the API, and held against what it answers.

What is tested follows from the description: an operation without examples fails. `make examples` writes what is answered into
claims/api/examples.yaml, where requests are written by hand.
"""

from __future__ import annotations

import importlib
import json
import os
import re
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from claims.api.examples import EXAMPLES, known_examples
from claims.models import Claim
from claims.operations import request_evidence, take_claim
from claims.operations.evidence import AskedDocument
from services.models import Incident
from tests.api.cast import API, Program, a_ride, a_token
from tests.builders import NOW, OUTAGE, a_user, authority, follow_up, policies_of_the_demonstration, work_off
from tests.worlds import world

JSON = "application/json"
DESCRIPTION = Client().get("/api/schema", headers={"Host": "localhost"}).json()
PROBLEM = DESCRIPTION["components"]["schemas"]["Problem"]
OPERATIONS = {
    f"{method.upper()} {path.removeprefix(API)}": operation
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
}
SITE = "https://claims.example"
USUAL = "usual"  # the name of what is answered where nothing is sent
KEYS = count(1)

# What has to be done before, beside what is made at the addresses above.
BEFORE = {
    "POST /claims/{reference}/decisions": "POST /claims/{reference}/assignment",
    "GET /webhooks/{key}/deliveries": "POST /webhooks/{key}/test",
    "GET /webhooks/{key}/deliveries/{event}": "POST /webhooks/{key}/test",
}
CODES = {"policies": "kakao_bike", "services": "kakao_t_bike", "problems": "timezone_required"}

# No two answers have the same of these: times at which something was done, and days that follow from them; what is made up.
WHEN = (
    "recorded_at", "filed_at", "answer_due_date", "assessed_at", "decided_at", "created_at", "made_at", "received_at",
    "opened_at", "closed_at", "due_date", "due_at", "ended_at", "begun_at", "finished_at", "registered_at", "now", "payload",
)  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?")
MADE_UP = re.compile(r"\b([CA](-[0-9A-Z]{4})+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|whsec_[\w+/=]+)(?!\w)")
DIGEST = re.compile(r"[0-9a-f]{64}")  # of what has such values in it


@dataclass(frozen=True)
class Story:
    """A partner's program, a token of the staff, and what addresses name."""

    ours: Program
    staff: str
    at: dict[str, str]


@world
def story(incident: Incident, ours: Program) -> Story:
    """Three riders, whose claims came of their rides. The first is decided by a rule; of the second ride nobody knows when
    the bike was locked, and its rider is asked; of the third more would be paid back than a rule decides.
    """
    policies_of_the_demonstration()
    call_command("publish_consents", verbosity=0)
    authority(per_decision=1_000_000)
    late = {"end_at": "2022-10-16T10:00:00+09:00", "charge_minor": 168_200}
    rides: list[dict[str, Any]] = [{}, {"locked_at": ...}, late]
    for n, more in enumerate(rides, start=1):
        ours.post("/usage", a_ride(external_id=f"ride-{n}", person=f"rider-{n}", **more))
    work_off()
    follow_up()
    locked, worker = Claim.objects.get(person__known_to_partner__external_id="rider-2"), a_user("caseworker")
    take_claim(claim_id=locked.pk, taken_by=worker, now=NOW)
    asked = [AskedDocument(words="A photograph of the locked bike, or a list of your calls to the hotline.")]
    request_evidence(claim_id=locked.pk, asked=asked, requested_by=worker, override="There is no lock event.", now=NOW)
    claims = {one["person"]: one for one in ours.get("/claims").json()["data"]}
    assert [claims[f"rider-{n}"]["decision"] for n in (1, 2, 3)] == ["approved", "undecided", "undecided"]
    named = zip(("decided", "waiting", "large"), sorted(claims), strict=True)
    # One who may do all that is done about claims, and somebody to give them to.
    staff = a_token(a_user("caseworker", "checker"), "cases:read", "cases:write")
    a_user("caseworker", email="minji@example.com")
    at = {"number": "rider-1", "key": OUTAGE, **{name: claims[person]["reference"] for name, person in named}}
    return Story(ours, staff, at)


def contents(operation: str) -> tuple[dict[str, Any], Any, int]:
    """Of its request by media type, of its answer, and the status of that."""
    said = OPERATIONS[operation]
    status = next(status for status in said["responses"] if status.startswith("2"))
    return said.get("requestBody", {}).get("content", {}), said["responses"][status].get("content", {}).get(JSON), int(status)


def requests(operation: str) -> dict[str, tuple[str, Any]]:
    """Media type and value by name."""
    asked = contents(operation)[0]
    return {name: (kind, one["value"]) for kind, content in asked.items() for name, one in content.get("examples", {}).items()}


def shape(operation: str) -> dict[str, Any]:
    """Fields of the JSON that it takes."""
    named = contents(operation)[0].get(JSON, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    return dict(DESCRIPTION["components"]["schemas"].get(named, {}).get("properties", {}))


def queried(operation: str) -> dict[str, Any]:
    """Values of its query by parameter."""
    asked = [one for one in OPERATIONS[operation].get("parameters", []) if one["in"] == "query"]
    return {one["name"]: value for one in asked for value in one["schema"].get("examples", [])}


CASES = [(operation, name) for operation in OPERATIONS for name in requests(operation) or [USUAL]]
QUERIES = [(operation, *one) for operation in OPERATIONS if operation.startswith("GET") for one in queried(operation).items()]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_has_examples_with_their_answers(operation: str):
    asked, answered, _ = contents(operation)
    sent = [one for content in asked.values() for one in content.get("examples", {}).values()]
    assert bool(sent) == bool(asked), "has no example of what is sent"
    assert all(one.get("summary") for one in sent)
    if answered is not None:
        assert [*answered.get("examples", {})] == ([*requests(operation)] or [USUAL])


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if "kind" in shape(one)])
def test_each_kind_of_what_is_sent_has_one(operation: str):
    assert {value["kind"] for _, value in requests(operation).values()} == set(shape(operation)["kind"]["enum"])


def test_each_example_is_of_its_shape_and_has_its_place():
    placed = {("problem", "refused")}
    (refused,) = PROBLEM["examples"]
    assert faults(refused, PROBLEM) == []
    for operation in OPERATIONS:
        asked, answered, _ = contents(operation)
        for content in [*asked.values(), *([answered] if answered else [])]:
            for name, one in content.get("examples", {}).items():
                assert faults(one["value"], content["schema"]) == [], (operation, name)
                placed.add((operation, name))
    assert placed == {(operation, name) for operation, examples in known_examples().items() for name in examples}


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_it_is_answered_as_its_example_says(operation: str, name: str, story: Story, sandbox: None):
    at = {**story.at, "reference": story.at[_claim_of(operation)], "code": CODES.get(operation.split("/")[1], "")}
    for first in _before(operation):
        made = ask(story, first, at, next(iter(requests(first)), USUAL))
        assert made.status_code < 300, (first, made.content)
        at |= _named_by(made)
    answer = ask(story, operation, at, name)
    _, answered, status = contents(operation)
    assert answer.status_code == status, answer.content
    if answered is not None:
        _hold(operation, name, answer, answered.get("examples", {}).get(name, {}).get("value"))


def test_a_problem_is_told_as_its_example_says(story: Story):
    refused = story.ours.post("/usage", known_examples()["problem"]["refused"]["request"])
    _hold("problem", "refused", refused, next(iter(PROBLEM.get("examples", [])), None))


@pytest.mark.parametrize(("operation", "name", "value"), QUERIES)
def test_an_example_in_a_query_is_understood(operation: str, name: str, value: str, story: Story):
    answer = ask(story, operation, story.at, query={name: value})
    assert answer.status_code == 200, answer.content


def ask(story: Story, operation: str, at: dict[str, str], name: str = USUAL, query: Any = None) -> Any:
    """As the description says that it is asked. A write has all of its query, a read none but `query`."""
    method, path = operation.split()
    said, address = OPERATIONS[operation], API + path.format(**at)
    kind, value = requests(operation).get(name, (JSON, ""))
    scopes = [scope for one in said.get("security", []) for scope in one["oauth2"]]
    token = story.staff if scopes and all(scope.startswith("cases:") for scope in scopes) else story.ours.token
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    asked = {one["name"] for one in said.get("parameters", []) if one["in"] == "header"}
    if "Idempotency-Key" in asked:
        headers["Idempotency-Key"] = f"example-{next(KEYS)}"
    if "If-Match" in asked:
        whole = "/".join(address.split("/")[:5])
        headers["If-Match"] = story.ours.client.get(whole, headers=headers)["ETag"]
    raw = value if isinstance(value, str) else json.dumps(value)
    query = query or (None if method == "GET" else queried(operation))
    return story.ours.client.generic(method, address, raw, kind, headers=headers, query_params=query)


def settled(example: Any, answer: Any, name: str = "") -> Any:
    """The answer, with the example's own value where no two answers have the same one. Of objects in a list the first."""
    if isinstance(answer, dict):
        known = example if isinstance(example, dict) else {}
        return {key: settled(known.get(key), value, key) for key, value in answer.items()}
    if isinstance(answer, list):
        some = answer[:1] if answer and isinstance(answer[0], dict) else answer
        before = example[: len(some)] if isinstance(example, list) else []
        return [settled(old, new, name) for old, new in zip_longest(before, some)]
    if isinstance(answer, str) and isinstance(example, str) and _masked(example, name) == _masked(answer, name):
        return example
    return answer


def faults(value: Any, schema: Any) -> list[str]:
    """What the JSON Schema says against it."""
    jsonschema = importlib.import_module("jsonschema")
    whole = {**schema, "components": DESCRIPTION["components"]}
    validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def _masked(text: str, name: str) -> str:
    masked = MADE_UP.sub("*", TIME.sub("time", text) if name in WHEN else text)
    return DIGEST.sub("*", masked) if name == "content_sha256" else masked


def _claim_of(operation: str) -> str:
    """Of the three: objected to is what was decided, and that is read; staff decide what is beyond a rule."""
    if "/appeals" in operation or operation.endswith("{reference}"):
        return "decided"
    return "large" if operation.endswith(("/assignment", "/decisions")) else "waiting"


def _before(operation: str) -> list[str]:
    """What is sent to the addresses above it, from the top, and for what is done with what is there, to its own."""
    method, path = operation.split()
    parts = path.split("/")
    above = ["/".join(parts[:n]) for n in range(2, len(parts) + (method != "POST"))]
    first = [f"POST {one}" for one in above if f"POST {one}" in OPERATIONS]
    return [*first, *([BEFORE[operation]] if operation in BEFORE else [])]


def _named_by(made: Any) -> dict[str, str]:
    """What an answer has that addresses name."""
    told = made.json() if made.content else {}
    names = {"id": "key", "event": "event", "number": "number"}
    return {place: str(told[name]) for name, place in names.items() if name in told}


def _hold(operation: str, name: str, answer: Any, example: Any) -> None:
    shown = settled(example, json.loads(answer.content.decode().replace("http://testserver", SITE)))
    if os.environ.get("EXAMPLES") == "write":
        _write(operation, name, shown)
    else:
        assert shown == example, "`make examples` writes what is answered now"


def _write(operation: str, name: str, shown: Any) -> None:
    text = EXAMPLES.read_text(encoding="utf-8")
    known = yaml.safe_load(text)
    known.setdefault(operation, {}).setdefault(name, {})["answer"] = shown
    order = ["problem", *OPERATIONS]
    known = {one: known[one] for one in sorted(known, key=order.index)}
    written = yaml.dump(known, Dumper=Lines, allow_unicode=True, sort_keys=False, width=128, default_flow_style=None)
    EXAMPLES.write_text("".join(re.findall(r"^#.*\n", text, re.MULTILINE)) + written, encoding="utf-8")


class Lines(yaml.SafeDumper):
    """A file that is sent stands there line by line."""


Lines.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)
)  # fmt: skip
