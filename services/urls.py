"""Addresses of this app's API, included under /api/v1/."""

from django.urls import path

from services.api import IncidentList, WindowList

app_name = "services"

urlpatterns = [
    path("incidents/", IncidentList.as_view(), name="incidents"),
    path("incidents/<slug:key>/windows", WindowList.as_view(), name="windows"),
]
