"""docs/operators.md says who may press which button; here everybody presses each, with what it takes.

Who may has it done; whoever may not is refused for his role, and nothing is written. A page shows a button to those who may
press it: the first who may and some others in turn look for each, in `make proofs` everybody.
`python -m pytest tests/house/test_buttons.py` prints the rows that differ, and buttons that nobody has described.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.admin.claim_actions import ACTIONS
from claims.admin.record_drafts import ACTIONS as RECORD_ACTIONS
from services.refusals import Refusal
from tests.databases import written
from tests.house import account_buttons, case_buttons, claim_buttons, record_buttons
from tests.house.buttons_cast import Button, Buttons, Sent, a_world
from tests.house.rows_cast import WHO, client_of
from tests.proofs import some

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "operators.md"
BUTTONS = [*claim_buttons.BUTTONS, *case_buttons.BUTTONS, *record_buttons.BUTTONS, *account_buttons.BUTTONS]
KNOWN = {(one.page, one.name) for one in BUTTONS}
MAY, MAY_NOT = "may", "-"
ONLY = "its form"  # a button without a name


class Unreachable(Refusal):
    code = "unreachable"


def test_every_button_that_the_code_names_is_pressed() -> None:
    assert {("claims_claim_change", action.name) for action in ACTIONS} <= KNOWN
    assert {("services_recorddraft_change", act) for act in RECORD_ACTIONS} <= KNOWN
    assert len(KNOWN) == len(BUTTONS)


@pytest.mark.timeout(900)
def test_the_guide_says_who_may_press_which_button(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    monkeypatch.setattr("services.operations.polling.fetch", _no_answer)
    walk, told = _Walk(), _told()
    seen = {}
    for turn, one in enumerate(BUTTONS):
        may = [who for who, cell in zip(WHO, told.get((one.page, one.name), ()), strict=False) if cell == MAY]
        seen[one.page, one.name] = walk.cells(one, looking={*may[:1], *some(WHO, each=8, turn=turn)})
    assert not walk.wrong, "\n".join(walk.wrong)
    rows = [_row(*key, cells) for key, cells in seen.items() if told.get(key) != cells]
    assert not rows, "\n".join(["the guide says otherwise of:", *rows])
    assert set(told) == set(seen), "the guide has rows of buttons that are no more"
    left = sorted((path, name) for path, name in _in_templates() if (path, name) not in walk.shown)
    assert not left, f"no page of the walk shows: {left}"


class _Walk:
    """Who presses what, and what is said against it."""

    def __init__(self) -> None:
        self.world = a_world()
        self.clients = {who: client_of(who) for who in WHO}
        self.shown: set[tuple[str, str]] = set()  # a template and a button on a page of it
        self.wrong: list[str] = []

    def cells(self, button: Button, *, looking: set[str]) -> tuple[str, ...]:
        """`looking`: who also looks whether a page shows it."""
        with _taken_back():
            begun = () if button.begin is None else (button.begin(self.world),)
            return tuple(self._cell(button, who, begun, looks=who in looking) for who in WHO)

    def _cell(self, button: Button, who: str, begun: tuple[Any, ...], *, looks: bool) -> str:
        client, user = self.clients[who]
        with _taken_back():
            sent = button.sent(self.world, user or self.world.worker, *begun)
            address = reverse(f"admin:{button.page}", args=sent.args)
            shows = self._shows(client, address, sent, button) if looks else None
            client.cookies.pop("messages", None)  # of what was pressed before
            before = written()
            answer: Any = client.post(address, {"act": button.name, **sent.body})
            after = written()
            tables = {table for table, rows in after.items() if rows != before.get(table, 0)}
            cell = self._said(button, answer, tables)
        if cell is None:
            self.wrong.append(f"{button.page} {button.name} by {who}: {answer.status_code} {_heard(answer)} {tables or ''}")
        elif shows is not None and shows != (cell == MAY) and who not in button.shown_to:
            self.wrong.append(f"{button.page} {'shows' if shows else 'hides'} {button.name} to {who}, who {cell}")
        return cell or "?"

    def _said(self, button: Button, answer: Any, tables: set[str]) -> str | None:
        """Whether he may; None where it was neither done nor refused for his role."""
        refused = answer.status_code in (401, 403) or "/login/" in answer.headers.get("Location", "")
        if refused or "(role_missing)" in _heard(answer):
            return None if tables else MAY_NOT
        if button.done.startswith("+"):
            done = answer.status_code == 200 and button.done[1:] in self._buttons(answer, button.page)
        else:
            done = button.done in tables
        return MAY if done else None

    def _shows(self, client: Client, address: str, sent: Sent, button: Button) -> bool | None:
        """Whether the page shows the button; None to whom it is not shown itself."""
        answer: Any = client.get(address + sent.query) if sent.before is None else client.post(address, sent.before)
        return button.name in self._buttons(answer, button.page) if answer.status_code == 200 else None

    def _buttons(self, answer: Any, page: str) -> set[str]:
        names = Buttons(answer.content.decode()).names
        self.shown |= {(str(template.name), name) for template in answer.templates for name in names}
        self.wrong += [f"{page} has a button that is not known: {name or ONLY}" for name in names if (page, name) not in KNOWN]
        return names


def _heard(answer: Any) -> str:
    """What the page says to who pressed the button."""
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    page = answer.content.decode() if answer.status_code == 200 and not answer.streaming else ""
    return " ".join([*said, *re.findall(r'class="errorlist.*?</ul>|<p class="errornote.*?</p>', page, flags=re.DOTALL)])


@contextmanager
def _taken_back() -> Iterator[None]:
    """The pages begin transactions of their own, so this is none of Django's."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def _no_answer(url: str, **_: Any) -> None:
    raise Unreachable(f"{url} was not asked.")


def _in_templates() -> Iterator[tuple[str, str]]:
    """Each template of the staff with the buttons that stand in it by their names."""
    for app in ("services", "accounts", "claims"):
        folder = ROOT / app / "templates"
        for path in (folder / "admin").rglob("*.html"):
            for name in Buttons(path.read_text(encoding="utf-8"), outside=True).names:
                if "{" not in name:
                    yield path.relative_to(folder).as_posix(), name


# --- the guide ---------------------------------------------------------------------------------------------


def _row(page: str, name: str, cells: tuple[str, ...]) -> str:
    return f"| `{page}` | `{name or ONLY}` | {' | '.join(cells)} |"


def _told() -> dict[tuple[str, str], tuple[str, ...]]:
    """By page and button; a row may name several buttons."""
    found = re.findall(r"^\| `(\w+)` \| (`.*?`) \| (.*) \|$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        (page, "" if name == ONLY else name): tuple(cell.strip() for cell in cells.split("|"))
        for page, names, cells in found
        for name in re.findall(r"`(.+?)`", names)
    }
