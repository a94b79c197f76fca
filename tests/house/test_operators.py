"""docs/operators.md says who may open which page, and send to it; here every page is asked by everybody.

`python -m pytest tests/house/test_operators.py` prints the rows that differ. A row of the table is a page, or a kind of page
that every table of the admin has: those are asked by some in turn, and by everybody in `make proofs`. Of each row a page is
asked of one that is there: what is not there would be an answer of its own (`get 404`), and no row of the guide has it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import App, Partner, PersonalData, RoleChange
from claims.models import (
    Appeal,
    AssessmentRun,
    BulkRun,
    Claim,
    Dispute,
    EvidenceFile,
    EvidenceLetter,
    EvidenceRequest,
    GoodwillBudget,
    Letter,
    Mail,
    Pattern,
    PaymentRun,
    PolicyDraft,
    ReplyTemplate,
    Twin,
    UsageImport,
)
from claims.staff_site import StaffSite
from services.models import DutyProof, Feed, Incident, RecordDraft
from tests.claims.stored_cast import stored  # noqa: F401 - the fixture: a row in each table of claims
from tests.house.rows_cast import WHO, add_rows, client_of
from tests.proofs import some
from tests.worlds import world

pytestmark = pytest.mark.django_db

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "operators.md"
ASKED = ("admin/", "staff/")
NOT_ASKED = ("logout", "view_on_site")  # the one ends the walk, the other needs a site that the admin does not have
KINDS = ("changelist", "add", "change", "delete", "history")  # pages that every table has


@world
def rows(stored: None) -> dict[str, Any]:  # noqa: F811 - as pytest names it
    """By the name of what an address asks for."""
    claim, writer = Claim.objects.latest("pk"), add_rows()
    found: dict[str, Any] = {
        "user_id": writer.pk, "reference": claim.reference, "public_id": claim.person.public_id, "key": "intake",
        "claims_evidence_letter": EvidenceLetter, "claims_letter_content": Letter, "claims_letter_pdf": Letter,
        "claims_paymentrun": PaymentRun, "claims_bulkrun": BulkRun, "claims_assessmentrun": AssessmentRun,
        "import_id": UsageImport,
        "uidb64": "x", "token": "y", "app_label": "claims", "url": "nothing/here/",
    }  # fmt: skip
    models = {
        "incident_id": Incident, "proof_id": DutyProof, "feed_id": Feed, "partner_id": Partner, "person_id": PersonalData,
        "change_id": RoleChange, "claim_id": Claim, "appeal_id": Appeal, "request_id": EvidenceRequest, "file_id": EvidenceFile,
        "dispute_id": Dispute, "budget_id": GoodwillBudget, "twin_id": Twin, "pattern_id": Pattern, "mail_id": Mail,
        "app_id": App, "template_id": ReplyTemplate, "claims_policydraft": PolicyDraft, "services_recorddraft": RecordDraft,
    }  # fmt: skip
    return found | models


@pytest.mark.timeout(900)  # in `make proofs` some 7,000 pages
def test_the_guide_says_who_may_do_what(rows: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # Who may see a page is decided before it is drawn; that all of them can be drawn is tested with their content.
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(StaffSite, "each_context", lambda site, request: {})  # the menu
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    clients = {who: client_of(who)[0] for who in WHO}
    told = _told()
    seen, differs = set[str](), list[str]()
    for turn, (name, address) in enumerate(_addresses(rows)):
        expected = dict(zip(WHO, told.get(_told_as(name, told), ()), strict=False))
        asked = list(WHO) if name in told else some(WHO, each=8, turn=turn)
        answers = {who: _allowed(clients[who], address) for who in asked}
        seen.add(name)
        if answers != {who: expected.get(who) for who in asked}:
            differs.append(_row(name, tuple(answers.get(who, expected.get(who, "?")) for who in WHO)))
    assert not differs, "\n".join(["the guide says otherwise of:", *differs])
    gone = [name for name in told if name not in {*seen, "page"} and not name.startswith("any other ")]
    assert not gone, gone


def _told_as(name: str, told: dict[str, tuple[str, ...]]) -> str:
    """Its own row of the guide, or that of its kind."""
    app, kind = name.partition("_")[0], name.rpartition("_")[2]
    return name if name in told or kind not in KINDS else f"any other {kind} of {app}"


def _addresses(rows: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """By name; pages that Django makes for each table once, although they are listed a second time."""
    done: set[str] = set()
    for route, space, name in _routes(get_resolver().url_patterns):
        if not route.startswith(ASKED) or name is None or name in {*NOT_ASKED, *done}:
            continue
        done.add(name)
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        yield name, reverse(f"{space}{name}", kwargs={one: _value(rows, one, name) for one in names})


def _routes(patterns: Any, route: str = "", space: str = "") -> Iterator[tuple[str, str, str | None]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _routes(one.url_patterns, route + str(one.pattern), inner)
        elif isinstance(one, URLPattern):
            yield route + str(one.pattern), space, one.name


def _value(rows: dict[str, Any], asked: str, name: str) -> Any:
    if asked == "object_id":
        app, model = name.split("_")[:2]
        row = apps.get_model(app, model)._default_manager.first()
        assert row is not None, f"the walk needs a row for {name}"
        return row.pk
    value: Any = rows.get(asked) or rows.get(name) or rows["_".join(name.split("_")[:2])]
    return value._default_manager.first().pk if hasattr(value, "_default_manager") else value


def _allowed(client: Client, address: str) -> str:
    """What somebody may do: a refusal is a 401, 403 or 405, or the log-in page. `404`: what may be asked for is not there."""
    ways = []
    for way, ask in (("get", client.get), ("post", client.post)):
        point = transaction.savepoint()
        answer: Any = ask(address)
        transaction.savepoint_rollback(point)
        if not _refused(answer):
            ways.append(way + (" 404" if _missing(answer, address) else ""))
    return " ".join(ways) or "-"


def _refused(answer: HttpResponse) -> bool:
    assert answer.status_code < 500, answer
    return answer.status_code in (401, 403, 405) or "/login/" in answer.headers.get("Location", "")


def _missing(answer: HttpResponse, address: str) -> bool:
    """Pages that Django makes send to the first page who asks for a row that is not there."""
    sent_on = answer.headers.get("Location") == reverse("admin:index") and not address.startswith(reverse("admin:login"))
    return answer.status_code == 404 or sent_on


def _row(name: str, answers: tuple[str, ...]) -> str:
    return f"| {name} | {' | '.join(answers)} |"


def _told() -> dict[str, tuple[str, ...]]:
    """The rows of the guide's table by page."""
    found = re.findall(r"^\| `?([\w -]+?)`? \| (.*) \|$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: tuple(cell.strip() for cell in cells.split("|")) for name, cells in found if cells.count("|") == len(WHO) - 1}
