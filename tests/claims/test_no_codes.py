"""What a caseworker reads of the people of the demonstration is in words: no text of their pages holds a bare code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from claims.admin.facts_said import OF_RIDES, said_fact
from claims.admin.reasons_said import reason_in
from claims.demonstration.loading import load_people, personas, scenario
from claims.eligibility import Text
from claims.models import Claim, Fact
from claims.operations import PublishedWords, publish_policy
from services.operations import FIXTURES, load_incident, load_service_tree
from tests.builders import BIKE, NOW, a_person, a_user, at, claim_of, follow_up, outage, told, usage, work_off
from tests.eligibility.cast import POLICIES

pytestmark = pytest.mark.django_db

CODE = re.compile(r"(?<![\w./@-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w./@-])")
MAY = (
    re.compile(r"^\w+ = .+ \(.*(source|출처): "),  # a figure, by its name in the policy and where it was published
    re.compile(r"^[\w.]+ · .+"),  # of a filter: the code of a service with its name
)


class Said(HTMLParser):
    """The texts of a page that people read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unseen = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unseen and data.strip():
            self.texts.append(data.strip())


@transaction.atomic
def play() -> None:
    """The people of the demonstration under all its policies."""
    load_service_tree(FIXTURES / "services.json")
    for path in sorted(FIXTURES.glob("kakao-*.json")):
        load_incident(path, now=NOW)
    for name in scenario()["policies"]:
        publish_policy(pack_yaml=(POLICIES / f"{name}.yaml").read_text(encoding="utf-8"), now=NOW, name=f"{name}.yaml")
    load_people(now=NOW)


@pytest.mark.timeout(300)
def test_pages_and_letters_of_the_demonstration_hold_no_bare_code() -> None:
    play()
    work_off()
    follow_up()
    client = Client()
    client.force_login(a_user("checker"))
    names = {key: one["persona"] for key, one in personas().items()}
    found = {
        f"{names.get(claim.person.public_id) if claim else 'queue'} ({language}): {text}"
        for claim, address in _addresses()
        for language in ("ko", "en")
        for text in Said(client.get(address, headers={"accept-language": language}).content.decode()).texts
        if CODE.search(text) and not any(known.search(text) for known in MAY)
    }
    assert not found, "\n".join(sorted(found))


def _addresses() -> Iterator[tuple[Claim | None, str]]:
    for claim in Claim.objects.select_related("person").prefetch_related("letters"):
        yield claim, reverse("admin:claims_claim_change", args=[claim.pk])
        for letter in claim.letters.all():
            yield claim, reverse("admin:claims_letter_content", args=[letter.pk])
    for review in ("queued", "proposed", "closed"):
        yield None, reverse("admin:claims_claimstatus_changelist") + f"?review={review}"


@pytest.mark.parametrize(
    ("code", "korean", "english"),
    [
        ("unknown:missing_fact:is_member", "모르는 사실: 회원", "a fact is missing: Member"),
        ("missing_fact:is_member", "모르는 사실: 회원", "a fact is missing: Member"),
        ("needs_review:needs_proof:is_member", "담당자 확인: 증빙이 필요함: 회원", "needs review: proof is needed: Member"),
        ("needs_review:own_word", "담당자 확인: 자기 말", "needs review: His own word"),
        ("paused:some_policy", "자동 결정이 멈춤: 어떤 정책", "automatic decisions are paused: A policy"),
        ("twin", "중복일 수 있음", "may be a duplicate"),
        ("unknown:missing_fact:gone", "모르는 사실: gone", "a fact is missing: gone"),
        ("what_is_this", "what_is_this", "what_is_this"),
    ],
)
def test_a_reason_is_said_in_words(code: str, korean: str, english: str) -> None:
    label = OF_RIDES["ride_charge"].model_copy(update={"label": Text(ko="회원", en="Member")})
    reasons, titles = {"own_word": Text(ko="자기 말", en="His own word")}, {"some_policy": Text(ko="어떤 정책", en="A policy")}
    words = PublishedWords({"is_member": label}, reasons, titles)
    for language, said in (("ko", korean), ("en", english)):
        with override(language):
            assert reason_in(words, code) == said


def test_all_that_a_ride_says_has_a_name_and_a_kind() -> None:
    """Without a policy that asks for any of it."""
    incident, person = outage(version=2), a_person()
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", locked_at=at("15 15:42"), charge_minor=53_450, currency="KRW")
    claim = claim_of(person, incident, told(service=BIKE))
    work_off()
    facts = {fact.name: fact for fact in Fact.objects.filter(claim=claim, usage__isnull=False)}
    assert set(facts) == set(OF_RIDES)
    assert said_fact(facts["ride_ended_at"], OF_RIDES["ride_ended_at"], reads=True).startswith("2022-10-15 21:15")
