"""The pages of accounts as each role has them: who may not is denied, and each button is one operation."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.admin.forms import end_of
from accounts.masking import masked_email
from accounts.models import (
    AccountEvent,
    AccountEventKind,
    Credential,
    DataView,
    Partner,
    Person,
    Role,
    RoleChange,
    RoleGrant,
    User,
)
from accounts.operations import add_contact, create_person, invite_staff, propose_role_change, set_scopes
from accounts.operations.log import log_event
from accounts.page_words import WORDS
from tests.builders import NOW, a_partner, a_user

pytestmark = pytest.mark.django_db

HIDDEN = ("홍길동", "010-1234-5678", "hong@example.org")
STAFF = ("caseworker", "checker", "finance", "auditor", "manager")
VIEWERS = ("caseworker", "checker", "auditor")


def client_of(user: User, language: str = "ko") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def address(name: str, *arguments: object) -> str:
    return reverse(f"admin:accounts_{name}", args=arguments)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


@pytest.fixture
def person() -> Person:
    person = create_person(now=NOW, name=HIDDEN[0], phone=HIDDEN[1], email=HIDDEN[2])
    User.objects.create_user(HIDDEN[2], person=person)
    return person


@pytest.fixture
def manager() -> User:
    return a_user("manager", email="manager@example.com")


@pytest.fixture
def partner(manager: User) -> Partner:
    partner = set_scopes(partner_id=a_partner().pk, scopes=["usage:write"], set_by=manager, now=NOW)
    more = {"name": "김담당자", "email": "dam@example.net", "phone": "02-555-7788"}
    add_contact(partner_id=partner.pk, added_by=manager, now=NOW, **more)
    return partner


# --- personal data -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", VIEWERS)
def test_personal_data_is_masked_until_it_is_revealed_and_then_on_one_answer(person: Person, role: str):
    viewer = a_user(role)
    client, page = client_of(viewer), address("personaldata_change", person.pk)
    before = text_of(client.get(page))
    assert "홍*동" in before
    assert not any(hidden in before for hidden in HIDDEN)
    answer = client.post(page, {"reason": "contact", "note": ""})
    assert all(hidden in text_of(answer) for hidden in HIDDEN)
    assert "no-store" in answer.headers["Cache-Control"]
    seen = [(person.pk, viewer.pk, reason) for reason in ("row", "contact")]
    assert list(DataView.objects.values_list("person", "viewer", "reason")) == seen
    assert not any(hidden in text_of(client.get(page)) for hidden in HIDDEN)


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": "curiosity"}, {"reason": "search"}])
def test_nothing_is_revealed_without_a_reason(person: Person, sent: dict[str, str]):
    page = client_of(a_user("auditor")).post(address("personaldata_change", person.pk), sent)
    assert not any(hidden in text_of(page) for hidden in HIDDEN)
    assert DataView.objects.get().reason == "row", "it is shown masked"


def test_what_the_operation_refuses_is_not_revealed(person: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("accounts.operations.views.REASONS", ())
    page = text_of(client_of(a_user("auditor")).post(address("personaldata_change", person.pk), {"reason": "audit"}))
    assert "view_reason_unknown" in page
    assert not any(hidden in page for hidden in HIDDEN)


@pytest.mark.parametrize("role", ["finance", "manager"])
def test_who_has_no_need_of_it_is_denied(person: Person, role: str):
    client = client_of(a_user(role))
    for page in (address("personaldata_changelist"), address("personaldata_change", person.pk)):
        assert client.get(page).status_code == 403
        assert client.post(page, {"reason": "audit"}).status_code in (403, 405)
    assert client.post(address("personaldata_changelist"), {"q": "홍길동"}).status_code == 403
    assert not DataView.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kind", "found"),
    [
        ("홍길동", "name", 1), ("길동", "name", 1), ("5678", "phone", 1), ("hong@", "email", 1), ("김", "name", 0),
        ("example", "name", 0),
    ],
)  # fmt: skip
def test_a_search_finds_by_one_key_shows_masked_and_leaves_a_row(person: Person, typed: str, kind: str, found: int):
    viewer = a_user("caseworker")
    answer = client_of(viewer).post(address("personaldata_changelist"), {"q": typed})
    assert answer.context["cl"].result_count == found
    shown = text_of(answer)
    assert f'value="{typed}"' in shown
    assert f"q={quote(typed)}" not in shown, "what names somebody stands in no address"
    shown = shown.replace(f'value="{typed}"', "")
    assert not any(hidden in shown for hidden in HIDDEN)
    seen = [(viewer.pk, "search", kind), *([(viewer.pk, "list", "")] if found else [])]
    assert list(DataView.objects.values_list("viewer", "reason", "searched")) == seen


def test_a_person_is_found_by_the_public_id_and_nobody_by_nothing(person: Person):
    client, searches = client_of(a_user("caseworker")), DataView.objects.filter(reason="search")
    for typed, found, rows in ((str(person.public_id), 1, 1), (" ", 1, 1), ("\x00", 1, 1), ("5", 0, 2)):
        answer = client.post(address("personaldata_changelist"), {"q": typed})
        assert answer.context["cl"].result_count == found
        assert searches.count() == rows
    assert client.get(address("personaldata_changelist"), {"q": "nobody"}).context["cl"].result_count == 1, (
        "an address asks nothing"
    )
    assert searches.count() == 2


@pytest.mark.parametrize("page", ["person", "dataview"])
def test_a_public_id_is_looked_up_whole(person: Person, page: str):
    client = client_of(a_user("auditor"))
    client.post(address("personaldata_change", person.pk), {"reason": "audit"})
    for typed, found in ((str(person.public_id), 1), (str(person.public_id)[:8], 0), ("", 1)):
        assert client.get(address(f"{page}_changelist"), {"q": typed}).context["cl"].result_count == found


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_of_accounts_names_anybody_without_a_reveal(person: Person, partner: Partner, role: str, language: str):
    client = client_of(a_user(role), language)
    claimant = User.objects.get(person=person)
    pages = [address(f"{name}_changelist") for name in ("person", "user", "partner", "accountevent", "dataview", "rolegrant")]
    pages += [address("person_change", person.pk), address("user_change", claimant.pk)]
    pages += [address("user_history", claimant.pk), address("partnercontact_changelist")]
    pages += [address("partnercontact_change", partner.contacts.get().pk)]
    hidden = HIDDEN if role == "manager" else (*HIDDEN, "김담당자", "dam@example.net", "02-555-7788")
    pages += [address("partner_change", partner.pk)]
    for page in pages:
        shown = text_of(client.get(page))
        assert not [name for name in hidden if name in shown], page
    assert masked_email(HIDDEN[2]) in text_of(client.get(address("user_change", claimant.pk)))


def test_a_claimant_is_not_found_among_the_log_ins(person: Person):
    client = client_of(a_user("finance", email="hong-finance@example.com"))
    answer = client.get(address("user_changelist"), {"q": "hong"})
    assert [user.email for user in answer.context["cl"].result_list] == ["hong-finance@example.com"]
    log_event(AccountEventKind.ROLES_CHANGED, actor=None, user=User.objects.get(person=person), now=NOW)
    RoleGrant.objects.create(user=User.objects.get(person=person), role="claimant", granted_at=NOW)
    answer = client.get(address("rolegrant_changelist"), {"q": "hong"})
    assert [grant.role for grant in answer.context["cl"].result_list] == ["finance"]


# --- staff and roles -----------------------------------------------------------------------------------


def invitation(**more: Any) -> dict[str, Any]:
    return {"email": "new@example.com", "locale": "ko", "roles": ["checker"], "note": "begins", **more}


@pytest.mark.parametrize("role", ["caseworker", "checker", "finance", "auditor"])
def test_who_is_no_manager_looks_and_changes_nothing(manager: User, partner: Partner, role: str):
    other, user = a_user(role), a_user("caseworker")
    change = propose_role_change(user_id=user.pk, grants=["checker"], takes=[], proposed_by=manager, note="x", now=NOW)
    client, events = client_of(other), AccountEvent.objects.count()
    posts = {
        address("user_add"): invitation(),
        address("user_change", user.pk): {"act": "roles", "roles": ["finance"], "note": "x"},
        address("rolechange_change", change.pk): {"act": "confirm"},
        address("partner_add"): {"code": "new", "name_ko": "x", "name_en": "x"},
        address("partner_change", partner.pk): {"act": "scopes", "scopes": []},
    }
    for page, sent in posts.items():
        assert client.get(page).status_code == (403 if page.endswith("/add/") else 200), page
        assert "act" not in re.findall(r'<button[^>]* name="(\w+)"', client.get(page).content.decode()), page
        assert client.post(page, sent).status_code == 403, page
    assert AccountEvent.objects.count() == events


def test_somebody_new_is_invited_confirmed_and_sets_a_password(manager: User):
    other = a_user("manager")
    first, second = client_of(manager), client_of(other)
    answer = first.post(address("user_add"), invitation())
    change = RoleChange.objects.get()
    assert answer.headers["Location"] == address("rolechange_change", change.pk)
    assert "confirm" not in text_of(first.get(answer.headers["Location"])).split('name="act"')[1]
    second.post(answer.headers["Location"], {"act": "confirm"})
    page = address("user_change", change.user_id)
    assert 'value="link"' not in text_of(first.get(page))
    assert "invited_by_oneself" in text_of(first.post(page, {"act": "link"}))
    assert 'value="link"' in text_of(second.get(page))
    answer = second.post(page, {"act": "link"})
    assert "no-store" in answer.headers["Cache-Control"]
    link = re.search(r"<code>http://testserver([^<]+)</code>", text_of(answer))
    assert link is not None
    assert link[1] not in text_of(second.get(page))
    password = "a much longer one 7"
    assert _followed(link[1], password).headers["Location"] == reverse("admin:login")
    assert authenticate(username="new@example.com", password=password) == change.user
    assert text_of(Client().get(link[1])).count("new_password1") == 0


def _followed(link: str, password: str) -> Any:
    """As a browser does: Django takes the token out of the address first."""
    client = Client()
    form = client.get(link, follow=True)
    sent = {"new_password1": password, "new_password2": password}
    return client.post(form.redirect_chain[-1][0], sent)


def test_another_link_ends_the_one_before(manager: User):
    change = invite_staff(email="new@example.com", roles=["checker"], invited_by=manager, note="x", now=NOW)
    other = client_of(a_user("manager"))
    other.post(address("rolechange_change", change.pk), {"act": "confirm"})
    page = address("user_change", change.user_id)
    old, new = (re.search(r"<code>http://testserver([^<]+)", text_of(other.post(page, {"act": "link"}))) for _ in range(2))
    assert old is not None
    assert new is not None
    assert text_of(Client().get(old[1])).count("new_password1") == 0
    assert Client().get(new[1]).status_code == 302


def test_a_refused_invitation_is_told_and_keeps_what_was_typed(manager: User):
    page = text_of(client_of(manager).post(address("user_add"), invitation(roles=["manager", "checker"])))
    assert "roles_conflict" in page
    assert 'value="new@example.com"' in page
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_change_of_roles_is_proposed_as_what_is_held_afterwards(manager: User):
    user = a_user("caseworker", "finance")
    answer = client_of(manager).post(
        address("user_change", user.pk), {"act": "roles", "roles": ["caseworker", "checker"], "note": "x"}
    )
    change = RoleChange.objects.get()
    assert (change.grants, change.takes, answer.status_code) == (["checker"], ["finance"], 302)


def test_a_change_is_returned_with_a_note(manager: User):
    change = propose_role_change(
        user_id=a_user("caseworker").pk, grants=["checker"], takes=[], proposed_by=manager, note="x", now=NOW
    )
    client, page = client_of(manager), address("rolechange_change", change.pk)
    text_of(client.post(page, {"act": "return", "note": ""}))
    assert RoleChange.objects.get().state == "open"
    client.post(page, {"act": "return", "note": "a slip"})
    assert RoleChange.objects.get().closing_note == "a slip"
    assert "a slip" in text_of(client.get(page))


def test_leaving_is_proposed_and_confirmed(manager: User):
    user, other = a_user("caseworker"), a_user("manager")
    client_of(manager).post(address("user_change", user.pk), {"act": "leaving", "note": "x"})
    client_of(other).post(address("rolechange_change", RoleChange.objects.get().pk), {"act": "confirm"})
    user.refresh_from_db()
    assert not user.is_active


def test_open_changes_are_listed(manager: User):
    user = a_user("caseworker")
    change = propose_role_change(user_id=user.pk, grants=["checker"], takes=[], proposed_by=manager, note="x", now=NOW)
    page = text_of(client_of(manager).get(address("rolechange_changelist"), {"state__exact": "open"}))
    assert "+ 승인자" in page
    assert address("rolechange_change", change.pk) in page


def test_who_changes_his_own_password_leaves_an_event_and_stays_logged_in():
    user = a_user("caseworker")
    client, password = client_of(user), "another much longer 8"
    sent = {"old_password": "a long password 1", "new_password1": password, "new_password2": password}
    assert client.post(reverse("admin:password_change"), sent).status_code == 302
    event = AccountEvent.objects.get(kind="password_changed")
    assert (event.actor, event.user) == (user, user)
    assert client.get(reverse("admin:index")).status_code == 200
    assert authenticate(username=user.email, password=password) == user


# --- partners ------------------------------------------------------------------------------------------


def test_a_partner_is_registered_and_looked_after(manager: User):
    client = client_of(manager)
    answer = client.post(address("partner_add"), {"code": "mobility", "name_ko": "모빌리티", "name_en": "Mobility"})
    partner, page = Partner.objects.get(), answer.headers["Location"]
    client.post(page, {"act": "contact", "name": "김담당자", "email": "dam@example.net", "phone": ""})
    client.post(page, {"act": "scopes", "scopes": ["usage:write", "claims:read"]})
    partner.refresh_from_db()
    assert partner.scopes == ["claims:read", "usage:write"]
    shown = text_of(client.get(page))
    assert "김담당자" in shown
    assert "이용 기록 보내기" in shown
    client.post(page, {"act": "erase", "row": partner.contacts.get().pk})
    assert "김담당자" not in text_of(client.get(page))


def test_a_secret_is_shown_on_one_answer(manager: User, partner: Partner):
    client, page = client_of(manager), address("partner_change", partner.pk)
    day = timezone.localdate() + timedelta(days=30)
    answer = client.post(page, {"act": "issue", "scopes": ["usage:write"], "last_date": day.isoformat()})
    credential = Credential.objects.get()
    secrets = [code for code in re.findall(r"<code>([^<]+)</code>", text_of(answer)) if len(code) > 40]
    assert len(secrets) == 1
    assert check_password(secrets[0], credential.secret_hash)
    assert credential.expires_at == end_of(day)
    assert "no-store" in answer.headers["Cache-Control"]
    again = text_of(client.get(page))
    assert secrets[0] not in again
    assert credential.secret_prefix in again
    for name in ("credential_changelist", "accountevent_changelist"):
        assert secrets[0] not in text_of(client.get(address(name)))
    assert credential.secret_hash not in text_of(client.get(address("credential_change", credential.pk)))
    client.post(page, {"act": "revoke", "row": credential.pk, "reason": "leaked"})
    assert Credential.objects.get().revoked_for == "leaked"
    assert "새어 나감" in text_of(client.get(page))


def test_what_a_partner_may_not_is_refused_and_told(manager: User, partner: Partner):
    client, page = client_of(manager), address("partner_change", partner.pk)
    sent = {"act": "issue", "scopes": ["claims:write"], "last_date": "2020-01-01"}
    assert "scope_not_allowed" in text_of(client.post(page, sent))
    assert "expiry_invalid" in text_of(client.post(page, {**sent, "scopes": ["usage:write"]}))
    assert not Credential.objects.exists()
    for row in ("0", "x", "9" * 30, ""):
        assert "unknown_contact" in text_of(client.post(page, {"act": "erase", "row": row}))
        assert "unknown_credential" in text_of(client.post(page, {"act": "revoke", "row": row, "reason": "leaked"}))
    text_of(client.post(page, {"act": "nonsense"}))


def test_a_button_of_one_partner_does_nothing_to_another(manager: User, partner: Partner):
    other = a_partner("another")
    answer = client_of(manager).post(
        address("partner_change", other.pk), {"act": "erase", "row": partner.contacts.get().pk}
    )  # fmt: skip
    assert "unknown_contact" in text_of(answer)
    assert partner.contacts.exists()


def test_what_does_not_exist_is_not_found(manager: User):
    client = client_of(manager)
    for name in ("user_change", "partner_change", "rolechange_change"):
        assert client.get(address(name, 0)).status_code == 404
    assert client_of(a_user("auditor")).get(address("personaldata_change", 0)).status_code == 404


def test_every_word_is_there_in_two_languages():
    for key, (korean, english) in WORDS.items():
        assert re.search("[가-힣]", korean), key
        assert not re.search("[가-힣]", english), key


@pytest.mark.parametrize(("language", "said"), [("ko", "역할 변경"), ("en", "Change of roles")])
def test_pages_are_in_the_language_of_the_reader(manager: User, language: str, said: str):
    user = a_user("caseworker")
    page = text_of(client_of(manager, language).get(address("user_change", user.pk)))
    assert f'<h2 id="h-roles">{said}</h2>' in page
    assert ("승인자" in page, "checker</label>" in page) == (language == "ko", language == "en")


def test_personal_data_pages_know_every_role():
    assert {*STAFF, "claimant"} == set(Role.values)
