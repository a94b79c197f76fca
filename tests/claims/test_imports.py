"""A file of usage: sent in pieces, tried, stored whole or row by row, sent again."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Partner, PartnerPerson, Person
from claims.models import MOST_ATTEMPTS, DerivationDue, Event, Hint, ImportPart, Usage, UsageImport
from claims.operations import (
    add_part,
    begin_import,
    call_importers,
    cancel_import,
    derive_next,
    finish_upload,
    forget_imports,
    import_store,
    import_work,
    imports,
    progress_of_import,
    result_file,
    work_next_part,
)
from services.refusals import InvalidValue, Refusal
from tests.builders import BIKE, NOW, a_partner, outage
from tests.claims.import_cast import GOOD, WRITERS, as_csv, as_ndjson, begin, imported, lock, outcome, ride, send, work
from tests.race.together import together

pytestmark = pytest.mark.django_db(transaction=True)  # a file that is one transaction is told of over another connection

WRONG = [
    ("kind", "flight", "kind_unknown"),
    ("service", "x", "reference_unknown"),
    ("end_at", GOOD["start_at"], "interval_invalid"),
]
TABLES = (Usage, Person, PartnerPerson, DerivationDue)


@pytest.fixture
def partner() -> Partner:
    outage()
    return a_partner()


def counts() -> list[int]:
    return [table._default_manager.count() for table in TABLES]


def usages() -> list[tuple[Any, ...]]:
    rows = Usage.objects.order_by("external_id").select_related("service", "person__known_to_partner")
    return [
        (one.external_id, one.person.known_to_partner.external_id, one.service.code, one.kind, one.start_at, one.end_at,
         one.locked_at, one.charge_minor, one.currency, one.partner_id, one.recorded_at) for one in rows
    ]  # fmt: skip


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("mode", ["per_row", "all_or_nothing"])
def test_a_good_file_is_stored(partner: Partner, form: str, mode: str):
    rows = [ride(number, locked_at=None if number % 2 else "2022-10-15T15:42:00.5+09:00") for number in range(20)]
    ended = work(send(partner, WRITERS[form](rows), format=form, mode=mode))
    assert outcome(ended) == ("done", 20, 0, 0, [])
    assert len(usages()) == 20
    assert usages()[0][:4] == ("ride-0", "rider-0", BIKE, "ride")
    assert [str(instant) for instant in usages()[0][4:7]] == [
        "2022-10-15 06:20:00+00:00", "2022-10-15 12:15:00+00:00", "2022-10-15 06:42:00.500000+00:00",
    ]  # fmt: skip
    assert usages()[1][6:] == (None, 53450, "KRW", partner.pk, NOW)
    assert Person.objects.count() == PartnerPerson.objects.count() == 7
    kinds = Event.objects.filter(kind__startswith="usage_").values_list("kind", flat=True)
    assert sorted(kinds) == ["usage_copied", "usage_import_begun", "usage_import_done"]
    copied = Event.objects.get(kind="usage_copied").data
    assert (copied["partner"], copied["stored"], copied["repeated"], copied["import"]) == (partner.pk, 20, 0, ended.pk)
    assert Event.objects.get(kind="usage_import_done").data["stored"] == 20


def test_both_modes_and_both_forms_store_the_same(partner: Partner):
    rows = [ride(number, external_id=f'{number}"\\N, \\.', currency="", charge_minor=None) for number in range(3)]
    rows += [ride(number, end_at=None) for number in range(3)]
    stored = []
    for number, (form, mode) in enumerate([(form, mode) for form in WRITERS for mode in ("per_row", "all_or_nothing")]):
        other = a_partner(f"other-{number}")
        assert imported(other, WRITERS[form](rows), format=form, mode=mode) == ("done", 6, 0, 0, [])
        stored.append({row[:9] for row in usages() if row[9] == other.pk})
    assert len(stored[0]) == 6
    assert stored == [stored[0]] * 4


def test_what_follows_from_it_is_derived(partner: Partner):
    send_and_count = imported(partner, as_csv([ride(number) for number in range(5)]))
    due = DerivationDue.objects.get()
    ids = sorted(Usage.objects.values_list("pk", flat=True))
    assert send_and_count[1] == 5
    assert (due.first_usage_id or 0) <= ids[0]
    assert ids[-1] <= (due.last_usage_id or 0)
    assert derive_next(now=NOW)


@pytest.mark.parametrize("name_value_code", WRONG)
@pytest.mark.parametrize("form", WRITERS)
def test_all_or_nothing_leaves_nothing_and_row_by_row_the_good_ones(
    partner: Partner, form: str, name_value_code: tuple[str, ...]
):
    name, value, code = name_value_code
    rows = [ride(number) for number in range(10)]
    rows[4] = {**rows[4], name: value}
    line = 6 if form == "csv" else 5
    content = WRITERS[form](rows)
    before = counts()
    assert imported(partner, content, format=form, mode="all_or_nothing") == ("refused", 0, 0, 1, [(line, code)])
    assert counts() == before
    assert imported(partner, content, format=form) == ("done", 9, 0, 1, [(line, code)])
    assert Usage.objects.count() == 9


def test_the_same_number_twice(partner: Partner):
    rows = [ride(1), ride(2), ride(1), ride(2, charge_minor=1), ride(3, kind="x"), ride(3)]
    content = as_csv(rows)
    errors = [(5, "usage_differs"), (6, "kind_unknown")]
    assert imported(partner, content, mode="all_or_nothing") == ("refused", 0, 1, 2, errors)
    assert counts() == [0, 0, 0, 0]
    assert imported(partner, content) == ("done", 3, 1, 2, errors)
    assert imported(partner, content) == ("done", 0, 4, 2, errors)
    assert Usage.objects.get(external_id="ride-2").charge_minor == 53450


@pytest.mark.parametrize("mode", ["per_row", "all_or_nothing"])
def test_sent_again_nothing_is_stored_twice(partner: Partner, mode: str):
    rows = [ride(number) for number in range(10)]
    assert imported(partner, as_csv(rows[:6]), mode=mode)[:4] == ("done", 6, 0, 0)
    assert imported(partner, as_csv(rows[:6]), mode=mode)[:4] == ("done", 0, 6, 0)
    assert imported(partner, as_csv(rows), mode=mode)[:4] == ("done", 4, 6, 0)
    before = usages()
    changed = [*rows[:3], ride(3, end_at=None), ride(10)]
    expected = {"per_row": ("done", 1, 3, 1), "all_or_nothing": ("refused", 0, 3, 1)}[mode]
    assert imported(partner, as_csv(changed), mode=mode) == (*expected, [(5, "usage_differs")])
    assert usages()[: len(before)] == before or mode == "per_row"
    assert Usage.objects.count() == {"per_row": 11, "all_or_nothing": 10}[mode]


def test_the_number_of_another_partner_is_another_usage_and_another_person(partner: Partner):
    content = as_csv([ride(1), ride(2)])
    assert imported(partner, content)[1] == imported(a_partner("other"), content)[1] == 2
    assert Person.objects.count() == 4


TOO_LATE = "2022-10-15T21:15:01+09:00"
# Each with one part per row or two, so that what is twice is in parts of its own.
FILES = {
    "good": [ride(number) for number in range(9)],
    "repeated": [ride(1), ride(2), ride(1), ride(2), ride(3)],
    "differs": [ride(1), ride(2), ride(1, charge_minor=5), ride(1, person="other"), ride(1), ride(3)],
    "differs from what is stored": [ride(100), ride(101, charge_minor=5), ride(102, person="nobody"), ride(1)],
    "wrong": [ride(1, kind="x"), ride(1), ride(2), ride(1, charge_minor=5), ride(3, start_at="x")],
    "all wrong": [ride(number, kind="x") for number in range(5)],
    "locks": [lock(1, 1), ride(1), lock(2, 1), lock(3, 100), lock(4, 9), lock(1, 1)],
    "locks that do not fit": [
        ride(1),
        lock(1, 1, start_at=TOO_LATE),
        lock(2, 100, start_at=TOO_LATE),
        lock(3, 1, person="other"),
        lock(4, 100, person="nobody"),
        lock(5, 1, ride="lock-6"),
        lock(6, 1),
        lock(7, 1, ride="lock-6"),
        lock(8, 8, start_at=TOO_LATE),
        ride(8),
        lock(8, 8, start_at=TOO_LATE),
        lock(6, 1, start_at=TOO_LATE),
    ],
    "quoted": [ride(1, external_id='"1"'), ride(2), ride(1, external_id='"1"', end_at=None)],
}


@pytest.mark.parametrize("mode", ["per_row", "all_or_nothing"])
@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", FILES)
def test_a_dry_run_says_what_the_run_says_and_stores_nothing(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, mode: str, form: str, name: str
):
    imported(partner, as_csv([ride(number) for number in range(100, 103)]))
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    content = WRITERS[form](FILES[name])
    before = counts()
    events = set(Event.objects.values_list("kind", flat=True)) | {"usage_import_refused"}
    told = imported(partner, content, format=form, mode=mode, dry_run=True)
    assert counts() == before
    assert set(Event.objects.values_list("kind", flat=True)) <= events
    assert ImportPart.objects.filter(usage_import=UsageImport.objects.latest("pk")).count() > 1
    assert imported(partner, content, format=form, mode=mode) == told
    assert Usage.objects.count() - before[0] == told[1]


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("parts", ["one", "many"])
def test_a_lock_that_does_not_fit_its_ride_is_refused_where_that_is_known(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, form: str, parts: str
):
    """A ride further down in the file is known with it where they are in one part."""
    imported(partner, as_csv([ride(number) for number in range(100, 103)]))
    if parts == "many":
        monkeypatch.setattr(imports, "PART_BYTES", 1)
    first = 2 if form == "csv" else 1
    outside, person, kind = "lock_outside_ride", "ride_of_another_person", "not_a_ride"
    wrong = [(1, outside), (2, outside), (3, person), (4, person), (7, kind), (11, "usage_differs")]
    wrong += [(5, kind), (8, outside)] if parts == "one" else []
    content = WRITERS[form](FILES["locks that do not fit"])
    piece = 40 if parts == "many" else len(content)
    state, stored, repeated, refused, errors = imported(partner, content, format=form, piece=piece)
    assert errors == sorted((first + place, code) for place, code in wrong)
    assert (state, stored, repeated, refused) == ("done", 12 - len(wrong) - 1, 1, len(wrong))
    assert imported(partner, as_csv([lock(9, 100), lock(10, 101)])) == ("done", 2, 0, 0, [])


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("piece", [1, 7, 100, 1000])
def test_pieces_are_cut_anywhere(partner: Partner, monkeypatch: pytest.MonkeyPatch, form: str, piece: int):
    monkeypatch.setattr(imports, "PART_BYTES", 400)
    rows = [ride(number, person=f"고객-{number}") for number in range(8)]
    rows[5]["kind"] = "x"
    content = WRITERS[form](rows).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    sent = send(partner, b"\xef\xbb\xbf" + content, format=form, piece=piece)
    parts = [bytes(part.content) for part in sent.parts.order_by("number")]
    assert b"".join(parts) == b"\xef\xbb\xbf" + content
    assert all(part.endswith(b"\n") for part in parts[:-1])
    assert sent.rows == sum(sent.parts.values_list("rows", flat=True)) == 8
    assert outcome(work(sent)) == ("done", 7, 0, 1, [(7 if form == "csv" else 6, "kind_unknown")])


def refused(call: Any, **told: Any) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        call(**told)
    return refusal.value.code


def test_refuses_what_nobody_can_begin(partner: Partner):
    told: dict[str, Any] = {"format": "csv", "encoding": "utf_8", "mode": "per_row", "dry_run": False}
    for wrong in ({"format": "xlsx"}, {"encoding": "utf-16"}, {"mode": "some"}, {"dry_run": 1}):
        assert refused(begin_import, partner=partner, now=NOW, **{**told, **wrong}) == InvalidValue.code
    for _ in range(imports.MOST_UNDER_WAY):
        send(partner, as_csv([ride(1)]))
    assert refused(begin_import, partner=partner, now=NOW, **told) == "too_many_imports"
    begin(a_partner("other"))


def test_one_is_sent_after_the_other_unless_nobody_goes_on_with_it(partner: Partner):
    told: dict[str, Any] = {"format": "csv", "encoding": "utf_8", "mode": "per_row", "dry_run": False}
    left = begin(partner)
    assert refused(begin_import, partner=partner, now=NOW + imports.ABANDONED_AFTER, **told) == "too_many_imports"
    with transaction.atomic():
        begin_import(partner=partner, now=NOW + imports.ABANDONED_AFTER + timedelta(seconds=1), **told)
    left.refresh_from_db()
    assert left.state == "abandoned"


def test_refuses_pieces_that_do_not_fit(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    sent, other = begin(partner), a_partner("other")
    content = as_csv([ride(1)])
    about: dict[str, Any] = {"import_id": sent.pk, "partner": partner, "now": NOW}
    with transaction.atomic():
        add_part(offset=0, content=content[:10], **about)
    assert refused(add_part, offset=0, content=content[:10], **about) == "offset_differs"
    assert refused(add_part, offset=11, content=content[10:], **about) == "offset_differs"
    assert refused(add_part, offset=10, content=b"", **{**about, "partner": other}) == "unknown_import"
    assert refused(finish_upload, sha256="0" * 64, size=10, **{**about, "partner": other}) == "unknown_import"
    assert refused(cancel_import, **{**about, "partner": other}) == "unknown_import"
    assert refused(add_part, offset=0, content=b"", **{**about, "import_id": 0}) == "unknown_import"
    long = content[10:] + b"x" * (imports.LONGEST_LINE + 1)
    assert refused(add_part, offset=10, content=long, **about) == "line_too_long"
    assert refused(add_part, offset=10, content=long + b"\n", **about) == "line_too_long"
    assert refused(add_part, offset=10, content=b",is_staff\n", **about) == "csv_header"
    assert refused(add_part, offset=10, content=b"\xff\n", **about) == "encoding_invalid"
    monkeypatch.setattr(imports, "MOST_BYTES", len(content) - 1)
    assert refused(add_part, offset=10, content=content[10:], **about) == "file_too_large"
    monkeypatch.undo()
    monkeypatch.setattr(imports, "MOST_ROWS", 1)
    assert refused(add_part, offset=10, content=content[10:] + b"\n\n", **about) == "too_many_rows"
    with transaction.atomic():
        add_part(offset=10, content=content[10:], **about)
    assert refused(finish_upload, sha256="0" * 64, size=len(content), **about) == "file_differs"
    assert refused(finish_upload, sha256=hashlib.sha256(content).hexdigest(), size=1, **about) == "file_differs"
    with transaction.atomic():
        finish_upload(sha256=hashlib.sha256(content).hexdigest().upper(), size=len(content), **about)
    assert refused(add_part, offset=len(content), content=b"x", **about) == "import_closed"
    assert refused(finish_upload, sha256="0" * 64, size=len(content), **about) == "import_closed"
    work(sent)
    assert refused(cancel_import, **about) == "import_closed"
    assert Usage.objects.count() == 1


@pytest.mark.parametrize("content", [b"", as_csv([]), as_csv([]).strip(), b"\xef\xbb\xbf" + as_csv([])])
def test_refuses_a_file_without_rows(partner: Partner, content: bytes):
    with pytest.raises(Refusal) as refusal:
        send(partner, content)
    assert refusal.value.code == "file_empty"
    assert not Usage.objects.exists()


def test_a_line_as_long_as_may_be_is_read(partner: Partner):
    line = as_csv([ride(1, service="x" * 9_000)])
    content = line.replace(b"x" * 9_000, b"x" * (9_000 + imports.LONGEST_LINE - len(line.split(b"\n")[1])))
    assert max(map(len, content.split(b"\n"))) == imports.LONGEST_LINE
    assert imported(partner, content) == ("done", 0, 0, 1, [(2, "reference_unknown")])


def test_cp949(partner: Partner):
    rows = [ride(1, person="홍길동"), ride(2, person="똠방각하")]
    assert imported(partner, as_csv(rows).decode().encode("cp949"), encoding="cp949")[:4] == ("done", 2, 0, 0)
    assert imported(partner, as_ndjson(rows), format="ndjson")[:4] == ("done", 0, 2, 0)
    assert imported(partner, as_csv(rows).decode().encode("cp949"))[4] == [(2, "encoding_invalid"), (3, "encoding_invalid")]


def test_the_result_is_a_table_without_formulas(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    rows = [ride(number, external_id=f"=HYPERLINK({number})", kind="x") for number in range(6)]
    ended = work(send(partner, as_csv(rows)))
    table = list(
        csv.reader(io.StringIO(b"".join(result_file(ended.pk, lambda error: f"of {error.field}")).decode("utf-8-sig")))
    )
    assert table[0] == ["line", "external_id", "code", "field", "message"]
    assert [row[:4] for row in table[1:]] == [[str(n + 2), f"'=HYPERLINK({n})", "kind_unknown", "kind"] for n in range(6)]
    assert table[1][4] == "of kind"


def test_cancelled_what_is_stored_row_by_row_stays(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    sent = send(partner, as_csv([ride(number) for number in range(9)]))
    assert work_next_part(import_id=sent.pk, worker="one", now=NOW)
    stored = Usage.objects.count()
    with transaction.atomic():
        cancel_import(import_id=sent.pk, partner=partner, now=NOW)
    assert not work_next_part(import_id=sent.pk, worker="one", now=NOW)
    assert 0 < stored < 9
    assert outcome(work(sent))[:4] == ("cancelled", stored, 0, 0)
    assert Usage.objects.count() == stored


def test_progress_is_seen_while_it_runs(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    """By another connection, also of what is one transaction; only what is committed is called stored."""
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    seen: list[tuple[str, int, int]] = []
    tell = import_work._Teller.reach

    def look(self: Any, *told: Any) -> None:
        tell(self, *told)
        beside = connection.copy()
        with beside.cursor() as cursor:
            cursor.execute("SELECT phase, reached FROM claims_usageimport WHERE id = %s", [self.import_id])
            phase, reached = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM claims_usage")
            seen.append((phase, reached, cursor.fetchone()[0]))
        beside.close()

    monkeypatch.setattr(import_work._Teller, "reach", look)
    sent = send(partner, as_csv([ride(number) for number in range(6)]), mode="all_or_nothing")
    assert progress_of_import(sent).read == 0
    work(sent)
    reached = [row for phase, row, _ in seen if phase == "storing"]
    assert reached == sorted(reached)
    assert len(set(reached)) == sent.parts.count() > 1
    assert reached[-1] == 6
    assert [phase for phase, *_ in seen] == ["checking"] * sent.parts.count() + ["storing"] * sent.parts.count()
    assert {stored for *_, stored in seen} == {0}
    progress = progress_of_import(sent)
    assert (progress.rows, progress.read, progress.stored, progress.phase) == (6, 6, 6, "")


def test_progress_row_by_row_is_of_parts_that_are_committed(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    sent = send(partner, as_csv([ride(number, **({"kind": "x"} if number == 2 else {})) for number in range(8)]))
    read = [0]
    while work_next_part(import_id=sent.pk, worker="one", now=NOW):
        progress = progress_of_import(sent)
        assert progress.stored == Usage.objects.count()
        assert progress.read == progress.stored + progress.refused
        read.append(progress.read)
    assert read == sorted(read)
    assert read[-1] == 8
    assert len(set(read)) > 3


def test_a_part_that_fails_again_and_again_is_left_and_the_others_go_on(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    sent = send(partner, as_csv([ride(number) for number in range(9)]))
    bad = sent.parts.get(number=2)
    meet = import_store.Storing.meet

    def fails(self: Any, rows: Any) -> Any:
        if rows["line"][0] == bad.first_line:
            raise MemoryError("too much")
        return meet(self, rows)

    monkeypatch.setattr(import_store.Storing, "meet", fails)
    for _ in range(60):
        work_next_part(import_id=sent.pk, worker="one", now=NOW)
        sent.parts.filter(state="todo").update(attempted_at=None)
    sent.refresh_from_db()
    bad.refresh_from_db()
    assert (sent.state, sent.stored) == ("failed", 9 - bad.rows)
    assert (bad.state, bad.attempts, bad.last_error) == ("failed", MOST_ATTEMPTS + 1, "MemoryError('too much')")
    assert progress_of_import(sent).failed == bad.rows
    monkeypatch.undo()
    assert imported(partner, as_csv([ride(number) for number in range(9)]))[:4] == ("done", bad.rows, 9 - bad.rows, 0)


def test_a_file_that_fails_again_and_again_is_left(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    sent = send(partner, as_csv([ride(1)]), mode="all_or_nothing")

    def fails(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(import_store.Storing, "meet", fails)
    ended = work(sent)
    assert (ended.state, ended.attempts, ended.last_error) == ("failed", MOST_ATTEMPTS, "ZeroDivisionError()")
    assert counts() == [0, 0, 0, 0]


def test_what_waits_for_a_lock_counts_no_attempt(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    def waits(*_: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE lock_not_available; END $$")

    for mode in ("per_row", "all_or_nothing"):
        monkeypatch.setattr(import_store.Storing, "meet", waits)
        sent = send(partner, as_csv([ride(1)]), mode=mode)
        assert not work_next_part(import_id=sent.pk, worker="one", now=NOW)
        sent.refresh_from_db()
        assert (sent.attempts, sent.parts.get().attempts) == (0, 0)
        monkeypatch.undo()
        sent.parts.update(attempted_at=None)
        assert work(sent).state == "done"


def test_workers_are_called_to_what_nobody_is_at(partner: Partner):
    sent = send(partner, as_csv([ride(1)]))
    assert Hint.objects.filter(task="claims.work_on_import", ref_id=sent.pk).exists()
    with transaction.atomic():
        assert call_importers(now=NOW) == 0
        Hint.objects.all().delete()
        assert call_importers(now=NOW) == 1
        Hint.objects.all().delete()
        ImportPart.objects.update(attempted_at=connection_now())
        assert call_importers(now=NOW) == 0
    work(sent)
    with transaction.atomic():
        assert call_importers(now=NOW) == 0


def connection_now() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def test_tidying(partner: Partner):
    sent, half = send(partner, as_csv([ride(1)])), begin(partner)
    with transaction.atomic():
        add_part(import_id=half.pk, partner=partner, offset=0, content=as_csv([ride(2)]), now=NOW + timedelta(minutes=4))
    work(sent)
    for minutes, states, parts in ((9, ("done", "uploading"), 2), (10, ("done", "abandoned"), 1)):
        with transaction.atomic():
            forget_imports(now=NOW + timedelta(minutes=minutes))
        assert tuple(UsageImport.objects.order_by("pk").values_list("state", flat=True)) == states
        assert ImportPart.objects.count() == parts
    for days, parts in ((7, 1), (8, 0)):
        with transaction.atomic():
            forget_imports(now=NOW + timedelta(days=days))
        assert ImportPart.objects.count() == parts
    sent.refresh_from_db()
    assert (progress_of_import(sent).read, progress_of_import(sent).stored) == (1, 1)
    assert Usage.objects.count() == 1


def test_two_workers_share_a_file(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_BYTES", 300)
    sent = send(partner, as_csv([ride(number) for number in range(20)]))

    def worker(name: str) -> None:
        while work_next_part(import_id=sent.pk, worker=name, now=NOW):
            pass

    together(lambda: worker("one"), lambda: worker("two"))
    assert outcome(work(sent)) == ("done", 20, 0, 0, [])
    assert Usage.objects.count() == 20
    assert set(ImportPart.objects.values_list("worker", flat=True)) == {"one", "two"}
    assert set(ImportPart.objects.values_list("attempts", flat=True)) == {1}
