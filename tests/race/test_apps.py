"""An app asks for its next token in the moment in which somebody takes away what it was allowed."""

from __future__ import annotations

from typing import Any

import pytest
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts.models import User
from accounts.oauth import Validator
from accounts.operations import apps, close_account, log, withdraw_app
from tests.api.app_cast import code_for, exchanged, refreshed, tokens_of
from tests.api.cast import an_app
from tests.builders import NOW
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("way", ["withdrawn", "closed"])
def test_what_is_given_meanwhile_goes_with_the_rest(monkeypatch: pytest.MonkeyPatch, way: str):
    app, owner = an_app(), User.objects.create_user("own@example.org")
    given, made = tokens_of(app, owner), Step()
    create = Validator._create_refresh_token

    def slowly(*arguments: Any, **more: Any) -> Any:
        token = create(*arguments, **more)
        made.reach()
        until_blocked()
        return token

    monkeypatch.setattr(Validator, "_create_refresh_token", slowly)
    about: dict[str, Any] = {"user": owner, "now": NOW}
    end = in_transaction(withdraw_app, app_id=app.pk, **about) if way == "withdrawn" else in_transaction(close_account, **about)

    def ends() -> None:
        made.wait()
        end()

    answer, _ = together(lambda: refreshed(app, given["refresh_token"]), ends)
    assert answer.status_code == 200, "it was first"
    assert [table.objects.count() for table in (Grant, AccessToken, RefreshToken)] == [0, 0, 0]
    assert refreshed(app, answer.json()["refresh_token"]).status_code == 400


@pytest.mark.parametrize("way", ["refresh", "code"])
def test_for_what_went_meanwhile_nothing_is_given(monkeypatch: pytest.MonkeyPatch, way: str):
    app, owner = an_app(), User.objects.create_user("own@example.org")
    given, code, held = tokens_of(app, owner), code_for(app, owner), Step()

    def slowly(*arguments: Any, **more: Any) -> Any:
        held.reach()
        until_blocked()
        return log.log_event(*arguments, **more)

    monkeypatch.setattr(apps, "log_event", slowly)

    def asks() -> Any:
        held.wait()
        return refreshed(app, given["refresh_token"]) if way == "refresh" else exchanged(app, code)

    _, answer = together(in_transaction(withdraw_app, app_id=app.pk, user=owner, now=NOW), asks)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert [table.objects.count() for table in (Grant, AccessToken, RefreshToken)] == [0, 0, 0]


@pytest.mark.parametrize("way", ["refresh", "code"])
def test_of_two_who_come_with_the_same_one_has_tokens_and_neither_keeps_them(monkeypatch: pytest.MonkeyPatch, way: str):
    """One of them was not to have it, and nobody knows which."""
    app, owner = an_app(), User.objects.create_user("own@example.org")
    given, held = (tokens_of(app, owner)["refresh_token"], Step()) if way == "refresh" else (code_for(app, owner), Step())
    create = Validator._create_refresh_token

    def slowly(*arguments: Any, **more: Any) -> Any:
        token = create(*arguments, **more)
        held.reach()
        until_blocked()
        return token

    monkeypatch.setattr(Validator, "_create_refresh_token", slowly)

    def ask() -> Any:
        return refreshed(app, given) if way == "refresh" else exchanged(app, given)

    def ask_later() -> Any:
        held.wait()
        return ask()

    first, second = together(ask, ask_later)
    assert (first.status_code, second.status_code, second.json()["error"]) == (200, 400, "invalid_grant")
    assert AccessToken.objects.count() == 0
    assert not RefreshToken.objects.filter(revoked=None).exists()
