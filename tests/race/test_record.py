"""Two people, or two polls, at one record. Each test was seen to fail without the lock it is about."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from accounts.operations import create_staff
from services.models import FeedDocument, Notice, ProposalAnswer, RecordChange, RecordDraft, RecordVersion, WindowProposal
from services.operations import (
    FIXTURES,
    ProposalAnswered,
    RecordDraftChanged,
    RecordDraftClosed,
    import_feed,
    know_until,
    open_record_draft,
    publish_record_draft,
    register_feed,
    reject_proposals,
)
from services.refusals import Refusal
from tests.builders import NOW, OUTAGE, at, outage
from tests.race.together import in_transaction, together

pytestmark = pytest.mark.django_db(transaction=True)


def staff(name: str, role: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=[role], now=NOW)


@pytest.fixture
def writer(transactional_db: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def draft(writer: User) -> RecordDraft:
    return open_record_draft(incident=outage().key, title="x", opened_by=writer, now=NOW)


def answered(call: Any, **arguments: Any) -> Any:
    """The call in its own transaction; a refusal is an answer."""
    run = in_transaction(call, **arguments, now=NOW)

    def caught() -> Any:
        try:
            return run()
        except Refusal as refusal:
            return type(refusal)

    return caught


def test_of_two_who_change_one_draft_the_second_is_told(draft: RecordDraft, writer: User):
    about = {"draft_id": draft.pk, "read": 0, "reason": "x"}
    answers = together(
        answered(know_until, **about, as_of=at("17 00:00"), written_by=writer),
        answered(know_until, **about, as_of=at("18 00:00"), written_by=staff("other", "caseworker")),
    )
    assert answers.count(RecordDraftChanged) == 1
    assert RecordChange.objects.count() == 1


def test_of_two_who_publish_one_draft_one_does(draft: RecordDraft, writer: User):
    in_transaction(
        know_until, draft_id=draft.pk, read=0, as_of=at("17 00:00"), reason="x", written_by=writer, now=NOW
    )()  # fmt: skip
    about = {"draft_id": draft.pk, "read": 1, "after": 1}
    answers = together(
        *(answered(publish_record_draft, **about, published_by=staff(name, "checker")) for name in ("one", "two"))
    )
    assert answers.count(RecordDraftClosed) == 1
    assert RecordVersion.objects.filter(draft=draft).count() == 1


@pytest.fixture
def feed(writer: User) -> dict[str, Any]:
    outage()
    register_feed(code="notices", name="notices", kind="observations", source="press", registered_by=writer, now=NOW)
    stem = FIXTURES / "observations" / f"{OUTAGE}-1"
    body, table = (path.read_bytes() for path in (stem.with_suffix(".json"), stem.with_name(f"{stem.name}-table.json")))
    return {"feed": "notices", "body": body, "table": table}


def test_a_feed_that_is_imported_twice_at_once_is_kept_once(feed: dict[str, Any]):
    results = together(answered(import_feed, **feed), answered(import_feed, **feed))
    assert sorted(len(imported.proposed) for imported in results) == [0, 42]
    assert (FeedDocument.objects.count(), WindowProposal.objects.count()) == (1, 42)
    assert Notice.objects.count() == 12


def test_of_two_who_answer_one_proposal_the_second_is_told(feed: dict[str, Any], writer: User):
    in_transaction(import_feed, **feed, now=NOW)()
    proposal = WindowProposal.objects.order_by("pk")[0]
    about = {"proposal_ids": [proposal.pk], "reason": "no"}
    answers = together(
        answered(reject_proposals, **about, answered_by=writer),
        answered(reject_proposals, **about, answered_by=staff("other", "caseworker")),
    )
    assert answers.count(ProposalAnswered) == 1
    assert ProposalAnswer.objects.count() == 1
