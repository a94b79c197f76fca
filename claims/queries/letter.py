"""What a claimant is told about a decision, as a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from claims.eligibility.text import Names, Wording
from claims.models import Decision, Payout, PayoutKind, RejectionReason
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
    "rejected": ("청구하신 내용으로는 보상해 드릴 것이 없습니다. 까닭은 아래와 같습니다.",
                 "For what you told us no compensation is owed. The reasons are below."),
    "approved": ("청구를 받아들였습니다.", "Your claim was accepted."),
    "reasons": ("그렇게 결정한 까닭", "Why it was decided so"),
    "by_rule": ("이 결정은 사람이 아니라 정해진 규칙이 자동으로 내렸습니다. 동의하지 않으시면 사람이 다시 보도록 "
                "요청하실 수 있으며, 요청하신 날부터 30일 안에 답해 드립니다.",
                "This was decided automatically, by rule. If you do not agree you may ask that a person looks at it again; "
                "you are answered within 30 days of asking."),
    "by_person": ("이 결정은 담당자가 내렸습니다. 동의하지 않으시면 다른 담당자가 다시 보도록 이의를 신청하실 수 있습니다.",
                  "This was decided by a member of staff. If you do not agree you may appeal; somebody else then decides."),
    "footer": ("이 안내에는 개인정보를 묻는 링크가 없습니다. 궁금한 점은 접수번호로 문의해 주십시오.",
               "This letter has no links that ask for personal data. For questions give your reference."),
}  # fmt: skip
KINDS: dict[str, tuple[str, str]] = {
    PayoutKind.FIRST: ("보상", "compensation"), PayoutKind.TOP_UP: ("추가 보상", "top-up"),
    PayoutKind.RECOVERY: ("환수", "to be paid back"),
    PayoutKind.WRITTEN_OFF: ("환수하지 않음", "not asked back"), PayoutKind.UNDONE: ("취소", "taken back"),
}  # fmt: skip
TAKEN_UP = ("앞서 환수하지 않은 만큼 (이미 받음)", "what was not asked back before (you have it)")
NOTES: dict[str, tuple[str, str]] = {
    PayoutKind.TOP_UP: ("전보다 더 받게 되었습니다.", "You are owed more than before."),
    PayoutKind.RECOVERY: ("산정액이 전보다 줄었습니다.", "You are owed less than before."),
    PayoutKind.WRITTEN_OFF: ("줄어든 금액이 적어 돌려받지 않습니다. 따로 하실 일은 없습니다.",
                             "The amount is too small to be asked back. You need not do anything."),
}  # fmt: skip
# What the engine says of the claim's lines is in the reckoning.
REJECTIONS: dict[str, tuple[str, str]] = {
    RejectionReason.NO_LOSS: ("잃으신 것을 확인할 수 없었습니다.", "A loss could not be established."),
    RejectionReason.OUTSIDE_OUTAGE: ("공식 장애 구간 밖의 일입니다.", "It happened outside the official outage windows."),
    RejectionReason.NO_EVIDENCE: ("요청드린 자료를 받지 못했습니다.", "The evidence we asked for did not arrive."),
    RejectionReason.EVIDENCE_DIFFERS: ("자료가 말씀하신 내용과 다릅니다.", "The evidence says something else."),
    RejectionReason.NOT_THE_USER: ("서비스를 쓰신 분이 아닙니다.", "You were not the user of the service."),
    RejectionReason.DUPLICATE: ("같은 내용의 다른 청구가 있습니다.", "There is another claim for the same."),
    RejectionReason.COMPENSATED_ELSEWHERE: ("이미 다른 곳에서 보상받으셨습니다.", "It was compensated elsewhere already."),
    RejectionReason.NOT_COVERED: ("보상 정책에 들지 않는 손해입니다.", "The published schemes do not cover this loss."),
    RejectionReason.TOO_LATE: ("청구 기간이 지났습니다.", "The claim came after the period for claims."),
    RejectionReason.FALSE_STATEMENT: ("사실과 다른 내용이 있습니다.", "Something that was stated is not true."),
}  # fmt: skip


def render_letter(decision: Decision, *, language: str, now: datetime) -> bytes:
    """HTML in `ko` or `en`, as UTF-8. Names nobody. Raises what `explain_assessment` raises."""
    pick = ("ko", "en").index(language)
    assessment = decision.assessment
    explanation = explain_assessment(assessment)
    payouts = list(Payout.objects.filter(decision=decision).order_by("pk"))
    incident = decision.claim.incident
    context = {
        "language": language,
        "words": {key: said[pick] for key, said in WORDS.items()},
        "reference": decision.claim.reference,
        "incident": (incident.title_ko, incident.title_en)[pick],
        "date": f"{now.astimezone(SEOUL):%Y-%m-%d}",
        "approved": decision.approved,
        "by_rule": decision.decided_by_id is None,
        "why": [said[pick] for code in decision.reasons if (said := REJECTIONS.get(code))],
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
