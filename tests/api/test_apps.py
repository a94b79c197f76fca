"""Apps: who may let one in, for what, and how all of it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from accounts.models import AccountEvent, App, User
from accounts.operations import (
    AddressInvalid,
    AppEnded,
    AudienceUnknown,
    change_password,
    close_account,
    confirm_role_change,
    end_app,
    propose_leaving,
    register_app,
    withdraw_app,
)
from services.staff import RoleMissing
from tests.api.app_cast import (
    asking,
    browser_of,
    claims_by,
    code_for,
    exchanged,
    refreshed,
    sent,
    tokens_of,
    told,
)
from tests.api.cast import BACK, an_app
from tests.builders import NOW, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> App:
    return an_app()


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("own@example.org")


def kinds(user: User) -> list[str]:
    return list(AccountEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def left() -> tuple[int, int, int]:
    return Grant.objects.count(), AccessToken.objects.count(), RefreshToken.objects.count()


def registered(**more: Any) -> App:
    about: dict[str, Any] = {"name_ko": "앱", "name_en": "App", "audience": "claimants", "redirect_uris": [BACK], **more}
    return register_app(**{"registered_by": a_user("manager"), "now": NOW, **about})


# --- registered -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "", "http://app.example/back", "https://app.example", "https://App.example/", "https://app.example/back#x",
        "https://me@app.example/", "https://app.example:99999/", "https://app.example/a b", "https://*.example/",
        "https://localhost/", "https://127.0.0.1/", "http://127.0.0.1/back", "http://localhost/", "myapp://back",
        "javascript:alert(1)", "https://app.example/;x", "https://앱.example/", "https://app.example/\x00",
        "https://app.example/" + "a" * 500,
    ],
)  # fmt: skip
def test_an_address_is_https_and_whole(address: str):
    with pytest.raises(AddressInvalid):
        registered(redirect_uris=[address])
    assert not Application.objects.exists()


def test_this_machine_is_an_address_only_where_one_develops(settings: Any, owner: User):
    settings.DEBUG = True
    loop = "http://127.0.0.1:8765/back"
    app = registered(redirect_uris=[loop])
    answer = browser_of(owner).post(asking(app, redirect_uri=loop), {"answer": "allow"})
    assert answer.headers["Location"].startswith(f"{loop}?code=")
    assert browser_of(owner).get(asking(app, redirect_uri="http://127.0.0.1:9999/back")).status_code == 400, "to the letter"
    settings.DEBUG = False
    assert browser_of(owner).get(asking(app, redirect_uri=loop)).status_code == 400


def test_an_app_has_addresses_and_an_audience_and_managers_register_it():
    for addresses in ([], [f"{BACK}/{number}" for number in range(11)]):
        with pytest.raises(AddressInvalid):
            registered(redirect_uris=addresses)
    with pytest.raises(AudienceUnknown):
        registered(audience="everybody")
    with pytest.raises(RoleMissing):
        registered(registered_by=a_user("checker"))


def test_an_app_ends_once_and_for_ever(app: App):
    end_app(app_id=app.pk, ended_by=a_user("manager"), now=NOW)
    with pytest.raises(AppEnded):
        end_app(app_id=app.pk, ended_by=a_user("manager"), now=NOW)
    with pytest.raises(IntegrityError, match="ended_for_ever"), transaction.atomic():
        App.objects.filter(pk=app.pk).update(ended_at=None, ended_by=None)
    with pytest.raises(IntegrityError, match="ended_app_says_by_whom"), transaction.atomic():
        App.objects.filter(pk=registered().pk).update(ended_at=NOW)


# --- let in -----------------------------------------------------------------------------------------------


def test_it_is_let_in_by_a_page_that_says_who_it_is_and_what_it_may(app: App, owner: User):
    page = browser_of(owner).get(asking(app, scope="own:read"), headers={"Accept-Language": "ko"})
    text = page.content.decode()
    for words in (app.name_ko, "app.example", "own@example.org", "본인의 청구와 그 결정, 지급을 봅니다."):
        assert words in text
    assert "확인서" not in text, "it did not ask to act"
    assert app.name_en in browser_of(owner).get(asking(app, lang="en")).content.decode()
    assert "form-action 'self' https://app.example;" in page.headers["Content-Security-Policy"] + ";"
    assert "app.example" not in browser_of(owner).get(reverse("mfa_index")).headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    assert not Grant.objects.exists()


def test_what_was_allowed_gives_a_token_for_what_was_asked(app: App, owner: User):
    answer = told(browser_of(owner).post(asking(app, scope="own:read"), {"answer": "allow"}))
    assert (answer["state"], answer["iss"]) == ("xyz", "http://testserver")
    given = exchanged(app, answer["code"]).json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "own:read")
    assert claims_by(given["access_token"]).status_code == 200
    assert kinds(owner) == ["app_allowed"]
    assert exchanged(app, answer["code"]).json()["error"] == "invalid_grant", "a code works once"


def test_without_a_scope_it_asks_for_all_of_its_audience(app: App, owner: User):
    assert tokens_of(app, owner)["scope"].split() == ["own:read", "own:write"]
    staff = a_user("caseworker")
    assert tokens_of(an_app("staff"), staff)["scope"].split() == ["cases:read", "cases:write"]


def test_who_does_not_allow_it_gives_nothing(app: App, owner: User):
    answer = told(browser_of(owner).post(asking(app), {"answer": "deny"}))
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "xyz", "http://testserver")
    assert browser_of(owner).post(asking(app), {"answer": "yes"}).status_code == 200, "asked again"
    assert (left(), kinds(owner)) == ((0, 0, 0), [])


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_challenge": None}, "invalid_request"), ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"), ({"code_challenge": "a" * 300}, "invalid_request"),
        ({"code_challenge": "é" * 43}, "invalid_request"), ({"response_type": "token"}, "unauthorized_client"),
        ({"response_type": "id_token"}, "unsupported_response_type"), ({"response_type": None}, "invalid_request"),
        ({"response_type": "x"}, "unsupported_response_type"), ({"scope": "cases:read"}, "invalid_scope"),
        ({"scope": "claims:read"}, "invalid_scope"), ({"scope": "own:read x"}, "invalid_scope"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_to_the_app(app: App, owner: User, wrong: dict[str, Any], error: str):
    client = browser_of(owner)
    for answer in (client.get(asking(app, **wrong)), client.post(asking(app, **wrong), {"answer": "allow"})):
        said = told(answer)
        assert (said["error"], said["state"], said["iss"]) == (error, "xyz", "http://testserver")
    assert left() == (0, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "x"}, {"client_id": None}, {"client_id": "\x00"}, {"redirect_uri": None}, {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": f"{BACK}?x"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": "https://[::1"},
        {"state": "\x00"}, {"redirect_uri": "HTTPS://app.example/back"}, {"redirect_uri": f" {BACK}"},
    ],
)  # fmt: skip
def test_to_a_wrong_app_or_address_nobody_is_led(app: App, owner: User, wrong: dict[str, Any]):
    for client in (browser_of(), browser_of(owner)):
        for answer in (client.get(asking(app, **wrong)), client.post(asking(app, **wrong), {"answer": "allow"})):
            assert (answer.status_code, "Location" in answer.headers) == (400, False)
            assert "열 수 없는 주소입니다" in answer.content.decode()


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "state", "response_type", "code_challenge", "lang"])
@pytest.mark.parametrize("raw", ["%00", "%ff", "%ED%A0%80", "%", "%zz", "a" * 3000, "[", "%5B%3A", "%0d%0aX:%20y", "é", "&x=&"])
def test_no_byte_breaks_it(app: App, owner: User, name: str, raw: str):
    path, _, query = asking(app, **{name: None}).partition("?")
    for client in (browser_of(), browser_of(owner)):
        for way in (client.get, client.post):
            answer = way(path, QUERY_STRING=f"{query}&{name}={raw}")
            assert answer.status_code < 500, answer.content[:300]


def test_no_body_breaks_it(app: App, owner: User):
    client = browser_of(owner)
    for body in (b"answer=allow&answer=deny", b"answer=%00", b"\xff\xfe", b"answer=%ff&client_id=x&scope=cases:read"):
        assert client.post(asking(app), body, "application/x-www-form-urlencoded").status_code < 500
    forged = {"answer": "allow", "scope": "cases:read", "redirect_uri": "https://evil.example/", "client_id": "x"}
    assert exchanged(app, told(client.post(asking(app), forged))["code"]).json()["scope"] == "own:read own:write"


def test_what_is_there_twice_is_refused_and_what_is_unknown_is_not_looked_at(app: App, owner: User):
    assert browser_of(owner).get(asking(app) + "&scope=own:read&scope=own:write").status_code == 400
    tokens_of(app, owner)
    for more in ({"approval_prompt": "auto"}, {"prompt": "none"}, {"prompt": "create"}, {"resource": "x"}, {"claims": "{"}):
        assert browser_of(owner).get(asking(app, **more)).status_code == 200, "asked each time"


def test_a_form_of_another_site_lets_nobody_in(app: App, owner: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    answer = client.post(asking(app), {"answer": "allow"})
    assert (answer.status_code, left()) == (403, (0, 0, 0))
    assert 'lang="ko"' in answer.content.decode(), "a page of ours"


# --- by whom ----------------------------------------------------------------------------------------------


def test_each_logs_in_where_they_do(app: App, owner: User):
    for asked, page in ((app, "account_login"), (an_app("staff"), "admin:login")):
        answer = browser_of().get(asking(asked))
        assert answer.headers["Location"].startswith(f"{reverse(page)}?next=/oauth/authorize%3F")


def test_whoever_is_not_of_its_audience_is_told(app: App, owner: User):
    for asked, user, words in ((app, a_user("checker"), "청구인의 것"), (an_app("staff"), owner, "직원의 것")):
        for answer in (browser_of(user).get(asking(asked)), browser_of(user).post(asking(asked), {"answer": "allow"})):
            assert answer.status_code == 403
            assert words in answer.content.decode()
    assert left() == (0, 0, 0)


def test_a_token_of_the_wrong_audience_opens_nothing(app: App, owner: User):
    given = tokens_of(app, owner)
    assert claims_by(given["access_token"]).status_code == 200
    AccessToken.objects.update(application=an_app("staff").application)
    assert claims_by(given["access_token"]).status_code == 401


# --- tokens -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_grant"), ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": f"{BACK}/x"}, "invalid_grant"), ({"client_id": "x"}, "invalid_client"),
    ],
)  # fmt: skip
def test_a_code_is_for_who_asked_for_it(app: App, owner: User, wrong: dict[str, str], error: str):
    code = code_for(app, owner)
    assert exchanged(app, code, **wrong).json()["error"] == error
    assert exchanged(registered(), code).status_code == 400, "another app"
    assert AccessToken.objects.count() == 0


def test_a_code_that_comes_again_ends_what_it_gave(app: App, owner: User):
    code, other = code_for(app, owner), tokens_of(app, owner)
    first = exchanged(app, code).json()
    second = refreshed(app, first["refresh_token"]).json()
    assert exchanged(registered(), code).status_code == 400
    assert claims_by(second["access_token"]).status_code == 200, "another app ends nothing of it"
    assert exchanged(app, code).json()["error"] == "invalid_grant"
    assert claims_by(second["access_token"]).status_code == 401
    assert refreshed(app, second["refresh_token"]).json()["error"] == "invalid_grant"
    assert claims_by(other["access_token"]).status_code == 200, "of another code"


def test_a_code_ends(app: App, owner: User):
    code = code_for(app, owner)
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert exchanged(app, code).json()["error"] == "invalid_grant"


def test_an_old_refresh_token_ends_the_whole_family(app: App, owner: User):
    first = tokens_of(app, owner)
    second = refreshed(app, first["refresh_token"]).json()
    assert claims_by(first["access_token"]).status_code == 401, "only the newest"
    assert claims_by(second["access_token"]).status_code == 200
    assert refreshed(app, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert claims_by(second["access_token"]).status_code == 401
    assert refreshed(app, second["refresh_token"]).json()["error"] == "invalid_grant"


def test_no_secret_logs_an_app_in(app: App, owner: User):
    code, stored = code_for(app, owner), app.application.client_secret
    assert exchanged(app, code).status_code == 200
    for secret in ("x", stored):
        assert exchanged(app, code_for(app, owner), client_secret=secret).status_code == 401
    assert sent(app, grant_type="client_credentials").status_code in (400, 401)
    assert sent(app, grant_type="password", username="own@example.org", password="x").status_code in (400, 401)


def test_neither_a_code_nor_a_token_is_issued_to_who_has_left(app: App, owner: User):
    code, given = code_for(app, owner), tokens_of(app, owner)
    with transaction.atomic():
        close_account(user=owner, now=NOW)
    assert left() == (0, 0, 0)
    assert claims_by(given["access_token"]).status_code == 401
    assert exchanged(app, code).status_code == 400
    assert refreshed(app, given["refresh_token"]).status_code == 400


# --- ended ------------------------------------------------------------------------------------------------


def test_an_app_that_was_ended_opens_nothing(app: App, owner: User):
    code, given, client = code_for(app, owner), tokens_of(app, owner), browser_of(owner)
    AccessToken.objects.create(user=owner, application=app.application, token="kept", scope="own:read", expires=timezone.now())
    end_app(app_id=app.pk, ended_by=a_user("manager"), now=NOW)
    assert left() == (0, 0, 0)
    late = AccessToken(user=owner, application=app.application, token="late", scope="own:read")
    late.expires = timezone.now() + timedelta(hours=1)
    late.save()
    for token in (given["access_token"], "late"):
        assert claims_by(token).status_code == 401
    for answer in (exchanged(app, code), refreshed(app, given["refresh_token"])):
        assert answer.status_code in (400, 401)
    assert client.get(asking(app)).status_code == 400
    assert "app_ended" in AccountEvent.objects.values_list("kind", flat=True)


def test_staff_who_leave_lose_what_they_allowed():
    viewer, app = a_user("caseworker"), an_app("staff")
    given, code = tokens_of(app, viewer), code_for(app, viewer)
    a_user("manager")
    change = propose_leaving(user_id=viewer.pk, proposed_by=a_user("manager"), note="x", now=NOW)
    confirm_role_change(change_id=change.pk, confirmed_by=a_user("manager"), now=NOW)
    assert left() == (0, 0, 0)
    assert claims_by(given["access_token"]).status_code == 401
    assert exchanged(app, code).status_code == 400


def test_another_password_ends_the_tokens_of_ones_apps():
    viewer, app = a_user("caseworker"), an_app("staff")
    given, code = tokens_of(app, viewer), code_for(app, viewer)
    change_password(email=str(viewer.email), password="another long word 7", now=NOW)
    assert left() == (0, 0, 0)
    assert claims_by(given["access_token"]).status_code == 401
    assert exchanged(app, code).status_code == 400


def test_the_account_lists_what_it_allowed_and_takes_it_away(app: App, owner: User):
    client, other = browser_of(owner), User.objects.create_user("other@example.org")
    assert "허용한 앱" not in client.get(reverse("mfa_index")).content.decode()
    given, theirs = tokens_of(app, owner), tokens_of(app, other)
    code = code_for(app, owner)
    page = client.get(reverse("mfa_index")).content.decode()
    assert app.name_ko in page
    assert "허용한 때" in page
    for typed in ("", "x", "\x00", "9" * 30):
        assert client.post(reverse("account_app_withdraw"), {"app": typed}).status_code == 302
    assert claims_by(given["access_token"]).status_code == 200
    answer = client.post(reverse("account_app_withdraw"), {"app": app.pk}, follow=True)
    assert f"허용을 거두었습니다: {app.name_ko}" in answer.content.decode()
    assert "허용한 앱" not in answer.content.decode()
    assert claims_by(given["access_token"]).status_code == 401
    assert refreshed(app, given["refresh_token"]).status_code == 400
    assert exchanged(app, code).status_code == 400
    assert claims_by(theirs["access_token"]).status_code == 200, "of another account"
    assert kinds(owner) == ["app_allowed", "app_allowed", "app_withdrawn"]
    assert browser_of(a_user("checker")).post(reverse("account_app_withdraw"), {"app": app.pk}).status_code == 403
    assert browser_of().post(reverse("account_app_withdraw")).status_code == 302
    withdraw_app(app_id=app.pk, user=owner, now=NOW)


# --- how often --------------------------------------------------------------------------------------------


def test_nobody_locks_the_users_of_an_app_out(app: App, settings: Any):
    settings.APP_TOKENS_PER_MINUTE = 0
    body = f"grant_type=refresh_token&refresh_token=x&client_id={app.application.client_id}"
    form = "application/x-www-form-urlencoded"
    assert Client().post("/oauth/token", body, form, REMOTE_ADDR="192.0.2.1").status_code == 429
    settings.APP_TOKENS_PER_MINUTE = 1
    for _ in range(4):
        Client().post("/oauth/token", body, form, REMOTE_ADDR="192.0.2.1")
    assert Client().post("/oauth/token", body, form, REMOTE_ADDR="192.0.2.2").status_code == 400


def test_what_programs_read_about_it_is_true():
    said = Client().get("/.well-known/oauth-authorization-server").json()
    assert said["issuer"] == "http://testserver"
    for name in ("authorization", "token", "revocation"):
        path = said[f"{name}_endpoint"].removeprefix(said["issuer"])
        assert Client().get(path).status_code in (400, 405), path
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    assert {"own:read", "own:write", "cases:read", "claims:read"} <= set(said["scopes_supported"])
    assert Client().post("/.well-known/oauth-authorization-server").status_code == 405
