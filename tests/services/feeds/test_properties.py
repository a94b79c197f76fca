"""What holds for every incident of a Statuspage, whatever its updates say."""

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.feeds import RECOVERIES, FeedRefused, read_feed
from tests.services.feeds.pages import DAY, body

STATUSES = ["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]
PHASES = ["investigating", "identified", "monitoring", "resolved", "postmortem"]

often = settings(max_examples=100, deadline=None)
# A coarse clock, so that updates often fall together; days apart, so that silences are long.
instants = st.builds(
    lambda days, minutes: (DAY + timedelta(days=days, minutes=minutes)).isoformat(),
    st.integers(0, 3),
    st.sampled_from([0, 0, 1, 10, 10, 60, 600]),
)
affected = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["", "A", "B"]), "new_status": st.sampled_from(STATUSES)},
        optional={"code": st.sampled_from(["a", "b", None]), "old_status": st.sampled_from(STATUSES)},
    ),
    max_size=3,
    unique_by=lambda entry: entry.get("code") or id(entry),
)


@st.composite
def incidents(draw):
    updates = [
        {
            "id": f"u{number}",
            "status": draw(st.sampled_from(PHASES)),
            "body": draw(st.sampled_from([None, "", "text"])),
            "created_at": draw(instants),
            "display_at": draw(st.none() | instants),
            "affected_components": draw(st.none() | affected),
        }
        for number in range(draw(st.integers(0, 6)))
    ]
    return {
        "id": "i",
        "name": "name",
        "status": draw(st.sampled_from(PHASES)),
        "created_at": draw(instants),
        "started_at": draw(st.none() | instants),
        "monitoring_at": draw(st.none() | instants),
        "resolved_at": draw(st.none() | instants),
        "impact": draw(st.sampled_from(["none", "minor", "critical", None])),
        "incident_updates": updates,
    }


recoveries = st.sampled_from(RECOVERIES)


def _read(incident, recovery):
    return read_feed("statuspage", body(incidents=[incident]), recovery=recovery)


@often
@given(incidents(), recoveries, st.randoms(use_true_random=False))
def test_the_order_of_updates_in_the_file_changes_nothing(incident, recovery, dice):
    updates = list(incident["incident_updates"])
    dice.shuffle(updates)
    for update in updates:
        dice.shuffle(update["affected_components"] or [])
    assert _read({**incident, "incident_updates": updates}, recovery) == _read(incident, recovery)


@often
@given(incidents(), recoveries)
def test_windows_of_a_component_end_after_their_start_and_never_overlap(incident, recovery):
    (item,) = _read(incident, recovery)
    by_component = {}
    for window in item.windows:
        by_component.setdefault(window.component_id, []).append(window)
    for windows in by_component.values():
        assert [window.key.rpartition("#")[2] for window in windows] == [str(n) for n in range(1, len(windows) + 1)]
        timed = [window for window in windows if window.start_at]
        assert all(window.end_at is None or window.start_at < window.end_at for window in timed)
        assert all(earlier.end_at and earlier.end_at <= later.start_at for earlier, later in pairwise(timed))


@often
@given(incidents(), recoveries)
def test_every_window_names_a_notice_of_its_item_and_is_explained(incident, recovery):
    (item,) = _read(incident, recovery)
    assert {window.notice for window in item.windows} <= {notice.foreign_id for notice in item.notices}
    assert all(window.component_id or "which_component" in window.questions for window in item.windows)
    assert all(window.start_at or {"times_in_prose"} <= set(window.questions) for window in item.windows)
    assert all(len(window.closing_rule) <= 300 for window in item.windows)
    assert all(list(codes) == sorted(set(codes)) for window in item.windows for codes in (window.questions, window.remarks))


@often
@given(incidents(), recoveries)
def test_reading_twice_gives_equal_results(incident, recovery):
    assert _read(incident, recovery) == _read(incident, recovery)


@often
@given(incidents())
def test_an_incident_without_a_window_speaks_of_operational_components_only(incident):
    (item,) = _read(incident, "component")
    entries = [entry for row in incident["incident_updates"] for entry in row["affected_components"] or []]
    if not item.windows:
        said = [row for row in incident["incident_updates"] if row["status"] != "postmortem" and row["affected_components"]]
        assert said
        assert entries


@often
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0incdets\\u ', max_size=60).map(str.encode))
def test_whatever_comes_is_read_or_refused(given_bytes):
    with suppress(FeedRefused):
        assert read_feed("statuspage", given_bytes, zone="Asia/Seoul") == ()
