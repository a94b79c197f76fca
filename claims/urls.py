"""Addresses of this app's API, included under /api/v1/."""

from django.urls import path

from claims.api import ClaimDetail, PersonLosses

app_name = "claims"

urlpatterns = [
    path("people/<uuid:public_id>/losses", PersonLosses.as_view(), name="person-losses"),
    path("claims/<str:reference>", ClaimDetail.as_view(), name="claim"),
]
