"""Whatever somebody types in is refused with a code or kept as that text, and no page, list, letter or mail runs it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import PersonalData, User
from accounts.operations import create_person
from claims.documents import SafeDocument, shown_name
from claims.models import Appeal, Claim, ClaimEntry, ClaimStatus, EvidenceFile, Fact, Letter, Message
from claims.operations import (
    Claimant,
    ToldFact,
    ToldLoss,
    ToldPoint,
    add_message,
    evidence_files,
    file_claim,
    open_appeal,
    open_claim,
    publish_policy,
    receive_evidence,
)
from claims.operations.payment import as_csv
from claims.queries.exports import CLAIM_COLUMNS
from services.models import Incident
from services.refusals import Refusal
from tests.builders import MESSAGES, NOW, a_user, at, follow_up, outage, pack, told, work_off
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_appeals import standing
from tests.claims.test_case_pages import QUEUE, client_of, page_of
from tests.claims.test_filing import yes
from tests.hostile_cast import HOSTILE
from tests.hostile_pages import Page, differences, squeezed
from tests.proofs import some
from tests.worlds import world

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]|\r(?!\n)")  # of what is written in lines
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
FACTS = 3  # each third text is one of a loss as well: a page with many losses takes long
MOST = 50  # of each kind, of a claim: as many messages are shown, and files taken


def kept(text: str) -> str:
    """As texts are kept: NFC, one kind of line end, no white space around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).replace("\u00a0", " ").strip()


NUMBERS = [one for one in HOSTILE.values() if "1234568" in unicodedata.normalize("NFKC", one)]  # masked, or refused


def outcome(doing: Callable[[], Any]) -> str:
    """Nothing, or the code of the refusal, of which nothing is left."""
    try:
        with transaction.atomic():
            doing()
    except Refusal as refusal:
        return refusal.code
    return ""


def test_there_are_more_than_200_and_each_is_another_one():
    assert len(set(HOSTILE.values())) == len(HOSTILE) >= 200
    assert len(PLAIN) >= 200


# --- stored, or refused ---------------------------------------------------------------------------------


@world
def incident(db: None) -> Incident:
    """Under a policy that asks for a text of each loss, which its letters repeat."""
    call_command("publish_consents", verbosity=0)
    incident = outage()
    asks = pack(asks={"note": "text of loss"}, automatic="{approve_up_to: most, reject: true}")
    for before, after in (
        ("losses: {services: [kakaotalk.text_message]}", "losses: {services: [kakaotalk.text_message], each: true}"),
        ("require: []", "require: [{fact: note, is: fine, reason: not_fine}]"),
        ("reasons: {}", "reasons: {not_fine: {ko: 아님, en: It is not}}"),
        ("T16:30:00+09:00}]\n    expect", "T16:30:00+09:00, facts: {note: fine}}]\n    expect"),
    ):
        assert before in asks
        asks = asks.replace(before, after)
    publish_policy(pack_yaml=asks, now=NOW)
    return incident


IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def takes(field: str, text: str) -> bool:
    """Whether it may be kept there. A resident registration number is masked in a message and refused elsewhere."""
    if field == "name":
        return bool(kept(text)) and not IN_A_LINE.search(kept(text)) and len(kept(text)) <= 100 and text not in NUMBERS
    if field == "note":
        return not UNPRINTABLE.search(text) and len(text) <= 200 and text not in NUMBERS
    return field == "message" and not CONTROL.search(kept(text)) and len(kept(text)) <= 5000


# The same text again, as it is kept, would add nothing.
_LIKE = {kept(one): one for one in HOSTILE.values() if kept(one) and takes("message", one) and one not in NUMBERS}
PLAIN = list(_LIKE.values())


