"""What becomes of a feed's proposals in drafts of the record: each window is listed once, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from services.clocks import duties_by_incident
from services.contents import content_of_draft
from services.duties import Duty
from services.feeds.rows import COLUMNS
from services.models import Feed, FeedItem, Incident, Notice, RecordDraft, WindowProposal
from services.operations import (
    AnsweredInAnotherDraft,
    CorrectionNeeded,
    ItemAnswered,
    OwnRecordDraft,
    ReasonRequired,
    RecordMovedOn,
    WindowSaid,
    attach_item,
    confirm_proposals,
    correct_proposal,
    discard_record_draft,
    import_feed,
    know_until,
    list_windows,
    listed_before,
    map_component,
    open_incident,
    open_record_draft,
    publish_record_draft,
    reject_proposals,
    unlist,
)
from services.proposals import open_proposals
from services.refusals import InvalidValue
from services.said import said_by
from tests.builders import MESSAGES, NOW, at
from tests.services.feed_cast import DOWN, UP, a_feed, page_until, staff
from tests.services.feeds.pages import affects, body, maintenance, update, written
from tests.services.feeds.pages import at as page_at
from tests.services.feeds.pages import incident as page_incident

pytestmark = pytest.mark.django_db

KEY = "of-march"
STILL_DOWN = affects("api", "major_outage", "major_outage")


@pytest.fixture
def writer(tree: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def checker(tree: None) -> User:
    return staff("checker", "checker")


@pytest.fixture
def incident(writer: User) -> Incident:
    return open_incident(key=KEY, title_ko="장애", title_en="Outage", started_at=at("15 15:30"), opened_by=writer)


@pytest.fixture
def feed(writer: User, incident: Incident) -> Feed:
    feed = a_feed(writer)
    map_component(feed="page", component="api", service=MESSAGES, mapped_by=writer, now=NOW)
    return feed


def imported(document: bytes) -> WindowProposal:
    """The one proposal that waits then."""
    import_feed(feed="page", body=document, incident=KEY, now=NOW)
    return open_proposals().get()


def a_draft(writer: User, title: str = "first") -> RecordDraft:
    return open_record_draft(incident=KEY, title=title, opened_by=writer, now=NOW)


def read(draft: RecordDraft) -> int:
    return draft.changes.count()


def confirm(proposal: WindowProposal, draft: RecordDraft, writer: User) -> None:
    confirm_proposals(proposal_ids=[proposal.pk], draft_id=draft.pk, read=read(draft), reason="so", answered_by=writer, now=NOW)


def correct(proposal: WindowProposal, draft: RecordDraft, writer: User, instead_of: int | None, **more: Any) -> None:
    given: dict[str, Any] = {"service": MESSAGES, "notice": proposal.notice.key, "severity": "partial"}
    given |= {"start_at": proposal.start_at, "end_at": proposal.end_at, **more}
    correct_proposal(
        proposal_id=proposal.pk, draft_id=draft.pk, read=read(draft), said=WindowSaid(**given), instead_of=instead_of,
        reason="not wholly", answered_by=writer, now=NOW,
    )  # fmt: skip


def publish(draft: RecordDraft, writer: User, checker: User, after: int = 0) -> None:
    by: dict[str, Any] = {"draft_id": draft.pk, "now": NOW}
    if draft.base is None:
        know_until(read=read(draft), as_of=NOW, reason="today", written_by=writer, **by)
    publish_record_draft(read=read(draft), after=after, published_by=checker, **by)


def listed(draft: RecordDraft) -> list[tuple[str, str]]:
    return [(w.severity, w.end_at.strftime("%H:%M") if w.end_at else "") for w in content_of_draft(draft).windows.values()]


def test_what_a_feed_changes_while_another_draft_is_open_is_answered_there(feed: Feed, writer: User):
    first, second = a_draft(writer), a_draft(writer, "second")
    confirm(imported(page_until()), first, writer)
    newer = imported(page_until("12:30"))
    with pytest.raises(AnsweredInAnotherDraft, match="first"):
        confirm(newer, second, writer)
    with pytest.raises(AnsweredInAnotherDraft, match="first"):
        correct(newer, second, writer, None)
    confirm(newer, first, writer)
    assert listed(first) == [("full", "12:30")]


def test_what_was_published_meanwhile_is_first_taken_up(feed: Feed, writer: User, checker: User):
    second = a_draft(writer, "second")
    first = a_draft(writer)
    confirm(imported(page_until()), first, writer)
    publish(first, writer, checker)
    newer = imported(page_until("12:30"))
    with pytest.raises(RecordMovedOn, match="version 1"):
        confirm(newer, second, writer)


def test_a_draft_that_was_discarded_stands_in_nobodys_way(feed: Feed, writer: User):
    first = a_draft(writer)
    confirm(imported(page_until()), first, writer)
    discard_record_draft(draft_id=first.pk, read=read(first), discarded_by=writer, now=NOW)
    second = a_draft(writer, "second")
    confirm(imported(page_until("12:30")), second, writer)
    assert listed(second) == [("full", "12:30")]


def test_a_corrected_withdrawal_is_found_again_by_what_the_feed_says_next(feed: Feed, writer: User):
    draft = a_draft(writer)
    confirm(imported(page_until()), draft, writer)
    gone = imported(body(incidents=[page_without_windows()]))
    assert gone.withdrawn
    correct(gone, draft, writer, listed_before(gone, draft, content_of_draft(draft)))
    assert listed(draft) == [("partial", "11:00")]
    confirm(imported(page_until("12:30")), draft, writer)
    assert listed(draft) == [("full", "12:30")]


def page_without_windows() -> Any:
    """The same incident, of which nothing was ever degraded."""
    return page_incident(
        update("u1", "investigating", "10:00", affects("api", "operational")),
        update("u2", "resolved", "11:00", affects("api", "operational")),
    )


def test_whoever_corrects_says_in_place_of_what(feed: Feed, writer: User):
    draft = a_draft(writer)
    confirm(imported(page_until()), draft, writer)
    newer = imported(page_until("12:30"))
    correct(newer, draft, writer, None, start_at=at("17 01:00"), end_at=at("17 02:00"))
    assert listed(draft) == [("full", "11:00"), ("partial", "17:00")]


def test_what_is_taken_off_a_draft_again_waits_again(feed: Feed, writer: User):
    draft = a_draft(writer)
    confirm(imported(page_until()), draft, writer)
    (window,) = content_of_draft(draft).windows
    assert not open_proposals()
    unlist(draft_id=draft.pk, read=1, windows=[window, window], reason="not sure", written_by=writer, now=NOW)
    assert read(draft) == 2
    again = open_proposals().get()
    assert again.end_at is not None
    assert again.replaces is not None
    confirm(again, draft, writer)
    assert listed(draft) == [("full", "11:00")]


def test_what_a_published_version_lists_is_not_proposed_again_when_it_is_taken_off(feed: Feed, writer: User, checker: User):
    first = a_draft(writer)
    confirm(imported(page_until()), first, writer)
    publish(first, writer, checker)
    second = a_draft(writer, "second")
    unlist(draft_id=second.pk, read=0, windows=list(content_of_draft(second).windows), reason="no", written_by=writer, now=NOW)
    assert not open_proposals()


def test_an_item_brings_its_notices_to_its_incident(feed: Feed, incident: Incident, writer: User):
    """The operator told the public through its status page; that counts for the statutory clock once the item is attached."""
    own = a_feed(writer, code="own", source="operator")
    import_feed(feed="own", body=page_until(), now=NOW)
    item = FeedItem.objects.get(feed=own)
    assert {(notice.item, notice.incident) for notice in Notice.objects.filter(feed=own)} == {(item, None)}
    early = open_incident(key="early", title_ko="가", title_en="A", started_at=at("15 15:30"), opened_by=writer)
    before = duties_by_incident([early], now=NOW)[early.pk][0]
    at_last = attach_item(item_id=item.pk, incident="early", attached_by=writer, now=NOW)
    assert (at_last.attached_by, at_last.attached_at) == (writer, NOW)
    assert before.done_at is None
    told = duties_by_incident([early], now=NOW.replace(year=2025))[early.pk][0]
    assert told.done_at == Notice.objects.filter(item=item).earliest("published_at").published_at


def test_a_backdated_post_told_the_public_when_it_was_written(incident: Incident, writer: User):
    backdated = update("u1", "investigating", "10:00", DOWN, created_at=written("10:00", 20))
    told = told_by(writer, body(incidents=[page_incident(backdated, status="investigating")]))
    assert (told.state, told.done_at) == ("done_late", page_at("10:00", 20))
    assert Notice.objects.get().published_at == page_at("10:00")


def test_to_announce_maintenance_is_to_tell_of_no_outage(incident: Incident, writer: User):
    told = told_by(writer, body(scheduled_maintenances=[maintenance(update("u1", "scheduled", "10:00"), status="scheduled")]))
    assert Notice.objects.get().item is not None
    assert (told.state, told.done_at) == ("overdue", None)


def told_by(writer: User, document: bytes) -> Duty:
    """The duty to tell of an outage that began at 9:55, after the operator's own page has said this."""
    early = open_incident(key="early", title_ko="가", title_en="A", started_at=page_at("09:55"), opened_by=writer)
    a_feed(writer, code="own", source="operator")
    import_feed(feed="own", body=document, incident="early", now=NOW)
    return duties_by_incident([early], now=NOW.replace(year=2025))[early.pk][0]


