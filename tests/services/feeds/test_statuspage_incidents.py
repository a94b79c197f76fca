"""What a Statuspage incident tells of its components, and what only a person can say."""

from dataclasses import replace

import pytest

from services.feeds import QUESTIONS, REMARKS, read_feed
from tests.services.feeds.pages import affects, at, body, incident, read_incident, spans, update, written

FULL, PARTIAL = "full", "partial"
DOWN = affects("api", "major_outage")
STILL_DOWN = affects("api", "major_outage", "major_outage")
UP = affects("api", "operational", "major_outage")


def test_an_incident_becomes_an_item_with_its_notices_in_the_order_of_their_display():
    item = read_incident(
        incident(update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP, body=" It is\u00a0over. "))
    )
    assert (item.foreign_id, item.kind, item.title, item.url) == ("i1", "incident", "API errors", "https://stspg.example/i1")
    assert [(notice.foreign_id, notice.status, notice.text, notice.published_at) for notice in item.notices] == [
        ("u1", "investigating", "It is investigating.", at("10:00")),
        ("u2", "resolved", "It is over.", at("11:00")),
    ]
    (window,) = item.windows
    assert spans(item) == [("api#1", FULL, at("10:00"), at("11:00"))]
    assert (window.component_id, window.component_name, window.notice, window.closing_rule) == ("api", "API", "u2", "")
    assert (window.inferred, window.planned, window.questions, window.remarks) == (False, False, (), ())


@pytest.mark.parametrize("text", [None, "", " \u00a0 "])
def test_an_update_without_text_has_its_status_as_text(text):
    item = read_incident(incident(update("u1", "investigating", "10:00", body=text), status="investigating"))
    assert item.notices[0].text == "investigating"


def test_a_component_is_down_for_less_than_the_incident():
    given = incident(
        update("u1", "investigating", "10:00", affects("web", "partial_outage")),
        update("u2", "identified", "10:20", DOWN),
        update("u3", "monitoring", "10:50", UP),
        update("u4", "resolved", "11:30", affects("web", "operational", "partial_outage")),
    )
    assert spans(read_incident(given)) == [
        ("web#1", PARTIAL, at("10:00"), at("11:30")),
        ("api#1", FULL, at("10:20"), at("10:50")),
    ]


def test_a_component_that_is_listed_but_never_degraded_has_no_window():
    given = incident(
        update("u1", "investigating", "10:00", DOWN, affects("web", "operational")),
        update("u2", "resolved", "11:00", UP, affects("web", "operational")),
        components=[{"id": "api", "name": "API"}, {"id": "web", "name": "Web"}, {"id": "docs", "name": "Docs"}],
    )
    assert [window.component_id for window in read_incident(given).windows] == ["api"]


def test_what_was_displayed_at_beats_what_was_created_at_and_gives_the_order():
    given = incident(
        update("u1", "investigating", "10:00", DOWN, created_at=written("09:00", 20)),
        update("u2", "resolved", "11:00", UP, created_at=written("08:00", 20)),
        created_at=written("09:00", 20),
    )
    item = read_incident(given)
    told = [(notice.foreign_id, notice.published_at, notice.written_at) for notice in item.notices]
    assert told == [("u1", at("10:00"), at("09:00", 20)), ("u2", at("11:00"), at("08:00", 20))]
    assert spans(item) == [("api#1", FULL, at("10:00"), at("11:00"))]
    assert item.windows[0].remarks == ("posted_later",)


def test_an_update_that_is_not_displayed_at_another_time_counts_when_it_was_created():
    given = incident(update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP, display_at=None))
    assert read_incident(given).windows[0].end_at == at("11:00")


def test_updates_without_affected_components_make_one_window_whose_component_is_asked():
    given = incident(
        update("u1", "investigating", "10:00"),
        update("u2", "monitoring", "10:30"),
        update("u3", "resolved", "11:00"),
        components=[{"id": "api", "name": "API"}],
    )
    item = read_incident(given)
    (window,) = item.windows
    assert spans(item) == [("#1", PARTIAL, at("10:00"), at("11:00"))]
    assert (window.component_id, window.component_name, window.questions) == (None, "API", ("which_component",))
    assert (window.inferred, window.remarks) == (True, ("no_recovery_line",))


