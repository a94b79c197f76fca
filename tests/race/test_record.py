"""Two people, or two polls, at one record."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from accounts.operations import create_staff
from services.models import FeedDocument, Notice, ProposalAnswer, RecordChange, RecordDraft, RecordVersion, WindowProposal
from services.operations import (
    FIXTURES,
    FeedRegistered,
    NoticeDiffers,
    NoticeSaid,
    ObservationDiffers,
    ObservationSaid,
    ProposalAnswered,
    RecordDraftChanged,
    RecordDraftClosed,
    RecordMovedOn,
    WindowSaid,
    confirm_proposals,
    discard_record_draft,
    drafts,
    feeds,
    import_feed,
    know_until,
    map_component,
    open_record_draft,
    publish_record_draft,
    publish_record_version,
    record_extent,
    record_notice,
    record_observations,
    record_windows,
    register_feed,
    reject_proposals,
)
from services.proposals import open_proposals
from services.refusals import Refusal
from tests.builders import MESSAGES, NOW, OUTAGE, at, outage
from tests.race.together import Step, in_transaction, one_before_the_other, together
from tests.services.feed_cast import a_feed, page_until

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
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
    answers = one_before_the_other(
        answered(know_until, **about, as_of=at("17 00:00"), written_by=writer),
        answered(know_until, **about, as_of=at("18 00:00"), written_by=staff("other", "caseworker")),
    )
    assert answers[1] == RecordDraftChanged
    assert RecordChange.objects.count() == 1


def test_of_two_who_publish_one_draft_one_does(draft: RecordDraft, writer: User):
    in_transaction(
        know_until, draft_id=draft.pk, read=0, as_of=at("17 00:00"), reason="x", written_by=writer, now=NOW
    )()  # fmt: skip
    about = {"draft_id": draft.pk, "read": 1, "after": 1}
    answers = one_before_the_other(
        *(answered(publish_record_draft, **about, published_by=staff(name, "checker")) for name in ("one", "two"))
    )
    assert answers[1] == RecordDraftClosed
    assert RecordVersion.objects.filter(draft=draft).count() == 1


def test_of_two_drafts_that_are_published_at_once_the_second_is_told(
    draft: RecordDraft, writer: User, monkeypatch: pytest.MonkeyPatch
):
    """Else the later version would silently take back what the other one said."""
    other = open_record_draft(incident=OUTAGE, title="y", opened_by=writer, now=NOW)
    for one, day in ((draft, "17"), (other, "18")):
        about: dict[str, Any] = {"draft_id": one.pk, "read": 0, "reason": "x", "written_by": writer}
        in_transaction(know_until, **about, as_of=at(f"{day} 00:00"), now=NOW)()
    real = publish_record_version

    def slowly_published(**arguments: Any) -> RecordVersion:
        time.sleep(0.2)  # the other one has looked meanwhile, if nothing keeps it from looking
        return real(**arguments)

    monkeypatch.setattr(drafts, "publish_record_version", slowly_published)
    answers = together(
        *(
            answered(publish_record_draft, draft_id=one.pk, read=1, after=1, published_by=staff(f"of{one.pk}", "checker"))
            for one in (draft, other)
        )
    )
    assert answers.count(RecordMovedOn) == 1
    assert RecordVersion.objects.count() == 2


@pytest.fixture
def feed(writer: User) -> dict[str, Any]:
    outage()
    register_feed(code="notices", name="notices", kind="observations", source="press", registered_by=writer, now=NOW)
    stem = FIXTURES / "observations" / f"{OUTAGE}-1"
    body, table = (path.read_bytes() for path in (stem.with_suffix(".json"), stem.with_name(f"{stem.name}-table.json")))
    return {"feed": "notices", "body": body, "table": table}


def test_a_feed_that_is_imported_twice_at_once_is_kept_once(feed: dict[str, Any]):
    results = one_before_the_other(import_feed, import_feed, **feed, now=NOW)
    assert [len(imported.proposed) for imported in results] == [42, 0]
    assert (FeedDocument.objects.count(), WindowProposal.objects.count()) == (1, 42)
    assert Notice.objects.count() == 12


def test_two_who_say_the_same_at_once_say_it_once(draft: RecordDraft):
    window = WindowSaid(
        service=MESSAGES, notice="operator-final", severity="full", start_at=at("17 01:00"), end_at=at("17 02:00")
    )
    extent: dict[str, Any] = {"incident": OUTAGE, "source": "press", "start_at": at("15 15:00"), "end_at": at("17 02:00")}
    notice = NoticeSaid(key="again", incident=OUTAGE, source="press", channel="site", published_at=at("17 03:00"), text="되다")
    for call in (
        lambda: record_windows([window], incident=OUTAGE),
        lambda: record_extent(**extent),
        lambda: record_notice(notice, now=NOW),
        lambda: record_observations([ObservationSaid(notice="operator-final", service=MESSAGES, state="down", note="x")]),
    ):
        first, second = together(*[slowly(call)] * 2)
        assert first == second


def test_of_two_who_say_otherwise_at_once_one_is_told(draft: RecordDraft):
    def noticed(text: str) -> Any:
        return NoticeSaid(key="k", incident=OUTAGE, source="press", channel="site", published_at=at("17 03:00"), text=text)

    def observed(note: str) -> Any:
        return [ObservationSaid(notice="operator-final", service=MESSAGES, state="down", note=note)]

    for refusal, calls in (
        (NoticeDiffers, [lambda text=text: record_notice(noticed(text), now=NOW) for text in ("가", "나")]),
        (ObservationDiffers, [lambda note=note: record_observations(observed(note)) for note in ("a", "b")]),
    ):
        assert together(*map(slowly, calls)).count(refusal) == 1
    registered = {"code": "page", "name": "x", "kind": "statuspage", "source": "press", "registered_by": draft.opened_by}
    assert together(*[answered(register_feed, **registered)] * 2).count(FeedRegistered) == 1


def slowly(call: Any) -> Any:
    """The call in a transaction that stays open for a moment, so that the other one meets it."""

    def run() -> Any:
        try:
            with transaction.atomic():
                said = call()
                time.sleep(0.1)
                return said
        except Refusal as refusal:
            return type(refusal)

    return run


def test_of_two_who_answer_one_proposal_the_second_is_told(feed: dict[str, Any], writer: User):
    in_transaction(import_feed, **feed, now=NOW)()
    proposal = WindowProposal.objects.order_by("pk")[0]
    about = {"proposal_ids": [proposal.pk], "reason": "no"}
    answers = one_before_the_other(
        answered(reject_proposals, **about, answered_by=writer),
        answered(reject_proposals, **about, answered_by=staff("other", "caseworker")),
    )
    assert answers[1] == ProposalAnswered
    assert ProposalAnswer.objects.count() == 1


def test_a_draft_is_discarded_while_its_feed_is_imported(writer: User, monkeypatch: pytest.MonkeyPatch):
    """What it confirmed waits again once: as the feed says it now, and not as it said it before as well."""
    outage()
    a_feed(writer)
    map_component(feed="page", component="api", service=MESSAGES, mapped_by=writer, now=NOW)
    page = {"feed": "page", "incident": OUTAGE}
    in_transaction(import_feed, **page, body=page_until("11:00"), now=NOW)()
    draft = open_record_draft(incident=OUTAGE, title="x", opened_by=writer, now=NOW)
    ids = [open_proposals().get().pk]
    about = {"proposal_ids": ids, "draft_id": draft.pk, "read": 0, "reason": "x", "answered_by": writer}
    in_transaction(confirm_proposals, **about, now=NOW)()
    looked, real = Step(), feeds._store_proposals

    def slowly_stored(*arguments: Any) -> None:
        looked.reach()
        time.sleep(0.3)
        real(*arguments)

    def discard() -> Any:
        looked.wait()
        return answered(discard_record_draft, draft_id=draft.pk, read=1, discarded_by=writer)().state

    monkeypatch.setattr(feeds, "_store_proposals", slowly_stored)
    _, state = together(answered(import_feed, **page, body=page_until("12:00")), discard)
    assert state == "discarded"
    assert [proposal.replaces_id for proposal in open_proposals()] == ids
