"""Addresses of this app, included under /staff/."""

from django.urls import path

from accounts.web import FirstPassword

app_name = "accounts"

urlpatterns = [path("password/<uidb64>/<token>/", FirstPassword.as_view(), name="first_password")]
