"""What a claimant is told about documents that are asked for, as a document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from claims.eligibility import Pack
from claims.models import EvidenceItem, EvidenceLetterKind, EvidenceRequest
from claims.queries.letter import FOOTER
from services.seoul import SEOUL

WORDS = {
    "reference": ("접수번호", "Reference"), "incident": ("장애", "Outage"), "date": ("작성일", "Date"),
    "document": ("보내 주실 것", "What to send"), "fact": ("무엇을 확인하려고", "What it is to show"),
    "scheme": ("보상 정책", "Scheme"), "until": ("보내 주실 날", "Send it by"), "until_end": ("까지", ""),
    "how": ("보내시는 방법", "How to send it"),
    "how_text": ("접수번호를 적어 고객센터로 보내 주십시오. PDF 또는 사진(JPEG·PNG·WebP), 파일마다 10MB까지 받습니다. "
                 "주민등록번호와 계좌번호처럼 확인에 쓰이지 않는 내용은 가리고 보내셔도 됩니다.",
                 "Send it to customer service with your reference: PDF or photographs (JPEG, PNG, WebP), up to 10 MB each. "
                 "You may cover what is not needed, such as numbers of identity cards or accounts."),
    "any": ("한 사실에 여러 서류가 적혀 있으면 모두 보내 주십시오. 없는 것이 있으면 그렇다고 알려 주십시오.",
            "Where several are listed for one fact, send all of them; if you have none of a kind, say so."),
    "after": ("그날까지 오지 않으면 지금까지 있는 자료로 결정합니다.",
              "If it is not here by then, we decide on what we have."),
    "footer": FOOTER,
}  # fmt: skip
KINDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {  # title and first sentence
    EvidenceLetterKind.ASKED: (
        ("자료를 보내 주십시오", "Please send documents"),
        ("청구를 심사하는 데 아래 자료가 필요합니다.", "To decide on your claim we need the following."),
    ),
    EvidenceLetterKind.HALFWAY: (
        ("자료를 기다리고 있습니다", "We are waiting for documents"),
        ("요청드린 자료 가운데 아직 오지 않은 것입니다.", "Of what we asked you for, this has not arrived yet."),
    ),
    EvidenceLetterKind.THREE_DAYS: (
        ("자료를 보내실 날이 사흘 남았습니다", "Three days are left to send documents"),
        ("요청드린 자료 가운데 아직 오지 않은 것입니다.", "Of what we asked you for, this has not arrived yet."),
    ),
    EvidenceLetterKind.EXTENDED: (
        ("자료를 보내실 날을 늦추었습니다", "You have more time to send documents"),
        ("요청드린 자료 가운데 아직 오지 않은 것입니다.", "Of what we asked you for, this has not arrived yet."),
    ),
    EvidenceLetterKind.DROPPED: (
        ("자료를 보내지 않으셔도 됩니다", "You need not send documents"),
        ("앞서 요청드린 아래 자료는 이제 필요하지 않습니다.", "What we asked you for is no longer needed:"),
    ),
}  # fmt: skip


def render_evidence_letter(
    request: EvidenceRequest, kind: str, packs: Iterable[Pack], *, language: str, now: datetime
) -> bytes:
    """HTML in `ko` or `en`, as UTF-8: what is still asked for, why, until when and how."""
    pick = ("ko", "en").index(language)
    titles = {pack.code: pack for pack in packs}
    items = request.items.filter(state="open").select_related("words", "loss__service")
    title, first = KINDS[kind]
    incident = request.claim.incident
    context = {
        "language": language, "words": {key: said[pick] for key, said in WORDS.items()}, "title": title[pick],
        "first": first[pick], "reference": request.claim.reference, "incident": (incident.title_ko, incident.title_en)[pick],
        "date": f"{now.astimezone(SEOUL):%Y-%m-%d}", "until": f"{request.due_date:%Y-%m-%d}",
        "dropped": kind == EvidenceLetterKind.DROPPED, "rows": [_row(item, titles, pick) for item in items],
    }  # fmt: skip
    return render_to_string("claims/evidence_letter.html", context).encode()


def _row(item: EvidenceItem, packs: dict[str, Pack], pick: int) -> dict[str, Any]:
    if not item.document:
        return {"document": item.words.text if hasattr(item, "words") else "-", "fact": "", "scheme": ""}
    pack = packs.get(item.policy)
    spec = None if pack is None else pack.body.facts.get(item.fact)
    if pack is None or spec is None or item.document not in spec.documents:
        return {"document": item.document, "fact": item.fact, "scheme": item.policy}
    of = "" if item.loss is None else f" · {(item.loss.service.name_ko, item.loss.service.name_en)[pick]}"
    return {
        "document": spec.documents[item.document].said(pick), "fact": spec.label.said(pick) + of,
        "scheme": pack.body.title.said(pick),
    }  # fmt: skip
