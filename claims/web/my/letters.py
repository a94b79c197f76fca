"""What was written to a claimant about their claim: which letters there are, each as it was made, and where it leads on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from claims.models import Appeal, Claim, EvidenceLetter, EvidenceLetterContent, Letter
from claims.operations import copy_letter
from claims.queries.own import may_disagree, may_send
from claims.sandbox import SANDBOX
from claims.web.my.act_words import LETTERS
from claims.web.my.words import say
from services import clock
from services.language import in_english
from services.seoul import SEOUL
from services.words import said_day


@dataclass(frozen=True)
class ClaimLetter:
    """`kind`: decision, appeal, reply, or what an `EvidenceLetterKind` names; `title` says it in the reader's language.
    `timed`: another letter of the claim has its title and day.
    """

    address: str
    made_at: datetime
    kind: str
    pdf: str = ""  # address; empty of a letter that has none
    timed: bool = False

    @property
    def day(self) -> str:
        """With the time of day, where two letters could not be told apart without."""
        made_at = self.made_at.astimezone(SEOUL)
        day = said_day(made_at.date())
        return f"{day} {made_at:%H:%M}" if self.timed else day

    @property
    def title(self) -> str:
        return LETTERS[self.kind][in_english()]


def letters_of(claim: Claim) -> list[ClaimLetter]:
    """All letters of the claim that can still be read, the newest first. Three queries."""
    letters = sorted([*_about_decisions(claim), *_about_documents(claim)], key=attrgetter("made_at"), reverse=True)
    same = Counter((letter.kind, letter.day) for letter in letters)
    return [replace(letter, timed=same[letter.kind, letter.day] > 1) for letter in letters]


def _about_decisions(claim: Claim) -> Iterator[ClaimLetter]:
    answers = set(Appeal.objects.filter(claim=claim, answer__isnull=False).values_list("answer", flat=True))
    for pk, at, decision, reply in Letter.objects.filter(claim=claim).values_list("pk", "made_at", "decision", "reply"):
        kind = "reply" if reply is not None else "appeal" if decision in answers else "decision"
        page, pdf = (reverse(f"my:{name}", args=[claim.reference, pk]) for name in ("letter", "letter_pdf"))
        yield ClaimLetter(page, at, kind, pdf)


def _about_documents(claim: Claim) -> Iterator[ClaimLetter]:
    kept = EvidenceLetter.objects.filter(request__claim=claim, kept__isnull=False).values_list("pk", "made_at", "kind")
    for pk, at, kind in kept:
        yield ClaimLetter(reverse("my:document_letter", args=[claim.reference, pk]), at, kind)


@require_safe
def letter(request: HttpRequest, claim: Claim, user: User, letter_id: int) -> HttpResponse:
    content = Letter.objects.filter(pk=letter_id, claim=claim).values_list("content", flat=True).first()
    return _shown(request, claim, content, of_documents=False)


@require_safe
def letter_pdf(request: HttpRequest, claim: Claim, user: User, letter_id: int) -> HttpResponse:
    """To keep, or to print: made of the letter's bytes when it is first asked for, and the same ever after."""
    if not Letter.objects.filter(pk=letter_id, claim=claim).exists():
        raise Http404
    with transaction.atomic(durable=True):
        pdf = copy_letter(letter_id=letter_id, now=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{pdf.name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)


@require_safe
def document_letter(request: HttpRequest, claim: Claim, user: User, letter_id: int) -> HttpResponse:
    """About documents that are asked for."""
    kept = EvidenceLetterContent.objects.filter(letter=letter_id, letter__request__claim=claim)
    return _shown(request, claim, kept.values_list("content", flat=True).first(), of_documents=True)


def _shown(request: HttpRequest, claim: Claim, content: bytes | memoryview[int] | None, *, of_documents: bool) -> HttpResponse:
    """With the ways on from it around what was made; with `?kept` byte by byte as it was made, of which the hash is told."""
    if content is None:
        raise Http404
    kept = bytes(content)
    shown = kept if "kept" in request.GET else _with_ways_on(kept, claim, of_documents=of_documents)
    return HttpResponse(shown, content_type="text/html; charset=utf-8", headers=SANDBOX)


def _in_another(kept: bytes) -> str:
    """In which language a letter is, where it is not that of the page; letters stay in the one in which they were sent."""
    language = re.search(rb'<html lang="(ko|en)">', kept)
    if language is None or language[1].decode() == ("ko", "en")[in_english()]:
        return ""
    return say(f"letter_is_{language[1].decode()}")


def _with_ways_on(kept: bytes, claim: Claim, *, of_documents: bool) -> bytes:
    """No download is among them: a sandbox lets none begin."""
    reference = [claim.reference]
    ways = {
        "say": {key: say(key) for key in ("can_do", "status", "disagree", "send_documents", "as_made", "to_status")},
        "language": ("ko", "en")[in_english()], "in_another": _in_another(kept), "back": reverse("my:status", args=reference),
        "disagree": reverse("my:disagree", args=reference) if may_disagree(claim.status) else "",
        "send": reverse("my:documents", args=reference) if of_documents and may_send(claim.status) else "",
    }  # fmt: skip
    before, after = (render_to_string("claims/my/letter_links.html", {**ways, "after": at}).encode() for at in (False, True))
    head, body, text = kept.partition(b"<body>")
    letter, end, rest = text.rpartition(b"</body>")
    return b"".join((head, body, before, letter, after, end, rest))
