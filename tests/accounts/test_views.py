"""Who saw what names a person, and who searched by what kind of key."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from accounts.models import DataView, Person, ViewNote
from accounts.operations import (
    NoteTooLong,
    UnknownPersonalData,
    ViewReasonUnknown,
    create_person,
    kind_of_key,
    record_search,
    reveal_personal_data,
)
from services.staff import RoleMissing
from tests.builders import NOW, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return create_person(now=NOW, name="홍길동", phone="010-1234-5678", email="hong@example.org")


@pytest.mark.parametrize("role", ["caseworker", "checker", "auditor"])
def test_who_sees_it_leaves_a_row(person: Person, role: str):
    viewer = a_user(role)
    data = reveal_personal_data(person_id=person.pk, reason="contact", viewer=viewer, now=NOW)
    assert data.name == "홍길동"
    view = DataView.objects.get()
    assert (view.person, view.viewer, view.reason, view.at, view.note_hash) == (person, viewer, "contact", NOW, "")


def test_a_note_can_be_erased_and_leaves_its_digest(person: Person):
    reveal_personal_data(person_id=person.pk, reason="identity", note="called back", viewer=a_user("checker"), now=NOW)
    view, note = DataView.objects.get(), ViewNote.objects.get()
    assert view.note_hash == hashlib.sha256(f"{note.salt}\ncalled back".encode()).hexdigest()
    note.delete()
    assert DataView.objects.get().note_hash == view.note_hash


@pytest.mark.parametrize("role", ["claimant", "finance", "manager"])
def test_who_has_no_need_of_it_neither_sees_nor_searches(person: Person, role: str):
    viewer = a_user(role)
    with pytest.raises(RoleMissing):
        reveal_personal_data(person_id=person.pk, reason="contact", viewer=viewer, now=NOW)
    with pytest.raises(RoleMissing):
        record_search(text="홍길동", viewer=viewer, now=NOW)
    assert not DataView.objects.exists()


def test_what_is_refused_leaves_no_row(person: Person):
    about: dict[str, Any] = {"person_id": person.pk, "reason": "audit", "viewer": a_user("auditor"), "now": NOW}
    for refusal, change in (
        (ViewReasonUnknown, {"reason": "curiosity"}),
        (ViewReasonUnknown, {"reason": "search"}),
        (ViewReasonUnknown, {"reason": ""}),
        (NoteTooLong, {"note": "x" * 2001}),
        (UnknownPersonalData, {"person_id": 0}),
    ):
        with pytest.raises(refusal):
            reveal_personal_data(**{**about, **change})
    assert not DataView.objects.exists()


def test_nothing_names_who_was_erased(person: Person):
    person.personal_data.delete()
    with pytest.raises(UnknownPersonalData):
        reveal_personal_data(person_id=person.pk, reason="audit", viewer=a_user("auditor"), now=NOW)


def test_of_a_search_only_the_kind_is_kept(person: Person):
    viewer = a_user("caseworker")
    record_search(text="hong@example.org", viewer=viewer, now=NOW)
    view = DataView.objects.get()
    assert (view.person, view.viewer, view.reason, view.searched) == (None, viewer, "search", "email")
    assert "hong" not in str(DataView.objects.values())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("홍길동", "name"), ("Lee 3", "name"), ("010-1234", "phone"), ("5678", "phone"), ("+82 10 1234", "phone"),
        (" (02) 123 ", "phone"), ("hong@", "email"), ("0c1d6a6e", "name"),
        ("0c1d6a6e-2c2b-4a51-9a57-0123456789ab", "public_id"),
    ],
)  # fmt: skip
def test_kinds_of_what_is_typed_in(text: str, kind: str):
    assert kind_of_key(text) == kind
