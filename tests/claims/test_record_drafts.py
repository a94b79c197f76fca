"""The page of a draft of the record: each button is one operation, and nothing is signed unseen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.operations import create_staff
from claims.models import Comparison, Event
from claims.operations import (
    PreviewMissing,
    chase_versions,
    compare_next_chunk,
    finish_comparisons,
    open_draft,
    preview_record_draft,
    publish_draft,
    publish_previewed_record,
)
from claims.queries import summary_of
from services.contents import content_of_draft
from services.models import Incident, RecordDraft, RecordVersion, Source
from services.operations import (
    AsOfMissing,
    NothingNewInRecord,
    NotListed,
    OwnRecordDraft,
    ReasonRequired,
    RebaseConflict,
    RecordDraftChanged,
    RecordDraftClosed,
    RecordMovedOn,
    WindowSaid,
    WindowsOverlap,
    discard_record_draft,
    know_until,
    list_extent,
    list_windows,
    name_governing,
    open_record_draft,
    publish_record_draft,
    rebase_record_draft,
    unlist,
)
from services.staff import RoleMissing
from tests.builders import MESSAGES, NOW, a_person, a_policy, at, claim_of, outage, pack, told, work_off

pytestmark = pytest.mark.django_db


def staff(name: str, *roles: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=list(roles), now=NOW)


@pytest.fixture
def writer(db: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def checker(db: None) -> User:
    return staff("checker", "checker")


@pytest.fixture
def draft(incident: Incident, writer: User) -> RecordDraft:
    """On version 1, without a change."""
    return open_record_draft(incident=incident.key, title="the end of messages", opened_by=writer, now=NOW)


def read(draft: RecordDraft) -> int:
    return draft.changes.count()


def messages_until(end: datetime) -> WindowSaid:
    return WindowSaid(service=MESSAGES, notice="operator-final", severity="full", start_at=at("15 15:30"), end_at=end)


def first_window(draft: RecordDraft) -> int:
    """The full window of messages that version 1 lists."""
    assert draft.base is not None
    return draft.base.windows.get(service__code=MESSAGES, severity="full").pk


def shorten(draft: RecordDraft, writer: User, end: str = "16 01:00") -> None:
    list_windows(
        draft_id=draft.pk, read=read(draft), said=[messages_until(at(end))], instead_of=[first_window(draft)],
        reason="the final notice", written_by=writer, now=NOW,
    )  # fmt: skip


def previewed(draft: RecordDraft, by: User) -> Comparison:
    preview_record_draft(draft_id=draft.pk, read=read(draft), begun_by=by, now=NOW)
    while compare_next_chunk(now=NOW):
        pass
    with transaction.atomic():
        finish_comparisons(now=NOW)
    return draft.comparisons.order_by("-pk")[0]


def publish(draft: RecordDraft, by: User, after: int = 1) -> RecordVersion:
    with transaction.atomic():
        return publish_previewed_record(draft_id=draft.pk, read=read(draft), after=after, published_by=by, now=NOW)


def test_a_preview_says_who_gains_and_loses_before_anybody_signs(
    draft: RecordDraft, writer: User, checker: User, incident: Incident
):
    a_policy()
    claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    late = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "16 02:00"))
    work_off()
    shorten(draft, writer)
    with pytest.raises(PreviewMissing):
        publish(draft, checker)
    found = previewed(draft, writer)
    (row,) = summary_of(found)
    assert (found.total, row.policy, row.gaining, row.losing, row.lost, row.net) == (
        1,
        "half_hours_of_messages",
        0,
        1,
        500,
        -500,
    )
    version = publish(draft, checker)
    assert (version.number, version.draft, version.published_by) == (2, draft, checker)
    assert Event.objects.get(kind="record_published").data["comparison"] == found.pk
    with transaction.atomic():
        assert chase_versions(now=NOW) == 1
    work_off()
    assert late.assessments.order_by("-run")[0].lines.get().quantity == 4750


def test_a_preview_of_other_words_or_other_policies_is_not_enough(draft: RecordDraft, writer: User, checker: User):
    shorten(draft, writer)
    previewed(draft, writer)
    know_until(draft_id=draft.pk, read=1, as_of=at("17 00:00"), reason="later", written_by=writer, now=NOW)
    with pytest.raises(PreviewMissing):
        publish(draft, checker)
    previewed(draft, writer)
    a_policy()
    with pytest.raises(PreviewMissing):
        publish(draft, checker)
    previewed(draft, writer)
    assert publish(draft, checker).number == 2


def test_a_preview_is_stale_when_many_more_claims_are_touched(
    draft: RecordDraft, writer: User, checker: User, incident: Incident
):
    a_policy()
    claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "16 02:00"))
    work_off()
    shorten(draft, writer)
    previewed(draft, writer)
    claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "16 02:00"))
    with pytest.raises(PreviewMissing):
        publish(draft, checker)
    found = previewed(draft, writer)
    assert summary_of(found)[0].lost == 1000, "also of the claim that waits for its first assessment"
    assert publish(draft, checker).number == 2


def test_only_a_checker_who_wrote_nothing_publishes(draft: RecordDraft, writer: User, checker: User):
    shorten(draft, writer)
    previewed(draft, writer)
    with pytest.raises(RoleMissing):
        publish(draft, writer)
    both = staff("both", "caseworker", "checker")
    know_until(draft_id=draft.pk, read=1, as_of=at("17 00:00"), reason="later", written_by=both, now=NOW)
    previewed(draft, writer)
    with pytest.raises(OwnRecordDraft):
        publish(draft, both)
    with pytest.raises(RoleMissing):
        open_record_draft(incident=draft.incident.key, title="x", opened_by=staff("auditor", "auditor"), now=NOW)


def test_the_database_refuses_a_writer_as_publisher_too(draft: RecordDraft, writer: User):
    shorten(draft, writer)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        RecordVersion.objects.create(
            incident=draft.incident, number=2, as_of=NOW, published_at=NOW, published_by=writer, draft=draft,
            content_hash="0" * 64, window_count=1, extent_count=0, finding_count=0,
        )  # fmt: skip


def test_what_was_read_must_be_what_is_changed_or_published(draft: RecordDraft, writer: User, checker: User):
    shorten(draft, writer)
    with pytest.raises(RecordDraftChanged):
        unlist(draft_id=draft.pk, read=0, windows=[1], reason="x", written_by=writer, now=NOW)
    with pytest.raises(RecordMovedOn):
        publish_record_draft(draft_id=draft.pk, read=1, after=0, published_by=checker, now=NOW)
    discard_record_draft(draft_id=draft.pk, read=1, discarded_by=writer, now=NOW)
    with pytest.raises(RecordDraftClosed):
        shorten(draft, writer)
    draft.refresh_from_db()
    assert (draft.state, draft.closed_by) == ("discarded", writer)
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE services_recorddraft SET state = 'open', closed_at = NULL, closed_by_id = NULL")


def test_a_draft_goes_on_from_a_version_that_was_published_meanwhile(draft: RecordDraft, writer: User, checker: User):
    said = WindowSaid(
        service="daum", notice="operator-final", severity="partial", start_at=at("17 01:00"), end_at=at("17 02:00")
    )
    list_windows(draft_id=draft.pk, read=0, said=[said], reason="new", written_by=writer, now=NOW)
    outage(version=2)
    with pytest.raises(RecordMovedOn):
        publish_record_draft(draft_id=draft.pk, read=1, after=1, published_by=checker, now=NOW)
    rebase_record_draft(draft_id=draft.pk, read=1, reason="version 2", written_by=writer, now=NOW)
    version = publish_record_draft(draft_id=draft.pk, read=2, after=2, published_by=checker, now=NOW)
    assert (version.number, version.window_count) == (3, 45)


def test_a_change_that_no_longer_applies_is_not_rebased(draft: RecordDraft, writer: User):
    shorten(draft, writer)  # in place of a window that version 2 does not list
    outage(version=2)
    with pytest.raises(NotListed, match="Open a new draft"), transaction.atomic():
        rebase_record_draft(draft_id=draft.pk, read=1, reason="version 2", written_by=writer, now=NOW)
    assert read(draft) == 1


def test_what_the_newer_version_says_too_is_not_said_over(draft: RecordDraft, writer: User):
    """Version 2 moves the end of the operator's extent, and knows until 7 December."""
    about: dict[str, Any] = {"draft_id": draft.pk, "written_by": writer, "now": NOW}
    list_extent(read=0, source="press", start_at=at("15 15:00"), end_at=at("16 15:00"), reason="by the press", **about)
    outage(version=2)
    rebase_record_draft(read=1, reason="of another source", **about)
    assert {extent.source.code for extent in content_of_draft(draft).extents.values()} >= {"press", "operator"}

    again = open_record_draft(incident=draft.incident.key, title="again", opened_by=writer, now=NOW)
    assert again.base is not None
    assert again.base.number == 2


