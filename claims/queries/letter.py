"""What a claimant is told about an assessment that changed what is owed, as a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from claims.eligibility.text import Names, Wording
from claims.models import Assessment, Payout, PayoutKind
from claims.queries.changes import reasons_of
from claims.queries.explanation import Explanation, explain_assessment
from services.models import Service
from services.seoul import SEOUL

WORDS = {
    "title": ("보상 안내", "About your compensation"), "reference": ("접수번호", "Reference"), "incident": ("장애", "Outage"),
    "date": ("작성일", "Date"), "scheme": ("보상 정책", "Scheme"), "what": ("구분", "What"), "amount": ("금액·수량", "Amount"),
    "because": ("다시 산정한 까닭", "Why it was assessed again"),
    "reckoning": ("이렇게 계산했습니다", "How it was calculated"),
    "why": ("공식 기록과 보상 정책에 따라 다음과 같이 산정했습니다.",
            "Under the official record and the published schemes your claim was assessed as follows."),
    "footer": ("이 안내에는 개인정보를 묻는 링크가 없습니다. 궁금한 점은 접수번호로 문의해 주십시오.",
               "This letter has no links that ask for personal data. For questions give your reference."),
}  # fmt: skip
KINDS: dict[str, tuple[str, str]] = {
    PayoutKind.FIRST: ("보상", "compensation"), PayoutKind.TOP_UP: ("추가 보상", "top-up"),
    PayoutKind.RECOVERY: ("환수", "to be paid back"),
    PayoutKind.WRITTEN_OFF: ("환수하지 않음", "not asked back"),
}  # fmt: skip
TAKEN_UP = ("앞서 환수하지 않은 만큼 (이미 받음)", "what was not asked back before (you have it)")
NOTES: dict[str, tuple[str, str]] = {
    PayoutKind.TOP_UP: ("전보다 더 받게 되었습니다.", "You are owed more than before."),
    PayoutKind.RECOVERY: ("산정액이 전보다 줄었습니다.", "You are owed less than before."),
    PayoutKind.WRITTEN_OFF: ("줄어든 금액이 적어 돌려받지 않습니다. 따로 하실 일은 없습니다.",
                             "The amount is too small to be asked back. You need not do anything."),
}  # fmt: skip


def render_letter(assessment: Assessment, *, language: str, now: datetime) -> bytes:
    """HTML in `ko` or `en`, as UTF-8. Names nobody. Raises what `explain_assessment` raises."""
    pick = ("ko", "en").index(language)
    explanation = explain_assessment(assessment)
    payouts = list(Payout.objects.filter(assessment=assessment).order_by("pk"))
    incident = assessment.claim.incident
    context = {
        "language": language,
        "words": {key: said[pick] for key, said in WORDS.items()},
        "reference": assessment.claim.reference,
        "incident": (incident.title_ko, incident.title_en)[pick],
        "date": f"{now.astimezone(SEOUL):%Y-%m-%d}",
        "rows": _rows(payouts, explanation, language, pick),
        "notes": [NOTES[kind][pick] for kind in dict.fromkeys(p.kind for p in payouts if p.quantity < 0 or p.kind == "top_up")],
        "reasons": [said[pick] for said in reasons_of(assessment, {payout.policy for payout in payouts})],
        "lines": [{"text": text.strip(), "under": text.startswith(" ")} for text in explanation.text(language)],
    }
    return render_to_string("claims/letter.html", context).encode()


def _rows(payouts: list[Payout], explanation: Explanation, language: str, pick: int) -> list[dict[str, Any]]:
    names: Names = {s.code: (s.name_ko, s.name_en) for s in Service.objects.only("code", "name_ko", "name_en")}
    wording = Wording(explanation.terms, language, names)
    titles = {pack.code: pack.body.title.said(pick) for pack in explanation.terms.packs}
    return [
        {
            "scheme": titles.get(payout.policy, payout.policy),
            "what": (TAKEN_UP if payout.kind == PayoutKind.WRITTEN_OFF and payout.quantity > 0 else KINDS[payout.kind])[pick],
            "amount": wording.amount(payout.quantity, payout.unit),
        }
        for payout in payouts
    ]
