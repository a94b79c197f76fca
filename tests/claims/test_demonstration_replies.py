"""The templates that the demonstration begins with."""

from __future__ import annotations

import pytest

from accounts.models import User
from claims.demonstration.loading import first_replies
from claims.demonstration.steps import load_replies
from claims.models import Claim, ClaimKind, ReplyVersion
from claims.queries.messages import replies_in_use
from claims.queries.reply import render_reply
from services.models import Incident
from tests.builders import NOW, a_user
from tests.claims.reply_cast import template


@pytest.fixture
def checker(transactional_db: None) -> User:
    return a_user("checker")


def test_they_are_published_once_and_what_is_there_stays(checker: User):
    mine = template(checker, "thanks", code="thanks")
    assert load_replies(published_by=checker.get_username()) == len(first_replies()) - 1
    assert load_replies(published_by=checker.get_username()) == 0
    assert ReplyVersion.objects.get(template__code="thanks") == mine
    assert all(replies_in_use(kind) for kind in ClaimKind.values if kind != ClaimKind.UNSORTED), "whoever writes is answered"
    incident = Incident(title_ko="카카오 장애", title_en="Kakao outage")
    claim = Claim(reference="C-0000-0000", filed_at=NOW, incident=incident)
    for version in ReplyVersion.objects.all():
        for language, title in (("ko", "카카오 장애"), ("en", "Kakao outage")):
            letter = render_reply(version, claim, language=language, now=NOW).decode()
            assert (title in letter, claim.reference in letter, "{" in letter.split("</style>")[1]) == (True, True, False)
