"""`make bench-twins` in small: what was planted is found for its reason, and nothing else."""

from __future__ import annotations

import pytest

from bench.finding import check, find, key_all
from bench.planted import STRETCHES, add_claims, plant
from claims.models import Pattern, Twin

pytestmark = pytest.mark.django_db


def test_what_was_planted_is_found_and_nothing_else():
    planted = plant(claims=2_000)
    key_all(planted.claims)
    assert find(planted) == 2_000
    kept = check(planted)
    assert (kept.found, kept.precision, kept.recall) == ((len(STRETCHES) - 1) * planted.each, 1, 1)
    assert Pattern.objects.filter(kind="name").count() == 20
    new = add_claims(planted, claims=10)
    key_all(new)
    assert find(planted) == 10
    assert check(planted).found == kept.found + 5

    # What is missed, and what is found too much, is seen.
    Twin.objects.filter(reasons=["same_payee"]).earliest("pk").delete()
    with pytest.raises(AssertionError, match="found=84, planted=85, both=84"):
        check(planted)
    del planted.expected[next(iter(planted.expected))]
    with pytest.raises(AssertionError, match="found=84, planted=84, both=83"):
        check(planted)
