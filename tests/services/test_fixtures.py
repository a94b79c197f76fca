"""The shipped record, value by value where money hangs on it; the hashes hold the rest."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from services.contents import content_of_version
from services.lookups import UnknownService
from services.models import (
    Extent,
    Incident,
    Notice,
    Observation,
    OutageWindow,
    RecordVersion,
    Service,
    ServiceDependency,
    Source,
)
from services.operations import (
    FIXTURES,
    NoticeDiffers,
    RecordFileMalformed,
    SourceDiffers,
    VersionDiffers,
    load_incident,
    load_service_tree,
)
from services.queries import windows_of
from services.refusals import Refusal
from services.seoul import shown_span
from services.texts import text_hash
from tests.services.conftest import NOW

OCTOBER_15 = FIXTURES / "kakao-2022-10-15.json"

# Of the content as canonical JSON; verified value by value against the outage's data when they were pinned.
HASHES = {
    ("kakao-2022-10-04", 1): "631c6e893bdf7fe38122b47218e4b668ede3b83be09a9f6da46affafa8405d25",
    ("kakao-2022-10-15", 1): "388fb665eec89cbdefc5101930ed5a421dddb1d2a630b04cd1ade4992b4a200f",
    ("kakao-2022-10-15", 2): "a44926e493512d3f64cdf949a990475869ac48194e8cd52d14b6c25a46f2c089",
}


def test_the_tree(tree):
    assert Service.objects.filter(parent=None).count() == 19
    assert Service.objects.exclude(parent=None).count() == 46
    for service in Service.objects.select_related("parent"):
        assert service.code.rpartition(".")[0] == (service.parent.code if service.parent else "")
        assert service.name_ko
        assert service.name_en
        assert service.name_ko != service.name_en
    assert len(set(Service.objects.values_list("name_en", flat=True))) == 65
    assert set(Service.objects.filter(inferred=True).values_list("code", flat=True)) == {
        "kakao_t_bike",
        "kakao_t_bike.ride_end_billing",
        "unnamed_bank",
        "unnamed_bank.banking",
    }


def test_the_dependencies_are_our_conclusions(tree):
    assert set(ServiceDependency.objects.values_list("service__code", "depends_on__code", "inferred")) == {
        ("kakao_t_taxi_driver", "kakao_t.taxi_call", True),
        ("kakao_t_chauffeur_driver", "kakao_t.chauffeur_call", True),
        ("kakao_t_picker", "kakao_t.quick_parcel_call", True),
        ("kakao_style_zigzag", "kakaopay.pay_online", True),
    }


def test_the_sources_in_order_of_rank(tree):
    assert [(source.code, source.rank) for source in Source.objects.all()] == [
        ("operator", 1),
        ("mobility", 2),
        ("ministry", 3),
        ("press", 4),
        ("citizen", None),
    ]


def test_three_versions_with_their_windows(record):
    found = {(version.incident.key, version.number): version for version in RecordVersion.objects.select_related("incident")}
    assert {name: version.content_hash for name, version in found.items()} == HASHES
    assert {name: len(windows_of(version)) for name, version in found.items()} == dict(zip(HASHES, (2, 42, 44), strict=True))
    assert OutageWindow.objects.count() == 62, "the 26 windows that both versions list are the same rows"
    assert found["kakao-2022-10-15", 1].as_of == datetime(2022, 10, 16, 5, 0, tzinfo=UTC)
    assert found["kakao-2022-10-15", 2].as_of == datetime(2022, 10, 20, 14, 0, tzinfo=UTC)


MONEY_HANGS_ON = [
    (1, "kakaotalk.text_message", "full [~15 15:30, ~16 02:00) press inferred"),
    (1, "kakaotalk.text_message", "partial some_users [~16 02:00, ~16 14:00) press inferred"),
    (1, "kakaotalk.text_message", "intermittent [~16 14:00, ...) press inferred"),
    (1, "kakaotalk.pc_login", "full [~15 15:30, ~16 10:25) press"),
    (1, "kakao_t.taxi_call", "full [~15 15:30, ...) operator inferred"),
    (1, "piccoma.web_viewer", "partial [~15 15:30, ...) operator inferred"),
    (1, "melon.streaming", "full [~15 15:30, ~16 08:00) operator inferred"),
    (2, "kakaotalk.text_message", "full [~15 15:30, 16 01:31) operator"),
    (2, "kakaotalk.text_message", "partial some_users [~16 01:31, ~16 14:00) operator inferred"),
    (2, "kakaotalk.text_message", "intermittent [~16 14:00, ~16 21:30) operator inferred"),
    (2, "kakao_t.taxi_call", "full [~15 15:30, 17 18:00) operator inferred"),
    (2, "kakao_t.taxi_call", "full [15 15:00, 16 09:00) mobility"),
    (2, "kakao_games.pc", "full [~15 15:30, 16 20:00) operator"),
    (2, "kakao_t_bike.ride_end_billing", "partial some_users [~15 15:30, ~20 23:00) operator inferred"),
]


def test_windows_that_money_hangs_on(version_1, version_2):
    for number, service, expected in MONEY_HANGS_ON:
        windows = windows_of(version_1 if number == 1 else version_2).filter(service__code=service)
        assert expected in [_described(window) for window in windows]


def test_the_extents(version_1, version_2):
    assert [_extent(extent) for extent in extents_of(version_1)] == ["operator [2022-10-15 15:30, ...) False"]
    assert [_extent(extent) for extent in extents_of(version_2)] == [
        "operator [2022-10-15 15:30, 2022-10-20 23:00) False",
        "mobility [2022-10-15 15:00, 2022-10-16 09:00) False",
        "ministry [2022-10-15 15:27, 2022-10-20 23:00) True",
    ]


def test_notices_are_hashed_and_in_two_languages(record):
    assert Notice.objects.count() == 12
    for notice in Notice.objects.all():
        assert notice.text_hash == text_hash(notice.text)
        assert notice.text_en
        assert any("가" <= character <= "힣" for character in notice.text)


def test_the_observations_by_notice(record):
    assert Counter(Observation.objects.values_list("notice__key", flat=True)) == {
        "operator-1016-0800": 43,
        "press-1016-1400": 5,
        "operator-ceo-1015": 3,
        "citizen-1015-1800": 3,
        "operator-x-1016-1210": 2,
        "operator-x-1015": 1,
        "operator-1016-1430": 1,
        "operator-1016-2130": 1,
    }


def test_citizens_make_no_window(version_1):
    assert not OutageWindow.objects.filter(source__official=False).exists()
    reported = {"kakao_t_bike.ride_end_billing", "unnamed_bank.banking"}
    assert not windows_of(version_1).filter(service__code__in=reported).exists()


def test_loading_again_adds_nothing(record):
    before = _counts()
    assert not any(load_service_tree().added.values())
    for file in FIXTURES.glob("kakao-*.json"):
        assert not any(load_incident(file, now=NOW).added.values())
    assert _counts() == before


def test_version_by_version(tree):
    load_incident(OCTOBER_15, now=NOW, up_to=1)
    assert RecordVersion.objects.get().number == 1
    assert OutageWindow.objects.count() == 42, "windows come with the first version that lists them"
    assert load_incident(OCTOBER_15, now=NOW).added["record versions"] == 1
    assert RecordVersion.objects.get(number=2).content_hash == HASHES["kakao-2022-10-15", 2]


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        (lambda d: d["windows"]["w01"].update(start_at="2022-10-15T15:30:00"), Refusal, "timezone_required"),
        (lambda d: d["windows"]["w01"].update(end_at="2022-10-15T15:00:00+09:00"), Refusal, "interval_invalid"),
        (lambda d: d["windows"]["w01"].update(end_at="2022-10-15T15:30:00+09:00"), Refusal, "interval_invalid"),
        (lambda d: d["windows"]["w01"].update(start_at="0001-01-01T00:00:00+09:00"), Refusal, "out_of_range"),
        (lambda d: d["windows"]["w01"].update(end_at="9999-12-31T00:00:00+09:00"), Refusal, "out_of_range"),
        (lambda d: d["windows"]["w01"].update(service="kakaotalk.telepathy"), UnknownService, "unknown_service"),
        (lambda d: d["windows"]["w01"].update(severity="bad"), Refusal, "invalid_value"),
        (lambda d: d["windows"]["w01"].update(notice="citizen-1015-1800"), Refusal, "source_not_official"),
        (lambda d: d["windows"]["w02"].update(start_at="2022-10-16T01:00:00+09:00"), Refusal, "windows_overlap"),
        (lambda d: d["windows"]["w01"].update(colour="red"), RecordFileMalformed, "record_file_malformed"),
        (lambda d: d["windows"]["w01"].pop("scope"), RecordFileMalformed, "record_file_malformed"),
        (lambda d: d["versions"][0]["windows"].append("w99"), RecordFileMalformed, "record_file_malformed"),
        (lambda d: d["versions"][0].update(number=2), VersionDiffers, "version_differs"),
        (lambda d: d["versions"][0].update(as_of="2099-01-01T00:00:00+09:00"), Refusal, "as_of_in_future"),
        (lambda d: d.update(schema="outage-record/9"), RecordFileMalformed, "record_file_malformed"),
    ],
)
def test_a_file_with_a_fault_is_refused_and_stores_nothing(change, refusal, code, tree, tmp_path):
    document = json.loads(OCTOBER_15.read_text())
    change(document)
    file = tmp_path / "faulty.json"
    file.write_text(json.dumps(document))
    with pytest.raises(refusal) as refused:
        load_incident(file, now=NOW)
    assert refused.value.code == code
    with pytest.raises(CommandError, match=code):
        call_command("load_record", file)


FINDINGS = {
    "f1": {"name": "gross_negligence", "notice": "press-1016-1400", "type": "boolean", "value": True},
    "f2": {"name": "decided_on", "notice": "press-1016-1400", "type": "date", "value": "2022-10-16"},
    "f3": {"name": "restored_at", "notice": "press-1016-1400", "type": "instant", "value": "2022-10-04T14:32:00+09:00"},
}


def test_a_file_can_tell_findings_and_shares_of_users(tree, tmp_path):
    document = json.loads((FIXTURES / "kakao-2022-10-04.json").read_text())
    document["windows"]["w01"]["users_permille"] = 125
    document["findings"] = FINDINGS
    document["versions"][0]["findings"] = list(FINDINGS)
    file = tmp_path / "found.json"
    file.write_text(json.dumps(document))
    assert load_incident(file, now=NOW).added["findings"] == 3
    assert not any(load_incident(file, now=NOW).added.values())
    version = RecordVersion.objects.get()
    assert [(found.name, str(found.value)) for found in version.findings.order_by("name")] == [
        ("decided_on", "2022-10-16"),
        ("gross_negligence", "True"),
        ("restored_at", "2022-10-04 05:32:00+00:00"),
    ]
    assert [window.users_permille for window in windows_of(version)] == [125, None]


def test_a_file_can_tell_of_planned_maintenance(tree, tmp_path):
    file = with_window(tmp_path, planned=True, announced_at="2022-10-01T09:00:00+09:00")
    load_incident(file, now=NOW)
    assert not any(load_incident(file, now=NOW).added.values())
    planned, other = windows_of(RecordVersion.objects.get())
    assert (planned.planned, planned.announced_at) == (True, datetime(2022, 10, 1, tzinfo=UTC))
    assert (other.planned, other.announced_at) == (False, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"planned": True, "announced_at": "2022-10-01T09:00:00"}, "timezone_required"),
        ({"announced_at": "2022-10-01T09:00:00+09:00"}, "invalid_value"),
    ],
)
def test_an_announcement_without_a_zone_or_of_nothing_planned_is_refused(change, code, tree, tmp_path):
    with pytest.raises(Refusal) as refused:
        load_incident(with_window(tmp_path, **change), now=NOW)
    assert refused.value.code == code


def with_window(tmp_path, **more):
    """The shipped record of 4 October, its first window saying more."""
    document = json.loads((FIXTURES / "kakao-2022-10-04.json").read_text())
    document["windows"]["w01"] |= more
    file = tmp_path / "planned.json"
    file.write_text(json.dumps(document))
    return file


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": 1}, "finding_mistyped"),
        ({"type": "date", "value": "16 October"}, "instant_malformed"),
        ({"type": "instant", "value": "2022-10-04T14:32:00"}, "timezone_required"),
        ({"type": "rumour"}, "record_file_malformed"),
    ],
)
def test_a_file_with_a_faulty_finding_is_refused(change, code, tree, tmp_path):
    document = json.loads((FIXTURES / "kakao-2022-10-04.json").read_text())
    document["findings"] = {"f1": FINDINGS["f1"] | change}
    document["versions"][0]["findings"] = ["f1"]
    file = tmp_path / "faulty.json"
    file.write_text(json.dumps(document))
    with pytest.raises(Refusal) as refused:
        load_incident(file, now=NOW)
    assert refused.value.code == code


@pytest.mark.django_db(transaction=True)
def test_the_command_loads_all_files_or_none(tmp_path, capsys):
    document = json.loads(OCTOBER_15.read_text())
    document["versions"][1]["windows"].append("w99")
    (tmp_path / "faulty.json").write_text(json.dumps(document))
    with pytest.raises(CommandError, match="record_file_malformed"):
        call_command("load_record", tmp_path / "faulty.json")
    assert not any(_counts().values())

    call_command("load_record")
    assert "60 outage windows, 4 extents, 2 record versions" in capsys.readouterr().out
    stored = _counts()
    call_command("load_record")
    assert capsys.readouterr().out.splitlines() == [
        "services: nothing new",
        "kakao-2022-10-04: nothing new",
        "kakao-2022-10-15: nothing new",
    ]
    assert _counts() == stored


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '{"schema": "outage-record/1"}'])
def test_a_file_of_another_kind_is_refused(text, db, tmp_path):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(RecordFileMalformed):
        load_incident(tmp_path / "x.json", now=NOW)


def test_a_published_version_is_not_replaced_by_a_file(record, tmp_path):
    document = json.loads(OCTOBER_15.read_text())
    document["windows"]["w01"]["end_at"] = "2022-10-16T01:59:00+09:00"
    document["windows"]["w02"]["start_at"] = "2022-10-16T01:59:00+09:00"
    (tmp_path / "edited.json").write_text(json.dumps(document))
    with pytest.raises(VersionDiffers):
        load_incident(tmp_path / "edited.json", now=NOW)


def test_a_notice_is_not_replaced_by_a_file(record, tmp_path):
    document = json.loads(OCTOBER_15.read_text())
    document["notices"][0]["text"] += " 덧붙임."
    (tmp_path / "edited.json").write_text(json.dumps(document))
    with pytest.raises(NoticeDiffers) as refused:
        load_incident(tmp_path / "edited.json", now=NOW)
    assert refused.value.field == "text"


def test_names_of_services_are_corrected_and_ranks_are_not(tree, tmp_path):
    document = json.loads((FIXTURES / "services.json").read_text())
    document["services"][0]["name_en"] = "Kakao Talk"
    (tmp_path / "tree.json").write_text(json.dumps(document))
    load_service_tree(tmp_path / "tree.json")
    assert Service.objects.get(code=document["services"][0]["code"]).name_en == "Kakao Talk"

    document["sources"][0]["rank"] = 9
    (tmp_path / "tree.json").write_text(json.dumps(document))
    with pytest.raises(SourceDiffers):
        load_service_tree(tmp_path / "tree.json")


def test_a_child_without_a_parent_is_refused(tree, tmp_path):
    document = json.loads((FIXTURES / "services.json").read_text())
    document["services"].append({**document["services"][1], "code": "unheard_of.function"})
    (tmp_path / "tree.json").write_text(json.dumps(document))
    with pytest.raises(UnknownService):
        load_service_tree(tmp_path / "tree.json")


def _described(window: OutageWindow) -> str:
    span = shown_span(window.start_at, window.end_at, start_approx=window.start_approx, end_approx=window.end_approx)
    scope = "" if window.scope == "all" else f" {window.scope}"
    inferred = " inferred" if window.inferred else ""
    return f"{window.severity}{scope} {span.replace('2022-10-', '')} {window.source.code}{inferred}"


def extents_of(version):
    """Best ranked source first."""
    return sorted(content_of_version(version).extents, key=lambda extent: extent.source.rank)


def _extent(extent: Extent) -> str:
    return f"{extent.source.code} {shown_span(extent.start_at, extent.end_at)} {extent.start_inferred}"


def _counts() -> dict[str, int]:
    models = (Service, Source, Incident, Notice, Observation, OutageWindow, Extent, RecordVersion)
    return {model.__name__: model.objects.count() for model in models}
