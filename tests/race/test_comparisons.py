"""Two sweeps at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from claims.models import Comparison
from claims.operations import begin_full_comparisons, nightly
from tests.builders import NOW, a_person, a_policy, claim_of, outage, told, work_off
from tests.race.together import Step, in_transaction, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_sweeps_begin_the_nightly_comparison_once(transactional_db: None, monkeypatch: pytest.MonkeyPatch):
    """The second looks while the first, which has looked, has not yet committed what it begins."""
    incident = outage()
    a_policy()
    claim_of(a_person(), incident, told())
    work_off()
    looked, second_done = Step(), Step()
    late: set[int] = set()  # the thread that looks as second
    real = nightly.store_comparison  # type: ignore[attr-defined]
    begin = in_transaction(begin_full_comparisons, now=NOW, since=NOW)

    def store_late(**given: Any) -> Any:
        if threading.get_ident() not in late:
            looked.reach()
            second_done.wait()
        return real(**given)

    def second() -> Any:
        looked.wait()
        late.add(threading.get_ident())
        try:
            return begin()
        finally:
            second_done.reach()

    monkeypatch.setattr(nightly, "store_comparison", store_late)
    assert together(begin, second) == [1, 0]
    assert Comparison.objects.count() == 1
