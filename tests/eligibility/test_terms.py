"""Terms are stored and compared: round trip, hash, tampering, and which losses a new version concerns."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.eligibility import ChangedSpan, EngineRefusal, Extent, Pack, Record, Terms, Window, changed_spans, compile_terms

from . import strategies
from .cast import ROOT, Document, as_told, at, document, lines_of, official, pack, record, rule, shipped_pack, window
from .test_oracle import random_cases, terms_of, unless_it_could_overflow

A = window("a", "15 15:30", "15 16:30", "w1")
B = window("b", "15 15:30", "15 16:30", "w2")


def terms(*windows: object, **more: object) -> Terms:
    return compile_terms(record(*windows, services=["a", "b", "c"], **more), [pack()])  # type: ignore[arg-type]


def test_a_document_makes_equal_terms() -> None:
    made = compile_terms(official(2), [shipped_pack("demo_message_credit"), shipped_pack("kakao_bike")])
    stored = json.loads(json.dumps(made.document()))
    again = Terms.from_document(stored)
    assert again.document() == made.document()
    assert again.content_hash == made.content_hash
    assert (again.services, again.rules) == (made.services, made.rules)
    assert [rule for _, _, rule in made.rules] == ["half_hours", "refund"]


@settings(random_cases, max_examples=15)
@given(strategies.records(10**6), strategies.packs())
def test_any_document_makes_equal_terms(found: Record, documents: list[Document]) -> None:
    made = terms_of(found, documents)
    assert Terms.from_document(json.loads(json.dumps(made.document()))).content_hash == made.content_hash


def test_the_order_of_packs_changes_nothing() -> None:
    packs = [shipped_pack("kakao_bike"), shipped_pack("demo_message_credit")]
    assert compile_terms(official(1), packs).content_hash == compile_terms(official(1), packs[::-1]).content_hash


HASHES = """
from tests.eligibility.cast import official, shipped, load_pack
from claims.eligibility import compile_terms
packs = [load_pack(path.read_text(encoding="utf-8"), path.name) for path in shipped()]
print([pack.content_hash for pack in packs], [compile_terms(official(n), packs).content_hash for n in (1, 2)])
"""


def test_the_hash_is_the_same_in_every_process() -> None:
    found = set()
    for seed, zone in (("0", "Asia/Seoul"), ("1", "America/New_York")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        found.add(
            subprocess.run(
                [sys.executable, "-c", HASHES], cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60
            ).stdout
        )
    assert len(found) == 1


@pytest.mark.parametrize(
    "path", ["segments.0.spans.0.end_at", "segments.0.spans.0.weight", "record.windows.0.end_at", "engine"]
)
def test_a_tampered_document_is_refused(path: str) -> None:
    stored = json.loads(json.dumps(terms(A, B).document()))
    *inner, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place = stored
    for key in inner:
        place = place[key]
    place[last] = "0" if path == "engine" else place[last] - 1
    with pytest.raises(EngineRefusal) as refused:
        Terms.from_document(stored)
    assert refused.value.code == "terms_differ"


@pytest.mark.parametrize(("bad", "where"), [
    (record(A, services=["b"]), None),
    (replace(record(A), windows=(replace(A, service="nope"),)), "windows.w1"),
    (replace(record(A), services=(replace(record(A).services[0], depends_on=("nope",)),)), "services.a.depends_on"),
])  # fmt: skip
def test_a_service_outside_the_tree_is_refused(bad: Record, where: str | None) -> None:
    if where is None:
        assert compile_terms(bad, [])
        return
    with pytest.raises(EngineRefusal) as refused:
        compile_terms(bad, [])
    assert (refused.value.code, refused.value.where) == ("unknown_service", where)


# --- what changed ----------------------------------------------------------------------------------


def spans(old: Terms, new: Terms) -> set[tuple[str | None, int | None, int | None]]:
    """Of losses that have an end."""
    return {(span.service, span.start_at, span.end_at) for span in changed_spans(old, new) if not span.only_open}


@pytest.mark.parametrize(
    ("case", "new", "expected"),
    [
        ("nothing", terms(A, B), set()),
        ("another source", terms(replace(A, source="press"), B), set()),
        ("another notice and key", terms(replace(A, notice="final", key="w9"), B), set()),
        ("cut in two adjacent windows", terms(replace(A, end_at=at("15 16:00")), replace(A, start_at=at("15 16:00"), key="w3"), B), set()),
        ("a later end", terms(replace(A, end_at=at("15 17:00")), B), {("a", at("15 16:30"), at("15 17:00"))}),
        ("an earlier end", terms(replace(A, end_at=at("15 16:00")), B), {("a", at("15 16:00"), at("15 16:30"))}),
        ("an earlier start", terms(replace(A, start_at=at("15 15:00")), B), {("a", at("15 15:00"), at("15 15:30"))}),
        ("both ends", terms(replace(A, start_at=at("15 15:00"), end_at=at("15 16:00")), B),
         {("a", at("15 15:00"), at("15 15:30")), ("a", at("15 16:00"), at("15 16:30"))}),
        ("a first window: also losses at another time", terms(A, B, window("c", "15 10:00", "15 11:00")), {("c", None, None)}),
        ("the last window gone", terms(A), {("b", None, None)}),
    ],
)  # fmt: skip
def test_changed_spans(case: str, new: Terms, expected: set[tuple[str | None, int | None, int | None]]) -> None:
    assert spans(terms(A, B), new) == expected, case


def test_a_window_that_is_still_open_changes_with_as_of() -> None:
    still = replace(A, end_at=None)
    old, new = (terms(still, as_of=at(moment)) for moment in ("15 17:00", "15 18:00"))
    assert spans(old, new) == {("a", at("15 17:00"), at("15 18:00"))}
    assert ChangedSpan("a", only_open=True) in changed_spans(old, new), "a loss without an end lasts to as_of"


def test_the_children_of_a_moved_parent_change_too() -> None:
    old, new = (compile_terms(record(w, services=["a.x"]), []) for w in (A, replace(A, end_at=at("15 17:00"))))
    assert spans(old, new) == {(code, at("15 16:30"), at("15 17:00")) for code in ("a", "a.x")}


def test_another_weight_changes_its_span() -> None:
    """Full becomes partial: same time, but this rule counts only full windows."""
    only_full = pack(rules=[rule(windows={"severities": ["full"]})])
    old, new = (compile_terms(record(w), [only_full]) for w in (A, replace(A, severity="partial")))
    assert ("a", at("15 15:30"), at("15 16:30")) in spans(old, new)


@pytest.mark.parametrize(
    ("case", "old", "new", "differs"),
    [
        ("it turns out to have been planned", A, replace(A, planned=True, announced_at=at("14 10:00")), True),
        ("it was announced after all", replace(A, planned=True), replace(A, planned=True, announced_at=at("14 10:00")), True),
        ("announced too late", replace(A, planned=True, announced_at=at("14 10:00")), replace(A, planned=True, announced_at=at("15 10:00")), True),
        ("announced too late, or never", replace(A, planned=True, announced_at=at("15 10:00")), replace(A, planned=True), False),
        ("planned, but nobody was told", A, replace(A, planned=True), False),
        ("announced even earlier", replace(A, planned=True, announced_at=at("14 10:00")), replace(A, planned=True, announced_at=at("13 10:00")), False),
    ],
)  # fmt: skip
def test_another_announcement_changes_its_span_where_it_changes_what_counts(
    *, case: str, old: Window, new: Window, differs: bool
) -> None:
    a_day_before = pack(rules=[rule(windows={"planned": {"counts": "unannounced", "hours_before": 24}})])
    terms_of_each = [compile_terms(record(one, B), [a_day_before]) for one in (old, new)]
    assert spans(*terms_of_each) == ({("a", at("15 15:30"), at("15 16:30"))} if differs else set()), case
    assert spans(*reversed(terms_of_each)) == spans(*terms_of_each)


def test_a_window_that_never_counted_and_was_planned_has_another_reason() -> None:
    """Nothing is paid before or after, but what the claimant is told differs."""
    only_full = pack(rules=[rule(windows={"severities": ["full"]})])
    first, second = (window("a", *ends, severity="partial") for ends in (("15 15:30", "15 16:00"), ("15 16:00", "15 16:30")))
    old, new = (compile_terms(record(first, one), [only_full]) for one in (second, replace(second, planned=True)))
    assert spans(old, new) == {("a", at("15 16:00"), at("15 16:30"))}


def test_planned_maintenance_is_in_the_document() -> None:
    made = terms(replace(A, planned=True, announced_at=at("14 10:00")), B)
    stored = json.loads(json.dumps(made.document()))
    assert [(w["planned"], w["announced_at"]) for w in stored["record"]["windows"]] == [(True, at("14 10:00")), (False, None)]
    assert Terms.from_document(stored).record == made.record


def test_another_figure_of_a_pack_changes_every_loss_of_its_services() -> None:
    old, new = (compile_terms(record(A, B), [pack(rules=[rule(amount=amount)])]) for amount in (1, 2))
    assert spans(old, new) == {("a", None, None)}


def test_more_days_of_the_extent_change_the_rules_that_count_them() -> None:
    days = pack(rules=[rule(amount={"days_touched": "extent", "source": "operator"})])
    old, new = (
        compile_terms(record(A, B, extents=(Extent("operator", at("15 15:30"), at(end)),)), [days])
        for end in ("16 12:00", "17 12:00")
    )
    assert {span.service for span in changed_spans(old, new)} == {"a"}
    later = compile_terms(record(A, B, extents=(Extent("operator", at("15 15:30"), at("16 13:00")),)), [days])
    assert changed_spans(old, later) == []


def concerned(span: ChangedSpan, service: str, start_at: int, end_at: int) -> bool:
    """Whether a loss from `start_at` to before `end_at` lies in it."""
    if span.only_open or span.service not in (None, service):
        return False
    return span.start_at is None or span.end_at is None or (span.start_at < end_at and start_at < span.end_at)


@settings(random_cases, max_examples=random_cases.max_examples // 3)
@given(st.data(), st.sampled_from([10**6, 3600 * 10**6]), st.integers(0, 2**32))
def test_whatever_changes_lies_in_a_changed_span(data: st.DataObject, tick: int, seed: int) -> None:
    """No claim gets another outcome or quantity under the new record without being found."""
    old_record = data.draw(strategies.records(tick))
    keep = data.draw(st.lists(st.booleans(), min_size=9, max_size=9))
    moved = data.draw(strategies.records(tick))
    windows = tuple(w for w, kept in zip(old_record.windows, keep, strict=False) if kept) + moved.windows[:2]
    new_record = replace(
        old_record, windows=tuple(replace(w, key=f"k{i}") for i, w in enumerate(windows)), extents=moved.extents
    )
    documents = data.draw(strategies.packs())
    old, new = (terms_of(found, documents) for found in (old_record, new_record))
    claims = as_told(strategies.claims(25, seed, tick), strategies.TYPES)
    with unless_it_could_overflow():
        before, after = (lines_of(t, *claims) for t in (old, new))
    found = changed_spans(old, new)
    for claim in claims:
        same = [
            [{k: v for k, v in line.items() if k != "reasons"} for line in lines if line["claim"] == claim.claim]
            for lines in (before, after)
        ]
        if same[0] != same[1]:
            spoken = any(concerned(span, one.service, one.start_at, one.end_at) for span in found for one in claim.losses)
            assert spoken or any(span.service is None for span in found), (claim, same, found)


def test_the_first_window_of_a_function_concerns_losses_of_its_service() -> None:
    """They were parked; now the answer is to name the function."""
    old, new = (
        compile_terms(record(*windows, services=["a.x", "b"]), []) for windows in ((B,), (B, replace(A, service="a.x")))
    )
    assert spans(old, new) == {("a.x", None, None), ("a", None, None)}


def test_more_days_concern_a_rule_without_losses_too() -> None:
    days = pack(rules=[rule(losses=None, amount={"days_touched": "extent", "source": "operator"})])
    old, new = (
        compile_terms(record(A, extents=(Extent("operator", at("15 15:30"), at(f"{day} 12:00")),)), [days]) for day in (16, 17)
    )
    assert changed_spans(old, new) == [ChangedSpan(None, rule=("made_up", "pays"))]


def test_the_versions_of_the_shipped_record_concern_who_they_should() -> None:
    packs: list[Pack] = [
        shipped_pack("demo_message_credit"),
        shipped_pack("kakao_mobility_membership"),
        shipped_pack("kakao_bike"),
    ]
    found = changed_spans(*(compile_terms(official(version), packs) for version in (1, 2)))

    def is_found(service: str, start_at: str, end_at: str) -> bool:
        return any(concerned(span, service, at(start_at), at(end_at)) for span in found)

    assert not is_found("kakaotalk.text_message", "15 15:30", "15 22:00")  # U2: no new assessment needed
    assert is_found("kakaotalk.text_message", "15 15:00", "16 03:00")  # U3
    assert is_found("kakao_t_taxi_driver", "16 06:00", "16 14:00")  # U4
    assert is_found("kakao_t_bike.ride_end_billing", "15 15:20", "15 21:15")  # U1
    assert not is_found("unnamed_bank.banking", "15 15:20", "15 21:15")  # U7


def test_a_document_of_the_test_pack_is_plain_json() -> None:
    assert json.loads(json.dumps(document())) == document()