def test_an_affected_component_without_code_makes_one_window_for_the_whole_incident():
    unnamed = {"name": "Billing", "old_status": "operational", "new_status": "major_outage"}
    given = incident(
        update("u1", "investigating", "10:00", affects("api", "partial_outage")),
        update("u2", "identified", "10:20", unnamed),
        update("u3", "resolved", "11:00", affects("api", "operational", "partial_outage")),
    )
    item = read_incident(given)
    assert spans(item) == [("#1", FULL, at("10:00"), at("11:00")), ("api#1", PARTIAL, at("10:00"), at("11:00"))]
    assert (item.windows[0].component_name, item.windows[0].questions) == ("Billing", ("which_component",))
    assert item.windows[1].questions == ()


def test_an_operational_component_without_code_asks_nothing():
    unnamed = {"name": "Billing", "old_status": "operational", "new_status": "operational"}
    given = incident(update("u1", "investigating", "10:00", DOWN, unnamed), update("u2", "resolved", "11:00", UP))
    assert [window.key for window in read_incident(given).windows] == ["api#1"]


@pytest.mark.parametrize(
    ("impact", "severity", "questions"),
    [
        ("critical", FULL, ("which_component",)),
        ("major", PARTIAL, ("which_component",)),
        ("minor", PARTIAL, ("which_component",)),
        ("none", PARTIAL, ("severity_unsaid", "which_component")),
        (None, PARTIAL, ("severity_unsaid", "which_component")),
    ],
)
def test_without_components_the_impact_gives_the_severity(impact, severity, questions):
    (window,) = read_incident(
        incident(update("u1", "investigating", "10:00"), update("u2", "resolved", "11:00"), impact=impact)
    ).windows
    assert (window.severity, window.questions) == (severity, questions)


@pytest.mark.parametrize(
    ("status", "severity"), [("degraded_performance", PARTIAL), ("partial_outage", PARTIAL), ("major_outage", FULL)]
)
def test_the_status_of_a_component_gives_the_severity(status, severity):
    given = incident(update("u1", "investigating", "10:00", affects("api", status)), update("u2", "resolved", "11:00", UP))
    assert read_incident(given).windows[0].severity == severity


def test_a_component_under_maintenance_within_an_incident_is_asked_about():
    given = incident(
        update("u1", "investigating", "10:00", affects("api", "partial_outage")),
        update("u2", "identified", "10:30", affects("api", "under_maintenance", "partial_outage")),
        update("u3", "resolved", "11:00", UP),
    )
    assert {window.questions for window in read_incident(given).windows} == {("maintenance_or_outage",)}


def test_without_components_and_start_it_starts_at_the_first_update_that_calls_it_down():
    given = incident(
        update("u1", "investigating", "10:00", affects("api", "operational")),
        update("u2", "identified", "10:20", DOWN),
        update("u3", "resolved", "11:00", UP),
    )
    del given["components"], given["started_at"]
    (window,) = read_incident(given).windows
    assert (window.start_at, window.inferred, window.remarks) == (at("10:20"), True, ("start_unsaid",))


def test_what_is_down_from_the_first_update_on_is_down_from_the_start_of_the_incident():
    given = incident(
        update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP), started_at=written("09:40")
    )
    (window,) = read_incident(given).windows
    assert (window.start_at, window.inferred) == (at("09:40"), False)


def test_a_start_after_the_first_update_does_not_count():
    given = incident(
        update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP), started_at=written("10:30")
    )
    assert read_incident(given).windows[0].start_at == at("10:00")


@pytest.mark.parametrize(
    ("recovery", "end", "rule"),
    [
        ("component", "10:40", ""),
        ("monitoring", "10:20", "It ends at the first update that calls the incident monitored, as chosen for this feed."),
        ("resolved", "11:00", "It ends when the incident was resolved, as chosen for this feed."),
    ],
)
def test_the_choice_of_recovery_ends_the_window(recovery, end, rule):
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "monitoring", "10:20", STILL_DOWN),
        update("u3", "monitoring", "10:40", UP),
        update("u4", "resolved", "11:00", affects("api", "operational")),
    )
    (window,) = read_incident(given, recovery=recovery).windows
    assert (window.end_at, window.closing_rule, window.inferred) == (at(end), rule, False)


