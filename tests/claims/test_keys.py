"""By what claims are compared: one spelling of each value, a digest that says nothing without the secret, and its erasure."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Person, PersonalData
from accounts.operations import create_person
from claims.keys import digest_of, one_spelling
from claims.models import Claim, ClaimKey, Event, TwinDue
from claims.operations import (
    KeyKindUnknown,
    KeyUnreadable,
    UnknownClaim,
    add_key,
    erase_keys,
    find_twins,
    key_claims,
    record_facts,
    revise_claim,
)
from claims.operations.intake import insert_claims
from config import embedded, env
from services.models import Incident
from services.refusals import InvalidValue
from tests.builders import MESSAGES, NOW, claim_of, told, usage, work_off

RECEIPT = b"%PDF-1.7 a receipt"


@pytest.mark.parametrize(
    ("kind", "one", "others"),
    [
        (
            "phone", "+821012345678",
            [
                "010-1234-5678", "+82-10-1234-5678", "010 1234 5678", "０１０－１２３４－５６７８", "01012345678", "1012345678",
                "+82 (0)10 1234 5678", "82-10-1234-5678", "0082 10 1234 5678", "(010) 1234.5678", "+82 010-1234-5678",
            ],
        ),
        ("phone", "+8221234567", ["02-123-4567", "+82 2 123 4567", "82-2-123-4567"]),
        ("phone", "+8250712345678", ["0507-1234-5678", "+82 507 1234 5678"]),
        ("phone", "+8215881234", ["1588-1234", "+82 1588 1234"]),
        ("phone", "+14155550100", ["+1 (415) 555-0100", "＋１ 415 555 0100"]),
        ("phone", "", ["1234", "", "no phone", "+82", "110", "+1 23", "2345 6789 01", "00"]),
        ("email", "kim@example.com", ["Kim@Example.COM", " kim@example.com "]),
        ("email", "k.i.m@gmail.com", ["K.i.m@gmail.com"]),
        ("email", "kim+1@gmail.com", ["kim+1@gmail.com"]),
        ("payee", "004:11012345678", ["004:110-123-45678", "4: 110 123 45678", "００４:１１０-123-45678"]),
        ("payee", "kb:11012345678", ["KB:110-123-45678", " kb : 11012345678"]),
        ("payee", "", ["110-123-45678", "004:", ":110", "004:none"]),
        ("name", "김민수", ["김민수", "김 민수", " 김\u00a0민수 ", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e"]),
        ("document", hashlib.sha256(RECEIPT).hexdigest(), [RECEIPT]),
        ("document", "", ["a receipt", b""]),
        ("device", "Ab-1", ["Ab-1"]),
        ("device", "", [RECEIPT]),
        ("account", "ab12", ["ab12"]),
    ],
)  # fmt: skip
def test_values_that_are_one_have_one_spelling(kind: str, one: str, others: list[str | bytes]):
    for other in others:
        assert one_spelling(kind, other) == one, other


def test_a_digest_is_of_its_kind_and_of_the_secret(settings: Any):
    digest = digest_of("phone", "010-1234-5678")
    assert digest == digest_of("phone", "+82 10 1234 5678")
    assert digest != digest_of("phone", "010-1234-5679")
    assert digest_of("device", "+821012345678") not in (digest, digest_of("name", "+821012345678"))
    settings.CLAIM_KEY_SECRET = "another"
    assert digest_of("phone", "010-1234-5678") != digest
    assert digest_of("phone", "none") is None


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded, "var_root", lambda: tmp_path)
    monkeypatch.delenv("CLAIM_KEY_SECRET", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = env.claim_key_secret()
    assert made == env.claim_key_secret() == (tmp_path / "claim_key_secret").read_text()
    assert made != env.secret_key()
    assert stat.S_IMODE((tmp_path / "claim_key_secret").stat().st_mode) == 0o600
    monkeypatch.setenv("CLAIM_KEY_SECRET", "given")
    assert env.claim_key_secret() == "given"


# --- claims get their keys ----------------------------------------------------------------------------


@transaction.atomic
def somebody(**data: Any) -> Person:
    return create_person(now=NOW, **data)


def kinds(claim: Claim) -> list[str]:
    return sorted(claim.keys.values_list("kind", flat=True))


def due() -> list[int]:
    return list(TwinDue.objects.order_by("pk").values_list("claim", flat=True))


def test_a_claim_that_is_opened_has_the_keys_of_its_person_and_its_turn(incident: Incident):
    claim = claim_of(somebody(name="김민수", phone="010-1234-5678", email="Kim@example.com"), incident)
    assert kinds(claim) == ["account", "email", "name", "phone"]
    assert claim.keys.get(kind="phone").digest == digest_of("phone", "+82 10 1234 5678")
    assert due() == [claim.pk]
    assert kinds(claim_of(somebody(), incident)) == ["account"], "of whom nothing is known"


def test_a_claim_that_is_told_again_is_not_keyed_again(incident: Incident):
    person = somebody(name="Kim")
    claim_of(person, incident)
    claim = claim_of(person, incident)
    assert kinds(claim) == ["account", "name"]
    assert due() == [claim.pk]


def test_a_claim_has_its_turn_again_with_each_loss_and_key_that_is_new(incident: Incident):
    claim = claim_of(somebody(), incident)
    TwinDue.objects.all().delete()
    revise_claim(claim_id=claim.pk, cause="corrected", losses=[told(), told(start="15 16:00")], now=NOW)
    assert due() == [claim.pk]
    record_facts(claim_id=claim.pk, facts=[], now=NOW)
    assert [add_key(claim_id=claim.pk, kind="payee", value="004:110-1", now=NOW) for _ in range(2)] == [True, False]
    assert due() == [claim.pk] * 2


def test_claims_made_in_masses_are_keyed_when_it_is_their_turn(incident: Incident):
    person = somebody(phone="010 1234 5678")
    usage(person, MESSAGES, "shift", "15 15:00", "15 16:00")
    work_off()
    claim = Claim.objects.get(person=person)
    assert (kinds(claim), due()) == ([], [claim.pk])
    find_twins(incident_id=incident.pk, now=NOW)
    assert (kinds(claim), due()) == (["account", "phone"], [])


def test_inserting_claims_in_masses_writes_no_keys(incident: Incident):
    (claim,) = insert_claims(
        person_ids=[somebody(name="Kim").pk], incident_id=incident.pk, origin="proactive", partner=None, now=NOW
    )
    assert not ClaimKey.objects.exists()
    assert key_claims(claim_ids=[claim], now=NOW) == 1
    assert key_claims(claim_ids=[claim], now=NOW) == 0
    assert due() == [claim]


@pytest.mark.parametrize(
    ("kind", "value", "refusal"),
    [
        ("passport", "x", KeyKindUnknown),
        ("payee", "110-1234", KeyUnreadable),
        ("document", "a receipt", KeyUnreadable),
        ("device", " ", KeyUnreadable),
        ("device", "a\x00b", InvalidValue),
        ("device", "\ud800", InvalidValue),
    ],
)
def test_a_value_that_cannot_be_compared_is_refused(incident: Incident, kind: str, value: str, refusal: type[Exception]):
    claim = claim_of(somebody(), incident)
    with pytest.raises(refusal):
        add_key(claim_id=claim.pk, kind=kind, value=value, now=NOW)
    assert kinds(claim) == ["account"]


def test_a_key_is_of_a_claim(incident: Incident):
    with pytest.raises(UnknownClaim):
        add_key(claim_id=7, kind="device", value="x", now=NOW)
    assert not ClaimKey.objects.exists()


def test_the_keys_of_a_person_are_erased_and_do_not_come_back(incident: Incident):
    person, other = somebody(name="Kim", phone="010-1234-5678"), somebody(name="Lee")
    claim, kept = claim_of(person, incident), claim_of(other, incident)
    add_key(claim_id=claim.pk, kind="account", value="with the operator", now=NOW)
    TwinDue.objects.all().delete()
    PersonalData.objects.filter(person=person).delete()
    assert erase_keys(person_id=person.pk, now=NOW) == 3
    assert claim.keys.get().digest == digest_of("account", str(person.public_id)), "which names nobody"
    assert kinds(kept) == ["account", "name"]
    assert due() == [claim.pk]
    find_twins(incident_id=incident.pk, now=NOW)
    assert kinds(claim) == ["account"]
    assert Event.objects.get(kind="keys_erased").data == {"person": person.pk, "keys": 3}
