"""An account that its owner closes while another page of theirs is being answered: it keeps nobody and is entered by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, KeptPerson, User
from accounts.operations import NoAccount, begin_account, close_account, enter_account, keep_person
from claims.models import Claim
from claims.operations import keep_claim
from tests.builders import NOW, a_person
from tests.claims.account_cast import asked_to_log_in, code_mailed, is_in, signed_up
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_filing import agreed, incident, told_all  # noqa: F401 - a fixture
from tests.claims.test_my_account import a_claim
from tests.claims.test_tell import sent

pytestmark = pytest.mark.django_db


@transaction.atomic
def close(user: User) -> None:
    close_account(user=User.objects.get(pk=user.pk), now=NOW)


def test_who_has_seen_it_open_is_refused():
    with transaction.atomic():
        user = begin_account(email="hong@example.org", locale="ko", now=NOW)
    close(user)
    assert user.is_active, "as whoever began before knows it"
    for call in (enter_account, keep_person):
        more: dict[str, Any] = {"person": a_person()} if call is keep_person else {}
        with pytest.raises(NoAccount), transaction.atomic():
            call(user=user, by="code", now=NOW, **more)
    assert [event.kind for event in AccountEvent.objects.all()] == ["account_closed"]
    assert not KeptPerson.objects.exists()


@pytest.fixture
def closed_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Closed by another request, just before this one calls what is named."""

    def patch(name: str, call: Any) -> None:
        def called(*, user: User, **named: Any) -> Any:
            close(user)
            return call(user=user, **named)

        monkeypatch.setattr(name, called)

    return patch


def test_what_is_filed_meanwhile_is_filed_all_the_same(client: Client, incident: Any, closed_at: Any):  # noqa: F811
    signed_up(client)
    told_all(client)
    closed_at("claims.web.filing.keep_claim", keep_claim)
    page = sent(client, "check", **agreed(records=False))
    claim = Claim.objects.get()
    assert (page.status_code, KeptPerson.objects.count()) == (200, 0)
    assert client.get(mine("status", claim)).status_code == 200, "it is open in this browser"


def test_who_keeps_a_claim_meanwhile_is_told_that_it_is_closed(client: Client, closed_at: Any):
    claim = a_claim()
    signed_up(client)
    let_in(client, claim)
    closed_at("claims.web.account.views.keep_claim", keep_claim)
    page = client.post(reverse("account_keep", args=[claim.reference]), follow=True)
    assert "이 계정은 닫혔습니다." in page.content.decode()
    assert not KeptPerson.objects.exists()


def test_who_logs_in_meanwhile_is_not_let_in(client: Client, closed_at: Any):
    signed_up(Client())
    asked_to_log_in(client)
    code = code_mailed()
    closed_at("claims.web.account.adapters.enter_account", enter_account)
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer.headers["Location"] == reverse("account_login")
    assert not is_in(client)
    assert AccountEvent.objects.filter(kind="account_entered").count() == 1, "when it was opened"
