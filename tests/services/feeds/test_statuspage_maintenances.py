"""What a planned maintenance of a Statuspage tells: its plan, its real end, and when it was announced."""

import pytest

from services.feeds import read_feed
from tests.services.feeds.pages import (
    affects,
    at,
    body,
    incident,
    maintenance,
    read_maintenance,
    spans,
    update,
    written,
)

ANNOUNCED = update("u1", "scheduled", "09:30", affects("db", "operational"), days=-7)
BEGAN = update("u2", "in_progress", "10:00", affects("db", "under_maintenance"))


def _completed(clock):
    return update("u3", "completed", clock, affects("db", "operational", "under_maintenance"))


def test_a_maintenance_runs_from_its_plan_and_not_from_when_it_was_entered():
    item = read_maintenance(maintenance(ANNOUNCED, BEGAN, _completed("12:00")))
    (window,) = item.windows
    assert (item.kind, item.foreign_id) == ("maintenance", "m1")
    assert spans(item) == [("db#1", "full", at("10:00"), at("12:00"))]
    assert (window.planned, window.component_name, window.announced_at) == (True, "Database", at("09:30", -7))
    assert (window.questions, window.remarks, window.notice) == ((), ("extent_unsaid",), "u3")
    assert (window.end_approx, window.closing_rule) == (False, "")


@pytest.mark.parametrize(("clock", "remark"), [("11:20", "completed_early"), ("12:45", "completed_late")])
def test_the_completed_update_wins_over_the_planned_end(clock, remark):
    (window,) = read_maintenance(maintenance(ANNOUNCED, BEGAN, _completed(clock))).windows
    assert (window.end_at, window.end_approx) == (at(clock), False)
    assert remark in window.remarks


def test_what_is_not_completed_ends_about_when_it_is_planned_to():
    (window,) = read_maintenance(maintenance(ANNOUNCED, BEGAN, status="in_progress")).windows
    assert (window.end_at, window.end_approx, window.remarks) == (at("12:00"), True, ("extent_unsaid", "not_completed"))
    assert window.closing_rule == "Not completed yet; it ends when it is planned to."


def test_what_is_not_completed_and_has_no_planned_end_is_open():
    (window,) = read_maintenance(maintenance(BEGAN, status="in_progress", scheduled_until=None)).windows
    assert (window.end_at, window.end_approx, window.closing_rule) == (None, False, "")


def test_without_its_completed_update_it_ends_when_it_was_resolved():
    (window,) = read_maintenance(maintenance(ANNOUNCED, resolved_at=written("11:00"))).windows
    assert (window.end_at, window.end_approx, window.notice) == (at("11:00"), False, "u1")


def test_completed_without_any_time_of_it_is_asked_about():
    (window,) = read_maintenance(maintenance(ANNOUNCED)).windows
    assert (window.end_at, window.end_approx, window.questions) == (at("12:00"), True, ("end_unsaid",))


def test_without_its_announcement_it_was_announced_when_it_was_entered():
    item = read_maintenance(maintenance(_completed("12:00")))
    assert item.windows[0].announced_at == at("09:00", -7)


def test_completed_before_its_start_is_asked_about():
    (window,) = read_maintenance(maintenance(ANNOUNCED, _completed("08:00"))).windows
    assert (window.start_at, window.end_at, window.questions) == (None, None, ("never_began",))


def test_a_plan_that_ends_before_it_begins_has_its_times_in_the_prose():
    (window,) = read_maintenance(maintenance(ANNOUNCED, status="scheduled", scheduled_until=written("10:00"))).windows
    assert (window.start_at, window.end_at, window.questions) == (None, None, ("times_in_prose",))


def test_every_component_has_a_window_and_the_worst_that_is_said_of_it():
    given = maintenance(
        update("u2", "in_progress", "10:00", affects("web", "degraded_performance")),
        update("u3", "completed", "12:00", affects("web", "operational", "degraded_performance")),
    )
    item = read_maintenance(given)
    assert [(window.key, window.severity) for window in item.windows] == [("db#1", "full"), ("web#1", "partial")]
    assert "extent_unsaid" not in item.windows[1].remarks


def test_a_maintenance_without_components_is_asked_about():
    (window,) = read_maintenance(maintenance(update("u1", "scheduled", "09:30"), status="scheduled", components=None)).windows
    assert (window.key, window.component_id, window.questions) == ("#1", None, ("which_component",))


def test_a_maintenance_without_updates_vouches_for_itself():
    item = read_maintenance(maintenance(status="scheduled"))
    assert [(notice.foreign_id, notice.text) for notice in item.notices] == [("m1", "Database upgrade")]
    assert item.windows[0].notice == "m1"


def test_one_file_may_hold_incidents_and_maintenances():
    items = read_feed("statuspage", body(incidents=[incident(status="identified")], scheduled_maintenances=[maintenance()]))
    assert [(item.kind, item.foreign_id) for item in items] == [("incident", "i1"), ("maintenance", "m1")]


def test_an_announcement_that_was_written_afterwards_is_remarked():
    late = {**ANNOUNCED, "created_at": written("13:00")}
    (window,) = read_maintenance(maintenance(late, BEGAN, _completed("12:00"))).windows
    assert (window.announced_at, window.remarks) == (at("09:30", -7), ("extent_unsaid", "posted_later"))


def test_a_time_of_resolution_of_what_is_not_completed_has_no_effect():
    (window,) = read_maintenance(maintenance(ANNOUNCED, status="in_progress", resolved_at=written("11:00"))).windows
    assert (window.end_at, window.end_approx) == (at("12:00"), True)
