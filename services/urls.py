"""Addresses of this app's API, included under /api/v1/."""

from django.urls import path

from services.api import IncidentDetail, IncidentList, WindowList

app_name = "services"

urlpatterns = [
    path("incidents/", IncidentList.as_view(), name="incidents"),
    path("incidents/<slug:key>", IncidentDetail.as_view(), name="incident"),
    path("incidents/<slug:key>/windows", WindowList.as_view(), name="windows"),
]
