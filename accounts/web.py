"""Passwords that staff set themselves: the first one by a link, later ones in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy

from accounts.models import User
from accounts.operations import change_password, set_first_password
from accounts.page_words import say
from services import clock
from services.admin_pages import told
from services.refusals import Refusal


class FirstPassword(PasswordResetConfirmView):
    """For whoever has the link of `issue_password_link`, which Django checks: signed, unused, of the last day."""

    template_name = "accounts/first_password.html"
    success_url = reverse_lazy("admin:login")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic(durable=True):
                set_first_password(user_id=form.user.pk, password=form.cleaned_data["new_password1"], now=clock.now())
        except Refusal as refusal:
            form.add_error("new_password2", told(refusal))
            return self.form_invalid(form)
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, say("password_set"))
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        return {**admin.site.each_context(self.request), **super().get_context_data(**named)}


class OwnPasswordForm(AdminPasswordChangeForm):
    """Django's, but saved by our operation, so that it has its event."""

    def save(self, commit: bool = True) -> User:
        with transaction.atomic(durable=True):
            user = change_password(
                email=self.user.get_username(),
                password=self.cleaned_data["new_password1"],
                changed_by=self.user,
                now=clock.now(),
            )
        self.user = user  # whose password the session goes on with
        return user
