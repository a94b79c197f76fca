"""A decision as its claimant reads it: each line with why, and what of it can be pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claims.eligibility import Pack
from claims.eligibility.wording import Wording
from claims.fact_forms import NOT_SAID
from claims.models import Assessment, Decision, Loss, PointKind
from claims.operations import ToldPoint
from claims.operations.appeals import NAMES
from claims.queries import ExplanationDiffers, ExplanationUnavailable, explain_assessment, pointable
from claims.queries.appeals import Pointed
from claims.queries.rejection import REJECTIONS
from claims.queries.unlisted import Numbers, numbers_in
from claims.web.my.appeal_words import say
from claims.web.quoted import shown_document, wording_of
from claims.web.unlisted import name_of_loss
from claims.web.words import OUTCOMES
from services.language import in_english
from services.models import Service
from services.words import name_of, said_instant
from services.words import say as said


@dataclass(frozen=True)
class Line:
    """`shown`: as a quote shows its lines; `of`: the loss that it is about, empty where it is about the claim. `points`: by a
    key that stays while the decision does, what it is called.
    """

    position: int
    shown: dict[str, Any]
    of: str
    points: dict[str, str]

    @property
    def title(self) -> str:
        """Of several lines of one rule each has its own."""
        return " · ".join(filter(None, (self.shown["policy"], self.shown["rule"], self.of)))


@dataclass(frozen=True)
class Decided:
    """`reasons`: why people rejected it, in the words of the letter by their codes; those of the policies are in the lines."""

    lines: list[Line]
    told: dict[str, ToldPoint]
    reasons: dict[str, str]

    def named(self, point: ToldPoint) -> str:
        """Of a result or a rule with its line, for each has those."""
        if point.kind == PointKind.OTHER:
            return say("other_said")
        key = _key(point.pointed)
        line = next(one for one in self.lines if key in one.points)
        with_line = point.kind in (PointKind.LINE, PointKind.RULE)
        return f"{line.title}: {line.points[key]}" if with_line else line.points[key]


def decided(decision: Decision) -> Decided:
    """Where it cannot be explained any more, its lines as they are stored, without why."""
    assessment = decision.assessment
    services = {one.code: name_of(one) for one in Service.objects.only("code", "name_ko", "name_en")}
    lines, facts, numbers = _explained(assessment, refused=not decision.approved)
    if not decision.approved:
        lines = {position: _refused(shown) for position, shown in lines.items()}
    losses = {
        line.position: _said_loss(line.loss, numbers)
        for line in assessment.lines.select_related("loss__service", "loss__words")
        if line.loss
    }
    by_line: dict[int, dict[str, str]] = {position: {} for position in lines}
    points: dict[str, ToldPoint] = {}
    for pointed, positions in pointable(assessment).items():
        kind, *named = pointed
        points[_key(pointed)] = ToldPoint(kind, **dict(zip(NAMES[kind], named, strict=True)))
        for position in positions:
            by_line[position][_key(pointed)] = _called(pointed, facts, services)
    found = [Line(position, shown, losses.get(position, ""), by_line[position]) for position, shown in lines.items()]
    reasons = {code: REJECTIONS[code][in_english()] for code in decision.reasons if code in REJECTIONS}
    return Decided(found, points, reasons)


def _key(pointed: Pointed) -> str:
    return "|".join(map(str, pointed))


def _refused(shown: dict[str, Any]) -> dict[str, Any]:
    """Nothing of it is given, whatever the calculation came to."""
    if shown["outcome"] == "not_eligible":
        return shown
    calculated = [say("calculated").format(shown["amount"])] if shown["amount"] else []
    said = {"outcome": "not_eligible", "outcome_said": say("refused"), "amount": ""}
    return {**shown, **said, "reasons": [*calculated, *shown["reasons"]], "proof": []}


Facts = dict[tuple[str, int | None], str]  # by name and loss, what is said of it


def _explained(assessment: Assessment, *, refused: bool) -> tuple[dict[int, dict[str, Any]], Facts, Numbers]:
    try:
        explanation = explain_assessment(assessment)
    except (ExplanationDiffers, ExplanationUnavailable):
        return _stored(assessment), {}, {}
    document, terms = explanation.document, explanation.terms
    numbers = numbers_in(document, assessment.claim_id, assessment.revision)
    wording = wording_of(terms, numbers=numbers)
    lines, facts = {}, {}
    shown_lines = shown_document(document, terms, wording, refused=refused)["lines"]
    for line, shown in zip(document["lines"], shown_lines, strict=True):
        lines[line["position"]] = shown
        compiled = terms.rule_of(line["policy"], line["rule"])
        if compiled is not None:
            for fact in line["facts"]:
                about = fact["name"], line["loss"] if fact["of"] == "loss" else None
                facts[about] = _said_fact(fact, compiled.pack, wording)
    return lines, facts, numbers


def _said_fact(fact: dict[str, Any], pack: Pack, wording: Wording) -> str:
    if fact["value"] is not None:
        return wording.fact(fact, pack)
    return f"{pack.body.facts[fact['name']].label.said(wording.pick)} = {NOT_SAID[wording.pick]}"


def _said_loss(loss: Loss, numbers: Numbers) -> str:
    until = said("open") if loss.end_at is None else said_instant(loss.end_at)
    return f"{name_of_loss(loss, numbers)} {said_instant(loss.start_at)} ~ {until}"


def _called(pointed: Pointed, facts: Facts, services: dict[str, str]) -> str:
    kind, *named = pointed
    if kind == PointKind.FACT:
        name, loss = named
        return say("fact").format(facts.get((name, loss), name))
    if kind == PointKind.RECORD:
        return say("record").format(services.get(named[0], named[0]))
    return say(kind)


def _stored(assessment: Assessment) -> dict[int, dict[str, Any]]:
    found = {}
    for line in assessment.lines.select_related("rule__version__policy").order_by("position"):
        found[line.position] = {
            "policy": line.rule.version.policy.code if line.rule else "", "rule": line.rule.code if line.rule else "",
            "outcome": line.outcome, "outcome_said": OUTCOMES[line.outcome][in_english()], "reasons": [], "why": [],
            "proof": [], "amount": f"{line.quantity:,} {line.unit}" if line.quantity else "",
        }  # fmt: skip
    return found