def test_each_is_refused_with_a_code_or_kept_as_it_is(incident: Incident):
    """All that may be kept of a text in one claim; and each that may not alone. `make proofs` does it with each text."""
    consents, rows = yes(), 0

    def file(*, name: str = "홍길동", email: str | None = None, message: str = "", note: str = "x") -> ClaimEntry:
        loss = told(MESSAGES, "15 15:30", "15 16:30", ToldFact("note", note))
        about: dict[str, Any] = {"incident": incident, "losses": [loss], "message": message, "consents": consents, "now": NOW}
        return file_claim(key=uuid4(), claimant=Claimant(name, f"{uuid4()}@example.org" if email is None else email), **about)

    for which, text in some(HOSTILE.items(), each=4):
        taken = {field: text for field in ("name", "message", "note") if takes(field, text)}
        for field in {"name", "email", "message", "note"} - taken.keys():
            assert outcome(partial(file, **{field: text})), (which, field)
        assert outcome(partial(file, **taken)) == "", which
        rows += 1
        if "name" in taken:
            assert PersonalData.objects.latest("pk").name == kept(text), which
        if "note" in taken:
            assert Fact.objects.latest("pk").text_value == text, which
        if kept(taken.get("message", "")):
            said = Message.objects.latest("pk").text
            assert "1234568" not in said if text in NUMBERS else said == kept(text), which
    assert rows == Claim.objects.count() == ClaimEntry.objects.count() == PersonalData.objects.count()
    _lists(incident)


def _lists(incident: Incident) -> None:
    """All that was filed, in the queue and in a list that leaves the service."""
    rows = ClaimStatus.objects.filter(review="queued").count()
    client = client_of(a_user("checker", "caseworker"))
    wrong, address = Page(client.get(QUEUE).content).wrong, "/admin/claims/tally/export/"
    assert not wrong, "\n".join(map(ascii, wrong))
    listed = client.post(address, {"reason": "report", "note": "=1+1"}).getvalue().decode("utf-8-sig")
    check_table(listed, rows + 1, len(CLAIM_COLUMNS))


def check_table(text: str, rows: int, columns: int) -> None:
    """Each row has as many cells, and none is computed by a spreadsheet."""
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert (len(table), {len(row) for row in table}) == (rows, {columns})
    for cell in (cell for row in table for cell in row):
        assert re.fullmatch(r"-?[0-9]+", cell) or not cell.lstrip(INVISIBLE).startswith(FORMULA), ascii(cell)


FORMULA = tuple("=+-@＝＋－＠")
INVISIBLE = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u2003\u2009\u3000\u200b\ufeff\u2060"


def test_no_cell_of_a_list_is_a_formula():
    rows = [(text, -5, "") for text in HOSTILE.values() if not re.search("[\ud800-\udfff]", text)]
    text = as_csv(("text", "number", "nothing"), rows).decode("utf-8-sig")
    check_table(text, len(rows) + 1, 3)
    assert '"-5"' in text
    assert '"\'-5"' in text, "what somebody wrote is a text"


# --- shown ----------------------------------------------------------------------------------------------


@dataclass
class Case:
    """A claim that says so many texts in each place that takes one."""

    claim: Claim
    texts: list[str]
    login: User
    appeal: Appeal


def case(incident: Incident, name: str, texts: list[str]) -> Case:
    """Decided by rule, with an appeal, messages and files after that: as many of each as there are texts."""
    with transaction.atomic():
        person = create_person(name=name, email="hong@example.org", phone="010-1234-5678", now=NOW)
        notes = [text if takes("note", text) else f"메모 {place}" for place, text in enumerate(texts[::FACTS])]
        starts = [at("15 15:30") + timedelta(minutes=5 * place) for place in range(len(notes))]
        losses = [
            ToldLoss(MESSAGES, start, start + timedelta(minutes=4), facts=(ToldFact("note", note, "staff"),))
            for start, note in zip(starts, notes, strict=True)
        ]
        claim = open_claim(person=person, incident=incident, losses=losses, now=NOW)
    work_off()
    follow_up()
    login = let_in(Client(), claim)
    with transaction.atomic():
        points = [ToldPoint("other", words=f"{place} {kept(text)[:1500]}") for place, text in enumerate(texts)]
        appeal = open_appeal(
            claim_id=claim.pk, decision_id=standing(claim).pk, kind="appeal", channel="web", opened_by=login, points=points,
            now=NOW,
        )  # fmt: skip
        for place, text in enumerate(texts):
            add_message(claim_id=claim.pk, text=text, sent_by=login, now=NOW + place * timedelta(hours=2))
        for place, text in enumerate(texts):
            receive_evidence(
                claim_id=claim.pk,
                item_ids=[],
                content=b"%d %d" % (claim.pk, place),
                received_by=login,
                now=NOW,
                name=(shown_name(text) and text) or "이름 없음",
            )
    return Case(claim, texts, login, appeal)


