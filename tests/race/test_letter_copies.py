"""Two who ask for the PDF of one letter at once."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Letter, LetterCopy
from claims.operations import copy_letter, letter_copies
from tests.builders import NOW, a_person
from tests.made_up import claim, everything, made_up, on, publish
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_ask_at_once_both_get_what_is_kept(monkeypatch: pytest.MonkeyPatch):
    incident = made_up()
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    letter = Letter.objects.get(claim=one)
    made: list[int] = []
    both, stored = Step(), Step()

    def slowly(*arguments: Any, **more: Any) -> bytes:
        """Each its own bytes. Both have found none; the second stores its own when the first is stored and not committed."""
        made.append(number := len(made))
        if number:
            both.reach()
            stored.wait()
        both.wait()
        return f"copy {number}".encode()

    real = LetterCopy.objects.bulk_create

    def store(*arguments: Any, **more: Any) -> Any:
        found = real(*arguments, **more)
        stored.reach()
        until_blocked()
        return found

    monkeypatch.setattr(letter_copies, "pdf_of_letter", slowly)
    monkeypatch.setattr(LetterCopy.objects, "bulk_create", store)
    ask = in_transaction(copy_letter, letter_id=letter.pk, now=NOW)
    pdfs = [pdf.content for pdf in together(ask, ask)]
    assert pdfs == [b"copy 0"] * 2
    assert (len(made), bytes(LetterCopy.objects.get().content)) == (2, b"copy 0")
