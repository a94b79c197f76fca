"""Packs are published as numbered versions; the newest valid one governs."""

import pytest

from claims.models import Event, Hint, Policy, PolicyRule, PolicyVersion
from claims.operations import ExamplesDiffer, PackRefused, publish_policy
from claims.operations.policy import compile_terms_now, packs_in_force
from services.models import Incident, Service
from tests.builders import NOW, outage, pack

pytestmark = pytest.mark.django_db


def publish(text: str) -> PolicyVersion:
    return publish_policy(pack_yaml=text, now=NOW)


def test_publishes_numbered_versions_with_their_rules():
    first, second = publish(pack()), publish(pack(won=300))
    assert (first.number, second.number, first.policy) == (1, 2, second.policy)
    assert list(PolicyRule.objects.values_list("version__number", "code", "position")) == [
        (1, "half_hours", 0),
        (2, "half_hours", 0),
    ]
    assert Event.objects.filter(kind="policy_published").count() == 2
    assert set(Hint.objects.values_list("task", flat=True)) == {"claims.sweep"}


def test_the_same_content_again_returns_what_is_published():
    first = publish(pack())
    assert publish(pack() + "\n# the same in other words\n") == first
    assert PolicyVersion.objects.count() == 1


def test_going_back_is_a_new_version():
    assert [publish(pack(won=won)).number for won in (250, 300, 250)] == [1, 2, 3]


@pytest.mark.parametrize(("text", "code"), [("pack: [", "pack_invalid"), ("pack: 1", "pack_invalid")])
def test_refuses_what_is_no_pack(text: str, code: str):
    with pytest.raises(PackRefused) as refused:
        publish(text)
    assert refused.value.code == code
    assert not Policy.objects.exists()


def test_refuses_a_pack_whose_examples_differ():
    with pytest.raises(ExamplesDiffer, match="an hour"):
        publish(pack().replace("expect: {half_hours: 500}", "expect: {half_hours: 501}"))
    assert not PolicyVersion.objects.exists()


def test_refuses_a_fact_that_another_policy_knows_as_another_type():
    publish(pack())
    with pytest.raises(PackRefused, match="fact_types_differ"):
        publish(pack(code="other", asks={"is_member": "text"}))
    assert publish(pack(asks={"is_member": "text"})).number == 2, "a policy may change its own"


def test_the_newest_version_that_is_valid_for_the_incident_governs():
    incident = outage()
    for text in (pack(), pack(won=300), pack(won=400, incidents="from: 2022-11-01")):
        publish(text)
    publish(pack(code="other", incidents="from: 2022-10-01, before: 2022-10-15"))
    assert [(p.code, p.number) for p in packs_in_force(incident)] == [("half_hours_of_messages", 2)]


def test_compiled_terms_follow_whatever_they_are_made_of():
    incident = outage()
    hashes = [_hash(incident)]
    publish(pack())
    hashes.append(_hash(incident))
    outage(version=2)
    hashes.append(_hash(incident))
    Service.objects.create(code="new_thing", name_ko="x", name_en="x")
    hashes.append(_hash(incident))
    assert len(set(hashes)) == 4
    assert _hash(incident) == hashes[-1]


def _hash(incident: Incident) -> str:
    compiled = compile_terms_now(incident)
    assert compiled is not None
    return compiled[1].content_hash
