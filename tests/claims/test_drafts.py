"""A policy is written by one person and published by another."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.operations import create_staff
from claims.models import DraftRevision, Event, PolicyDraft, PolicyVersion
from claims.operations import (
    DraftChanged,
    DraftClosed,
    ExamplesDiffer,
    NothingNew,
    OwnDraft,
    PackRefused,
    ReferenceUnknown,
    Required,
    ValueTooLong,
    VersionMovedOn,
    discard_draft,
    open_draft,
    publish_draft,
    publish_policy,
    revise_draft,
)
from claims.queries import compare, review_pack
from services.models import DraftState
from services.refusals import Refusal
from services.staff import RoleMissing
from tests.builders import NOW, pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(db: None) -> User:
    return create_staff(email="writer@example.com", password="a long password 1", roles=["caseworker"], now=NOW)


@pytest.fixture
def checker(db: None) -> User:
    return create_staff(email="checker@example.com", password="a long password 2", roles=["checker"], now=NOW)


@pytest.fixture
def draft(writer: User) -> PolicyDraft:
    return opened(writer)


def opened(writer: User, text: str | None = None) -> PolicyDraft:
    return open_draft(title="half hours", pack_yaml=pack() if text is None else text, opened_by=writer, now=NOW)


def revised(draft: PolicyDraft, writer: User, text: str, read: int = 1) -> DraftRevision:
    return revise_draft(draft_id=draft.pk, pack_yaml=text, read=read, written_by=writer, now=NOW)


def published(draft: PolicyDraft, by: User, read: int = 1, after: int = 0) -> PolicyVersion:
    return publish_draft(draft_id=draft.pk, read=read, after=after, published_by=by, now=NOW)


def test_a_second_person_publishes_what_the_first_wrote(draft: PolicyDraft, writer: User, checker: User):
    newest = revised(draft, writer, pack(won=300))
    version = published(draft, checker, read=2)
    assert (version.number, version.published_by, version.revision, version.pack_yaml) == (1, checker, newest, pack(won=300))
    draft.refresh_from_db()
    assert (draft.state, draft.closed_at) == (DraftState.PUBLISHED, NOW)
    kinds = list(Event.objects.order_by("id").values_list("kind", "actor__email"))
    assert kinds == [
        ("policy_draft_opened", writer.email), ("policy_draft_revised", writer.email), ("policy_published", checker.email),
    ]  # fmt: skip


def test_nobody_publishes_what_they_wrote_at(draft: PolicyDraft, writer: User, checker: User):
    revised(draft, checker, pack(won=300))
    revised(draft, writer, pack(won=400), read=2)
    with pytest.raises(OwnDraft):
        published(draft, checker, read=3)
    assert not PolicyVersion.objects.exists()


def test_the_database_refuses_it_too(draft: PolicyDraft, writer: User, checker: User, monkeypatch: pytest.MonkeyPatch):
    """Also for somebody who wrote an earlier revision and not the published one."""
    revised(draft, checker, pack(won=300))
    last = revised(draft, writer, pack(won=400), read=2)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        publish_policy(pack_yaml=last.pack_yaml, now=NOW, published_by=checker, revision=last)
    with pytest.raises(IntegrityError, match="a_person_publishes_a_draft"), transaction.atomic():
        publish_policy(pack_yaml=last.pack_yaml, now=NOW, published_by=checker)


@pytest.mark.parametrize("state", ["published", "discarded"])
def test_a_closed_draft_stays_closed(draft: PolicyDraft, writer: User, checker: User, state: str):
    if state == "published":
        published(draft, checker)
    else:
        discard_draft(draft_id=draft.pk, read=1, discarded_by=writer, now=NOW)
    for again in (lambda: revised(draft, writer, pack(won=1)), lambda: published(draft, checker),
                  lambda: discard_draft(draft_id=draft.pk, read=1, discarded_by=writer, now=NOW)):  # fmt: skip
        with pytest.raises(DraftClosed):
            again()
    with pytest.raises(IntegrityError, match="closed_for_ever"), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_policydraft SET state = 'open', closed_at = NULL WHERE id = %s", [draft.pk])


def test_revisions_are_added_never_changed(draft: PolicyDraft):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        DraftRevision.objects.update(pack_yaml="x")


def test_who_read_an_older_revision_is_told(draft: PolicyDraft, writer: User, checker: User):
    revised(draft, writer, pack(won=300))
    with pytest.raises(DraftChanged):
        revised(draft, writer, pack(won=400), read=1)
    with pytest.raises(DraftChanged):
        published(draft, checker, read=1)
    assert draft.revisions.count() == 2


def test_the_same_text_again_is_no_new_revision(draft: PolicyDraft, writer: User):
    assert revised(draft, writer, pack()).number == 1
    assert draft.revisions.count() == 1


def test_a_version_that_came_between_is_compared_with_first(draft: PolicyDraft, checker: User):
    publish_policy(pack_yaml=pack(won=300), now=NOW)
    with pytest.raises(VersionMovedOn):
        published(draft, checker, after=0)
    assert published(draft, checker, after=1).number == 2


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (pack().replace("zone: Asia/Seoul", "zone: Asia/Pangyo"), PackRefused),
        (pack().replace("expect: {half_hours: 500}", "expect: {half_hours: 501}"), ExamplesDiffer),
    ],
)
def test_what_is_not_green_is_written_and_not_published(writer: User, checker: User, text: str, refusal: type[Refusal]):
    draft = opened(writer, text)
    with pytest.raises(refusal):
        published(draft, checker)
    draft.refresh_from_db()
    assert draft.state == DraftState.OPEN
    assert not PolicyVersion.objects.exists()


def test_what_is_published_already_is_nothing_new(writer: User, checker: User):
    publish_policy(pack_yaml=pack(), now=NOW)
    with pytest.raises(NothingNew):
        published(opened(writer, "# in other words\n" + pack()), checker, after=1)


def test_roles(draft: PolicyDraft, writer: User, checker: User):
    auditor = create_staff(email="auditor@example.com", password="a long password 3", roles=["auditor", "finance"], now=NOW)
    other = create_staff(email="other@example.com", password="a long password 4", roles=["caseworker"], now=NOW)
    for refused in (lambda: opened(auditor), lambda: revised(draft, auditor, "x"), lambda: published(draft, auditor),
                    lambda: published(draft, other),
                    lambda: discard_draft(draft_id=draft.pk, read=1, discarded_by=auditor, now=NOW)):  # fmt: skip
        with pytest.raises(RoleMissing):
            refused()
    checker.is_active = False
    with pytest.raises(RoleMissing):
        published(draft, checker)


def test_bad_input_stores_nothing(writer: User):
    for title, text, refusal in (("", pack(), Required), ("x" * 201, pack(), ValueTooLong), ("x", " \n", Required),
                                 ("x", "x" * 200_001, ValueTooLong)):  # fmt: skip
        with pytest.raises(refusal):
            open_draft(title=title, pack_yaml=text, opened_by=writer, now=NOW)
    with pytest.raises(ReferenceUnknown):
        revise_draft(draft_id=99, pack_yaml="x", read=1, written_by=writer, now=NOW)
    assert not PolicyDraft.objects.exists()


# --- what a draft would be -------------------------------------------------------------------------


def test_a_review_lists_problems_with_lines():
    review = review_pack(pack().replace("zone: Asia/Seoul", "zone: Asia/Pangyo"))
    (problem,) = review.problems
    assert problem.line is not None
    assert (problem.code, problem.where, review.green) == ("pack_reference", "zone", False)


def test_a_review_runs_every_example_and_compares():
    publish_policy(pack_yaml=pack(), now=NOW)
    review = review_pack(pack().replace("expect: {half_hours: 500}", "expect: {half_hours: 501}"))
    assert review.failing == 1
    assert not review.green
    assert review.newest is not None
    assert [(line.sign, line.text.strip()) for line in review.diff if line.sign != " "] == [
        ("-", "expect: {half_hours: 500}"), ("+", "expect: {half_hours: 501}"),
    ]  # fmt: skip
    assert review_pack("# only words\n" + pack()).says_the_same


def test_compare_numbers_the_lines_of_both_texts():
    lines = [(one.sign, one.old_number, one.new_number, one.text) for one in compare("a\nb\nc", "a\nx\nc")]
    assert lines == [(" ", 1, 1, "a"), ("-", 2, None, "b"), ("+", None, 2, "x"), (" ", 3, 3, "c")]
    assert compare("a", "a") == ()


# --- pages -----------------------------------------------------------------------------------------


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_from_an_empty_pack_to_a_published_version(writer: User, checker: User):
    page = page_of(writer)
    answer = page.post(reverse("admin:claims_policydraft_add"), {"title": "a new scheme"}, follow=True)
    draft = PolicyDraft.objects.get()
    assert "name_of_the_scheme" in answer.content.decode()
    address = reverse("admin:claims_policydraft_change", args=[draft.pk])
    broken = page.post(address, {"read": 1, "pack_yaml": "pack: 1\nzone: nowhere", "save": ""}, follow=True).content.decode()
    assert "data-line" in broken
    assert draft.revisions.count() == 2
    saved = page.post(address, {"read": 2, "pack_yaml": pack(won=300).replace("\n", "\r\n"), "save": ""}, follow=True)
    assert "draft-good" in saved.content.decode()
    assert 'name="publish"' not in saved.content.decode()
    assert draft.revisions.order_by("-number")[0].pack_yaml == pack(won=300)
    other = page_of(checker)
    assert 'name="publish"' in other.get(address).content.decode()
    done = other.post(address, {"read": 3, "after": 0, "publish": "", "pack_yaml": pack(won=300)}, follow=True)
    assert PolicyVersion.objects.get().published_by == checker
    assert "readonly" in done.content.decode()


def test_the_page_keeps_what_was_typed_when_somebody_else_wrote_meanwhile(writer: User, draft: PolicyDraft):
    revised(draft, writer, pack(won=300))
    address = reverse("admin:claims_policydraft_change", args=[draft.pk])
    answer = page_of(writer).post(address, {"read": 1, "pack_yaml": "# mine", "save": ""}).content.decode()
    assert "draft_changed" in answer
    assert "# mine" in answer


def test_a_check_stores_nothing(writer: User, draft: PolicyDraft):
    text = pack().replace("expect: {half_hours: 500}", "expect: {half_hours: 501}")
    answer = page_of(writer).post(reverse("admin:claims_policydraft_check"), {"pack_yaml": text, "draft": draft.pk})
    assert "gives 500, expected 501" in answer.content.decode()
    assert draft.revisions.count() == 1
    assert page_of(writer).get(reverse("admin:claims_policydraft_check")).status_code == 405


def test_a_text_is_shown_as_text(writer: User):
    hostile = opened(writer, "</textarea><script>alert(1)</script>")
    answer = page_of(writer).get(reverse("admin:claims_policydraft_change", args=[hostile.pk])).content.decode()
    assert "<script>alert" not in answer


@pytest.mark.parametrize("name", ["claims_policydraft_add", "claims_policydraft_check"])
def test_only_staff_see_the_pages(name: str, client: Client):
    assert client.post(reverse(f"admin:{name}")).status_code == 302


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_list_and_a_version_in_both_languages(writer: User, checker: User, draft: PolicyDraft, language: str):
    version = published(draft, checker)
    page = page_of(writer)
    page.cookies["django_language"] = language
    listed = page.get(reverse("admin:claims_policydraft_changelist")).content.decode()
    assert draft.title in listed
    assert writer.get_username() in listed
    assert "half_hours" in page.get(reverse("admin:claims_policyversion_change", args=[version.pk])).content.decode()


def test_the_list_costs_the_same_however_many_drafts_there_are(
    writer: User, draft: PolicyDraft, django_assert_num_queries: Any
):
    page, address = page_of(writer), reverse("admin:claims_policydraft_changelist")
    page.get(address)
    with CaptureQueriesContext(connection) as one:
        page.get(address)
    for text in ("another", "a third"):
        opened(writer, text)
    with django_assert_num_queries(len(one)):
        assert page.get(address).context["cl"].result_count == 3
