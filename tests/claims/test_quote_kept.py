"""What the process keeps between two looks at a quote is never older than the database: what changes shows at the next look."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.operations import ToldFact, publish_policy, quote_claim
from claims.operations.intake import FactUnknown
from claims.operations.policy import _newest_records, compile_terms_now
from services.models import Incident, Service, ServiceDependency
from tests.builders import MESSAGES, NOW, OUTAGE, a_policy, a_policy_that_asks, outage, pack, told

pytestmark = pytest.mark.django_db

TOLD = {"start_at": "2022-10-15T16:00", "end_at": "2022-10-16T02:00"}


@pytest.fixture
def incident() -> Incident:
    found = outage()
    a_policy()
    return found


@pytest.fixture
def looking(client: Client, incident: Incident) -> Client:
    """Somebody who lost messages, and has looked at what may be expected."""
    steps: dict[str, dict[str, Any]] = {
        "services": {"services-services": [MESSAGES]},
        "times": {"times-TOTAL_FORMS": 1, "times-INITIAL_FORMS": 1, **{f"times-0-{at}": TOLD[at] for at in TOLD}},
        "about": {},
    }
    for step, said in steps.items():
        client.post(_here(step), {f"tell-{OUTAGE}-current_step": step, **said})
    _text(client)
    return client


def _here(step: str) -> str:
    return reverse("claim:step", args=[OUTAGE, step])


def _text(client: Client, **asked: Any) -> str:
    answer = client.get(_here("expected"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_another_version_of_the_record_shows_at_the_next_look(looking: Client):
    """By the second one messages were back at 01:31."""
    said = ("제1판", "제2판", "5,000원", "4,750원", "16 02:00 무렵</title>", "16 01:31</title>")
    assert [words in _text(looking) for words in said] == [True, False] * 3
    outage(version=2)
    assert [words in _text(looking) for words in said] == [False, True] * 3


def test_another_version_of_a_policy_shows_at_the_next_look(looking: Client):
    assert "5,000원" in _text(looking), "20 half hours of 250 won"
    a_policy(won=300)
    assert "6,000원" in _text(looking)


def test_another_name_of_a_service_shows_at_the_next_look_and_in_each_language(looking: Client):
    for name in ("새 이름", "다른 이름", "새 이름"):
        Service.objects.filter(code=MESSAGES).update(name_ko=name, name_en=f"English of {name}")
        page = _text(looking)
        assert f">{name}</text>" in page, "in the drawing"
        assert f"<li>{name} 2022-10-15 16:00" in page, "and in the explanation"
        assert f">English of {name}</text>" in _text(looking, lang="en")
        assert f">{name}</text>" in _text(looking, lang="ko")


def test_a_new_service_can_be_chosen_at_once(client: Client, incident: Incident):
    assert 'value="new_thing"' not in client.get(_here("services")).content.decode()
    Service.objects.create(code="new_thing", name_ko="새것", name_en="New thing")
    assert 'value="new_thing"' in client.get(_here("services")).content.decode()


def test_a_new_dependency_shows_at_the_next_look(incident: Incident):
    lost = told("unnamed_bank.banking", "15 16:00", "15 20:00")
    assert _counted(incident, lost) == 0
    needs, needed = (Service.objects.get(code=code) for code in ("unnamed_bank.banking", MESSAGES))
    ServiceDependency.objects.create(service=needs, depends_on=needed)
    assert _counted(incident, lost) == 4 * 3600


def _counted(incident: Incident, lost: Any) -> int:
    return sum(line["counted_seconds"] for line in quote_claim(incident=incident, losses=[lost], now=NOW).document["lines"])


def test_what_another_policy_asks_for_can_be_told_at_once(incident: Incident):
    said: dict[str, Any] = {"incident": incident, "losses": [told()], "facts": [ToldFact("hat_size", 7)], "now": NOW}
    with pytest.raises(FactUnknown):
        quote_claim(**said)
    a_policy_that_asks(hat_size="integer")
    assert quote_claim(**said).document["lines"]


def test_what_was_not_published_after_all_is_not_kept(looking: Client):
    before = _text(looking)
    for publish in (lambda: publish_policy(pack_yaml=pack(won=300), now=NOW), lambda: outage(version=2)):
        with transaction.atomic():
            publish()
            assert _text(looking) != before
            transaction.set_rollback(True)
        assert "5,000원" in _text(looking)
        assert "제1판" in _text(looking)


def test_what_is_published_while_terms_are_compiled_is_kept_under_its_own_name(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
):
    """Two queries tell what governs and what it says; between them another version may come."""

    def and_then_another(asked: Incident | None = None) -> list[tuple[int, str, int]]:
        found = _newest_records(asked)
        outage(version=2)
        return found

    Service.objects.create(code="new_thing", name_ko="x", name_en="x")  # nothing that is kept is of this tree
    monkeypatch.setattr("claims.operations.policy._newest_records", and_then_another)
    first = compile_terms_now(incident)
    monkeypatch.undo()
    second = compile_terms_now(incident)
    assert first is not None
    assert second is not None
    assert [(one.version.number, one.terms.record.number) for one in (first, second)] == [(1, 1), (2, 2)]
    assert compile_terms_now(incident) is second