@pytest.mark.parametrize("what", ["extent", "governing", "as_of"])
def test_what_both_say_anew_is_a_conflict(what: str, draft: RecordDraft, writer: User, checker: User):
    """Each of two drafts of version 1 says something else of it; the second cannot be put on what the first became."""
    other = open_record_draft(incident=draft.incident.key, title="other", opened_by=writer, now=NOW)
    for one, hour, source in ((other, "16:00", "operator"), (draft, "17:00", "ministry")):
        about: dict[str, Any] = {"draft_id": one.pk, "reason": "x", "written_by": writer, "now": NOW}
        match what:
            case "extent":
                list_extent(read=0, source="press", start_at=at("15 15:00"), end_at=at(f"16 {hour}"), **about)
            case "governing":
                name_governing(read=0, source=source, **about)
            case "as_of":
                know_until(read=0, as_of=NOW - timedelta(hours=int(hour[:2])), **about)
    publish_record_draft(draft_id=other.pk, read=1, after=1, published_by=checker, now=NOW)
    with pytest.raises(RebaseConflict, match="Version 2 says something new of"), transaction.atomic():
        rebase_record_draft(draft_id=draft.pk, read=1, reason="version 2", written_by=writer, now=NOW)
    assert read(draft) == 1


@pytest.mark.parametrize("what", ["extent", "governing"])
def test_what_was_changed_and_changed_back_is_a_conflict_too(what: str, draft: RecordDraft, writer: User, checker: User):
    """Put on the newer version, the last change would put back what that one corrected."""
    other = open_record_draft(incident=draft.incident.key, title="other", opened_by=writer, now=NOW)
    about: dict[str, Any] = {"reason": "x", "written_by": writer, "now": NOW}
    if what == "governing":
        name_governing(draft_id=draft.pk, read=0, source="press", **about)
        name_governing(draft_id=draft.pk, read=1, source=None, **about)
        name_governing(draft_id=other.pk, read=0, source="operator", **about)
    else:
        (extent,) = content_of_draft(draft).extents.values()
        said: dict[str, Any] = {"source": "operator", "start_at": extent.start_at}
        list_extent(draft_id=draft.pk, read=0, **said, end_at=at("17 00:00"), **about)
        list_extent(draft_id=draft.pk, read=1, **said, end_at=extent.end_at, **about)
        list_extent(draft_id=other.pk, read=0, **said, end_at=at("19 00:00"), **about)
    publish_record_draft(draft_id=other.pk, read=1, after=1, published_by=checker, now=NOW)
    with pytest.raises(RebaseConflict), transaction.atomic():
        rebase_record_draft(draft_id=draft.pk, read=2, reason="version 2", written_by=writer, now=NOW)


