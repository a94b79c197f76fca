"""Two at one import at once: senders, workers, and whoever cancels it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Partner, PartnerPerson, Person
from claims.models import Event, Usage, UsageImport
from claims.operations import add_part, begin_import, cancel_import, finish_upload, forget_imports, import_work, imports
from claims.operations.import_work import work_next_part
from services.refusals import Refusal
from tests.builders import NOW, a_partner, outage
from tests.claims.import_cast import as_csv, begin, outcome, ride, send, work
from tests.race.together import Step, in_transaction, one_before_the_other, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner() -> Partner:
    outage()
    return a_partner()


def parts_of(count: int, partner: Partner, monkeypatch: pytest.MonkeyPatch, **more: Any) -> UsageImport:
    """About so many, a row or two in each."""
    monkeypatch.setattr(imports, "PART_BYTES", 250)
    return send(partner, as_csv([ride(number) for number in range(2 * count)]), **more)


def code_of(call: Callable[..., Any]) -> Callable[..., str]:
    def answered(**told: Any) -> str:
        try:
            call(**told)
        except Refusal as refusal:
            return refusal.code
        return ""

    return answered


def test_of_two_begun_at_once_one_is_too_many(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "MOST_UNDER_WAY", 1)
    told = {"partner": partner, "format": "csv", "encoding": "utf_8", "mode": "per_row", "dry_run": False, "now": NOW}
    call = code_of(begin_import)
    assert one_before_the_other(call, call, **told) == ["", "too_many_imports"]


def test_the_same_piece_sent_twice_at_once_is_kept_once(partner: Partner):
    told = {"import_id": begin(partner).pk, "partner": partner, "offset": 0, "content": as_csv([ride(1)])[:-1], "now": NOW}
    call = code_of(add_part)
    assert one_before_the_other(call, call, **told) == ["", "offset_differs"]
    assert UsageImport.objects.get().sent_bytes == len(as_csv([ride(1)])) - 1


def test_what_is_cancelled_is_not_finished(partner: Partner):
    sent = begin(partner)
    told = {"import_id": sent.pk, "partner": partner, "now": NOW}

    def cancel(**_: Any) -> str:
        return code_of(cancel_import)(**told)

    def finish(**_: Any) -> str:
        return code_of(finish_upload)(sha256="0" * 64, size=0, **told)

    assert one_before_the_other(cancel, finish) == ["", "import_closed"]


def test_an_upload_that_goes_on_is_not_abandoned(partner: Partner):
    sent, later = begin(partner), NOW + timedelta(hours=2)

    def go_on() -> None:
        add_part(import_id=sent.pk, partner=partner, offset=0, content=as_csv([ride(1)]), now=later)

    def forget() -> None:
        forget_imports(now=later)

    one_before_the_other(go_on, forget)
    sent.refresh_from_db()
    assert (sent.state, sent.parts.count()) == ("uploading", 1)


def test_two_workers_choose_two_parts(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    sent = parts_of(3, partner, monkeypatch)
    UsageImport.objects.update(in_order=False)
    sent.refresh_from_db()
    (one, _), (other, _) = one_before_the_other(import_work._count_attempt, import_work._count_attempt, found=sent, worker="x")
    assert None not in (one, other)
    assert one != other


def test_parts_that_wait_for_each_other_are_chosen_one_by_one(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    sent = parts_of(3, partner, monkeypatch)
    UsageImport.objects.update(in_order=True)
    sent.refresh_from_db()
    (one, _), (other, _) = one_before_the_other(import_work._count_attempt, import_work._count_attempt, found=sent, worker="x")
    assert (one, other) == (sent.parts.get(number=1).pk, None)


def test_a_part_is_stored_by_one_of_two(partner: Partner):
    part = send(partner, as_csv([ride(1), ride(2)])).parts.get()
    one_before_the_other(import_work._store_part, import_work._store_part, part_id=part.pk, now=NOW)
    part.refresh_from_db()
    assert (part.stored, part.repeated, Usage.objects.count()) == (2, 0, 2)
    assert Event.objects.filter(kind="usage_copied").count() == 1


def test_a_part_that_somebody_stores_after_all_is_not_given_up(partner: Partner):
    part = send(partner, as_csv([ride(1), ride(2)])).parts.get()
    one_before_the_other(import_work._store_part, import_work._give_up, part_id=part.pk, now=NOW)
    part.refresh_from_db()
    assert (part.state, part.stored) == ("done", 2)


def test_it_ends_once(partner: Partner):
    sent = send(partner, as_csv([ride(1)]))
    in_transaction(import_work._store_part, part_id=sent.parts.get().pk, now=NOW)()
    one_before_the_other(import_work._finish, import_work._finish, import_id=sent.pk, now=NOW)
    assert Event.objects.filter(kind="usage_import_done").count() == 1


def test_a_whole_file_is_worked_off_by_one_of_two(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    sent = parts_of(3, partner, monkeypatch, mode="all_or_nothing")
    began = Step()
    do = import_work._do_whole

    def slowly(*told: Any) -> None:
        began.reach()
        until_blocked()
        do(*told)

    monkeypatch.setattr(import_work, "_do_whole", slowly)

    def second() -> bool:
        began.wait()
        return work_next_part(import_id=sent.pk, worker="two", now=NOW)

    together(lambda: work_next_part(import_id=sent.pk, worker="one", now=NOW), second)
    sent.refresh_from_db()
    assert (sent.state, sent.stored, sent.attempts) == ("done", 6, 1)


def test_a_whole_file_that_is_cancelled_stores_nothing(partner: Partner, monkeypatch: pytest.MonkeyPatch):
    """It is cancelled when all its rows are written, and before they are committed."""
    sent = send(partner, as_csv([ride(1)]), mode="all_or_nothing")
    written, cancelled = Step(), Step()
    end = import_work._end_whole

    def late(*told: Any) -> bool:
        written.reach()
        cancelled.wait()
        return end(*told)

    monkeypatch.setattr(import_work, "_end_whole", late)

    def cancel() -> None:
        written.wait()
        cancel_import(import_id=sent.pk, partner=partner, now=NOW)
        cancelled.reach()
        until_blocked()

    more, _ = together(lambda: work_next_part(import_id=sent.pk, worker="one", now=NOW), in_transaction(cancel))
    sent.refresh_from_db()
    assert (more, sent.state, sent.stored, Usage.objects.count(), Person.objects.count()) == (False, "cancelled", 0, 0, 0)


@pytest.mark.parametrize("mode", ["per_row", "all_or_nothing"])
def test_two_files_with_the_same_new_people_and_numbers(partner: Partner, monkeypatch: pytest.MonkeyPatch, mode: str):
    first = parts_of(4, partner, monkeypatch, mode=mode)
    second = parts_of(4, partner, monkeypatch, mode=mode)
    together(*(lambda sent=sent: work(sent) for sent in (first, second)))
    ended = [outcome(work(sent)) for sent in (first, second)]
    assert [state for state, *_ in ended] == ["done", "done"]
    assert [stored + repeated for _, stored, repeated, _, _ in ended] == [8, 8]
    assert sum(stored for _, stored, *_ in ended) == Usage.objects.count() == 8
    assert Person.objects.count() == PartnerPerson.objects.count() == 7
