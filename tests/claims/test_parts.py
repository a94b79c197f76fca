"""What a claim has, by one query, and forms of its page that are drawn once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.utils.translation import override

from claims.admin.claim_forms import NoteForm, PutBackLossForm, SnoozeForm, drawn
from claims.admin.payee_page import PayeeForm
from claims.models import Claim, ClaimKey, KeyKind, Pattern, Twin
from claims.queries.parts import ROWS, parts_of
from claims.queries.twins import patterns_of, twins_of
from tests.builders import NOW, a_person, claim_of, outage, paid_to, told
from tests.claims.stored_cast import stored  # noqa: F401 - a claim with rows in nearly all tables


def held(claim: Claim) -> set[str]:
    """As the page shows them, one table after the other."""
    related: dict[str, Any] = {
        "decisions": claim.decisions, "payee": claim.person.payees, "entries": claim.entries,
        "requests": claim.evidence_requests, "files": claim.evidence_files, "payouts": claim.payouts,
        "appeals": claim.appeals, "letters": claim.letters,
    }  # fmt: skip
    found = {name for name, rows in related.items() if rows.exists()}
    return found | {name for name, rows in {"twins": twins_of(claim), "patterns": patterns_of(claim)}.items() if rows}


def test_what_claims_have_is_what_their_tables_hold(stored: None):  # noqa: F811
    claim = Claim.objects.latest("pk")
    paid_to(claim.person)
    found = [parts_of(one.pk) for one in Claim.objects.order_by("pk")]
    assert found == [held(one) for one in Claim.objects.order_by("pk")]
    assert frozenset().union(*found) >= {*ROWS} - {"twins", "patterns"}


def test_both_claims_of_a_pair_have_it_and_a_name_is_no_pattern(db: None):
    incident = outage()
    first, second, third = (claim_of(a_person(), incident, told()) for _ in range(3))
    assert parts_of(first.pk) == held(first) == set()
    Twin.objects.create(incident=incident, claim=second, other=first, score=50, reasons=["same_name"], found_at=NOW)
    for kind, claim in ((KeyKind.NAME, first), (KeyKind.DEVICE, third)):
        digest = uuid4()
        ClaimKey.objects.create(claim=claim, incident=incident, kind=kind, digest=digest)
        Pattern.objects.create(incident=incident, kind=kind, digest=digest, claims=99, counted_at=NOW)
    for claim, has in ((first, {"twins"}), (second, {"twins"}), (third, {"patterns"})):
        assert parts_of(claim.pk) == held(claim) == has


def forms_of(moves: int) -> list[forms.Form]:
    asked: dict[str, Any] = {"initial": {"moves": moves}, "auto_id": "x_%s"}
    return [
        NoteForm(**asked), NoteForm(**asked, required=True), SnoozeForm(**asked), PayeeForm(**asked),
        PutBackLossForm(**asked, losses=[]), NoteForm(**{**asked, "auto_id": "y_%s"}),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_form_that_was_drawn_before_looks_as_if_drawn_now(language: str):
    with override(language):
        for moves in (1, 2, 1):
            for form in forms_of(moves):
                assert drawn(form) == form.as_div()


@pytest.mark.parametrize("of", ["label", "help_text"])
def test_what_differs_in_a_form_is_drawn(of: str):
    before = drawn(forms_of(1)[0])
    other = forms_of(1)[0]
    setattr(other.fields["note"], of, "in other words")
    assert "in other words" in drawn(other)
    assert drawn(NoteForm({"note": "filled in"}, auto_id="x_%s")) != before == drawn(forms_of(1)[0])


def test_choices_that_differ_are_drawn():
    drawn(forms_of(1)[4])
    assert "a loss" in drawn(listing("a loss"))
    assert "another" in drawn(listing("another"))


def listing(label: str) -> forms.Form:
    form = forms_of(1)[4]
    form.fields["loss"].choices = [(7, label)]  # type: ignore[attr-defined]
    return form