def test_windows_that_move_up_by_one_are_listed_in_the_place_of_each_other(draft: RecordDraft, writer: User):
    """As when a feed drops the first of three windows, and the ordinals of the others shift."""
    hours = [("17 01:00", "17 02:00"), ("17 03:00", "17 04:00"), ("17 05:00", "17 06:00")]
    said = [
        WindowSaid(service="daum", notice="operator-final", severity="partial", start_at=at(a), end_at=at(b)) for a, b in hours
    ]
    by: dict[str, Any] = {"draft_id": draft.pk, "reason": "x", "written_by": writer, "now": NOW}
    first, second, third = (change.window_id or 0 for change in list_windows(read=0, said=said, **by))
    unlist(read=3, windows=[third], **by)
    changes = list_windows(read=4, said=said[1:], instead_of=[first, second], **by)
    assert [change.window_id for change in changes] == [second, third]
    listed = content_of_draft(draft).windows
    assert {first, second, third} & listed.keys() == {second, third}


def test_a_draft_that_says_the_same_is_not_published(draft: RecordDraft, checker: User):
    with pytest.raises(NothingNewInRecord):
        publish_record_draft(draft_id=draft.pk, read=0, after=1, published_by=checker, now=NOW)


def test_a_draft_says_up_to_when_it_knows(db: None, writer: User):
    outage()
    from services.operations import open_incident

    new = open_incident(key="new", title_ko="새", title_en="New", started_at=at("15 10:00"), opened_by=writer)
    draft = open_record_draft(incident=new.key, title="x", opened_by=writer, now=NOW)
    with pytest.raises(AsOfMissing):
        preview_record_draft(draft_id=draft.pk, read=0, begun_by=writer, now=NOW)


