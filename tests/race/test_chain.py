"""Two sweeps that link events at once."""

from __future__ import annotations

import pytest

from claims.models import ChainLink, Event
from claims.operations import link_log
from tests.builders import NOW
from tests.race.together import one_before_the_other


@pytest.mark.django_db(transaction=True)
def test_of_two_who_link_at_once_one_does():
    for number in range(3):
        Event.objects.create(at=NOW, kind="tried", data={"number": number})

    one_before_the_other(link_log, link_log, now=NOW)
    assert list(ChainLink.objects.values_list("position", flat=True)) == [1, 2, 3]