def test_the_default_recovery_is_the_component_s():
    given = incident(update("u1", "investigating", "10:00", DOWN), update("u2", "monitoring", "10:40", UP), status="monitoring")
    assert read_incident(given) == read_incident(given, recovery="component")
    assert read_incident(given).windows[0].end_at == at("10:40")


def test_the_recovery_at_monitoring_falls_back_to_resolved_and_says_so():
    given = incident(update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP))
    (window,) = read_incident(given, recovery="monitoring").windows
    assert (window.end_at, window.inferred) == (at("11:00"), True)
    assert window.closing_rule == "No update calls the incident monitored; it ends when the incident was resolved."


def test_the_time_of_monitoring_counts_where_its_update_is_left_out():
    given = incident(
        update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP), monitoring_at=written("10:30")
    )
    (window,) = read_incident(given, recovery="monitoring").windows
    assert (window.end_at, window.inferred, window.notice) == (at("10:30"), False, "u1")


def test_what_breaks_while_monitored_is_down_until_resolved():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "monitoring", "10:20", UP),
        update("u3", "monitoring", "10:40", affects("web", "major_outage")),
        update("u4", "resolved", "11:00", affects("web", "operational", "major_outage")),
    )
    assert spans(read_incident(given, recovery="monitoring")) == [
        ("api#1", FULL, at("10:00"), at("10:20")),
        ("web#1", FULL, at("10:40"), at("11:00")),
    ]


def test_what_is_still_down_when_an_update_goes_back_to_identified_is_down_again():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "monitoring", "10:20", STILL_DOWN),
        update("u3", "identified", "10:40"),
        update("u4", "monitoring", "10:50", UP),
        update("u5", "resolved", "11:00"),
    )
    assert spans(read_incident(given, recovery="monitoring")) == [
        ("api#1", FULL, at("10:00"), at("10:20")),
        ("api#2", FULL, at("10:40"), at("10:50")),
    ]


def test_a_tail_of_days_before_the_end_is_asked_about():
    given = incident(update("u1", "identified", "10:00", DOWN), update("u2", "resolved", "10:01", UP, days=1))
    assert read_incident(given).windows[0].questions == ("tail_of_days",)
    given = incident(update("u1", "identified", "10:00", DOWN), update("u2", "resolved", "10:00", UP, days=1))
    assert read_incident(given).windows[0].questions == ()


def test_a_silence_after_the_component_recovered_is_not_its_tail():
    given = incident(
        update("u1", "identified", "10:00", DOWN),
        update("u2", "monitoring", "10:30", UP),
        update("u3", "resolved", "10:00", days=3),
        update("u4", "postmortem", "10:00", days=9),
    )
    assert read_incident(given).windows[0].questions == ()


def test_what_was_posted_all_at_once_has_its_times_in_the_prose():
    given = incident(update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "10:00", UP))
    item = read_incident(given)
    (window,) = item.windows
    assert spans(item) == [("api#1", FULL, None, None)]
    assert (window.questions, window.notice) == (("times_in_prose",), "u2")


def test_a_single_resolved_update_has_its_times_in_the_prose():
    item = read_incident(incident(update("u1", "resolved", "10:00"), resolved_at=written("10:00")))
    assert spans(item) == [("#1", PARTIAL, None, None)]
    assert item.windows[0].questions == ("times_in_prose", "which_component")


def test_without_a_recovery_line_a_component_is_down_until_resolved_and_that_is_inferred():
    given = incident(update("u1", "investigating", "10:00", DOWN), resolved_at=written("11:00"))
    (window,) = read_incident(given).windows
    assert (window.end_at, window.inferred, window.remarks, window.notice) == (at("11:00"), True, ("no_recovery_line",), "u1")
    assert window.closing_rule == "No update calls the component operational again; it ends when the incident was resolved."


def test_a_resolved_incident_without_any_time_of_it_is_asked_for_its_end():
    (window,) = read_incident(incident(update("u1", "investigating", "10:00", DOWN))).windows
    assert (window.end_at, window.questions) == (None, ("end_unsaid",))


