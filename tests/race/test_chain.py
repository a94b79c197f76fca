"""Two sweeps that link events at once. Seen to fail without the lock."""

from __future__ import annotations

import time

import pytest
from django.db import transaction

from claims.models import ChainLink, Event
from claims.operations import link_log
from tests.builders import NOW
from tests.race.together import together


@pytest.mark.django_db(transaction=True)
def test_of_two_who_link_at_once_one_does():
    for number in range(3):
        Event.objects.create(at=NOW, kind="tried", data={"number": number})

    def link() -> None:
        with transaction.atomic():
            link_log(now=NOW)
            time.sleep(0.1)  # the other one comes meanwhile

    together(link, link)
    assert list(ChainLink.objects.values_list("position", flat=True)) == [1, 2, 3]
