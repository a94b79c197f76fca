"""Addresses of the API, included under /api/v1/."""

from django.urls import path

from claims.api.claims import ClaimList, ClaimOne
from claims.api.consents import ConsentList
from claims.api.people import PersonLosses
from claims.api.policies import PolicyList, PolicyOne
from claims.api.problem_list import ProblemList, ProblemOne
from claims.api.quotes import Quotes
from claims.api.usage import UsageBatch, UsageList
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
    path("quotes", Quotes.as_view(), name="quotes"),
    path("usage", UsageList.as_view(), name="usage"),
    path("usage/batch", UsageBatch.as_view(), name="usage_batch"),
    path("people/<path:number>/losses", PersonLosses.as_view(), name="person_losses"),
    path("claims", ClaimList.as_view(), name="claims"),
    path("claims/<str:reference>", ClaimOne.as_view(), name="claim"),
]
