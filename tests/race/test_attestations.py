"""A proof that is asked for twice at once is one."""

from __future__ import annotations

from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from accounts.operations import admit_guest
from claims.models import Attestation, Event
from claims.operations import attestations
from claims.queries.attestation import render_attestation
from tests.builders import NOW, a_person, claim_of, outage
from tests.claims.test_attestations import attested
from tests.race.together import PATIENCE, together


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_both_get_the_first(monkeypatch: pytest.MonkeyPatch):
    """Each has found none before either stores one."""
    claim, both = claim_of(a_person(), outage()), Barrier(2)
    with transaction.atomic():
        guest = admit_guest(person=claim.person, by="code", now=NOW)

    def render_together(*args: Any, **named: Any) -> bytes:
        both.wait(PATIENCE)
        return render_attestation(*args, **named)

    monkeypatch.setattr(attestations, "render_attestation", render_together)
    first, second = together(partial(attested, claim, guest), partial(attested, claim, guest))
    assert first == second
    assert (Attestation.objects.count(), Event.objects.filter(kind="outage_attested").count()) == (1, 1)
