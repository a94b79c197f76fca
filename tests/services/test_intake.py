"""From observations to two published versions, as staff do it: import, answer, draft, publish."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from services.instants import parse_instant
from services.models import Incident, Notice, Observation, OutageWindow, WindowProposal
from services.observation_file import ObservationsMalformed, ObservationUnknown
from services.operations import (
    FIXTURES,
    NoticeSaid,
    SourceNotOfficial,
    TableRequired,
    WindowSaid,
    discard_record_draft,
    import_feed,
    know_until,
    list_extent,
    list_windows,
    load_incident,
    look_at_feed,
    open_incident,
    open_record_draft,
    record_notice,
)
from services.proposals import open_proposals
from services.record_file import RecordFile
from services.refusals import Refusal
from tests.builders import NOW, at
from tests.services.intake_cast import KEY, drafted, imported, opened, parts, published, staff

pytestmark = pytest.mark.django_db

EARLIER = "kakao-2022-10-04"


@pytest.fixture
def writer(db: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def checker(db: None) -> User:
    return staff("checker", "checker")


@pytest.fixture
def incident(tree: None, writer: User) -> Incident:
    return opened(writer)


def test_observations_make_the_two_versions_that_are_shipped(incident: Incident, writer: User, checker: User):
    first = imported(1)
    assert (len(first.proposed), {one.kind for one in first.proposed}, first.notices) == (42, {"new"}, 6)
    one = published(drafted(writer, 1), checker, 0)
    assert (one.number, one.window_count) == (1, 42)

    second = imported(2)
    kinds = [proposed.kind for proposed in second.proposed]
    assert (second.same, kinds.count("changed"), kinds.count("new"), len(kinds)) == (26, 16, 2, 18)
    two = published(drafted(writer, 2), checker, 1)
    assert (two.number, two.window_count) == (2, 44)

    again = load_incident(FIXTURES / f"{KEY}.json", now=NOW).added
    added = {name: count for name, count in again.items() if count}
    assert added == {"notices": 1}, "the versions, windows and extents are those of the shipped record"


def test_the_same_observations_again_change_nothing(incident: Incident):
    imported(1)
    before = [model.objects.count() for model in (Notice, Observation, WindowProposal)]
    again = imported(1)
    assert (again.same, again.proposed, again.notices) == (42, (), 0)
    assert [model.objects.count() for model in (Notice, Observation, WindowProposal)] == before


def test_a_dry_run_says_the_same_and_stores_nothing(incident: Incident):
    looked = look_at_feed(feed="notices", **parts(1))
    assert not WindowProposal.objects.exists()
    assert not Notice.objects.exists()
    assert looked == imported(1)
    assert "O55" in looked.unused


def test_citizens_reports_make_no_window(incident: Incident):
    table = json.loads(parts(1)["table"])
    assert not any(row["rests_on"] in ("O55", "O56", "O57") for row in table["windows"].values())
    table["windows"]["bike"] = {
        "service": "kakao_t_bike.ride_end_billing", "severity": "full", "begins": "incident", "ends": None, "rests_on": "O55",
    }  # fmt: skip
    with pytest.raises(SourceNotOfficial, match="A citizens' report makes no window"):
        import_feed(feed="notices", body=parts(1)["body"], table=json.dumps(table).encode(), now=NOW)
    assert not WindowProposal.objects.exists()


def test_what_was_confirmed_into_a_draft_that_is_discarded_waits_again(incident: Incident, writer: User):
    imported(1)
    draft = drafted(writer, 1)
    assert not open_proposals(incident).exists()
    discard_record_draft(draft_id=draft.pk, read=draft.changes.count(), discarded_by=writer, now=NOW)
    assert open_proposals(incident).count() == 42
    assert imported(1).proposed == ()


def test_a_dry_run_refuses_what_an_import_would(incident: Incident):
    for part, wrong in (("service", "nothing"), ("severity", "huge"), ("closing_rule", "x" * 400), ("service", "a\x00b")):
        table = json.loads(parts(1)["table"])
        table["windows"]["daum#1"][part] = wrong
        with pytest.raises(Refusal):
            look_at_feed(feed="notices", body=parts(1)["body"], table=json.dumps(table).encode())


def test_a_table_can_tell_of_planned_maintenance(incident: Incident):
    import_feed(feed="notices", body=parts(1)["body"], table=table_with(planned=True, announced_at=ANNOUNCED), now=NOW)
    proposal = WindowProposal.objects.get(key="kakaotalk.pc_login#1")
    assert (proposal.planned, proposal.announced_at) == (True, parse_instant(ANNOUNCED, "announced_at"))
    assert WindowProposal.objects.filter(planned=True).count() == 1


def test_in_a_table_only_what_is_planned_is_announced(incident: Incident):
    with pytest.raises(ObservationsMalformed, match="Only maintenance is announced"):
        import_feed(feed="notices", body=parts(1)["body"], table=table_with(announced_at=ANNOUNCED), now=NOW)
    assert not WindowProposal.objects.exists()


ANNOUNCED = "2022-10-13T18:00:00+09:00"


def table_with(**more: Any) -> bytes:
    table = json.loads(parts(1)["table"])
    table["windows"]["kakaotalk.pc_login#1"] |= more
    return json.dumps(table).encode()


BROKEN: dict[str, tuple[type[Refusal], dict[str, Any]]] = {
    "no table": (TableRequired, {"table": None}),
    "not json": (ObservationsMalformed, {"body": b"{"}),
    "a list": (ObservationsMalformed, {"body": b"[]"}),
    "deep": (ObservationsMalformed, {"body": b"[" * 100_000}),
    "another table": (ObservationsMalformed, {"table": b'{"schema": "observation-windows/2"}'}),
    "an observation that is not there": (ObservationUnknown, {"body": b'{"observations": []}'}),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_refused_and_leaves_nothing(incident: Incident, case: str):
    refusal, changed = BROKEN[case]
    with pytest.raises(refusal):
        import_feed(feed="notices", now=NOW, **{**parts(1), **changed})
    assert not Notice.objects.exists()


def test_4_october_is_entered_by_hand(tree: None, writer: User, checker: User):
    open_incident(key=EARLIER, title_ko="10월 4일", title_en="4 October", started_at=at("4 14:14"), opened_by=writer)
    file = RecordFile.model_validate_json((FIXTURES / f"{EARLIER}.json").read_bytes())
    row = file.notices[0]
    said = NoticeSaid(**{**row.model_dump(), "published_at": parse_instant(row.published_at, "published_at")})
    record_notice(said, now=NOW)
    draft = open_record_draft(incident=EARLIER, title="as the article has it", opened_by=writer, now=NOW)
    by: dict[str, Any] = {"draft_id": draft.pk, "written_by": writer, "now": NOW, "reason": "the article"}
    span: dict[str, Any] = {"start_at": at("4 14:14"), "end_at": at("4 14:14") + timedelta(minutes=18)}
    windows = [
        WindowSaid(service=service, notice=row.key, severity="partial", scope="some_users", **span)
        for service in ("kakaotalk.text_message", "kakaotalk.pc_login")
    ]
    list_windows(read=0, said=windows, **by)
    list_extent(read=2, source="press", **span, **by)
    know_until(read=3, as_of=at("16 14:00"), **by)
    assert published(draft, checker, 0).window_count == 2
    added = load_incident(FIXTURES / f"{EARLIER}.json", now=NOW).added
    assert not any(added.values()), "it is the shipped record"
    assert OutageWindow.objects.count() == 2
