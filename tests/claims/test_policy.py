"""Packs are published as numbered versions; the newest valid one governs."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin import policy_page
from claims.eligibility import load_pack
from claims.models import Event, Hint, Policy, PolicyRule, PolicyVersion
from claims.operations import ExamplesDiffer, PackRefused, publish_policy
from claims.operations.policy import compile_terms_now, packs_in_force
from services.models import Incident, Service
from tests.builders import NOW, a_user, outage, pack

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


def test_refuses_a_rule_about_what_is_in_no_list():
    with pytest.raises(PackRefused, match=r"rules\[0\].losses.services: no rule can speak of 'unlisted'"):
        publish(pack().replace("services: [kakaotalk.text_message]", "services: [kakaotalk.text_message, unlisted]"))
    assert not Policy.objects.exists()


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
    return compiled.terms.content_hash


def page_of(version: PolicyVersion, language: str) -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(a_user("caseworker"))
    answer = client.get(reverse("admin:claims_policyversion_change", args=[version.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_published_version_is_read_in_words():
    outage()
    shipped = Path(__file__).parents[2] / "claims" / "policies"
    version = publish((shipped / "telecom_terms_2022.yaml").read_text(encoding="utf-8"))
    korean, english = page_of(version, "ko"), page_of(version, "en")
    for words in (
        "통신 이용약관 손해배상(2022년 7월부터)", "2022-07-01부터 (Asia/Seoul)",
        '<span lang="en">Monthly fee of the mobile phone in won',
        "제휴사 기록", "bill of the operator", "이동전화 손해배상(10배)", "10배 × 이동전화 월 이용료(원) × ⓒ", "요금 차감 (원)",
        "손해배상은 고객이 청구해야 합니다.", "zdnet 20220624104644", "1,591원", "30 hours, not claimed",
        "# yaml-language-server",
    ):  # fmt: skip
        assert words in korean, words
    for words in ("Telecom terms from July 2022", "10 times × Monthly fee", "a partner&#x27;s record", "1,591 won"):
        assert words in english, words
    here = reverse("admin:claims_policyversion_change", args=[version.pk])
    client = Client()
    client.force_login(a_user("caseworker"))
    assert here in client.get(reverse("admin:claims_policy_change", args=[version.policy_id])).content.decode()


def test_a_source_is_a_link_only_where_it_is_a_page():
    links = "{own: {text: these tests, url: 'javascript:alert(1)'}, page: {text: a page, url: 'https://example.org/terms'}}"
    page = page_of(publish(pack().replace("{own: {text: these tests}}", links)), "ko")
    assert 'href="https://example.org/terms"' in page
    assert 'href="javascript' not in page


def test_the_page_of_a_version_asks_as_much_for_a_long_policy():
    shipped, counts = Path(__file__).parents[2] / "claims" / "policies", []
    outage()
    for text in (pack(), (shipped / "ofcom_automatic_compensation.yaml").read_text(encoding="utf-8")):
        version = publish(text)
        with CaptureQueriesContext(connection) as queries:
            page_of(version, "ko")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_version_that_cannot_be_read_any_more_shows_its_text(monkeypatch: pytest.MonkeyPatch):
    version = publish(pack())
    monkeypatch.setattr(policy_page, "load_pack", lambda *_, **__: load_pack("pack: 0", "old"))
    page = page_of(version, "ko")
    assert "지금의 형식으로 읽을 수 없습니다" in page
    assert "code: half_hours_of_messages" in page