def test_every_change_has_a_reason_and_overlaps_are_refused_before_the_preview(draft: RecordDraft, writer: User):
    with pytest.raises(ReasonRequired):
        know_until(draft_id=draft.pk, read=0, as_of=NOW, reason="  ", written_by=writer, now=NOW)
    overlapping = WindowSaid(
        service=MESSAGES, notice="press-1016-1400", severity="full", start_at=at("15 16:00"), end_at=at("15 17:00")
    )
    list_windows(draft_id=draft.pk, read=0, said=[overlapping], reason="x", written_by=writer, now=NOW)
    with pytest.raises(WindowsOverlap):
        preview_record_draft(draft_id=draft.pk, read=1, begun_by=writer, now=NOW)


def test_the_incident_can_name_the_governing_source(incident: Incident, writer: User, checker: User):
    """Of taxi calling two sources have windows in version 2; the operator's governs by rank."""
    from claims.eligibility.segments import governing_windows
    from claims.facts import record_of

    outage(version=2)
    draft = open_record_draft(incident=incident.key, title="x", opened_by=writer, now=NOW)
    name_governing(draft_id=draft.pk, read=0, source="mobility", reason="it ran the service", written_by=writer, now=NOW)
    version = publish_record_draft(draft_id=draft.pk, read=1, after=2, published_by=checker, now=NOW)
    (window,) = governing_windows(record_of(version), "kakao_t.taxi_call")
    assert (window.source, version.governing.code if version.governing else None) == ("mobility", "mobility")
    (other,) = governing_windows(record_of(version), "kakao_webtoon.view")
    assert other.source == "operator"


# --- the page --------------------------------------------------------------------------------------


def page(client: Client, draft: RecordDraft, user: User, **posted: Any) -> str:
    client.force_login(user)
    url = reverse("admin:services_recorddraft_change", args=[draft.pk])
    answer = client.post(url, {"read": read(draft), **posted}, follow=True) if posted else client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_lists_previews_and_publishes(client: Client, draft: RecordDraft, writer: User, checker: User):
    sent = {
        "act": "window", "service": MESSAGES, "notice": "operator-final", "severity": "full", "scope": "all",
        "start_at": "2022-10-15T15:30", "end_at": "2022-10-16T01:31", "instead_of": first_window(draft), "reason": "final",
    }  # fmt: skip
    assert "반영했습니다" in page(client, draft, writer, **sent)
    assert draft.changes.get().window.end_at == at("16 01:31")  # type: ignore[union-attr]
    page(client, draft, writer, act="preview")
    while compare_next_chunk(now=NOW):
        pass
    with transaction.atomic():
        finish_comparisons(now=NOW)
    shown = page(client, draft, checker)
    assert "아무도 달라지지 않습니다" in shown
    assert 'value="publish"' in shown
    assert 'value="publish"' not in page(client, draft, writer)
    assert "게시했습니다" in page(client, draft, checker, act="publish", after=1)
    assert RecordVersion.objects.filter(incident=draft.incident).count() == 2


def test_the_page_says_of_each_change_what_it_says(client: Client, draft: RecordDraft, writer: User):
    shorten(draft, writer)
    about: dict[str, Any] = {"draft_id": draft.pk, "reason": "so", "written_by": writer, "now": NOW}
    list_extent(read=1, source="press", start_at=at("15 15:00"), end_at=at("16 15:00"), **about)
    know_until(read=2, as_of=at("17 09:00"), **about)
    name_governing(read=3, source="ministry", **about)
    name_governing(read=4, source=None, **about)
    shown = page(client, draft, writer)
    history = shown[shown.index('class="draft-revisions"') :]
    lines = [re.sub(r"\s+", " ", line) for line in re.findall(r"<li value.*?</li>", history, re.DOTALL)]
    by_rank, ministry, as_of, extent, window = lines
    assert "순위대로: so" in by_rank
    assert Source.objects.get(code="ministry").name_ko in ministry
    assert "2022-10-17 09:00: so" in as_of
    press = f"{Source.objects.get(code='press').name_ko}: 2022-10-15 15:00 ~ 2022-10-16 15:00"
    assert press in extent
    assert f"장애 전체의 시작과 끝: {press}</td>" in shown
    assert "카카오톡 메시지 [2022-10-15 15:30, 2022-10-16 01:00) 전면, 운영사(카카오)" in window
    assert "(대신한 구간: 카카오톡 메시지 [~2022-10-15 15:30, ~2022-10-16 02:00) 전면, 언론)" in window


