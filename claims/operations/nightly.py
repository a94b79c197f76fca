"""Every night all incidents are compared with the terms in force, and what is stuck is named. Expects a transaction."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from claims.eligibility import Terms
from claims.models import (
    MOST_ATTEMPTS,
    Comparison,
    ComparisonOf,
    DerivationDue,
    Event,
    EvidenceRequest,
    LetterDue,
    News,
    NewsState,
    ReassessmentDue,
    SettlementDue,
    SortDue,
    TermsInForce,
    TwinDue,
)
from claims.operations.comparison import store_comparison
from claims.operations.locks import try_lock
from services.instants import check_instant
from services.models import Incident

log = logging.getLogger(__name__)


def begin_full_comparisons(*, now: datetime, since: datetime) -> int:
    """Compare every claim with the terms in force, unless that was begun after `since`; how many were begun.

    0 too while another process begins them. Where all were begun it costs two queries, however many incidents there are.
    """
    now, since = check_instant(now, "now"), check_instant(since, "since")
    if not try_lock("comparisons"):
        return 0
    terms_there = TermsInForce.objects.filter(incident=OuterRef("pk"))
    recent = Comparison.objects.filter(incident=OuterRef("pk"), of=ComparisonOf.IN_FORCE, begun_at__gte=since)
    begun = 0
    for incident in Incident.objects.filter(Exists(terms_there), ~Exists(recent)).order_by("pk"):
        in_force = TermsInForce.objects.filter(incident=incident).order_by("-pk").select_related("terms")[0]
        terms = Terms.from_document(in_force.terms.document)
        store_comparison(incident=incident, of=ComparisonOf.IN_FORCE, terms=terms, claim_ids=None, now=now)
        begun += 1
    if begun:
        _name_stuck(now)
    return begun


def _name_stuck(now: datetime) -> None:
    """What failed so often that only a person tries it again, and who waits for a day to be assessed and is not paid
    meanwhile, is said aloud every night. In an incident's first night nobody waits: what was entered may have dates of before.
    """
    queues = (SettlementDue, LetterDue, DerivationDue, TwinDue, SortDue)
    stuck = {queue._meta.model_name: queue._default_manager.filter(attempts__gte=MOST_ATTEMPTS).count() for queue in queues}
    stuck["evidencerequest"] = EvidenceRequest.objects.filter(state="open", attempts__gte=MOST_ATTEMPTS).count()
    stuck["news"] = News.objects.filter(state=NewsState.DUE, attempts__gte=MOST_ATTEMPTS).count()
    if any(stuck.values()):
        log.error("given up after %s attempts: %s", MOST_ATTEMPTS, stuck)
    night_before = Comparison.objects.filter(incident=OuterRef("incident"), of=ComparisonOf.IN_FORCE, begun_at__lt=now)
    waiting = ReassessmentDue.objects.filter(Exists(night_before), created_at__lt=now - timedelta(days=1)).count()
    if waiting:
        log.error("waiting for more than a day to be assessed: %s claims", waiting)
    if waiting or any(stuck.values()):
        Event.objects.create(at=now, kind="queues_stuck", data={**stuck, "reassessmentdue": waiting})
