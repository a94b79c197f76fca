"""Why a claim was rejected, as its claimant reads it: what a person found, and what the assessment says of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from claims.eligibility.reasons import said_reason
from claims.eligibility.wording import Wording
from claims.models import RejectionReason
from claims.queries.explanation import Explanation

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
OF_SERVICES = ("no_official_window", "citizen_report_only", "outside_official_windows", "function_not_named", "no_policy_pays")
OF_PROOF = ("needs_proof", "proof_before_payment")


def reasons_of_rejection(codes: Sequence[str], explanation: Explanation, wording: Wording) -> list[str]:
    """Each reason once, in the order of the codes, with the services or documents that it is about."""
    about: dict[str, list[str]] = {}
    for code in codes:
        if code in REJECTIONS:
            about.setdefault(wording.say(*REJECTIONS[code]), [])
            continue
        for text, named in _of_lines(code, explanation, wording):
            about.setdefault(text, []).extend(named)
    return [_with(text, list(dict.fromkeys(named)), wording) for text, named in about.items()]


def _of_lines(code: str, explanation: Explanation, wording: Wording) -> Iterator[tuple[str, list[str]]]:
    """As the policy of each line that says so has it. A rule that owes nothing may say so of no line."""
    lines = [line for line in explanation.document["lines"] if code in line["reasons"]]
    if not lines:
        yield said_reason(code, None, wording.pick, refused=True), []
    for line in sorted(lines, key=lambda line: [span["start_at"] for span in line["spans"]]):  # as the page of the claim has it
        compiled = explanation.terms.rule_of(line["policy"], line["rule"])
        pack = None if compiled is None else compiled.pack
        yield said_reason(code, pack, wording.pick, refused=True), list(_named(code, line, explanation, wording))


def _named(code: str, line: dict[str, Any], explanation: Explanation, wording: Wording) -> Iterator[str]:
    base, _, fact = code.partition(":")
    if base in OF_SERVICES:
        yield from (wording.lost(span["service"], span["loss"]) for span in line["spans"])
    elif base in OF_PROOF:
        compiled = explanation.terms.rule_of(line["policy"], line["rule"])
        assert compiled is not None, "a fact is a policy's"
        yield from (label.said(wording.pick) for label in compiled.pack.body.facts[fact].documents.values())


def _with(text: str, named: list[str], wording: Wording) -> str:
    if not named:
        return text
    several = ", ".join(named)
    return f"{text} ({several})" if ": " in text else f"{text.removesuffix('.')}: {several}"
