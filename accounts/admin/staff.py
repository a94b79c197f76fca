"""Log-ins and roles in the Django admin: invite, propose, confirm, return; each button is one operation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from accounts.admin.forms import InviteForm, NoteForm, RolesForm
from accounts.admin.pages import AccountsAdmin, answered, is_manager, manager_of, see_people, staff_of
from accounts.choice_words import listed, worded
from accounts.models import RoleChange, RoleChangeState, RoleGrant, User
from accounts.operations import (
    confirm_role_change,
    invite_staff,
    issue_password_link,
    propose_leaving,
    propose_role_change,
    return_role_change,
)
from accounts.page_words import say
from services.choice_words import head
from services.seoul import shown

admin.site.unregister(Group)  # roles are RoleGrant rows; Django's groups are not used


@admin.register(User)
class UserAdmin(AccountsAdmin):
    list_display = ("__str__", "locale", "roles", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "locale", "role_grants__role")
    search_fields = ("email",)
    change_list_template = "admin/services/addable_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        grants = RoleGrant.objects.order_by("role")
        return super().get_queryset(request).prefetch_related(Prefetch("role_grants", grants))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Staff only: a claimant is searched by what names him, which leaves a row."""
        found, twice = super().get_search_results(request, queryset, search_term)
        return (found.filter(is_staff=True) if search_term.strip() else found), twice

    @admin.display(description=head("roles"))
    def roles(self, user: User) -> str:
        return listed("role", [grant.role for grant in user.role_grants.all()])

    def get_urls(self) -> list[URLPattern]:
        add, change = (self.admin_site.admin_view(view) for view in (self.invite_page, self.user_page))
        own = [
            path("add/", add, name="accounts_user_add"),
            path("<int:user_id>/change/", change, name="accounts_user_change"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        link = say("invite") if is_manager(request) else ""
        return super().changelist_view(request, {**(extra_context or {}), "add_link": link})

    def invite_page(self, request: HttpRequest) -> HttpResponse:
        """For managers."""
        manager = manager_of(request)
        form = InviteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            done = answered(request, invite_staff, **form.cleaned_data, invited_by=manager)
            if done is not None:
                messages.success(request, say("invited"))
                return _to_change(done[0])
        return self.page(request, "form", {"form": form, "title": say("invite"), "help": say("invite_help"), "add": True})

    def user_page(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """For all staff; the buttons for managers."""
        user = self.get_queryset(request).filter(pk=user_id).first()
        if user is None:
            raise Http404
        see_people(request, [user], listed=False)
        forms, link = _user_forms(request, user), ""
        if request.method == "POST":
            manager = manager_of(request)
            if request.POST.get("act") == "link":
                link = _link(request, user, manager)
            elif (change := _proposed(request, user, manager, forms)) is not None:
                messages.success(request, say("proposed"))
                return _to_change(change)
        return self.page(request, "user", self._context(request, user, {"forms": forms, "link": link}))

    def _context(self, request: HttpRequest, user: User, more: dict[str, Any]) -> dict[str, Any]:
        waiting = user.role_changes.filter(state=RoleChangeState.OPEN).first()
        may, self_ = is_manager(request), user.pk == staff_of(request).pk
        at_work = may and not self_ and user.is_staff and user.is_active
        return {
            "user_shown": user, "title": str(user), "roles": self.roles(user), "language": worded("locale", user.locale),
            "last_login": shown(user.last_login), "waiting": waiting, "may_propose": at_work and waiting is None,
            "may_link": at_work and _may_have_link(user, staff_of(request)),
            "own": may and self_, "reader": not may, **more,
        }  # fmt: skip


@admin.register(RoleGrant)
class RoleGrantAdmin(AccountsAdmin):
    list_display = ("user", "role", "granted", "granted_by")
    list_filter = ("role",)
    list_select_related = ("user", "granted_by")
    search_fields = ("user__email",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RoleGrant], search_term: str
    ) -> tuple[QuerySet[RoleGrant], bool]:
        """Staff only, as among the log-ins."""
        found, twice = super().get_search_results(request, queryset, search_term)
        return (found.filter(user__is_staff=True) if search_term.strip() else found), twice

    @admin.display(description=head("granted"), ordering="granted_at")
    def granted(self, grant: RoleGrant) -> str:
        return shown(grant.granted_at)


@admin.register(RoleChange)
class RoleChangeAdmin(AccountsAdmin):
    list_display = ("user", "change", "proposed_by", "proposed", "state")
    list_filter = ("state",)
    list_select_related = ("user", "proposed_by")
    search_fields = ("user__email",)
    ordering = ("-id",)

    @admin.display(description=head("change"))
    def change(self, change: RoleChange) -> str:
        given = [f"+ {worded('role', role)}" for role in change.grants]
        taken = [f"- {worded('role', role)}" for role in change.takes]
        return say("leaving") if change.leaves else ", ".join(given + taken)

    @admin.display(description=head("proposed"), ordering="proposed_at")
    def proposed(self, change: RoleChange) -> str:
        return shown(change.proposed_at)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.change_page)
        return [path("<int:change_id>/change/", view, name="accounts_rolechange_change"), *super().get_urls()]

    def change_page(self, request: HttpRequest, change_id: int) -> HttpResponse:
        """For all staff; the buttons for managers."""
        related = ("user", "proposed_by", "closed_by")
        change = RoleChange.objects.select_related(*related).filter(pk=change_id).first()
        if change is None:
            raise Http404
        form = NoteForm(request.POST if request.POST.get("act") == "return" else None)
        if request.method == "POST" and _closed(request, change, form):
            messages.success(request, say("done"))
            return _to_change(change)
        asker, may = staff_of(request), is_manager(request)
        is_open, own = change.state == RoleChangeState.OPEN, change.user_id == asker.pk
        context = {
            "change": change, "form": form, "title": say("change"), "state": worded("state", change.state),
            "grants": listed("role", change.grants), "takes": listed("role", change.takes),
            "proposed": shown(change.proposed_at), "closed": shown(change.closed_at), "own": is_open and may and own,
            "own_proposal": change.proposed_by_id == asker.pk, "may_close": is_open and may and not own,
            "reader": is_open and not may,
        }  # fmt: skip
        return self.page(request, "role_change", context)


def _closed(request: HttpRequest, change: RoleChange, form: NoteForm) -> bool:
    manager, act = manager_of(request), request.POST.get("act")
    if act == "confirm":
        return answered(request, confirm_role_change, change_id=change.pk, confirmed_by=manager) is not None
    if act == "return" and form.is_valid():
        values = {"change_id": change.pk, "returned_by": manager, **form.cleaned_data}
        return answered(request, return_role_change, **values) is not None
    return False


def _user_forms(request: HttpRequest, user: User) -> dict[str, Any]:
    """The one whose button was pressed with what was sent."""
    act = request.POST.get("act")
    held = {"roles": [grant.role for grant in user.role_grants.all()]}
    return {
        "roles": RolesForm(request.POST if act == "roles" else None, initial=held, auto_id="roles_%s"),
        "leaving": NoteForm(request.POST if act == "leaving" else None, auto_id="leaving_%s"),
    }


def _proposed(request: HttpRequest, user: User, manager: User, forms: dict[str, Any]) -> RoleChange | None:
    act = request.POST.get("act", "")
    form = forms.get(act)
    if form is None or not form.is_valid():
        return None
    about = {"user_id": user.pk, "proposed_by": manager, "note": form.cleaned_data["note"]}
    if act == "leaving":
        done = answered(request, propose_leaving, **about)
    else:
        held, wanted = {grant.role for grant in user.role_grants.all()}, set(form.cleaned_data["roles"])
        done = answered(request, propose_role_change, **about, grants=wanted - held, takes=held - wanted)
    return None if done is None else done[0]


def _link(request: HttpRequest, user: User, manager: User) -> str:
    """The whole address; empty where it is refused."""
    done = answered(request, issue_password_link, user_id=user.pk, issued_by=manager)
    return "" if done is None else request.build_absolute_uri(reverse("accounts:first_password", args=done[0]))


def _may_have_link(user: User, asker: User) -> bool:
    """As far as the page can tell; the operation decides."""
    waits = not user.has_usable_password() and bool(user.role_grants.all())
    return waits and not user.role_changes.filter(proposed_by=asker).exists()


def _to_change(change: RoleChange) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:accounts_rolechange_change", args=[change.pk]))
