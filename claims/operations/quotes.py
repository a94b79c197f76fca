"""What somebody would be owed, before they leave anything of themselves. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.eligibility import Terms, fact_specs
from claims.eligibility.offers import Offer, explain_with_offers
from claims.facts import Telling, batch_of_telling
from claims.models import ClaimOrigin, Fact, Provenance
from claims.operations.checks import check_service
from claims.operations.intake import ToldFact, ToldLoss, check_together, check_told, check_told_span
from claims.operations.policy import compile_terms_now, published_facts
from claims.operations.refusals import ReferenceUnknown, Required
from services.instants import check_instant
from services.models import Incident
from services.refusals import Refusal, within

EXPECTED = ("eligible", "needs_review")  # a figure that is there, if a person still looks at what it rests on
MOST_LOSSES = 50  # of a quote: nobody types in more, and each costs


class NotQuoted(Refusal):
    """There is no official record of the incident yet: what is claimed is kept, and answered once there is."""

    code = "not_quoted"


class TooManyLosses(Refusal):
    code = "too_many_losses"


@dataclass(frozen=True)
class Quote:
    """`document` as `claims.eligibility.explain.explain` gives it, with losses numbered from 1 as they were told; `offers`:
    what else could be chosen.
    """

    document: dict[str, Any]
    terms: Terms
    offers: Sequence[Offer] = ()


def expected_of(document: dict[str, Any]) -> dict[tuple[str, str, str], int]:
    """What would be given once all of it is proved, by remedy, unit and currency (empty for what is no money), in minor units
    of money.
    """
    given: Counter[tuple[str, str, str]] = Counter()
    for line in document["lines"]:
        if line["outcome"] in EXPECTED and line["quantity"]:
            given[line["remedy"], line["unit"], line["currency"] or ""] += line["quantity"]
    return dict(given)


def quote_claim(
    *,
    incident: Incident,
    now: datetime,
    losses: Sequence[ToldLoss] = (),
    facts: Sequence[ToldFact] = (),
    asks_for: Sequence[str] = (),
    on_record: Sequence[tuple[int | None, Fact]] = (),
    terms: Terms | None = None,
    filed_at: datetime | None = None,
) -> Quote:
    """What these words would come to if they were claimed now, by the record and the policies in force: what an assessment of
    the claim would find, by the same engine, with the claimant's word for all of it but what is `on_record`.

    `on_record`: what others say of a claim that was filed before, in the order in which they said it, each with the place of
    its loss in `losses`, None of the claim; `filed_at`: when that was filed. `terms`: those in force, where the caller has just
    compiled them. Raises NotQuoted, TooManyLosses, Required where nothing is said, ReferenceUnknown for a service or a policy,
    and what `check_told`, `check_told_span` and `check_together` raise.
    """
    now = check_instant(now, "now")
    if not (losses or facts or asks_for):
        raise Required("Say what was lost, or which policy is asked for.", field="losses")
    if len(losses) > MOST_LOSSES:
        raise TooManyLosses(f"These are {len(losses)} losses; at most {MOST_LOSSES} are quoted at once.", field="losses")
    terms = terms or _terms_now(incident)
    packs = {pack.code for pack in terms.packs}
    for code in asks_for:
        if code not in packs:
            raise ReferenceUnknown(f"asks_for has {code!r}, which is no policy for this incident.", field="asks_for")
    spans = []
    for place, loss in enumerate(losses):
        with within("losses", place):
            check_service(loss.service, terms.service_index)
            start_at, end_at = check_told_span(loss, now)
        spans.append((loss.service, start_at, end_at))
    said = [*_facts(losses, facts, terms, now), *_on_record(on_record, terms)]
    telling = Telling(filed_at or now, ClaimOrigin.FILED, list(dict.fromkeys(asks_for)), spans, said)
    document, offers = explain_with_offers(batch_of_telling(telling, terms), terms)
    return Quote(document, terms, offers)


def _terms_now(incident: Incident) -> Terms:
    compiled = compile_terms_now(incident)
    if compiled is None:
        raise NotQuoted("There is no official record of this incident yet.", field="incident")
    return compiled.terms


Said = tuple[int | None, str, int | None, str | None, str]  # as a Telling has its facts


def _on_record(facts: Sequence[tuple[int | None, Fact]], terms: Terms) -> Iterator[Said]:
    """Of what is stored, and was checked then, what a policy in force for the incident hears."""
    heard = fact_specs(terms.packs) if facts else {}
    for place, fact in facts:
        if fact.name in heard:
            yield place, fact.name, fact.int_value, fact.text_value, fact.provenance


def _facts(losses: Sequence[ToldLoss], facts: Sequence[ToldFact], terms: Terms, now: datetime) -> Iterator[Said]:
    """All that is said, checked; of it what a policy in force for the incident hears."""
    said: list[tuple[int | None, ToldFact]] = [(None, fact) for fact in facts]
    said += [(place, fact) for place, loss in enumerate(losses) for fact in loss.facts]
    known, heard = published_facts() if said else {}, fact_specs(terms.packs)
    for place, fact in said:
        with within(*(() if place is None else ("losses", place))):
            number, text = check_told(fact, known, of_loss=place is not None)
        if fact.name in heard:
            yield place, fact.name, number, text, Provenance.CLAIMANT
    check_together(facts, known, now=now)
    for place, loss in enumerate(losses):
        with within("losses", place):
            check_together(loss.facts, known, now=now, span=(loss.start_at, loss.end_at))