def test_an_incident_that_was_opened_again_makes_several_windows():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "resolved", "11:00", UP),
        update("u3", "investigating", "12:00", DOWN),
        update("u4", "resolved", "13:00", UP),
    )
    item = read_incident(given)
    assert spans(item) == [("api#1", FULL, at("10:00"), at("11:00")), ("api#2", FULL, at("12:00"), at("13:00"))]
    assert [window.remarks for window in item.windows] == [(), ("reopened",)]


def test_an_incident_without_components_that_was_opened_again_makes_a_window_each_time():
    given = incident(
        update("u1", "investigating", "10:00"),
        update("u2", "resolved", "11:00"),
        update("u3", "resolved", "11:30"),
        update("u4", "investigating", "12:00"),
        status="investigating",
    )
    assert spans(read_incident(given)) == [("#1", PARTIAL, at("10:00"), at("11:00")), ("#2", PARTIAL, at("12:00"), None)]


def test_a_component_that_breaks_twice_within_an_incident_makes_two_windows():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "monitoring", "10:20", UP),
        update("u3", "identified", "10:30", affects("api", "partial_outage")),
        update("u4", "resolved", "11:00", UP),
    )
    assert spans(read_incident(given)) == [
        ("api#1", FULL, at("10:00"), at("10:20")),
        ("api#2", PARTIAL, at("10:30"), at("11:00")),
    ]


def test_what_is_not_resolved_has_an_open_end():
    given = incident(
        update("u1", "investigating", "10:00", DOWN), update("u2", "identified", "10:30", STILL_DOWN), status="identified"
    )
    (window,) = read_incident(given).windows
    assert (window.end_at, window.questions, window.notice) == (None, (), "u2")


def test_a_change_from_partial_to_major_makes_windows_that_touch():
    given = incident(
        update("u1", "investigating", "10:00", affects("api", "partial_outage")),
        update("u2", "identified", "10:20", affects("api", "major_outage", "partial_outage")),
        update("u3", "monitoring", "10:40", affects("api", "degraded_performance", "major_outage")),
        update("u4", "resolved", "11:00", affects("api", "operational", "degraded_performance")),
        started_at=None,
    )
    item = read_incident(given)
    assert spans(item) == [
        ("api#1", PARTIAL, at("10:00"), at("10:20")),
        ("api#2", FULL, at("10:20"), at("10:40")),
        ("api#3", PARTIAL, at("10:40"), at("11:00")),
    ]
    assert [(window.inferred, window.notice) for window in item.windows] == [(True, "u2"), (False, "u3"), (False, "u4")]


def test_a_change_that_lasts_no_time_makes_no_window_of_its_own():
    given = incident(
        update("u1", "investigating", "10:00", affects("api", "partial_outage")),
        update("u2", "identified", "10:20", affects("api", "major_outage", "partial_outage")),
        update("u3", "identified", "10:20", affects("api", "partial_outage", "major_outage")),
        update("u4", "resolved", "11:00", UP),
    )
    assert spans(read_incident(given)) == [("api#1", PARTIAL, at("10:00"), at("11:00"))]


def test_what_was_down_before_it_was_first_mentioned_may_have_begun_earlier():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "identified", "10:30", affects("web", "partial_outage", "partial_outage")),
        update("u3", "resolved", "11:00", UP, affects("web", "operational"), affects("cdn", "operational", "major_outage")),
    )
    item = read_incident(given)
    assert spans(item) == [
        ("api#1", FULL, at("10:00"), at("11:00")),
        ("cdn#1", FULL, at("10:00"), at("11:00")),
        ("web#1", PARTIAL, at("10:30"), at("11:00")),
    ]
    assert [(window.inferred, window.remarks) for window in item.windows] == [
        (False, ()),
        (True, ("down_before",)),
        (False, ("down_before",)),
    ]


def test_an_incident_without_updates_vouches_for_itself():
    item = read_incident(incident(status="investigating"))
    assert [(notice.foreign_id, notice.text, notice.published_at) for notice in item.notices] == [
        ("i1", "API errors", at("10:00"))
    ]
    assert (item.windows[0].start_at, item.windows[0].end_at, item.windows[0].notice) == (at("10:00"), None, "i1")


def test_an_incident_with_nothing_but_a_postmortem_is_read_from_its_own_times():
    given = incident(
        update("u1", "postmortem", "10:00", days=2),
        status="postmortem",
        started_at=written("10:00"),
        resolved_at=written("11:00"),
    )
    assert spans(read_incident(given)) == [("#1", PARTIAL, at("10:00"), at("11:00"))]


