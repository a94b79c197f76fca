"""The chain over events: what is changed, taken away or never linked is named, here and by whoever has the export alone."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import AccountEvent, DataView
from accounts.operations import record_search
from claims import chain
from claims.models import ChainLink, Event
from claims.operations import audit, link_log
from tests.builders import NOW, a_user
from tests.databases import owner_connection

SCRIPT = Path(chain.__file__)


def logged(count: int) -> list[Event]:
    return [Event.objects.create(at=NOW, kind="tried", data={"회": number}) for number in range(count)]


def linked(count: int = 3) -> list[Event]:
    events = logged(count)
    with transaction.atomic():
        link_log(now=NOW)
    return events


def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with suppress(CommandError):
        call_command("verify_events", *arguments)
    return capsys.readouterr().out


def as_owner(sql: str, *parameters: Any) -> None:
    """With triggers off, which the owner of the tables can do."""
    tables = ("claims_event", "claims_chainlink", "accounts_accountevent", "accounts_dataview")
    with owner_connection() as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(sql, parameters)
        for table in tables:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.django_db
def test_what_was_logged_is_linked_once_in_order_and_found_whole(capsys: pytest.CaptureFixture[str]):
    first = linked()
    more = linked(2)
    assert link_log(now=NOW) is False
    rows = list(ChainLink.objects.values_list("position", "row"))
    assert rows == list(enumerate([event.pk for event in [*first, *more]], start=1))
    head = ChainLink.objects.last()
    assert verify(capsys) == f"5 links, 0 faults, head 5:{head.hash}\n"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_more_than_a_batch_is_linked_batch_by_batch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    logged(5)
    assert [link_log(now=NOW) for _ in range(4)] == [True, True, False, False]
    assert ChainLink.objects.count() == 5


@pytest.mark.django_db
def test_an_event_that_is_committed_late_comes_behind_those_with_higher_ids(monkeypatch: pytest.MonkeyPatch):
    with connection.cursor() as cursor:  # ids that nobody has used yet
        cursor.execute("SELECT nextval('claims_event_id_seq') FROM generate_series(1, 5)")
    early, *_ = logged(3)
    late = Event(pk=early.pk - 1, at=NOW, kind="late")
    link_log(now=NOW)
    late.save(force_insert=True)
    link_log(now=NOW)
    assert ChainLink.objects.get(row=late.pk).position == 4
    monkeypatch.setattr(audit, "LOOK_BACK", 2)  # and where so many came before, the check finds it
    Event(pk=early.pk - 2, at=NOW, kind="later").save(force_insert=True)
    link_log(now=NOW)
    assert not ChainLink.objects.filter(row=early.pk - 2).exists()
    with pytest.raises(CommandError):
        call_command("verify_events", stdout=open("/dev/null", "w"))  # noqa: SIM115


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE claims_event SET kind = 'other' WHERE id = %s", "position 2: claims.event {row} was changed"),
        ("UPDATE claims_event SET data = '{{}}' WHERE id = %s", "position 2: claims.event {row} was changed"),
        (
            "UPDATE claims_event SET at = at + interval '1 us' WHERE id = %s",
            "position 2: claims.event {row} was changed",
        ),
        ("DELETE FROM claims_event WHERE id = %s", "position 2: claims.event {row} is gone"),
        ("DELETE FROM claims_chainlink WHERE row = %s", "position 2: 1 link missing before claims.event {after}"),
    ],
)
def test_whatever_is_done_to_an_event_names_it(sql: str, fault: str, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    _, event, after, *_ = linked(4)
    as_owner(sql.replace("{{}}", "{}"), event.pk)
    named = fault.format(row=event.pk, after=after.pk)
    lines = verify(capsys, "--export", str(tmp_path / "events.jsonl")).splitlines()
    assert lines[0] == named
    assert lines[-1].startswith(f"4 links, {2 if 'chainlink' in sql else 1} faults, head 4:")
    offline = _offline(tmp_path / "events.jsonl")
    assert (offline.returncode, offline.stdout.splitlines()[0]) == (1, named)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE accounts_accountevent SET actor_id = user_id WHERE id = {event}", "accounts.accountevent {event} was changed"),
        ("DELETE FROM accounts_accountevent WHERE id = {event}", "accounts.accountevent {event} is gone"),
        ("UPDATE accounts_dataview SET searched = 'name' WHERE id = {view}", "accounts.dataview {view} was changed"),
        ("DELETE FROM accounts_dataview WHERE id = {view}", "accounts.dataview {view} is gone"),
    ],
)
def test_what_was_done_to_accounts_and_who_saw_personal_data_is_in_the_chain(
    sql: str, fault: str, capsys: pytest.CaptureFixture[str]
):
    auditor = a_user("auditor")
    record_search(text="010-1234", viewer=auditor, now=NOW)
    linked(1)
    rows = {"event": AccountEvent.objects.get().pk, "view": DataView.objects.get().pk}
    assert verify(capsys).startswith("3 links, 0 faults")
    as_owner(sql.format(**rows))
    lines = verify(capsys).splitlines()
    assert lines[0].endswith(fault.format(**rows))
    assert lines[-1].startswith("3 links, 1 faults")


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_was_made_anew_is_told_by_what_was_noted_outside(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    events = linked(3)
    anchor = str(ChainLink.objects.get(position=2))
    assert verify(capsys, "--anchor", anchor).startswith("3 links, 0 faults")
    as_owner("UPDATE claims_event SET kind = 'other' WHERE id = %s", events[1].pk)
    as_owner("DELETE FROM claims_chainlink")
    with transaction.atomic():
        link_log(now=NOW)
    assert verify(capsys).startswith("3 links, 0 faults")
    noted = f"position 2: claims.event {events[1].pk} is not what was noted before\n"
    assert verify(capsys, "--anchor", anchor, "--export", str(tmp_path / "e")).startswith(noted)
    assert _offline(tmp_path / "e", anchor).stdout.startswith(noted)
    as_owner("DELETE FROM claims_chainlink WHERE position > 1")
    as_owner("DELETE FROM claims_event WHERE id <> %s", events[0].pk)
    assert verify(capsys, "--anchor", anchor).startswith("position 2: the chain ends at 1, but this was noted before\n")


@pytest.mark.django_db
def test_an_event_that_nobody_linked_is_named(capsys: pytest.CaptureFixture[str]):
    linked(1)
    (event,) = logged(1)
    assert verify(capsys).splitlines()[0] == f"claims.event {event.pk} is not linked"


@pytest.mark.django_db
def test_an_anchor_that_is_none_is_refused():
    for text in ("", "1", "0:" + "0" * 64, "1:" + "0" * 63, "1:" + "G" * 64):
        with pytest.raises(CommandError, match="POSITION:HASH"):
            call_command("verify_events", "--anchor", text)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE claims_chainlink SET hash = hash", "DELETE FROM claims_chainlink"])
def test_links_are_added_and_never_changed(sql: str):
    linked(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_a_link_follows_the_newest():
    linked(1)
    with pytest.raises(IntegrityError, match="link_not_next"), transaction.atomic():
        ChainLink.objects.create(position=3, log="claims.event", row=99, hash="0" * 64, linked_at=NOW)


@pytest.mark.django_db
def test_the_head_is_logged_once_an_hour(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, logger=audit.__name__):
        for hours in (0, 0, 1):
            logged(1)
            link_log(now=NOW + timedelta(hours=hours))
    assert [record.getMessage().split(":")[1].strip() for record in caplog.records] == ["1", "3"]


def test_whoever_has_the_script_alone_reads_the_export(tmp_path: Path):
    content = {"id": 1, "kind": "가"}
    good = {"position": 1, "log": "claims.event", "row": 1, "hash": chain.hash_of(chain.NOTHING, content), "content": content}
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(good) + "\n", encoding="utf-8")
    assert _offline(file).stdout == "1 links, 0 faults\n"
    assert _offline(file, f"1:{good['hash']}").returncode == 0
    assert _offline(file, "nonsense").returncode == 2
    assert _offline(tmp_path / "none").returncode == 2
    file.write_text(json.dumps(good) + "\n{", encoding="utf-8")
    broken = _offline(file)
    assert (broken.returncode, broken.stderr.startswith("line 2: ")) == (2, True)


def _offline(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={"LC_ALL": "C"}, check=False)
