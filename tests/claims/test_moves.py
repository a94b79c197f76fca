"""Decisions and payments by operation: from each pair of them everything is tried, and only the table's moves come out.

What is refused is refused by name, and leaves all as it was. What payment runs do is also pressed on their pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.models import MOVES, Event, PaymentRun
from services.refusals import Refusal
from tests.claims.moves_cast import DECIDING, PAIRS, PAYING, Scene, a_scene, begun
from tests.databases import written
from tests.worlds import world

# Of each pair what becomes of it, or the code of the refusal, and by what.
EXPECTED: dict[str, dict[str, str]] = {
    "undecided, nothing": {
        "approved, due": "approve, approve by two, approve in bulk",
        "rejected, nothing": "reject, reject in bulk",
        "nothing_to_decide": "undo",
        "nothing_to_answer": "answer",
        "unknown_decision": "accept an appeal, uphold",
        "nothing_to_pay": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "undecided, nothing - a question": {
        "nothing_to_decide": "approve, approve by two, undo",
        "rejected, nothing": "reject",
        "answered, nothing": "answer",
        "unknown_decision": "accept an appeal, uphold",
        "message_open": "approve in bulk, reject in bulk",
        "nothing_to_pay": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "answered, nothing": {
        "nothing_to_decide": "approve, approve by two, undo, approve in bulk",
        "rejected, nothing": "reject, reject in bulk",
        "transition_not_allowed": "answer",
        "unknown_decision": "accept an appeal, uphold",
        "nothing_to_pay": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "answered, nothing - then a loss": {
        "approved, due": "approve, approve by two, approve in bulk",
        "rejected, nothing": "reject, reject in bulk",
        "nothing_to_decide": "undo",
        "nothing_to_answer": "answer",
        "unknown_decision": "accept an appeal, uphold",
        "nothing_to_pay": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "rejected, nothing": {
        "approved, due": "approve, approve by two, accept an appeal, approve in bulk",
        "rejected, nothing": "reject, uphold, reject in bulk",
        "undecided, nothing": "undo",
        "transition_not_allowed": "answer",
        "nothing_to_pay": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "approved, due": {
        "approved, due": "approve, approve by two, uphold, approve in bulk",
        "rejected, nothing": "reject, reject in bulk",
        "undecided, nothing": "undo",
        "transition_not_allowed": "answer",
        "nothing_otherwise": "accept an appeal",
        "approved, sent": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "approved, due - held": {
        "transition_not_allowed": "approve, reject, approve by two, answer, accept an appeal, uphold, approve in bulk, "
        "reject in bulk",
        "undecided, nothing": "undo",
        "nothing_to_pay": "make a run",
        "unknown_payment_run": "it arrived, it failed",
    },
    "approved, due - paid before": {
        "approved, due": "approve, approve by two, uphold, approve in bulk",
        "rejected, recovery": "reject, reject in bulk",
        "approved, paid": "undo",
        "transition_not_allowed": "answer",
        "nothing_otherwise": "accept an appeal",
        "approved, sent": "make a run",
        "payment_answered": "it arrived, it failed",
    },
    "approved, sent": {
        "approved, sent": "approve, approve by two, uphold, approve in bulk",
        "rejected, sent": "reject, reject in bulk",
        "money_moved": "undo",
        "transition_not_allowed": "answer",
        "nothing_otherwise": "accept an appeal",
        "nothing_to_pay": "make a run",
        "approved, paid": "it arrived",
        "approved, due": "it failed",
    },
    "approved, sent - and more is owed": {
        "approved, sent": "approve, approve by two, undo, uphold, approve in bulk",
        "rejected, sent": "reject, reject in bulk",
        "transition_not_allowed": "answer",
        "nothing_otherwise": "accept an appeal",
        "nothing_to_pay": "make a run",
        "approved, due": "it arrived, it failed",
    },
    "rejected, sent": {
        "approved, sent": "approve, approve by two, undo, accept an appeal, approve in bulk",
        "rejected, sent": "reject, uphold, reject in bulk",
        "transition_not_allowed": "answer",
        "nothing_to_pay": "make a run",
        "rejected, recovery": "it arrived",
        "rejected, nothing": "it failed",
    },
    "approved, paid": {
        "approved, paid": "approve, approve by two, uphold, approve in bulk",
        "rejected, recovery": "reject, reject in bulk",
        "money_moved": "undo",
        "transition_not_allowed": "answer",
        "nothing_otherwise": "accept an appeal",
        "nothing_to_pay": "make a run",
        "payment_answered": "it arrived, it failed",
    },
    "approved, paid - then more": {
        "approved, due": "approve, approve by two, accept an appeal, approve in bulk",
        "rejected, recovery": "reject, reject in bulk",
        "money_moved": "undo",
        "nothing_to_answer": "answer",
        "sum_differs": "uphold",
        "nothing_to_pay": "make a run",
        "payment_answered": "it arrived, it failed",
    },
    "approved, recovery": {
        "approved, recovery": "approve, approve by two, uphold, approve in bulk",
        "rejected, recovery": "reject, reject in bulk",
        "approved, paid": "undo",
        "transition_not_allowed": "answer",
        "nothing_otherwise": "accept an appeal",
        "nothing_to_pay": "make a run",
        "payment_answered": "it arrived, it failed",
    },
    "rejected, recovery": {
        "approved, paid": "approve, approve by two, undo, accept an appeal, approve in bulk",
        "rejected, recovery": "reject, uphold, reject in bulk",
        "transition_not_allowed": "answer",
        "nothing_to_pay": "make a run",
        "payment_answered": "it arrived, it failed",
    },
    "rejected, recovery - then more": {
        "approved, due": "approve, approve by two, accept an appeal, approve in bulk",
        "rejected, recovery": "reject, reject in bulk",
        "approved, paid": "undo",
        "nothing_to_answer": "answer",
        "required": "uphold",
        "nothing_to_pay": "make a run",
        "payment_answered": "it arrived, it failed",
    },
}

# Who undoes a decision comes back to what stood before, which an answer without money never is.
NOT_MADE = {("decision", "answered", "undecided")}


@world
def scene(db: None) -> Scene:
    return a_scene()


def test_from_each_pair_only_the_moves_of_the_table_are_made(scene: Scene) -> None:
    made, found = set(), {}
    for name, one in _each_pair(scene):
        found[name] = {
            what: _came(one, partial(_operated, one, run), strictly=what in PAYING)
            for what, run in {**DECIDING, **PAYING}.items()
        }
        before = name.split(" - ")[0].split(", ")
        for what, came in found[name].items():
            after = came.split(", ")
            if len(after) == 1:
                continue
            if what in DECIDING and (what != "undo" or after[0] != before[0]):
                made.add(("decision", before[0], after[0]))
            if after[1] != before[1]:
                made.add(("payment", before[1], after[1]))
    assert found.keys() == EXPECTED.keys()
    expected = {name: _by_what(rows) for name, rows in EXPECTED.items()}
    assert [(name, what, came) for name in found for what, came in found[name].items() if came != expected[name][what]] == []
    listed = {(of, before, after) for of in ("decision", "payment") for before, rest in MOVES[of].items() for after in rest}
    assert made == listed - NOT_MADE


def test_the_pages_of_payment_runs_move_as_the_operations_do(scene: Scene) -> None:
    """Each button of them, whether it is shown there or not; one that there is not does nothing."""
    client = Client()
    client.force_login(scene.finance)
    for name, one in _each_pair(scene):
        expected = _by_what(EXPECTED[name])
        for what in PAYING:
            assert _came(one, partial(_pressed, client, one, what)) == expected[what], (name, what)
        if PaymentRun.objects.exists():
            assert _came(one, partial(_pressed, client, one, "paid")) == "no button", name


def _each_pair(scene: Scene) -> Iterator[tuple[str, Scene]]:
    for name, steps in PAIRS.items():
        with _taken_back():
            one = begun(scene, steps)
            status = one.status()
            assert f"{status.decision}, {status.payment}" == name.split(" - ")[0]
            yield name, one


def _came(scene: Scene, tried: Callable[[], str], *, strictly: bool = True) -> str:
    """The pair that it is then; of what is refused the code, once nothing has changed. `strictly`: nor was taken back."""
    stored, moves = scene.stored(), scene.status().moves
    with _taken_back():
        before = written()
        code = tried()
        if code:
            assert scene.stored() == stored, code
            assert not strictly or written() == before, code
            return code
        status = scene.status()
        events = Event.objects.filter(claim=scene.claim, move__gt=moves).count()
        assert events == status.moves - moves > 0, "each move has its event"
        return f"{status.decision}, {status.payment}"


def _operated(scene: Scene, run: Callable[[Scene], object]) -> str:
    """The code of the refusal, or nothing."""
    try:
        with transaction.atomic():
            run(scene)
    except Refusal as refusal:
        return refusal.code
    return ""


def _pressed(client: Client, scene: Scene, what: str) -> str:
    """The code that the page says, or nothing."""
    newest = PaymentRun.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    address = reverse("admin:claims_paymentrun_change", args=[newest])
    act = {"it arrived": "arrived", "it failed": "failed"}.get(what, what)
    if what == "make a run":
        address = reverse("admin:claims_paymentrun_changelist")
    client.cookies.pop("messages", None)  # of what was pressed before
    answer = client.post(address, {"act": act, "note": "x", "all": "1"})
    if answer.status_code == 404:
        return "unknown_payment_run"
    said = [message for message in get_messages(answer.wsgi_request) if message.level_tag == "error"]
    return next((found for message in said for found in re.findall(r"\((\w+)\)$", str(message))), "no button" if said else "")


def _by_what(rows: dict[str, str]) -> dict[str, str]:
    return {what: came for came, all_ in rows.items() for what in all_.split(", ")}


@contextmanager
def _taken_back() -> Iterator[None]:
    """The pages begin transactions of their own, so this is none of Django's."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)
