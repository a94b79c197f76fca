"""Two files of one claim at once, when only one more is taken."""

from __future__ import annotations

import pytest
from django.db import transaction

from claims.operations import begin_upload, uploads
from tests.builders import NOW, a_user, authority
from tests.claims.test_evidence import in_review
from tests.claims.test_evidence_files import own_log_in
from tests.race.test_evidence import outcome, waits
from tests.race.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_uploads_at_once_one_is_too_many(monkeypatch: pytest.MonkeyPatch):
    with transaction.atomic():
        authority()
        claim = in_review(a_user("caseworker"))
        claimant = own_log_in(claim)
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 1)
    reached = waits(monkeypatch, uploads, "count_sent")

    def begin() -> None:
        begin_upload(claim_id=claim.pk, sent_by=claimant, now=NOW)

    def second() -> str:
        reached.wait()
        return outcome(begin)

    assert together(lambda: outcome(begin), second) == ["done", "too_many_files_now"]
