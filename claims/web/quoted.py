"""What the engine found, as a claimant reads it: what may be expected, and of each policy how much, why, and what has to be
proved. The same of a quote and of a claim that was filed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.eligibility import Pack
from claims.eligibility.explanation_text import ExplanationText
from claims.eligibility.formula import clock
from claims.eligibility.quantities import Quantities
from claims.eligibility.reasons import said_reason
from claims.eligibility.terms import CompiledRule, Terms
from claims.operations.quotes import expected_of
from claims.queries.explanation import cited_by
from claims.queries.unlisted import Numbers
from claims.web.words import BY, OUTCOMES, say
from services.language import in_english
from services.names import Names, service_names
from services.seoul import SEOUL

PROVABLE = ("eligible", "needs_review", "unknown")  # of what is refused or parked proof changes nothing now


def shown_document(
    document: dict[str, Any], terms: Terms, wording: ExplanationText | None = None, *, looks: bool | None = None,
    refused: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """`document`: as `claims.eligibility.explain.explain` gives it. `looks`: whether they agreed that we look in the records of
    partners; None: they were not asked yet. `refused`: people decided that nothing of it is given, and the reasons say so. One
    query, for names, where the caller has no wording.
    """
    wording = wording or wording_of(terms)
    lines = [_line(line, document, terms, wording, looks, refused=refused) for line in document["lines"]]
    return {
        "expected": said_expected(document, wording), "lines": lines,
        "proof": any(line["proof"] or line["unsure"] for line in lines),
        "open": any(line["outcome"] not in ("eligible", "not_eligible") for line in lines),
        "version": document["record_version"],
    }  # fmt: skip


def said_expected(document: dict[str, Any], wording: Quantities) -> list[str]:
    """What would be given once all of it is proved: a sum for each thing that is given, of money first."""
    return [wording.of_remedy(remedy, amount, unit) for (remedy, unit, _), amount in sorted(expected_of(document).items())]


def subject_of(key: str) -> tuple[str, str]:
    """The policy and the fact by whose codes what has to be proved is named in a page."""
    policy, _, fact = key.partition("|")
    return policy, fact


def wording_of(terms: Terms, names: Names | None = None, numbers: Numbers | None = None) -> ExplanationText:
    """In the language of the page, without codes. `numbers`: of what is in no list. One query, where there are no names."""
    names = names or service_names()
    return ExplanationText(terms, "en" if in_english() else "ko", names.by_code, cited_by(terms, names), numbers)


def said_amount_of(line: dict[str, Any], compiled: CompiledRule | None, wording: Quantities) -> str:
    """Empty where there is none; of what the policy leaves to a person only about so much."""
    amount = wording.amount(line["quantity"], line["unit"]) if line["quantity"] else ""
    return say("if_confirmed").format(amount) if amount and _unsure(line, compiled) else amount


def _unsure(line: dict[str, Any], compiled: CompiledRule | None) -> bool:
    return line["outcome"] == "needs_review" and not _reviews(compiled).isdisjoint(line["reasons"])


def _line(
    line: dict[str, Any], document: dict[str, Any], terms: Terms, wording: ExplanationText, looks: bool | None, *, refused: bool
) -> dict[str, Any]:
    compiled = terms.rule_of(line["policy"], line["rule"])
    pack = None if compiled is None else compiled.pack
    # Of the explanation not what stands above it already: of which record, the line's head, its reasons, what proves it.
    changes = [change for change in line.get("changes", ()) if change["kind"] != "proof"]
    told = wording.explanation({**document, "lines": [{**line, "changes": changes}]}, SEOUL)[2 + len(line["reasons"]) :]
    amount = said_amount_of(line, compiled, wording)
    return {
        "policy": say("no_policy") if pack is None else pack.body.title.said(in_english()),
        "rule": "" if compiled is None else compiled.rule.title.said(in_english()), "loss": _loss(line, wording),
        "outcome": line["outcome"], "outcome_said": OUTCOMES[line["outcome"]][in_english()],
        "amount": amount and wording.called(line["remedy"], line["unit"], amount),
        "unsure": bool(amount) and _unsure(line, compiled),
        "reasons": [
            said_reason(code, pack, wording.pick, refused=refused)
            for code in line["reasons"]
            if refused or not code.startswith("needs_proof")  # else it is what has to be proved
        ],
        "proof": [] if pack is None or line["outcome"] not in PROVABLE else _proof(line, pack, looks),
        "why": [text.strip() for text in told],
    }  # fmt: skip


def _loss(line: dict[str, Any], wording: ExplanationText) -> str:
    """Of a rule that answers losses one by one: which one."""
    spans = [] if line["loss"] is None else line["spans"]
    if not spans:
        return ""
    start, end = min(one["start_at"] for one in spans), max(one["end_at"] for one in spans)
    return f"{wording.lost(spans[0]['service'], spans[0]['loss'])}, {clock(start, SEOUL)} ~ {clock(end, SEOUL)}"


def _reviews(compiled: CompiledRule | None) -> set[str]:
    """The reasons for which the policy leaves a figure that is there to a person, other than that something is to be proved."""
    return set() if compiled is None else {"loss_not_confirmed", *(one.reason or "" for one in compiled.rule.review)}


def _proof(line: dict[str, Any], pack: Pack, looks: bool | None) -> list[dict[str, Any]]:
    """What turns the claimant's word into a decision: a record that is found for them, a document, or our staff."""
    found = []
    for fact, needs in _unproved(line, pack):
        spec = pack.body.facts[fact]
        documents = [label.said(in_english()) for label in spec.documents.values()]
        by = needs if looks is None or needs != "partner" else ("not_looked_for", "looked_for")[looks]
        found.append({
            "key": f"{pack.code}|{fact}", "fact": spec.label.said(in_english()), "by": BY[by][in_english()],
            "documents": documents, "sent": "",
        })  # fmt: skip
    return found


def _unproved(line: dict[str, Any], pack: Pack) -> Iterator[tuple[str, str]]:
    """Each fact with by whose word it is enough; also one that nobody said, where without it a person has to decide and a
    document may show it.
    """
    for change in line.get("changes", ()):
        if change["kind"] == "proof":
            yield change["fact"], change["by"]
        elif change["kind"] == "condition" and change["path"].startswith("review[") and _is_unsaid(change["condition"]):
            spec = pack.body.facts[change["condition"]["fact"]]
            if spec.documents:
                yield change["condition"]["fact"], spec.decide


def _is_unsaid(condition: dict[str, Any]) -> bool:
    return "fact" in condition and condition.get("known") is False
