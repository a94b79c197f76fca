"""Where the timeline's marks lie: positions, ticks and labels, without any record."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from xml.etree import ElementTree

import pytest

from services.marks import axis_above, axis_below, lanes, looks
from services.seoul import SEOUL
from services.timeline import LEAST_WIDTH, Bar, Drawing, Group, Lane, draw


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2022, 10, day, hour, minute, tzinfo=SEOUL)


LONG_AFTER = at(30)


def drawn(*bars: Bar, as_of: datetime = LONG_AFTER, layout="wide") -> Drawing:
    return draw([Group("g", [Lane("l", bars)])], as_of=as_of, layout=layout, say_day=day_name)


def day_name(day: date, *, short: bool) -> str:
    return f"{day.month}/{day.day}" if short else f"{day.month}/{day.day} ({day:%a})"


def per_cent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def places(drawing: Drawing) -> list[tuple[float, float]]:
    return [(per_cent(bar.x), per_cent(bar.width)) for bar in drawing.groups[0].lanes[0].bars]


def test_bars_lie_as_their_instants_do():
    drawing = drawn(Bar("full", at(15), at(16)), Bar("partial", at(16), at(19)))
    (first, second), names = places(drawing), per_cent(drawing.names)
    assert first[0] + first[1] == pytest.approx(second[0], abs=0.01)
    assert second[1] == pytest.approx(3 * first[1], abs=0.01)
    assert names < first[0]
    assert second[0] + second[1] < 100, "room for an arrow"


def test_the_zone_of_an_instant_does_not_move_it():
    in_utc = [Bar("full", at(15).astimezone(UTC), at(16).astimezone(UTC))]
    assert drawn(*in_utc).groups[0].lanes[0].bars[0].x == drawn(Bar("full", at(15), at(16))).groups[0].lanes[0].bars[0].x
    assert [tick.label for tick in drawn(*in_utc).hours][:3] == ["00:00", "02:00", "04:00"]


def test_an_open_end_reaches_to_as_of_and_not_further():
    drawing = drawn(Bar("full", at(15), None), Bar("full", at(15), at(17)), as_of=at(18))
    assert drawing.known == drawing.groups[0].lanes[0].bars[0].tip
    assert places(drawing)[0][1] == pytest.approx(1.5 * places(drawing)[1][1], abs=0.01)
    begun_then = drawn(Bar("full", at(15), at(18)), Bar("intermittent", at(18), None), as_of=at(18))
    assert places(begun_then)[1] == (pytest.approx(per_cent(begun_then.known), abs=0.01), LEAST_WIDTH)


def test_what_is_known_long_after_the_end_does_not_stretch_the_axis():
    drawing = drawn(Bar("full", at(4, 14, 14), at(4, 14, 32)), as_of=at(16))
    assert drawing.known is None
    assert places(drawing)[0][1] > 60


def test_a_short_window_in_a_long_outage_can_be_seen():
    assert places(drawn(Bar("full", at(1), at(1, 0, 1)), Bar("full", at(1), at(29))))[0][1] == LEAST_WIDTH


@pytest.mark.parametrize(
    ("length", "layout", "hours"),
    [
        (timedelta(minutes=18), "wide", ["14:14", "14:16", "14:18"]),
        (timedelta(minutes=18), "narrow", ["14:15", "14:20", "14:25"]),
        (timedelta(hours=24), "wide", ["14:00", "16:00", "18:00"]),
        (timedelta(hours=24), "narrow", ["18:00", "00:00", "06:00"]),
        (timedelta(days=6), "wide", ["00:00", "12:00", "00:00"]),
        (timedelta(days=6), "narrow", []),
    ],
)
def test_ticks_are_round_times_and_few(length, layout, hours):
    drawing = drawn(Bar("full", at(4, 14, 14), at(4, 14, 14) + length), layout=layout)
    assert [tick.label for tick in drawing.hours][: len(hours) or None] == hours
    assert len(drawing.hours) <= 15


def test_days_begin_at_midnight_in_korea():
    drawing = drawn(Bar("full", at(15, 15), at(20, 23)))
    borders = [tick for tick in drawing.days if tick.day]
    named = ["10/16 (Sun)", "10/17 (Mon)", "10/18 (Tue)", "10/19 (Wed)", "10/20 (Thu)"]
    assert [tick.label for tick in borders] == [*named, ""], "no room for the last"
    hours = {tick.x: tick.label for tick in drawing.hours}
    assert {hours[tick.x] for tick in borders[:-1]} == {"00:00"}


def test_a_day_without_a_midnight_is_named():
    assert [(tick.label, tick.day) for tick in drawn(Bar("full", at(4, 9), at(4, 10))).days] == [("10/4 (Tue)", False)]


@pytest.mark.parametrize(("layout", "begun", "first"), [
    ("wide", at(15, 2), ["10/15 (Sat)"]), ("wide", at(15, 15), ["10/15"]), ("wide", at(15, 22), []),
    ("narrow", at(15, 2), ["10/15"]), ("narrow", at(15, 15), []), ("narrow", at(15, 22), []),
])  # fmt: skip
def test_the_day_it_begins_in_is_named_as_far_as_there_is_room(layout, begun, first):
    """From where the bars' ground begins: neither over the names nor over the day after it."""
    days = drawn(Bar("full", begun, at(20, 23)), layout=layout).days
    assert [(tick.label, per_cent(tick.x)) for tick in days if not tick.day] == [
        (label, {"wide": 27, "narrow": 1}[layout]) for label in first
    ]


