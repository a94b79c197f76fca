"""What a claim would come to as it stands, and what has to be proved for it, before anybody has decided it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.consented import may_look_in_records
from claims.models import Appeal, AppealState, Assessment, Claim, ClaimStatus, DecisionStatus, ReviewStatus
from claims.operations.policy import compile_terms_now
from claims.queries import ExplanationDiffers, ExplanationUnavailable, Standing, claim_state, explain_assessment
from claims.queries.assessment import current_assessment
from claims.queries.evidence import waiting_files
from claims.queries.own import may_send
from claims.queries.unlisted import numbers_in
from claims.web.my.goes import NOT_KNOWN, Goes, gone, may_go
from claims.web.my.words import say
from claims.web.quoted import shown_document, subject_of, wording_of

OVER = (ReviewStatus.CLOSED, ReviewStatus.WITHDRAWN, ReviewStatus.MERGED)
NOT_DECIDED = (DecisionStatus.UNDECIDED, DecisionStatus.ANSWERED)
Proof = dict[str, Any]  # as a line of a quote has it: fact, by whom, documents


@dataclass(frozen=True)
class Foreseen:
    """`quote`: as a quote is shown; without one `told` says why there is none. `asks`: a fact is missing that can be told;
    `goes`: where what may be given goes, to an account while nothing is calculated.
    """

    quote: dict[str, Any] | None = None
    told: str = ""
    asks: bool = False
    goes: Goes = NOT_KNOWN
    proofs: list[tuple[str, Proof]] = field(default_factory=list)  # with the policy that wants it, each once


def foreseen(claim: Claim, status: ClaimStatus, *, follows: bool = False) -> Foreseen | None:
    """By the claim's current assessment; None once it is decided, and where nothing is to be expected of any policy.

    `follows`: the page is loaded anew by itself. As many queries however much was told.
    """
    if status.decision not in NOT_DECIDED or status.review in OVER:
        return None
    state = claim_state(claim)
    if state.state == Standing.WAITING:
        if compile_terms_now(claim.incident) is None:
            return Foreseen(told=say("no_record_yet"))
        return Foreseen(told=say("is_calculated" if follows else "is_calculated_look_again"))
    if state.state == Standing.QUARANTINED:
        return Foreseen(told=say("person_calculates"))
    return None if state.assessment is None else _of(state.assessment, claim)


def lacking(claim: Claim, status: ClaimStatus) -> list[tuple[str, Proof]]:
    """What has to be proved, each with the policy that wants it: of what was rejected, or is objected to, by the newest
    assessment, for what comes in then is looked at too.
    """
    if status.decision in NOT_DECIDED:
        ahead = foreseen(claim, status)
        return ahead.proofs if ahead else []
    objected = Appeal.objects.filter(claim=claim, state=AppealState.OPEN)
    if not may_send(status) or not (status.decision == DecisionStatus.REJECTED or objected.exists()):
        return []
    assessment = current_assessment(claim)
    found = None if assessment is None else _of(assessment, claim)
    return found.proofs if found else []


def _of(assessment: Assessment, claim: Claim) -> Foreseen | None:
    try:
        explanation = explain_assessment(assessment)
    except (ExplanationDiffers, ExplanationUnavailable):  # an alarm of staff's own; no figure is told meanwhile
        return Foreseen(told=say("person_calculates"))
    numbers = numbers_in(explanation.document, claim.pk, assessment.revision)
    wording = wording_of(explanation.terms, numbers=numbers)
    quote = shown_document(explanation.document, explanation.terms, wording, looks=may_look_in_records(claim.person_id))
    sent = waiting_files(claim)
    for proof in (proof for line in quote["lines"] for proof in line["proof"]):
        proof["sent"] = say("files_wait").format(waiting) if (waiting := sent[subject_of(proof["key"])]) else ""
    asks = any(
        code.startswith(("missing_fact:", "out_of_order:"))
        for line in explanation.document["lines"]
        for code in line["reasons"]
    )
    goes = may_go(explanation.document, explanation.terms)
    return Foreseen(quote, asks=asks, goes=goes, proofs=_proofs(quote)) if quote["lines"] else None


def where_it_goes(claim: Claim, status: ClaimStatus, ahead: Foreseen | None) -> Goes:
    """What is given for the claim, or may be by what is foreseen."""
    if status.decision not in NOT_DECIDED:
        return gone(claim)
    return Goes(money=False, at_service=False) if ahead is None else ahead.goes


def _proofs(quote: dict[str, Any]) -> list[tuple[str, Proof]]:
    """Of two losses one policy may want the same paper: it is named once."""
    found: list[tuple[str, Proof]] = []
    for line in quote["lines"]:
        found += [one for proof in line["proof"] if (one := (line["policy"], proof)) not in found]
    return found
