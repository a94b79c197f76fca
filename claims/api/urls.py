"""Addresses of the API, included under /api/v1/."""

from django.urls import path

from claims.api.claim_acts import Appeals, AppealWithdrawal, AttestationPdf, Attestations, Corrections, Withdrawal
from claims.api.claims import ClaimList, ClaimOne
from claims.api.clock import TestClock
from claims.api.consents import ConsentList
from claims.api.evidence import Evidence
from claims.api.imports import ImportErrors, ImportOne, Imports
from claims.api.people import PersonLosses
from claims.api.policies import PolicyList, PolicyOne
from claims.api.problem_list import ProblemList, ProblemOne
from claims.api.quotes import Quotes
from claims.api.results import Decisions, Payouts
from claims.api.staff import Assignment, ClaimDecisions, Queue, QueueNext
from claims.api.usage import UsageBatch, UsageList
from claims.api.webhooks import (
    WebhookDeliveries,
    WebhookDeliveryOne,
    WebhookOne,
    WebhookReplays,
    Webhooks,
    WebhookSecret,
    WebhookTest,
)
from services.api import IncidentDetail, IncidentList, ServiceList, ServiceOne, WindowList

app_name = "api"

urlpatterns = [
    path("services", ServiceList.as_view(), name="services"),
    path("services/<str:code>", ServiceOne.as_view(), name="service"),
    path("incidents", IncidentList.as_view(), name="incidents"),
    path("incidents/<slug:key>", IncidentDetail.as_view(), name="incident"),
    path("incidents/<slug:key>/windows", WindowList.as_view(), name="windows"),
    path("policies", PolicyList.as_view(), name="policies"),
    path("policies/<str:code>", PolicyOne.as_view(), name="policy"),
    path("consents", ConsentList.as_view(), name="consents"),
    path("problems", ProblemList.as_view(), name="problems"),
    path("problems/<str:code>", ProblemOne.as_view(), name="problem"),
    path("test-clock", TestClock.as_view(), name="test_clock"),
    path("quotes", Quotes.as_view(), name="quotes"),
    path("usage", UsageList.as_view(), name="usage"),
    path("usage/batch", UsageBatch.as_view(), name="usage_batch"),
    path("imports", Imports.as_view(), name="imports"),
    path("imports/<uuid:key>", ImportOne.as_view(), name="import"),
    path("imports/<uuid:key>/errors", ImportErrors.as_view(), name="import_errors"),
    path("webhooks", Webhooks.as_view(), name="webhooks"),
    path("webhooks/<uuid:key>", WebhookOne.as_view(), name="webhook"),
    path("webhooks/<uuid:key>/secret", WebhookSecret.as_view(), name="webhook_secret"),
    path("webhooks/<uuid:key>/test", WebhookTest.as_view(), name="webhook_test"),
    path("webhooks/<uuid:key>/replays", WebhookReplays.as_view(), name="webhook_replays"),
    path("webhooks/<uuid:key>/deliveries", WebhookDeliveries.as_view(), name="webhook_deliveries"),
    path("webhooks/<uuid:key>/deliveries/<uuid:event>", WebhookDeliveryOne.as_view(), name="webhook_delivery"),
    path("people/<path:number>/losses", PersonLosses.as_view(), name="person_losses"),
    path("claims", ClaimList.as_view(), name="claims"),
    path("claims/<str:reference>", ClaimOne.as_view(), name="claim"),
    path("claims/<str:reference>/corrections", Corrections.as_view(), name="corrections"),
    path("claims/<str:reference>/withdrawal", Withdrawal.as_view(), name="withdrawal"),
    path("claims/<str:reference>/appeals", Appeals.as_view(), name="appeals"),
    path("claims/<str:reference>/appeals/withdrawal", AppealWithdrawal.as_view(), name="appeal_withdrawal"),
    path("claims/<str:reference>/evidence", Evidence.as_view(), name="evidence"),
    path("claims/<str:reference>/attestations", Attestations.as_view(), name="attestations"),
    path("claims/<str:reference>/attestations/<str:number>.pdf", AttestationPdf.as_view(), name="attestation_pdf"),
    path("claims/<str:reference>/assignment", Assignment.as_view(), name="assignment"),
    path("claims/<str:reference>/decisions", ClaimDecisions.as_view(), name="claim_decisions"),
    path("queue", Queue.as_view(), name="queue"),
    path("queue/next", QueueNext.as_view(), name="queue_next"),
    path("decisions", Decisions.as_view(), name="decisions"),
    path("payouts", Payouts.as_view(), name="payouts"),
]
