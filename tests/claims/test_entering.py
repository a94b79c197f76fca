"""Staff enter what people tell them: once, as the claimant's word, from when it reached us, and never for themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person, PersonalData, User
from accounts.operations import create_person
from claims.deadlines import answer_due
from claims.models import Claim, ClaimEntry, ClaimRevision, ClaimStatus, Event, Fact, Message
from claims.operations import (
    KeyUsed,
    NewPerson,
    NotTheirWord,
    PersonKnown,
    ReceivedBeforeIncident,
    ReceivedInFuture,
    Required,
    ToldFact,
)
from claims.operations.decisions import OwnClaim
from claims.operations.language import language_of
from services.models import Incident
from services.refusals import InvalidValue, Refusal
from services.seoul import SEOUL
from services.staff import RoleMissing
from tests.builders import NOW, a_policy, a_policy_that_asks, a_user, authority, claim_of, follow_up, told, work_off
from tests.claims.enter_cast import CALLED, HONG, entry
from tests.claims.test_appeals import login_of


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


def nothing_is_left() -> bool:
    return not any(model._default_manager.exists() for model in (Claim, ClaimEntry, Person, PersonalData, Event, Message))


def test_somebody_new_gets_a_claim_that_was_filed_when_they_called(incident: Incident, worker: User):
    entered = entry(HONG, incident, worker, message="전화로 말함")
    claim, status = entered.claim, ClaimStatus.objects.get(pk=entered.claim.pk)
    assert (entered.opened, entered.news, claim.filed_at, claim.origin) == (True, True, CALLED, "filed")
    assert status.answer_due_date == answer_due(CALLED.astimezone(SEOUL).date()) < answer_due(NOW.astimezone(SEOUL).date())
    revision = claim.revisions.get()
    assert (revision.created_at, revision.author, claim.messages.count()) == (NOW, worker, 1)
    data = PersonalData.objects.get(person=claim.person)
    assert (data.name, data.phone, data.email, data.locale) == ("홍길동", "010-1234-5678", "hong@example.org", "en")
    assert language_of(claim) == "en"
    event = Event.objects.get(kind="claim_entered")
    assert (event.actor, event.claim, event.at, event.data["channel"]) == (worker, claim, NOW, "phone")
    assert (event.data["received_at"], event.data["revision"]) == (CALLED.isoformat(), 1)
    row = ClaimEntry.objects.get()
    assert (row.event, row.claim, row.channel, row.received_at, row.revision) == (event, claim, "phone", CALLED, 1)


def test_the_day_to_answer_still_counts_from_the_call_once_it_was_assessed(incident: Incident, worker: User):
    a_policy(automatic="{}")
    claim = entry(HONG, incident, worker).claim
    work_off()
    follow_up()
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert (status.review, status.answer_due_date) == ("queued", answer_due(CALLED.astimezone(SEOUL).date()))


def test_what_they_say_is_their_word(incident: Incident, worker: User, person: Person):
    a_policy_that_asks(is_member="boolean", fee="money of loss")
    entry(
        person, incident, worker, facts=[ToldFact("is_member", True)],
        losses=[told("kakaotalk.text_message", "15 15:30", "15 22:00", ToldFact("fee", 3_000))],
    )  # fmt: skip
    assert set(Fact.objects.values_list("name", "provenance")) == {("is_member", "claimant"), ("fee", "claimant")}
    staffs = ToldFact("is_member", False, "staff")
    for said in ({"facts": [staffs]}, {"losses": [told("kakaotalk.text_message", "15 15:30", "15 23:00", staffs)]}):
        with pytest.raises(NotTheirWord):
            entry(person, incident, worker, **said)
    assert Fact.objects.count() == 2


def test_who_has_a_claim_gets_a_revision_of_it(incident: Incident, worker: User, person: Person):
    claim = claim_of(person, incident)
    due = ClaimStatus.objects.get(pk=claim.pk).answer_due_date
    more = entry(person, incident, worker, losses=[told("kakao_t.taxi_call")])
    assert (more.claim, more.opened, more.news, more.entry.revision) == (claim, False, True, 2)
    same = entry(person, incident, worker, losses=[told("kakao_t.taxi_call")], channel="post")
    assert (same.opened, same.news, same.entry.revision) == (False, False, 2)
    claim.refresh_from_db()
    assert (claim.filed_at, ClaimStatus.objects.get(pk=claim.pk).answer_due_date) == (NOW, due)
    assert list(claim.entries.values_list("channel", flat=True)) == ["phone", "post"]


def test_of_a_claim_that_was_over_a_message_is_answered_in_days_from_the_call(incident: Incident, worker: User, person: Person):
    authority()
    a_policy()
    claim = claim_of(person, incident, facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    assert ClaimStatus.objects.get(pk=claim.pk).review == "closed"
    entry(person, incident, worker, message="왜 이 금액인가요?")
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert (status.review, status.answer_due_date) == ("queued", answer_due(CALLED.astimezone(SEOUL).date()))


def test_the_same_key_enters_once(incident: Incident, worker: User):
    key = uuid4()
    first, again = (entry(HONG, incident, worker, key=key, message="x") for _ in range(2))
    assert (again.entry, again.opened, again.news) == (first.entry, True, True)
    counts = [model._default_manager.count() for model in (Claim, ClaimRevision, ClaimEntry, PersonalData, Message)]
    assert counts == [1, 1, 1, 1, 1]
    assert Event.objects.filter(kind="claim_entered").count() == 1
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        ClaimEntry.objects.create(
            event=Event.objects.get(kind="claim_opened"),
            claim=first.claim,
            key=key,
            channel="post",
            received_at=NOW,
            revision=1,
        )


@pytest.mark.parametrize("other", ["channel", "received_at", "entered_by", "person"])
def test_the_same_key_with_something_else_is_refused(incident: Incident, worker: User, person: Person, other: str):
    key = uuid4()
    entry(HONG, incident, worker, key=key)
    said: dict[str, Any] = {"channel": "post"} if other == "channel" else {}
    said |= {"received_at": NOW} if other == "received_at" else {}
    by = a_user("checker") if other == "entered_by" else worker
    with pytest.raises(KeyUsed):
        entry(person if other == "person" else HONG, incident, by, key=key, **said)
    assert ClaimEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "refusal", "field"),
    [
        ({"channel": "web"}, InvalidValue, "channel"),
        ({"channel": "staff"}, InvalidValue, "channel"),
        ({"received_at": NOW + timedelta(seconds=1)}, ReceivedInFuture, "received_at"),
        ({"message": " "}, Required, "losses"),
        ({"losses": [told("no_such_service")]}, Refusal, "service"),
        ({"asks_for": ["no_such_policy"], "message": "x"}, Refusal, "asks_for"),
        ({"facts": [ToldFact("nobody_asks", 1)]}, Refusal, "nobody_asks"),
        ({"message": "x" * 5_001}, Refusal, "message"),
    ],
)
def test_what_is_refused_leaves_nothing(incident: Incident, worker: User, said: dict[str, Any], refusal: Any, field: str):
    with pytest.raises(refusal) as refused:
        entry(HONG, incident, worker, **said)
    assert refused.value.field == field
    assert nothing_is_left()


def test_it_reached_us_after_the_incident_began(incident: Incident, worker: User):
    with pytest.raises(ReceivedBeforeIncident):
        entry(HONG, incident, worker, received_at=incident.started_at - timedelta(seconds=1))
    assert nothing_is_left()
    assert entry(HONG, incident, worker, received_at=incident.started_at).opened


@pytest.mark.parametrize(
    ("who", "field"),
    [
        (NewPerson(" ", phone="010-1234-5678"), "name"),
        (NewPerson("홍길동"), "phone"),
        (NewPerson("홍길동", email="no address"), "email"),
        (NewPerson("홍길동", phone="010-1234-5678", locale="fr"), "locale"),
    ],
)
def test_a_new_person_has_a_name_and_is_reached_somewhere(incident: Incident, worker: User, who: NewPerson, field: str):
    with pytest.raises(Refusal) as refused:
        entry(who, incident, worker)
    assert refused.value.field == field
    assert nothing_is_left()


@pytest.mark.parametrize("reached", [{"phone": "+82 10 1234 5678"}, {"email": "HONG@example.org"}])
def test_who_is_reached_like_somebody_known_is_another_only_if_said(incident: Incident, worker: User, reached: Any):
    with transaction.atomic():
        create_person(name=HONG.name, phone=HONG.phone, email=HONG.email, now=NOW)
    with pytest.raises(PersonKnown):
        entry(NewPerson("홍길순", **reached), incident, worker)
    assert entry(NewPerson("홍길순", another=True, **reached), incident, worker).opened
    assert entry(NewPerson("김철수", phone="010-9999-5678"), incident, worker).opened


@pytest.mark.parametrize("role", ["auditor", "finance", "manager"])
def test_who_decides_nothing_enters_nothing(incident: Incident, role: str):
    with pytest.raises(RoleMissing):
        entry(HONG, incident, a_user(role))
    assert nothing_is_left()


def test_a_checker_enters_too(incident: Incident):
    assert entry(HONG, incident, a_user("checker")).opened


def test_nobody_enters_or_revises_their_own_claim(incident: Incident, worker: User, person: Person):
    own = login_of(person)
    User.objects.filter(pk=worker.pk).update(person=person)
    worker.refresh_from_db()
    assert own.person == worker.person
    for _ in range(2):
        with pytest.raises(OwnClaim):
            entry(person, incident, worker)
        if not Claim.objects.exists():
            claim_of(person, incident)
    assert ClaimRevision.objects.count() == 1
    with pytest.raises(OwnClaim):
        entry(NewPerson("나", email=worker.get_username().upper()), incident, worker)
    assert not PersonalData.objects.filter(name="나").exists()


def test_the_database_knows_the_channels(incident: Incident, worker: User):
    made = entry(HONG, incident, worker)
    event = Event.objects.get(kind="claim_opened")
    row = {"event": event, "claim": made.claim, "key": uuid4(), "received_at": NOW}
    with pytest.raises(IntegrityError, match="entry_came_by"), transaction.atomic():
        ClaimEntry.objects.create(channel="partner", revision=1, **row)
    with pytest.raises(IntegrityError, match="entry_revision_from_one"), transaction.atomic():
        ClaimEntry.objects.create(channel="post", revision=0, **row)


def test_letters_are_in_the_language_of_the_log_in_else_in_that_told(incident: Incident, worker: User):
    claim = entry(HONG, incident, worker).claim
    assert language_of(claim) == "en"
    login_of(claim.person)
    assert language_of(claim) == "ko"
    with pytest.raises(IntegrityError, match="personal_data_locale_is_known"), transaction.atomic():
        PersonalData.objects.filter(person=claim.person).update(locale="fr")