def test_a_notice_is_known_again_whenever_it_is_said_to_be_written(feed: Feed):
    for day, fresh in ((0, 1), (20, 0)):
        post = update("u1", "investigating", "10:00", DOWN, created_at=written("10:00", day))
        read_now = import_feed(feed="page", body=body(incidents=[page_incident(post)]), incident=KEY, now=NOW)
        assert read_now.notices == fresh


@pytest.mark.parametrize("older", ["changed", "withdrawn"])
def test_what_an_older_file_says_is_asked_about_once(feed: Feed, writer: User, older: str):
    newest, before = (
        (page_until(), page_until(None))
        if older == "changed"
        else (body(incidents=[page_incident(FINE, DOWN_LATER, status="investigating")]), body(incidents=[page_incident(FINE)]))
    )
    imported(newest)
    asked = imported(before)
    assert (asked.withdrawn, asked.questions) == (older == "withdrawn", ["updates_missing"])
    assert imported(before) == asked
    with pytest.raises(CorrectionNeeded, match="updates_missing"):
        confirm(asked, a_draft(writer), writer)
    again = imported(newest)
    assert (again.replaces, again.questions) == (asked, [])


FINE = update("u1", "investigating", "10:00", affects("api", "operational"))
DOWN_LATER = update("u2", "identified", "10:30", DOWN)


