"""What a claimant is told about a decision, as a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from claims.eligibility.labels import PROVENANCES
from claims.eligibility.wording import Names, Wording
from claims.models import (
    Appeal,
    AppealKind,
    AppealPoint,
    AppealState,
    Assessment,
    Decision,
    Fact,
    Loss,
    PointKind,
    Provenance,
)
from claims.queries.assessment import owes
from claims.queries.changes import reasons_of
from claims.queries.drawn import letter_drawing
from claims.queries.explanation import Explanation, explain_assessment
from claims.queries.letter_sums import sums_of
from claims.queries.rejection import reasons_of_rejection
from claims.queries.unlisted import numbers_in
from services.models import Service
from services.seoul import SEOUL

FOOTER = (  # of each letter
    "이 안내에는 개인정보를 묻는 링크가 없습니다. 궁금한 점은 청구의 페이지에서 글로, 또는 고객센터에 접수번호로 물어 "
    "주십시오.",
    "This letter has no links that ask for personal data. Write to us on the page of your claim, or ask customer service with "
    "your reference.",
)
WORDS = {
    "title": ("보상 안내", "About your compensation"), "reference": ("접수번호", "Reference"), "incident": ("장애", "Outage"),
    "date": ("작성일", "Date"), "scheme": ("보상 정책", "Scheme"), "what": ("구분", "What"), "amount": ("금액·수량", "Amount"),
    "because": ("다시 산정한 까닭", "Why it was assessed again"),
    "reckoning": ("이렇게 계산했습니다", "How it was calculated"),
    "open": ("아직 정하지 못한 것도 있습니다. 공식 기록이 더 나오거나 더 알려 주시면 그것을 다시 산정합니다.",
             "Something of it is not decided yet. It is assessed again once the official record, or you, say more."),
    "otherwise": ("말씀하신 것과 다르게 확인된 것", "What was found to be other than you said"),
    "calculated": ("위의 까닭이 아니었다면 나왔을 계산입니다.", "But for the reasons above it would have come to this."),
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
    "by_person": ("이 결정은 담당자가 내렸습니다. 동의하지 않으시면 다른 담당자가 다시 보도록 이의를 신청하실 수 있으며, "
                  "신청하신 날부터 30일 안에 답해 드립니다.",
                  "This was decided by a member of staff. If you do not agree you may appeal; somebody else then decides, and "
                  "you are answered within 30 days of appealing."),
    "again": ("이 결정은 앞선 결정에 관여하지 않은 담당자가 내렸습니다. 동의하지 않으시면 또 다른 담당자가 다시 보도록 이의를 "
              "신청하실 수 있으며, 신청하신 날부터 30일 안에 답해 드립니다.",
              "This was decided by a member of staff who had no part in the earlier decision. If you do not agree you may "
              "appeal again; somebody else then decides, and you are answered within 30 days of appealing."),
    "looked_at": ("말씀하신 점을 모두 살펴보았습니다.", "Each thing that you pointed out was looked at:"),
    "as_before": ("청구는 앞서와 같이 받아들여졌고, 받으실 것은 달라지지 않았습니다.",
                  "Your claim is accepted as before, and what you get has not changed."),
    "goodwill_only": ("보상 정책에 따라 드려야 할 것은 없지만, 아래와 같이 호의로 보상해 드립니다.",
                      "Under the published schemes nothing is owed; as goodwill you are given what is below."),
    "footer": FOOTER,
}  # fmt: skip
ASKED: dict[str, tuple[str, str]] = {
    AppealKind.APPEAL: ("{date}에 신청하신 이의에 대한 답입니다.", "This answers your appeal of {date}."),
    AppealKind.PERSON_REVIEW: (
        "{date}에 사람이 다시 보도록 요청하신 데 대한 답입니다.",
        "This answers your request of {date} that a person looks at the decision.",
    ),
}
ANSWERED: dict[str, tuple[str, str]] = {
    AppealState.UPHELD: (
        "앞선 결정에 관여하지 않은 담당자가 처음부터 다시 살펴보았고, 앞선 결정을 그대로 두기로 했습니다.",
        "Somebody who had no part in the earlier decision looked at it again from the beginning, and it stands.",
    ),
    AppealState.ACCEPTED: (
        "앞선 결정에 관여하지 않은 담당자가 처음부터 다시 살펴보았고, 앞선 결정을 바꾸었습니다.",
        "Somebody who had no part in the earlier decision looked at it again from the beginning, and changed it.",
    ),
}


def render_letter(decision: Decision, *, language: str, now: datetime) -> bytes:
    """HTML in `ko` or `en`, as UTF-8. Names nobody. Raises what `explain_assessment` raises."""
    pick = ("ko", "en").index(language)
    assessment = decision.assessment
    explanation = explain_assessment(assessment)
    numbers = numbers_in(explanation.document, decision.claim_id, assessment.revision)
    wording = Wording(explanation.terms, language, _names(), numbers=numbers)
    sums = sums_of(decision, wording)
    incident = decision.claim.incident
    appeal = Appeal.objects.filter(answer=decision).select_related("decision__assessment").first()
    stood = appeal is not None and appeal.state == AppealState.UPHELD
    text = explanation.text(language, codes=False, refused=not decision.approved, numbers=numbers)
    context = {
        "language": language,
        "words": {key: said[pick] for key, said in WORDS.items()},
        "reference": decision.claim.reference,
        "incident": (incident.title_ko, incident.title_en)[pick],
        "date": f"{now.astimezone(SEOUL):%Y-%m-%d}",
        "approved": decision.approved,
        "goodwill_only": sums.goodwill_alone and not owes(assessment),
        "by_rule": decision.decided_by_id is None,
        "appeal": None if appeal is None else _answer(appeal, wording),
        "why": reasons_of_rejection(decision.reasons, explanation, wording),
        "as_before": decision.approved and not sums.given and (sums.unchanged or stood),
        "rows": sums.rows,
        "notes": sums.notes,
        "reasons": [said[pick] for said in reasons_of(assessment, sums.changed)],
        "drawn": letter_drawing(explanation.terms, _losses(explanation), wording, language=language),
        "open": decision.approved and any(line["outcome"] in ("parked", "unknown") for line in explanation.document["lines"]),
        "calculated": not decision.approved and any(line["quantity"] for line in explanation.document["lines"]),
        "otherwise": _otherwise(assessment, explanation, wording),
        "lines": [{"text": text.strip(), "under": text.startswith(" ")} for text in text],
    }
    return render_to_string("claims/letter.html", context).encode()


def _answer(appeal: Appeal, wording: Wording) -> dict[str, Any]:
    """What was asked when, what became of it, and what was pointed at, each once. No words of the claimant."""
    points = appeal.points.select_related("service")
    return {
        "asked": ASKED[appeal.kind][wording.pick].format(date=f"{appeal.opened_at.astimezone(SEOUL):%Y-%m-%d}"),
        "answered": ANSWERED[appeal.state][wording.pick],
        "points": list(dict.fromkeys(_point(point, wording) for point in points)),
    }


def _point(point: AppealPoint, wording: Wording) -> str:
    """In the words of the terms that the answer was made under; what they do not know any more, by its code."""
    if point.service is not None:
        named = wording.service(point.service.code)
        return wording.say(f"‘{named}’의 공식 장애 기록", f"What the official record says of {named}")
    if point.kind == PointKind.FACT:
        packs = (pack for pack in wording.terms.packs if point.fact in pack.body.facts)
        label = next((pack.body.facts[point.fact].label.said(wording.pick) for pack in packs), point.fact)
        return wording.say(f"사실: {label}", f"The fact: {label}")
    if point.kind == PointKind.RULE:
        return wording.say("규칙: ", "The rule: ") + _rule(point.policy, point.rule, wording)
    if point.position is not None:
        return wording.say("산정 내역: ", "The line of the calculation: ") + _line(
            point.appeal.decision.assessment, point.position, wording
        )
    return wording.say("그 밖에 적어 주신 말씀", "What else you wrote")


def _rule(policy: str, rule: str, wording: Wording) -> str:
    """As it heads its lines in the reckoning."""
    compiled = wording.terms.rule_of(policy, rule)
    if compiled is None:
        return f"{policy} / {rule}"
    return " / ".join(title.said(wording.pick) for title in (compiled.pack.body.title, compiled.rule.title))


def _line(assessment: Assessment, position: int, wording: Wording) -> str:
    rule = assessment.lines.select_related("rule__version__policy").get(position=position).rule
    return wording.say("정책 없음", "no policy") if rule is None else _rule(rule.version.policy.code, rule.code, wording)


def _otherwise(assessment: Assessment, explanation: Explanation, wording: Wording) -> list[str]:
    """The facts that it rests on of which somebody found something else than the claimant had said; no words of theirs."""
    said = Fact.objects.filter(claim=assessment.claim_id, revision__lte=assessment.revision, provenance=Provenance.CLAIMANT)
    told = {(one.loss_id, one.name): one.text_value if one.int_value is None else one.int_value for one in said.order_by("pk")}
    found: list[str] = []
    for line in explanation.document["lines"]:
        compiled = explanation.terms.rule_of(line["policy"], line["rule"])
        if compiled is None:
            continue
        pack = compiled.pack
        for fact in line["facts"]:
            spec = pack.body.facts[fact["name"]]
            theirs = told.get((line["loss"] if fact["of"] == "loss" else None, fact["name"]))
            by_others = fact["value"] is not None and not fact["assumed"] and fact["provenance"] != Provenance.CLAIMANT
            if theirs is None or not by_others or theirs == fact["value"] or (spec.type == "text" and spec.values is None):
                continue
            before, now = (wording.value({**fact, "value": value}, pack) for value in (theirs, fact["value"]))
            who = PROVENANCES[fact["provenance"]][wording.pick]
            changed = wording.say(
                f"말씀하신 것 {before}, 확인된 것 {now} ({who})", f"you said {before}, found was {now} ({who})"
            )  # fmt: skip
            found.append(f"{spec.label.said(wording.pick)}: {changed}")
    return list(dict.fromkeys(found))


def _names() -> Names:
    return {s.code: (s.name_ko, s.name_en) for s in Service.objects.only("code", "name_ko", "name_en")}


def _losses(explanation: Explanation) -> list[Loss]:
    """Those that counted, with the ends that the claimant left open."""
    return list(Loss.objects.filter(pk__in=explanation.losses).select_related("service").order_by("start_at", "pk"))
