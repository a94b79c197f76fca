"""An app asks for its next token in the moment in which somebody takes away what it was allowed."""

from __future__ import annotations

from typing import Any

import pytest
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts.models import User
from accounts.oauth import Validator
from accounts.operations import close_account, withdraw_app
from tests.api.app_cast import refreshed, tokens_of
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
