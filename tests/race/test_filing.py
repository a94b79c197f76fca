"""The same form sent twenty times at once, as from as many tabs, is one claim."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command

from accounts.models import Person
from claims.models import Claim
from claims.operations import filing
from tests.builders import outage
from tests.claims.test_filing import filed
from tests.race.together import together, until_blocked


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_from_many_tabs_at_once_is_one_claim(monkeypatch: pytest.MonkeyPatch):
    """Whoever is first waits, before they make a person, until another one waits for the key."""
    call_command("publish_consents", verbosity=0)
    incident, key, make = outage(), uuid4(), filing._made

    def make_slowly(*args: object) -> Person:
        until_blocked()
        return make(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "_made", make_slowly)
    entries = together(*(partial(filed, incident, key) for _ in range(20)))
    assert len({entry.pk for entry in entries}) == 1
    assert (Claim.objects.count(), Person.objects.count()) == (1, 1)
