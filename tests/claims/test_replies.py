"""Claims are answered from templates in versions: one letter, and out of the queue if nothing else is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import PersonalData, User
from claims.models import BulkRun, Claim, ClaimStatus, Event, Letter, ReassessmentDue, ReplyVersion
from claims.operations import (
    AssessmentOutdated,
    KindNotAnswered,
    MoneyAtStake,
    NothingToAnswer,
    OwnClaim,
    PlaceholderUnknown,
    Required,
    ReviewedByAnother,
    SortUnknown,
    TemplateCodeInvalid,
    TemplateMovedOn,
    ToldPoint,
    TransitionNotAllowed,
    UnknownTemplate,
    begin_bulk,
    draft_bulk_answer,
    hold_claim,
    open_appeal,
    publish_reply_template,
    reopen_claim,
    reply_in_use,
    sort_claim,
    take_claim,
    work_next_items,
)
from services.instants import OutOfRange
from services.models import Incident
from services.questions import UnknownLanguage
from services.refusals import InvalidCharacter
from services.staff import RoleMissing
from tests.builders import BIKE, NOW, a_person, a_policy, a_user, claim_of, follow_up, told, work_off
from tests.claims.reply_cast import TEXTS, answer, says, sort, standing, template, wrote
from tests.databases import owner_connection


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


@pytest.fixture
def question(incident: Incident) -> Claim:
    claim = wrote(incident)
    sort()
    return claim


# --- templates -----------------------------------------------------------------------------------------


def test_a_template_is_published_in_versions(checker: User):
    first = template(checker, "thanks", "question")
    assert (first.number, first.kinds) == (1, ["question", "thanks"])
    assert template(checker, "question", "thanks") == first, "nothing new"
    second = template(checker, "question", "thanks", body_en="Over.", after=1)
    assert (second.number, reply_in_use("when_over")) == (2, second)
    assert [one.data["number"] for one in Event.objects.filter(kind="reply_published").order_by("pk")] == [1, 2]
    with pytest.raises(TemplateMovedOn):
        template(checker, title_en="x", after=1)
    with pytest.raises(UnknownTemplate):
        reply_in_use("other")


def test_a_published_version_is_never_changed(checker: User):
    template(checker)
    for change in ("UPDATE claims_replyversion SET body_en = 'x'", "DELETE FROM claims_replyversion"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
        with owner_connection() as owner, pytest.raises(Exception, match="append_only"):
            owner.execute(change)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"body_ko": " "}, Required), ({"body_en": ""}, Required), ({"title_ko": ""}, Required), ({"title_en": ""}, Required),
        ({"body_ko": "{name}님"}, PlaceholderUnknown), ({"title_en": "{reference.pk}"}, PlaceholderUnknown),
        ({"body_en": "{reference!r}"}, PlaceholderUnknown), ({"body_en": "{reference:>9}"}, PlaceholderUnknown),
        ({"body_en": "{}"}, PlaceholderUnknown), ({"body_en": "{reference"}, InvalidCharacter),
        ({"title_en": "two\nlines"}, InvalidCharacter), ({"kinds": []}, Required), ({"kinds": ["unsorted"]}, SortUnknown),
        ({"code": "When Over"}, TemplateCodeInvalid),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(checker: User, wrong: dict[str, Any], refusal: type[Exception]):
    with pytest.raises(refusal):
        template(checker, **wrong) if "kinds" not in wrong else publish(checker, **wrong)
    assert not ReplyVersion.objects.exists()


def publish(by: User, **more: Any) -> ReplyVersion:
    return publish_reply_template(**{"code": "x", "published_by": by, "now": NOW, **TEXTS, **more})


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"body_en": ""}, "both_languages"), ({"kinds": []}, "known_kinds"), ({"kinds": ["unsorted"]}, "known_kinds"),
        ({"number": 0}, "number_from_one"), ({"number": 1}, "given_once"),
    ],
)  # fmt: skip
def test_the_database_refuses_it_as_well(checker: User, wrong: dict[str, Any], constraint: str):
    by = {"template": template(checker).template, "number": 2, "kinds": ["thanks"], "published_by": checker}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReplyVersion.objects.create(**{**by, **TEXTS, "published_at": NOW, **wrong})


def test_checkers_publish(db: None):
    with pytest.raises(RoleMissing):
        template(a_user("caseworker"))


# --- one claim -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("locale", "said"), [(None, "끝났습니다."), ("en", "is over.")])
def test_the_letter_is_kept_as_bytes_in_the_claimants_language(question: Claim, checker: User, locale: str | None, said: str):
    if locale:
        reader = a_user("claimant")
        reader.person, reader.locale = question.person, locale
        reader.save()
    letter = answer(question, template(checker), checker, note="as always")
    text = bytes(letter.content).decode()
    assert said in text
    assert question.reference in text
    assert "{" not in text.split("</style>")[1]
    event = Event.objects.get(claim=question, kind="claim_answered")
    assert event.data["letter"] == letter.pk
    assert (event.data["template"], event.data["number"], event.note.text) == ("when_over", 1, "as always")
    assert standing(question) == ("closed", "answered", [])


def test_another_language_may_be_given(question: Claim, checker: User):
    version = template(checker)
    with pytest.raises(UnknownLanguage):
        answer(question, version, checker, language="de")
    letter = answer(question, version, checker, language="en")
    assert (letter.language, b"is over." in bytes(letter.content)) == ("en", True)


def test_what_a_template_says_is_escaped(question: Claim, checker: User):
    letter = answer(question, template(checker, body_ko="<script>{reference}</script> {{}}"), checker)
    text = bytes(letter.content).decode()
    assert f"&lt;script&gt;{question.reference}&lt;/script&gt; {{}}" in text


def test_impact_without_money_is_answered_without_a_message(incident: Incident, checker: User):
    a_policy()
    claim = claim_of(a_person(), incident, told(BIKE))
    work_off()
    follow_up()
    assert standing(claim)[:2] == ("queued", "undecided")
    answer(claim, template(checker, "impact"), checker)
    assert standing(claim) == ("closed", "answered", [])


def test_a_claim_for_money_stays_undecided_when_its_message_is_answered(incident: Incident, checker: User):
    a_policy(automatic="{}")
    early = claim_of(a_person(), incident, told(), message="언제 주나요?")
    answer(early, template(checker), checker)
    assert standing(early) == ("queued", "undecided", ["not_decided"])
    work_off()
    follow_up()
    assert standing(early) == ("queued", "undecided", ["not_automatic:half_hours_of_messages"])
    says(early)
    answer(early, template(checker), checker)
    assert standing(early) == ("queued", "undecided", ["not_automatic:half_hours_of_messages"])


def test_an_open_appeal_stays_open(incident: Incident, checker: User):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    about: dict[str, Any] = {"claim_id": claim.pk, "decision_id": claim.decisions.get().pk, "opened_by": checker, "note": "x"}
    open_appeal(**about, kind="appeal", channel="phone", points=[ToldPoint("line", position=0)], now=NOW)
    says(claim)
    answer(claim, template(checker), a_user("caseworker"))
    assert standing(claim) == ("queued", "approved", ["appealed"])


def test_what_was_answered_and_opened_again_is_answered_again(question: Claim, checker: User):
    version = template(checker)
    answer(question, version, checker)
    reopen_claim(claim_id=question.pk, reopened_by=checker, note="x", now=NOW)
    answer(question, version, checker)
    assert standing(question) == ("closed", "answered", [])
    assert question.letters.count() == 2


def test_a_claim_is_answered_by_a_letter_or_not_at_all(question: Claim):
    status = ClaimStatus.objects.get(pk=question.pk)
    Event.objects.create(at=NOW, kind="x", claim=question, move=status.moves + 1)
    with pytest.raises(IntegrityError, match="answered by no letter"), transaction.atomic():
        ClaimStatus.objects.filter(pk=question.pk).update(decision="answered", moves=status.moves + 1)


def test_a_letter_tells_a_decision_or_replies(question: Claim):
    about = {"claim": question, "language": "ko", "content": b"x", "content_hash": "0" * 64, "made_at": NOW}
    with pytest.raises(IntegrityError, match="letter_tells_a_decision_or_replies"), transaction.atomic():
        Letter.objects.create(**about)


def refused(claim: Claim, version: ReplyVersion, by: User, refusal: type[Exception]) -> None:
    before = standing(claim)
    with pytest.raises(refusal):
        answer(claim, version, by)
    assert (standing(claim), Letter.objects.count()) == (before, 0)


def test_what_no_template_answers(question: Claim, incident: Incident, checker: User):
    version = template(checker, "question", "thanks")
    refused(question, version, a_user("finance"), RoleMissing)
    refused(question, template(checker, "thanks", code="thanks"), checker, KindNotAnswered)
    unclear = wrote(incident, "카카오")
    sort()
    refused(unclear, version, checker, KindNotAnswered)
    take_claim(claim_id=question.pk, taken_by=a_user("caseworker"), now=NOW)
    refused(question, version, checker, ReviewedByAnother)
    hold_claim(claim_id=question.pk, held_by=checker, note="x", now=NOW)
    refused(question, version, checker, TransitionNotAllowed)
    template(checker, "question", "thanks", body_en="Over.")
    refused(unclear, version, checker, TemplateMovedOn)


@pytest.mark.parametrize("own", ["person", "address"])
def test_nobody_answers_himself(question: Claim, checker: User, own: str):
    if own == "person":
        checker.person = question.person
        checker.save()
    else:
        PersonalData.objects.filter(person=question.person).update(email=checker.get_username().upper())
    refused(question, template(checker), checker, OwnClaim)


def test_money_is_decided_and_not_answered_away(incident: Incident, checker: User):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    sort_claim(claim_id=claim.pk, kind="thanks", sorted_by=checker, note="wrongly", now=NOW)
    work_off()
    follow_up()
    version = template(checker)
    refused(claim, version, checker, MoneyAtStake)
    ReassessmentDue.objects.create(claim=claim, incident=incident, cause="record", created_at=NOW)
    refused(claim, version, checker, AssessmentOutdated)
    sort_claim(claim_id=claim.pk, kind="claim", sorted_by=checker, note="no", now=NOW)
    refused(claim, version, checker, NothingToAnswer)


# --- many ----------------------------------------------------------------------------------------------


def items(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("claim_id").values_list("state", "code"))


def work(run: BulkRun, most: int = 2) -> None:
    while work_next_items(run_id=run.pk, now=NOW, most=most):
        pass


@pytest.fixture
def questions(incident: Incident) -> list[Claim]:
    made = [wrote(incident) for _ in range(5)]
    made.append(wrote(incident, "고맙습니다"))
    sort()
    return made


def test_many_are_answered_after_a_preview(questions: list[Claim], checker: User):
    worker, version = a_user("caseworker"), template(checker, "question")
    taken = questions[0]
    take_claim(claim_id=taken.pk, taken_by=checker, now=NOW)
    run = draft_bulk_answer(version_id=version.pk, claim_ids=[one.pk for one in questions], made_by=worker, now=NOW)
    assert items(run) == [("refused", "reviewed_by_another"), *[("todo", "")] * 4, ("refused", "kind_not_answered")]
    assert Letter.objects.count() == 0
    begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    says(questions[1], "하나 더: 언제 되나요?")  # which nobody has read
    hold_claim(claim_id=questions[2].pk, held_by=checker, note="x", now=NOW)
    work(run)
    assert items(run)[1:5] == [("refused", "version_mismatch"), ("refused", "transition_not_allowed"), *[("done", "")] * 2]
    assert sorted(Letter.objects.values_list("claim", flat=True)) == [one.pk for one in questions[3:5]]
    assert [standing(one) for one in questions[3:5]] == [("closed", "answered", [])] * 2
    events = Event.objects.filter(kind="claim_answered")
    assert {(one.actor, one.data["bulk_run"], one.data["template"]) for one in events} == {(worker, run.pk, "when_over")}
    run.refresh_from_db()
    assert run.state == "done"


def test_what_is_in_no_list_is_answered_by_who_has_read_it(incident: Incident, checker: User):
    """Also where it came after the preview. Of a claim that is for money an answer is not the end, and may be sent."""
    bookshop, version = replace(told("unlisted"), words="동네 서점"), template(checker)
    before, later, money = (claim_of(a_person(), incident, one) for one in (bookshop, told(), bookshop))
    says(money)
    work_off()
    follow_up()
    assert set(ClaimStatus.objects.values_list("kind", flat=True)) == {"impact"}, "no rule speaks of what they lost"
    sort_claim(claim_id=money.pk, kind="claim", sorted_by=checker, note="x", now=NOW)
    run = draft_bulk_answer(version_id=version.pk, claim_ids=[before.pk, later.pk, money.pk], made_by=checker, now=NOW)
    assert items(run) == [("refused", "in_no_list"), ("todo", ""), ("todo", "")]
    begin_bulk(run_id=run.pk, begun_by=checker, now=NOW)
    claim_of(later.person, incident, bookshop)
    work_off()
    work(run)
    assert items(run) == [("refused", "in_no_list")] * 2 + [("done", "")]
    assert standing(money)[0] == "queued"
    answer(before, version, checker)
    assert standing(before) == ("closed", "answered", [])


def test_what_no_bulk_answer_is(questions: list[Claim], checker: User):
    version = template(checker)
    with pytest.raises(OutOfRange):
        draft_bulk_answer(version_id=version.pk, claim_ids=[], made_by=checker, now=NOW)
    with pytest.raises(RoleMissing):
        draft_bulk_answer(version_id=version.pk, claim_ids=[1], made_by=a_user("finance"), now=NOW)
    with pytest.raises(UnknownTemplate):
        draft_bulk_answer(version_id=0, claim_ids=[1], made_by=checker, now=NOW)
    for wrong in ({"what": "answer"}, {"what": "approve", "reply": version}):
        with pytest.raises(IntegrityError, match="bulk_answer_has_a_template"), transaction.atomic():
            BulkRun.objects.create(made_by=checker, made_at=NOW, total=1, **wrong)
