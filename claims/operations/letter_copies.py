"""A letter as a PDF: made when somebody first asks for it, and the same bytes ever after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from claims.models import Letter, LetterCopy
from claims.queries.letter_pdf import pdf_of_letter
from services.instants import check_instant
from services.seoul import SEOUL


@dataclass(frozen=True)
class LetterPdf:
    """`name`: of the file, in ASCII: `C-W2XM-Z593_2022-12-07_1.pdf`, of the claim, the letter's day and its number."""

    name: str
    content: bytes


def copy_letter(*, letter_id: int, now: datetime) -> LetterPdf:
    """A decision or a reply. Who may see it has been asked before. Raises Letter.DoesNotExist.

    Expects a transaction. Of two who ask at once the first to be stored is what both get.
    """
    now = check_instant(now, "now")
    letter = Letter.objects.select_related("claim").get(pk=letter_id)
    name = f"{letter.claim.reference}_{letter.made_at.astimezone(SEOUL):%Y-%m-%d}_{letter.pk}.pdf"
    kept = LetterCopy.objects.filter(pk=letter_id).first()
    if kept is None:
        content = pdf_of_letter(bytes(letter.content), reference=letter.claim.reference, made_at=letter.made_at)
        digest = hashlib.sha256(content).hexdigest()
        made = LetterCopy(letter=letter, content=content, content_hash=digest, made_at=now)
        LetterCopy.objects.bulk_create([made], ignore_conflicts=True)
        kept = LetterCopy.objects.get(pk=letter_id)
    return LetterPdf(name, bytes(kept.content))
