"""Two people at one draft. Each test was seen to fail without the lock it is about."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from accounts.operations import create_staff
from claims.models import PolicyDraft, PolicyVersion
from claims.operations import DraftChanged, DraftClosed, open_draft, publish_draft, revise_draft
from services.refusals import Refusal
from tests.builders import NOW, pack
from tests.race.together import in_transaction, together

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def staff(name: str, role: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=[role], now=NOW)


@pytest.fixture
def draft(transactional_db: None) -> PolicyDraft:
    return open_draft(title="x", pack_yaml=pack(), opened_by=staff("writer", "caseworker"), now=NOW)


def answered(call: Any, **arguments: Any) -> Any:
    """The call in its own transaction; a refusal is an answer."""
    run = in_transaction(call, **arguments, now=NOW)

    def caught() -> Any:
        try:
            return run()
        except Refusal as refusal:
            return refusal

    return caught


def test_of_two_publishers_one_publishes(draft: PolicyDraft):
    calls = [
        answered(publish_draft, draft_id=draft.pk, read=1, after=0, published_by=staff(name, "checker"))
        for name in ("first", "second")
    ]
    found = together(*calls)
    assert sorted(type(answer).__name__ for answer in found) == ["DraftClosed", "PolicyVersion"]
    assert PolicyVersion.objects.count() == 1


def test_of_two_writers_the_second_is_told(draft: PolicyDraft):
    calls = [
        answered(revise_draft, draft_id=draft.pk, pack_yaml=pack(won=won), read=1, written_by=staff(f"w{won}", "caseworker"))
        for won in (300, 400)
    ]
    found = together(*calls)
    assert sum(isinstance(answer, DraftChanged) for answer in found) == 1
    assert draft.revisions.count() == 2


def test_what_is_published_is_what_was_read(draft: PolicyDraft):
    """Either the draft is published as it was read, or it has changed and is not."""
    found = together(
        answered(publish_draft, draft_id=draft.pk, read=1, after=0, published_by=staff("checker", "checker")),
        answered(revise_draft, draft_id=draft.pk, pack_yaml=pack(won=300), read=1, written_by=staff("other", "caseworker")),
    )
    published, revised = found
    if isinstance(published, PolicyVersion):
        assert isinstance(revised, DraftClosed)
        assert published.pack_yaml == pack()
    else:
        assert isinstance(published, DraftChanged)
        assert not PolicyVersion.objects.exists()