def test_the_name_of_a_component_is_its_listed_one():
    given = incident(
        update("u1", "investigating", "10:00", affects("api", "major_outage", name="Old name")),
        status="investigating",
        components=[{"id": "api", "name": "Public API"}],
    )
    assert read_incident(given).windows[0].component_name == "Public API"


def test_fields_that_are_not_known_are_let_through():
    given = incident(update("u1", "investigating", "10:00", DOWN, tweet_id=3), status="investigating")
    assert read_incident({**given, "mood": {"of": ["the", "day"]}}) == read_incident(given)


def test_an_empty_list_of_incidents_is_a_feed_without_items():
    assert read_feed("statuspage", body(incidents=[])) == ()


def test_every_code_is_said_in_korean_and_english():
    for korean, english in [*QUESTIONS.values(), *REMARKS.values()]:
        assert any("가" <= letter <= "힣" for letter in korean)
        assert english.isascii()
    assert not QUESTIONS.keys() & REMARKS.keys()


def test_a_component_named_by_a_number_is_not_mixed_up_with_its_ordinal():
    given = incident(
        update("u1", "investigating", "10:00", affects("1", "major_outage"), affects("11", "major_outage")),
        update("u2", "resolved", "11:00", affects("1", "operational"), affects("11", "operational")),
    )
    windows = read_incident(given).windows
    assert [window.key for window in windows] == ["1#1", "11#1"]
    assert replace(windows[0], key="", component_id="", component_name="") == replace(
        windows[1], key="", component_id="", component_name=""
    )


def test_a_time_of_resolution_of_what_is_not_resolved_has_no_effect():
    given = incident(update("u1", "investigating", "10:00", DOWN), status="investigating", resolved_at=written("10:30"))
    assert read_incident(given).windows[0].end_at is None


def test_a_resolution_before_the_last_update_is_no_end():
    given = incident(
        update("u1", "investigating", "10:00", DOWN), update("u2", "identified", "10:40"), resolved_at=written("10:30")
    )
    (window,) = read_incident(given).windows
    assert (window.end_at, window.questions) == (None, ("end_unsaid",))


def test_a_monitoring_after_the_resolution_has_no_effect():
    given = incident(
        update("u1", "investigating", "10:00", DOWN), update("u2", "resolved", "11:00", UP), monitoring_at=written("11:30")
    )
    assert spans(read_incident(given, recovery="monitoring")) == [("api#1", FULL, at("10:00"), at("11:00"))]


def test_a_component_that_is_up_when_an_incident_is_opened_again_has_no_second_window():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "resolved", "11:00", UP),
        update("u3", "investigating", "12:00", affects("web", "partial_outage"), UP),
        status="investigating",
    )
    assert [window.key for window in read_incident(given).windows] == ["api#1", "web#1"]


def test_the_silence_before_the_end_is_measured_from_another_instant():
    given = incident(
        update("u1", "investigating", "10:00", DOWN),
        update("u2", "identified", "10:00", STILL_DOWN, days=2),
        update("u3", "resolved", "10:00", UP, days=2),
    )
    assert read_incident(given).windows[0].questions == ("tail_of_days",)


def test_what_stays_degraded_while_monitored_does_not_break_again():
    degraded = {"code": "api", "name": "API", "new_status": "degraded_performance"}
    given = incident(
        update("u1", "investigating", "10:00", degraded),
        update("u2", "monitoring", "10:20", degraded),
        update("u3", "monitoring", "10:40", degraded),
        update("u4", "resolved", "11:00"),
    )
    assert spans(read_incident(given, recovery="monitoring")) == [("api#1", PARTIAL, at("10:00"), at("10:20"))]


def test_only_the_first_window_bears_what_is_to_be_said_of_the_start():
    given = incident(
        update("u1", "investigating", "10:00", STILL_DOWN),
        update("u2", "monitoring", "10:20", UP),
        update("u3", "identified", "10:30", DOWN),
        update("u4", "resolved", "11:00", UP),
        started_at=None,
    )
    assert [(window.inferred, window.remarks) for window in read_incident(given).windows] == [
        (True, ("down_before", "start_unsaid")),
        (False, ()),
    ]