def test_an_update_that_upstream_deleted_is_not_asked_about_for_ever(feed: Feed):
    down, gone = update("u1", "investigating", "10:00", DOWN), update("u2", "monitoring", "10:40", UP)
    still, last = update("u3", "identified", "10:50", STILL_DOWN), update("u4", "resolved", "11:30", UP)
    imported(body(incidents=[page_incident(down, gone, status="monitoring")]))
    assert imported(body(incidents=[page_incident(down, status="investigating")])).questions == ["updates_missing"]
    deleted = imported(body(incidents=[page_incident(down, still, status="identified")]))
    assert (deleted.end_at, deleted.questions) == (None, [])
    ended = imported(body(incidents=[page_incident(down, still, last)]))
    assert (ended.end_at, ended.questions) == (page_at("11:30"), [])


def test_a_withdrawal_is_asked_about_until_something_newer_says_it_too(feed: Feed):
    imported(body(incidents=[page_incident(FINE, DOWN_LATER, status="investigating")]))
    assert imported(body(incidents=[page_incident(FINE)])).questions == ["updates_missing"]
    later = update("u3", "resolved", "12:00", affects("api", "operational"))
    assert imported(body(incidents=[page_incident(FINE, later)])).questions == []


def test_an_older_file_that_says_the_same_of_windows_proposes_nothing(feed: Feed):
    down, still = update("u1", "investigating", "10:00", DOWN), update("u2", "identified", "10:50", STILL_DOWN)
    newest = imported(body(incidents=[page_incident(down, still, status="identified")]))
    assert imported(body(incidents=[page_incident(down, status="investigating")])) == newest


def test_an_item_is_not_missed_as_an_update_of_itself(feed: Feed):
    without = body(incidents=[page_incident(status="investigating")])
    for document in (without, page_until(None), without):
        import_feed(feed="page", body=document, incident=KEY, now=NOW)
        assert not any("updates_missing" in proposal.questions for proposal in open_proposals())
    assert WindowProposal.objects.count() == 5


def test_a_corrected_text_of_a_table_is_not_a_missing_update(incident: Incident, writer: User):
    a_feed(writer, code="table", kind="csv")
    for text, end in (("it is down", ""), ("it was down", "2024-03-05T11:00:00Z")):
        import_feed(feed="table", body=a_table(text, end), incident=KEY, now=NOW)
    assert [(proposal.end_at, proposal.questions) for proposal in open_proposals()] == [(page_at("11:00"), [])]


def a_table(text: str, end: str) -> bytes:
    cells = {
        "incident": "i1", "component": "api", "severity": "full", "start_at": "2024-03-05T10:00:00Z", "end_at": end,
        "published_at": "2024-03-05T12:00:00Z", "text": text,
    }  # fmt: skip
    return "\n".join([",".join(COLUMNS), ",".join(cells.get(column, "") for column in COLUMNS)]).encode()


def test_an_item_stays_where_its_windows_went(feed: Feed, incident: Incident, writer: User):
    proposal = imported(page_until())
    open_incident(key="other", title_ko="가", title_en="A", started_at=at("15 15:30"), opened_by=writer)
    draft = a_draft(writer)
    confirm(proposal, draft, writer)
    with pytest.raises(ItemAnswered):
        attach_item(item_id=proposal.item_id, incident="other", attached_by=writer, now=NOW)
    attach_item(item_id=proposal.item_id, incident=KEY, attached_by=writer, now=NOW)
    discard_record_draft(draft_id=draft.pk, read=1, discarded_by=writer, now=NOW)
    attach_item(item_id=proposal.item_id, incident="other", attached_by=writer, now=NOW)


