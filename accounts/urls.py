"""Addresses of this app, included under /staff/."""

from django.contrib import admin
from django.urls import path

from accounts.own_tools import own_tools
from accounts.web import FirstPassword

app_name = "accounts"

urlpatterns = [
    path("password/<uidb64>/<token>/", FirstPassword.as_view(), name="first_password"),
    path("tools/", admin.site.admin_view(own_tools), name="own_tools"),
]
