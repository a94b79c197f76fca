"""Whatever is typed into a page or its address is shown as text, and what leaves by mail or as a letter holds no more."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from html import escape
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from claims.models import Claim
from claims.operations import Claimant, file_claim, send_next_mail, write_next_news
from claims.queries.letter_pdf import pdf_of_letter
from services.models import Incident
from services.operations import open_incident
from services.refusals import Refusal
from tests.builders import BIKE, NOW, a_user, outage, policies_of_the_demonstration
from tests.claims.test_case_pages import QUEUE, client_of
from tests.claims.test_filing import yes
from tests.claims.test_hostile_texts import PLAIN, kept, takes
from tests.claims.test_tell import RIDE, choose, here, sent
from tests.hostile_cast import FAMILIES, HOSTILE
from tests.hostile_pages import Page, differences, squeezed
from tests.proofs import some
from tests.worlds import world

# As a browser can send them: no half of a surrogate pair.
TYPED = [text for text in HOSTILE.values() if not any("\ud800" <= one <= "\udfff" for one in text)]
HEADERS = {
    "Message-ID", "Auto-Submitted", "Subject", "From", "To", "Date", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
}  # fmt: skip


@world
def incident(db: None) -> Incident:
    call_command("publish_consents", verbosity=0)
    incident = outage(version=2)
    policies_of_the_demonstration()
    return incident


def wrong_of(answer: Any, harmless: Page) -> list[str]:
    return [f"status {answer.status_code}"] if answer.status_code != 200 else differences(Page(answer.content), harmless)


def test_the_wizard_shows_them_as_text(client: Client, incident: Incident):
    """Who somebody is, on the page that looks at it once more; and beside what is wrong."""
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    sent(client, "expected")
    you: dict[str, Any] = {"you-name": "홍길동", "you-email": "hong@example.org", "you-message": "글"}
    good = Page(sent(client, "you", **you).content)
    bad = Page(sent(client, "you", **{**you, "you-name": "", "you-email": "x", "you-message": "글"}).content)
    wrong: list[Any] = []
    for place, text in enumerate(PLAIN[::6]):
        name = {"you-name": text} if takes("name", text) and len(text) <= 100 else {}
        page = sent(client, "you", **{**you, **name, "you-message": text})
        wrong += [(text, one) for one in wrong_of(page, good)]
        if squeezed(kept(text)) not in Page(page.content).said or page.request["PATH_INFO"] != here("check"):
            wrong.append((text, "not shown"))
        if place % 4 == 0:
            page = sent(client, "you", **{**you, "you-name": "", "you-email": text[:200], "you-message": text})
            wrong += [(text, one) for one in wrong_of(page, bad)]
    assert not wrong, "\n".join(map(ascii, wrong))
    assert not Claim.objects.exists()


@pytest.mark.parametrize("control", ["a\x1bb", "x\x07y"])
def test_what_cannot_be_read_is_said_at_its_field_in_both_languages(client: Client, incident: Incident, control: str):
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    sent(client, "expected")
    you = {"you-name": f"홍{control}", "you-email": "hong@example.org", "you-message": control}
    assert sent(client, "you", **you).content.decode().count("읽을 수 없는 글자가 있습니다") == 4, "on top and at the field"
    client.get(f"{here('you')}?lang=en")
    assert "There are characters that cannot be read" in sent(client, "you", **you).content.decode()


def test_what_is_looked_for_is_shown_as_text(client: Client, incident: Incident):
    """Numbers, addresses, codes and names that are none; and what stands in an address."""
    session = client.session
    session["asked"] = str(uuid4())
    session.save()
    staff, start = client_of(a_user("checker", "caseworker")), reverse("claim:start")
    find, code, genuine = (reverse(f"my:{name}") for name in ("find", "code", "genuine"))
    ways: list[Any] = [
        lambda text: client.post(find, {"reference": text[:30], "email": text[:100]}),
        lambda text: client.post(code, {"code": text[:20]}),
        lambda text: client.post(genuine, {"number": text[:40]}),
        lambda text: client.get(find, {"reference": text, "lang": text}),
        lambda text: client.get(start, {"lang": text, text[:50] or "x": text}),
        lambda text: client.get(here("services"), {"lang": text, "reset": text}),
        lambda text: staff.post(reverse("admin:claims_claim_find"), {"q": text[:100]}),
        lambda text: staff.get(QUEUE, {"service": text, "reason": text, "after": text, "kind": text}),
    ]
    harmless = [Page(way("x1y2").content) for way in ways]
    wrong: list[Any] = []
    for place, text in enumerate(some(TYPED, each=3)):
        number = place % len(ways)
        if text.strip() and "\x00" not in text:
            wrong += [(number, text, one) for one in said_otherwise(ways[number](text), harmless[number])]
    assert not wrong, "\n".join(map(ascii, wrong))


SAID_IN = {"li", "select", "ul", "div", "p", "strong", "span", "a", "option", "input"}


def said_otherwise(answer: Any, harmless: Page) -> list[str]:
    """What is wrong may be said in one more list, and a search may be refused."""
    if answer.status_code not in (200, 302):
        return [f"status {answer.status_code}"]
    page = Page(answer.content)
    more = page.elements - harmless.elements
    return [*page.wrong, *({one[0] for one in more} - SAID_IN)]


# --- mails and letters ----------------------------------------------------------------------------------


def test_a_title_is_one_line(db: None):
    """What names an outage stands in the mails and letters of all who claim."""
    for text in (*FAMILIES["header"][:4], "a\x1bb", "a\u202eb"):
        for korean, english in ((text, "x"), ("x", text)):
            with pytest.raises(Refusal) as refused:
                open_incident(key="x", title_ko=korean, title_en=english, started_at=NOW, opened_by=a_user("caseworker"))
            assert refused.value.code == "invalid_character"


def test_mails_are_plain_text_with_our_headers_and_name_nobody(incident: Incident):
    """Also where a title has ends of lines, which none can get by an operation."""
    titles = [text for text in TYPED if "\x00" not in text and text.strip() and len(text) <= 200][::7] + FAMILIES["header"]
    said = yes()
    for place, title in enumerate(titles):
        Incident.objects.filter(pk=incident.pk).update(title_ko=title, title_en=title)
        claimant = Claimant("<b>홍길동</b>", f"hong{place}@example.org", locale=("ko", "en")[place % 2])
        with transaction.atomic():
            file_claim(key=uuid4(), claimant=claimant, consents=said, incident=incident, message="<i>비밀</i>", now=NOW)
        assert write_next_news(now=NOW)
        while send_next_mail(now=NOW):
            pass
        raw = mail.outbox[-1].message().as_bytes()
        read = message_from_bytes(raw, policy=default)
        assert {*read.keys()} == HEADERS, ascii(title)
        assert (read.get_content_type(), read["To"]) == ("text/plain", f"hong{place}@example.org")
        assert read["Subject"] in ("청구에 새 소식이 있습니다", "News about your claim")
        text = read.get_content()
        assert "홍길동" not in text
        assert "비밀" not in text
        assert squeezed(title) in squeezed(text)
    assert len(mail.outbox) == len(titles)


def test_a_letters_pdf_says_them_and_does_nothing():
    texts = [text for text in PLAIN if len(text) <= 200][::3]
    paragraphs = "".join(f"<p>{escape(text)}</p><table><tr><td>{escape(text)}</td></tr></table>" for text in texts)
    content = f"<!doctype html><html lang=ko><title>{escape(texts[0])}</title><h1>x</h1>{paragraphs}</html>".encode()
    pdf = pdf_of_letter(content, reference="C-0000-0000", made_at=NOW)
    read = PdfReader(BytesIO(pdf))
    said = squeezed("".join(page.extract_text() for page in read.pages))
    for text in ("<script>window.__ran=1</script>", "{{1337*1337}}", "{%debug%}"):
        assert text in said or text not in map(squeezed, texts), text
    assert "1787569" not in said
    for active in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile", b"/AA", b"/OpenAction"):
        assert active + b" " not in pdf, active