def test_the_database_wants_to_know_who_attached_an_item(feed: Feed, writer: User):
    items = FeedItem.objects.filter(pk=imported(page_until()).item_id)
    with pytest.raises(IntegrityError, match="who_attached_an_item"), transaction.atomic():
        items.update(attached_by=writer)


@pytest.mark.parametrize("did", ["mapped", "attached", "rejected"])
def test_whoever_decided_what_a_draft_rests_on_does_not_publish_it(did: str, incident: Incident, writer: User, checker: User):
    other = staff("other", "checker")
    a_feed(writer)
    map_component(feed="page", component="api", service=MESSAGES, mapped_by=checker if did == "mapped" else writer, now=NOW)
    import_feed(feed="page", body=page_until(), now=NOW)
    item = FeedItem.objects.get()
    attach_item(item_id=item.pk, incident=KEY, attached_by=checker if did == "attached" else writer, now=NOW)
    if did == "rejected":
        second = a_feed(writer, code="second")
        import_feed(feed="second", body=page_until("12:00"), incident=KEY, now=NOW)
        ids = list(open_proposals().filter(item__feed=second).values_list("pk", flat=True))
        reject_proposals(proposal_ids=ids, reason="no", answered_by=checker, now=NOW)
    draft = a_draft(writer)
    confirm(open_proposals().get(), draft, writer)
    with pytest.raises(OwnRecordDraft):
        publish(draft, writer, checker)
    publish_record_draft(draft_id=draft.pk, read=read(draft), after=0, published_by=other, now=NOW)


def test_a_reason_is_kept_whole_or_refused(feed: Feed, writer: User):
    proposal = imported(page_until())
    with pytest.raises(InvalidValue, match="501 characters"):
        reject_proposals(proposal_ids=[proposal.pk], reason="x" * 501, answered_by=writer, now=NOW)
    with pytest.raises(ReasonRequired):
        reject_proposals(proposal_ids=[proposal.pk], reason=" ", answered_by=writer, now=NOW)
    (answer,) = reject_proposals(proposal_ids=[proposal.pk], reason="x" * 500, answered_by=writer, now=NOW)
    assert len(answer.reason) == 500


def by_hand(draft: RecordDraft, writer: User, minutes: int) -> None:
    """The one window of the draft, so many minutes longer."""
    (window,) = content_of_draft(draft).windows.values()
    assert window.end_at is not None
    longer = replace(said_by(window), end_at=window.end_at + timedelta(minutes=minutes))
    list_windows(
        draft_id=draft.pk, read=read(draft), said=[longer], instead_of=[window.pk], reason="x", written_by=writer, now=NOW
    )


def test_what_was_replaced_by_hand_is_found_when_the_feed_changes(feed: Feed, writer: User, checker: User):
    first = a_draft(writer)
    confirm(imported(page_until()), first, writer)
    publish(first, writer, checker)
    second = a_draft(writer, "second")
    by_hand(second, writer, 5)
    by_hand(second, writer, 5)
    publish(second, writer, checker, 1)
    third = a_draft(writer, "third")
    confirm(imported(page_until("12:30")), third, writer)
    assert listed(third) == [("full", "12:30")]


def test_what_was_replaced_by_hand_is_taken_off_when_the_feed_withdraws_it(feed: Feed, writer: User):
    draft = a_draft(writer)
    confirm(imported(page_until()), draft, writer)
    by_hand(draft, writer, 5)
    confirm(imported(body(incidents=[page_without_windows()])), draft, writer)
    assert listed(draft) == []


def test_what_was_taken_off_one_draft_is_answered_in_another(feed: Feed, writer: User):
    first, second = a_draft(writer), a_draft(writer, "second")
    confirm(imported(page_until()), first, writer)
    unlist(draft_id=first.pk, read=1, windows=list(content_of_draft(first).windows), reason="no", written_by=writer, now=NOW)
    confirm(open_proposals().get(), second, writer)
    assert listed(second) == [("full", "11:00")]


def test_a_feed_that_says_again_what_is_listed_is_confirmed_without_a_change(feed: Feed, writer: User, checker: User):
    first = a_draft(writer)
    confirm(imported(page_until()), first, writer)
    publish(first, writer, checker)
    imported(page_until("12:30"))
    second = a_draft(writer, "second")
    confirm(imported(page_until()), second, writer)
    assert not open_proposals()
    assert read(second) == 0
    confirm(imported(page_until("12:30")), second, writer)
    assert listed(second) == [("full", "12:30")]