def test_pages_ask_before_a_draft_is_discarded(client: Client, draft: RecordDraft, writer: User):
    assert re.search(r'value="discard" data-confirm="[^"]+"', page(client, draft, writer))
    policy = open_draft(title="x", pack_yaml=pack(), opened_by=writer, now=NOW)
    shown = client.get(reverse("admin:claims_policydraft_change", args=[policy.pk])).content.decode()
    assert re.search(r'name="discard" data-confirm="[^"]+"', shown)


BAD = {
    "end before start": ({"start_at": "2022-10-15T15:30", "end_at": "2022-10-15T15:00"}, "interval_invalid"),
    "no length": ({"start_at": "2022-10-15T15:30", "end_at": "2022-10-15T15:30"}, "interval_invalid"),
    "ten years": ({"start_at": "2022-10-15T15:30", "end_at": "2032-10-15T15:30"}, "outage_too_long"),
    "no service": ({"service": "nothing"}, "올바르게 선택해"),
    "no time": ({"start_at": "yesterday"}, "올바른 날짜"),
    "a citizens' notice": ({"notice": "citizen-1015-1800"}, "source_not_official"),
    "no reason": ({"reason": ""}, "필수 항목"),
}


@pytest.mark.parametrize("case", BAD)
def test_the_page_says_what_is_wrong_and_stores_nothing(client: Client, draft: RecordDraft, writer: User, case: str):
    changed, told_ = BAD[case]
    sent = {
        "act": "window", "service": MESSAGES, "notice": "operator-final", "severity": "full", "scope": "all",
        "start_at": "2022-10-17T15:30", "end_at": "2022-10-17T16:31", "reason": "final",
    }  # fmt: skip
    assert told_ in page(client, draft, writer, **{**sent, **changed})
    assert read(draft) == 0


# --- policies --------------------------------------------------------------------------------------


def test_a_policy_too_is_signed_only_after_somebody_could_see_whom_it_pays(
    client: Client, incident: Incident, writer: User, checker: User
):
    a_policy()
    claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 16:30"))
    work_off()
    policy = open_draft(title="more", pack_yaml=pack(won=300), opened_by=writer, now=NOW)
    about: dict[str, Any] = {"draft_id": policy.pk, "read": 1, "after": 1, "published_by": checker, "now": NOW}
    with pytest.raises(PreviewMissing, match=incident.key), transaction.atomic():
        publish_draft(**about)
    client.force_login(writer)
    url = reverse("admin:claims_policydraft_change", args=[policy.pk])
    assert client.post(url, {"preview": "", "read": 1, "pack_yaml": pack(won=300)}, follow=True).status_code == 200
    while compare_next_chunk(now=NOW):
        pass
    with transaction.atomic():
        finish_comparisons(now=NOW)
    client.force_login(checker)
    shown = client.get(url).content.decode()
    assert "+100원" in shown
    assert 'name="publish" data-confirm' in shown
    with transaction.atomic():
        assert publish_draft(**about).number == 2


def test_a_version_for_other_incidents_leaves_the_one_before_in_force(incident: Incident, writer: User, checker: User):
    a_policy()
    claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 16:30"))
    work_off()
    later = pack(won=300, incidents="from: 2090-01-01")
    policy = open_draft(title="later", pack_yaml=later, opened_by=writer, now=NOW)
    with transaction.atomic():
        publish_draft(draft_id=policy.pk, read=1, after=1, published_by=checker, now=NOW)
        assert chase_versions(now=NOW) == 0


def test_a_policy_that_touches_nobody_needs_no_preview(incident: Incident, writer: User, checker: User):
    policy = open_draft(title="new", pack_yaml=pack(), opened_by=writer, now=NOW)
    with transaction.atomic():
        assert publish_draft(draft_id=policy.pk, read=1, after=0, published_by=checker, now=NOW).number == 1
