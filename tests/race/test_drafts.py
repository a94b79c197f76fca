"""Two people at one draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from accounts.operations import create_staff
from claims.models import DraftRevision, PolicyDraft, PolicyVersion
from claims.operations import DraftChanged, DraftClosed, open_draft, publish_draft, revise_draft
from services.refusals import Refusal
from tests.builders import NOW, pack
from tests.race.together import in_transaction, one_before_the_other

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
    assert [type(answer) for answer in one_before_the_other(*calls)] == [PolicyVersion, DraftClosed]
    assert PolicyVersion.objects.count() == 1


def test_of_two_writers_the_second_is_told(draft: PolicyDraft):
    calls = [
        answered(revise_draft, draft_id=draft.pk, pack_yaml=pack(won=won), read=1, written_by=staff(f"w{won}", "caseworker"))
        for won in (300, 400)
    ]
    assert [type(answer) for answer in one_before_the_other(*calls)] == [DraftRevision, DraftChanged]
    assert draft.revisions.count() == 2


@pytest.mark.parametrize("first", ["publisher", "writer"])
def test_what_is_published_is_what_was_read(draft: PolicyDraft, first: str):
    """Either the draft is published as it was read, or it has changed and is not."""
    publish = answered(publish_draft, draft_id=draft.pk, read=1, after=0, published_by=staff("checker", "checker"))
    revise = answered(revise_draft, draft_id=draft.pk, pack_yaml=pack(won=300), read=1, written_by=staff("other", "caseworker"))
    if first == "publisher":
        published, revised = one_before_the_other(publish, revise)
        assert isinstance(revised, DraftClosed)
        assert published.pack_yaml == pack()
    else:
        assert [type(answer) for answer in one_before_the_other(revise, publish)] == [DraftRevision, DraftChanged]
        assert not PolicyVersion.objects.exists()
