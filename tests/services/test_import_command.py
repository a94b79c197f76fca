"""`manage.py import_feed`: the same diff as on the page, in words, and an exit code."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from services.feeds.rows import COLUMNS
from services.models import FeedDocument, FeedItem, WindowProposal
from services.operations import FIXTURES, map_component, open_incident
from tests.builders import MESSAGES, NOW, at
from tests.services.feed_cast import a_feed, not_json, page_until, staff

pytestmark = pytest.mark.django_db

KEY = "kakao-2022-10-15"


@pytest.fixture
def writer(tree: None) -> User:
    writer = staff("writer", "caseworker")
    a_feed(writer)
    open_incident(key=KEY, title_ko="화재", title_en="Fire", started_at=at("15 15:30"), opened_by=writer)
    return writer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "incidents.json"
    path.write_bytes(page_until())
    return path


def run(*arguments: object, **options: Any) -> str:
    told = StringIO()
    call_command("import_feed", *map(str, arguments), stdout=told, **options)
    return told.getvalue()


def test_a_dry_run_stores_nothing_and_says_so(writer: User, file: Path):
    told = run("page", file, "--dry-run", "--lang", "en")
    assert "new  API errors · API [no service yet]: [2024-03-05 19:00, 2024-03-05 20:00) full\n" in told
    assert "1 items, 0 windows the same, 2 new notices" in told
    assert "Nothing is stored" in told
    assert not FeedDocument.objects.exists()


def test_what_changed_upstream_is_shown_before_and_after(writer: User, file: Path):
    run("page", file, "--incident", KEY)
    assert FeedItem.objects.get(incident__key=KEY)
    map_component(feed="page", component="api", service=MESSAGES, mapped_by=writer, now=NOW)
    file.write_bytes(page_until("12:30"))
    told = run("page", file)
    assert (
        f"바뀜  API errors · 카카오톡 메시지 ({MESSAGES}): [2024-03-05 19:00, 2024-03-05 20:00) 전면 → "
        "[2024-03-05 19:00, 2024-03-05 21:30) 전면\n" in told
    )
    assert WindowProposal.objects.count() == 2
    assert run("page", file) == "항목 1, 그대로인 구간 1, 새 공지 0\n"
    assert WindowProposal.objects.count() == 2


def test_what_is_gone_upstream_and_what_else_is_said_otherwise(writer: User, file: Path):
    file.write_bytes(page_until(None))
    assert "[2024-03-05 19:00, ...) full" in run("page", file, "--lang", "en")
    file.write_bytes(page_until(None).replace(b"major_outage", b"operational"))
    assert "withdrawn  API errors · API [no service yet]: [2024-03-05 19:00, ...) full" in run("page", file, "--lang", "en")


def test_what_a_list_no_longer_has_is_said_and_stays(writer: User, file: Path):
    """A file may be a part of the list, so nothing is withdrawn; a page that gives its newest only is not asked."""
    a_feed(writer, code="list", kind="csv")
    head = ",".join(COLUMNS) + "\n"
    said = {
        "component": "talk",
        "severity": "full",
        "text": "x",
        "start_at": "2024-03-05T10:00Z",
        "end_at": "2024-03-05T11:00Z",
    }
    said["published_at"] = "2024-03-05T12:00Z"
    rows = [",".join({**said, "incident": name}.get(column, "") for column in COLUMNS) + "\n" for name in ("k1", "k2")]
    file.write_text(head + "".join(rows))
    assert "k1" not in run("list", file).rpartition("항목")[2]
    file.write_text(head + rows[1])
    assert "이 파일에 더는 없는 항목 (제안은 그대로): k1\n" in run("list", file)
    assert WindowProposal.objects.count() == 2


def test_observations_come_with_their_table(writer: User):
    a_feed(writer, code="notices", kind="observations")
    folder = FIXTURES / "observations"
    told = run("notices", folder / f"{KEY}-1.json", "--table", folder / f"{KEY}-1-table.json", "--lang", "en")
    assert told.count("new  ") == 42
    assert "Observations that no window uses: " in told


@pytest.mark.parametrize(
    ("content", "code"), [(not_json(), "feed_malformed"), (b"x" * 10_000_002, "feed_too_large"), (b"", "feed_malformed")]
)
def test_a_refusal_is_named_and_leaves_nothing(writer: User, file: Path, content: bytes, code: str):
    file.write_bytes(content)
    with pytest.raises(CommandError, match=f"^{code}: ") as refused:
        run("page", file)
    assert refused.value.returncode == 1
    assert not FeedDocument.objects.exists()


def test_what_is_not_there_is_named(writer: User, file: Path):
    for arguments, code in [(("none", file), "unknown_feed"), (("page", file.with_name("none")), "unreadable")]:
        with pytest.raises(CommandError, match=f"^{code}: "):
            run(*arguments)
    with pytest.raises(CommandError, match=r"^unknown_incident: "):
        run("page", file, "--incident", "none")