@pytest.mark.parametrize(("layout", "edge"), [("wide", 1.5), ("narrow", 5.5)])
def test_no_hour_is_cut_off_at_an_edge(layout, edge):
    """Labels stand around their line; of a letter nothing is seen that lies outside of its drawing."""
    hours = drawn(Bar("full", at(15, 23), at(16, 3)), layout=layout).hours
    labelled = [bool(tick.label) for tick in hours]
    assert labelled == [edge <= per_cent(tick.x) <= 100 - edge for tick in hours]
    assert set(labelled) == ({True} if layout == "wide" else {True, False})


@pytest.mark.parametrize("days", [1, 10, 40, 366])
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_labels_of_days_have_room(days, layout):
    start = datetime(2022, 1, 1, 12, tzinfo=SEOUL)
    labels = [tick for tick in drawn(Bar("full", start, start + timedelta(days=days)), layout=layout).days if tick.label]
    least = {"wide": 9, "narrow": 11}[layout]
    standing = [per_cent(tick.x) for tick in labels]
    assert all(later - earlier >= least for earlier, later in pairwise(standing))
    assert len(labels) >= 1


def test_lanes_do_not_touch():
    lanes = [Lane("a", [Bar("full", at(15), at(16))]), Lane("b", [Bar("full", at(15), at(16))], governs=False)]
    for layout in ("wide", "narrow"):
        drawing = draw([Group("g", lanes), Group("h", lanes)], as_of=at(17), layout=layout, say_day=day_name)
        tops = [lane.bar_y for group in drawing.groups for lane in group.lanes]
        assert all(later - earlier >= 24 for earlier, later in pairwise(tops))
        assert drawing.top < tops[0]
        assert tops[-1] + 14 < drawing.bottom < drawing.height


def test_nothing_to_draw_is_an_error():
    with pytest.raises(ValueError, match="empty"):
        draw([], as_of=at(15), layout="wide", say_day=day_name)


def marks(drawing: Drawing) -> ElementTree.Element:
    """What a browser is given, which has to be well-formed."""
    drawn = f"<svg>{looks([drawing])}{axis_above(drawing)}{lanes(drawing)}{axis_below(drawing)}</svg>"
    return ElementTree.fromstring(drawn)  # noqa: S314 - ours


def shown(drawing: Drawing) -> list[list[str]]:
    """Of each use of a look, what it draws."""
    found = marks(drawing)
    known = {f"#{one.get('id')}": one for one in found.iter("symbol")}
    used = [known[one.get("href") or ""] for one in found.iter("use")]
    return [[part.get("class") or "" for part in one.iter() if part.get("class")] for one in used]


def test_whatever_a_name_or_a_day_is_called_is_text():
    hostile = "<script>alert(1)</script>\"&'"
    bar = Bar("full", at(15), None, said=hostile)
    for layout in ("wide", "narrow"):
        groups = [Group(hostile, [Lane(hostile, [bar])])]
        found = marks(draw(groups, as_of=at(19), layout=layout, say_day=lambda _, **short: hostile))
        assert not list(found.iter("script"))
        texts = [one.text for one in found.iter() if one.tag in ("text", "title") and one.get("class") != "hour"]
        assert len(texts) > 3
        assert set(texts) == {hostile, None}, "a day that has no room has no label"


@pytest.mark.parametrize(("bar", "kinds"), [
    (Bar("full", at(15), at(16)), [["fill", "edge full", "edge full"]]),
    (Bar("full", at(15), at(16), start_approx=True), [["fill", "fade", "edge full approx", "edge full"]]),
    (Bar("full", at(15), at(16), end_approx=True), [["fill", "open", "fade", "edge full", "edge full approx"]]),
    (Bar("partial", at(15), None, end_approx=True), [["fill", "edge partial"], ["tip partial"]]),
    (Bar("partial", at(15), at(16), inferred=True), [["fill", "edge partial", "edge partial", "open", "guess"]]),
])  # fmt: skip
def test_how_sure_a_bar_is_shows_at_its_ends(bar: Bar, kinds: list[list[str]]):
    assert shown(drawn(bar)) == kinds


def test_a_look_is_drawn_once_and_no_two_are_mixed_up():
    """Whatever they differ in, bars that look alike use one drawing, and none uses that of another look."""
    ends = [(at(16), False), (at(16), True), (None, False), (None, True)]
    bars = [
        Bar(kind, at(15), end, start, about, guess)
        for kind, (end, about), start, guess in product(("full", "planned"), ends, (False, True), (False, True))
    ]
    lanes = [Lane("a", bars), Lane("b", bars, governs=False)]
    drawing = draw([Group("g", lanes)], as_of=LONG_AFTER, layout="wide", say_day=day_name)
    symbols = [ElementTree.tostring(one) for one in marks(drawing).iter("symbol")]
    looks_of_bars = [text.split(b">", 1)[1] for text in symbols if b'"bar-' in text]
    assert len(looks_of_bars) == len(set(looks_of_bars)) == 2 * 3 * 2 * 2 * 2
    alone = [part for lane in lanes for bar in lane.bars for part in shown_alone(bar, governs=lane.governs)]
    assert shown(drawing) == alone


def shown_alone(bar: Bar, *, governs: bool) -> list[list[str]]:
    group = Group("g", [Lane("l", [bar], governs)])
    return shown(draw([group], as_of=LONG_AFTER, layout="wide", say_day=day_name))


def test_what_does_not_govern_is_lower_and_paler():
    bars = [Bar("full", at(15), at(16))]
    drawing = draw(
        [Group("g", [Lane("a", bars), Lane("b", bars, governs=False)])], as_of=LONG_AFTER, layout="wide", say_day=day_name
    )
    fills = [(one.get("class"), one.get("height")) for one in marks(drawing).iter("rect")]
    assert fills == [("fill", "14"), ("fill lesser", "8")]