def own_pages(one: Case) -> dict[str, str]:
    names = ("status", "correct", "disagree", "write", "withdraw", "take_back")
    return {name: mine(name, one.claim) for name in names}


def staff_pages(one: Case) -> dict[str, str]:
    file = EvidenceFile.objects.filter(claim=one.claim).earliest("pk")
    return {
        "claim": page_of(one.claim),
        "answer": reverse("admin:claims_claim_answer", args=[one.claim.pk]),
        "appeal": reverse("admin:claims_appeal_change", args=[one.appeal.pk]),
        "new appeal": reverse("admin:claims_appeal_new", args=[one.claim.pk]),
        "ask": reverse("admin:claims_evidence_ask", args=[one.claim.pk]),
        "file": reverse("admin:claims_evidence_file", args=[file.pk]),
    }


def looked(one: Case, staff: Client) -> dict[str, Page]:
    """Every page that shows something of the case, by its name."""
    claimant = Client()
    let_in(claimant, one.claim)
    found = {name: claimant.get(address) for name, address in own_pages(one).items()}
    found |= {name: staff.get(address) for name, address in staff_pages(one).items()}
    person = reverse("admin:accounts_personaldata_change", args=[one.claim.person_id])
    found["revealed"] = staff.post(person, {"reason": "contact", "note": one.texts[0][:100]})
    found["found"] = staff.post(reverse("admin:claims_claim_find"), {"q": one.claim.reference})
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code != 200} == {}
    pages = {name: Page(answer.content) for name, answer in found.items()}
    return {**pages, "letter": Page(bytes(Letter.objects.filter(claim=one.claim).latest("pk").content))}


def unlooked(content: bytes) -> SafeDocument:
    """As if it had been looked at, which is the matter of tests/claims/test_documents.py."""
    return SafeDocument("text/csv", content)


def test_pages_show_them_as_text_and_have_nothing_that_harmless_ones_have_not(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(evidence_files, "make_safe", unlooked)
    staff = client_of(a_user("checker", "caseworker"))
    wrong: list[Any] = []
    harmless = looked(case(incident, "홍길동", [f"글 {place}" for place in range(MOST)]), staff)
    shown = some(PLAIN, each=4)
    for place in range(0, len(shown), MOST):
        texts = shown[min(place, len(shown) - MOST) :][:MOST]
        names = [text for text in texts if takes("name", text)] or ["이름"]
        pages = looked(case(incident, names[0], texts), staff)
        wrong += [(name, one) for name, page in pages.items() for one in differences(page, harmless[name])]
        for text in texts:
            words, file = squeezed(kept(text)), squeezed(shown_name(text))
            for name in ("status", "claim", "answer"):
                wrong += [(name, "not shown", text)] if words not in pages[name].said else []
            point = squeezed(kept(text)[:1500])
            wrong += [(name, "no point", text) for name in ("appeal", "disagree") if point not in pages[name].said]
            wrong += [("claim", "no file", text)] if file not in pages["claim"].said else []
            if text in texts[::FACTS] and takes("note", text):
                wrong += [(name, "no fact", text) for name in ("claim", "disagree") if words not in pages[name].said]
        wrong += [("revealed", names[0])] if squeezed(kept(names[0])) not in pages["revealed"].said else []
    assert not wrong, "\n".join(map(ascii, wrong))
