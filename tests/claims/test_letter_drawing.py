"""What a letter draws: the official outage of the services that count, and what was told, as its assessment had them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Decision
from claims.operations import ToldLoss, open_claim
from claims.queries.letter import render_letter
from services.models import Incident, Service
from services.operations import NoticeSaid, RecordContent, WindowSaid, publish_record_version, record_notice, record_windows
from tests.builders import BIKE, NOW, a_person
from tests.made_up import LATER, TAXI, chase, claim, everything, made_up, on, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(db: None) -> Incident:
    return made_up()


def letter(one: Claim | Decision, language: str = "en") -> str:
    decision = one if isinstance(one, Decision) else Decision.objects.filter(claim=one).latest("pk")
    return render_letter(decision, language=language, now=NOW).decode()


def said(text: str) -> str:
    """To who cannot see it."""
    return html.unescape(" ".join(re.findall(r"<desc [^>]*>(.*?)</desc>", text)))


def kinds(text: str) -> list[str]:
    return re.findall(r'<rect class="(\w\w+)"', text)


@transaction.atomic
def claimed(incident: Incident, *losses: ToldLoss) -> Claim:
    return open_claim(person=a_person(), incident=incident, losses=losses, now=LATER)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Kakao T taxi calling: Down, 2031-05-01 08:00 ~ 2031-05-01 12:00",
                "Kakao T taxi calling: You told us, 2031-05-01 11:00 ~ 2031-05-01 13:00", "Known until 2031-05-01 20:00"]),
        ("ko", ["카카오 T 택시 호출: 이용 불가, 2031-05-01 08:00 ~ 2031-05-01 12:00",
                "카카오 T 택시 호출: 말씀하신 시간, 2031-05-01 11:00 ~ 2031-05-01 13:00", "파악 기준 2031-05-01 20:00"]),
    ],
)  # fmt: skip
def test_the_outage_and_what_was_told_are_drawn_in_the_letters_language(incident: Incident, language: str, expected: list[str]):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    text = letter(one, language)
    assert said(text) == ". ".join(expected) + "."
    assert kinds(text) == ["full", "told"]
    assert text.index("</svg>") < text.index("<h2>")  # of the reckoning
    assert "<script" not in text


def test_a_letter_draws_the_version_that_its_assessment_had(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    publish(on("12:30"))
    chase()
    everything()
    first, second = Decision.objects.filter(claim=one).order_by("pk")
    for decision, version, until in ((first, 1, "12:00"), (second, 2, "12:30")):
        text = letter(decision)
        assert f"(version {version}) and what you told us</figcaption>" in text
        assert f"Down, 2031-05-01 08:00 ~ 2031-05-01 {until}." in said(text)


def test_what_was_told_of_two_services_stands_in_two_groups_and_marks_are_explained(incident: Incident):
    record_notice(
        NoticeSaid(
            key="more", source="operator", channel="notice", published_at=on("13:00"), text="자전거.", incident="made-up"
        ),
        now=LATER,
    )
    windows = [
        WindowSaid(service=TAXI, notice="said", severity="full", start_at=on("08:00"), end_at=on("12:00"), end_approx=True),
        WindowSaid(service=BIKE, notice="more", severity="partial", start_at=on("09:00"), end_at=None, inferred=True),
        WindowSaid(service=BIKE, notice="more", severity="full", start_at=on("08:00"), end_at=on("08:30")),
    ]
    with transaction.atomic():
        content = RecordContent(on("20:00"), record_windows(windows, incident="made-up"))
        publish_record_version(incident="made-up", content=content, now=LATER)
    one = claimed(incident, ToldLoss(TAXI, on("11:00"), None), ToldLoss(BIKE, on("11:00"), on("13:00")))
    everything()
    text = letter(one)
    assert sorted(kinds(text)) == ["full", "full", "partial", "told", "told"]
    assert "12:00 (" not in said(text)
    assert "about 2031-05-01 12:00" in said(text)
    assert "Partly down, 2031-05-01 09:00 ~ still going on (inferred)" in said(text)
    assert "You told us, 2031-05-01 11:00 ~ still going on" in said(text)
    marks = re.findall(r'<p class="marks">(.*?)</p>', text)[0]
    assert [word in marks for word in ("Korean time", "dashed", "diamond", "arrow")] == [True] * 4


def test_an_outage_that_came_through_another_service_is_drawn_with_its_name(incident: Incident):
    """Whose time counts by the window of what it belongs to has that drawn."""
    windows = [WindowSaid(service="kakao_t", notice="said", severity="full", start_at=on("08:00"), end_at=on("12:00"))]
    with transaction.atomic():
        content = RecordContent(on("20:00"), record_windows(windows, incident="made-up"))
        publish_record_version(incident="made-up", content=content, now=LATER)
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    assert kinds(letter(one)) == ["full", "told"]


def test_without_losses_nothing_is_drawn(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    monkeypatch.setattr("claims.queries.letter._losses", lambda explanation: [])
    assert "<svg" not in letter(one)
    assert "<figure" not in letter(one)


def test_many_services_are_drawn_in_parts_that_a_page_holds(incident: Incident):
    others = Service.objects.filter(code__contains=".").exclude(code=TAXI).order_by("code")
    codes = [TAXI, *others.values_list("code", flat=True)[:11]]
    span: dict[str, Any] = {"notice": "said", "severity": "full", "start_at": on("08:00"), "end_at": on("12:00")}
    with transaction.atomic():
        windows = record_windows([WindowSaid(service=code, **span) for code in codes], incident="made-up")
        publish_record_version(incident="made-up", content=RecordContent(on("20:00"), windows), now=LATER)
    one = claimed(incident, *(ToldLoss(code, on("11:00"), on("13:00")) for code in codes))
    everything()
    text = letter(one)
    drawings = re.findall(r'<svg xmlns="[^"]*" class="drawn" width="100%" height="(\d+)"', text)
    assert len(drawings) > 1
    assert max(int(height) for height in drawings) < 700
    assert said(text).count("You told us") == len(codes)
    assert len(re.findall('id="drawn-desc-', text)) == len(set(re.findall(r'id="drawn-desc-\d+"', text))) == len(drawings)
    assert text.count("▲") <= 1


def test_names_are_not_markup(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    monkeypatch.setattr("claims.queries.letter._names", lambda: {TAXI: ("<b>x", "</svg><script>x")})
    text = letter(one)
    assert "<script" not in text
    assert text.count("<b>") == 0


def test_more_losses_need_no_more_queries(incident: Incident):
    publish(on("12:00"))
    few = claim(a_person(), incident, on("11:00"), on("13:00"))
    times = [("08:00", "08:10"), ("08:20", "08:30"), ("09:00", "09:10"), ("10:00", "10:40")]
    many = claimed(incident, *(ToldLoss(TAXI, on(start), on(end)) for start, end in times))
    everything()
    related = Decision.objects.select_related("claim__incident", "assessment__run__terms")
    counts = []
    for decision in (related.get(claim=one) for one in (few, many)):
        letter(decision)  # whatever is remembered is remembered
        with CaptureQueriesContext(connection) as found:
            letter(decision)
        counts.append(len(found))
    assert counts[0] == counts[1]
