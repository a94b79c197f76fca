"""People, log-ins and partners in the Django admin, read-only. Lists show personal data masked."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from accounts.masking import masked_email, masked_name, masked_phone
from accounts.model_words import FIELDS, MODELS
from accounts.models import Partner, Person, PersonalData, RoleGrant, User
from services.admin_pages import ReadOnlyAdmin
from services.choice_words import head
from services.seoul import shown

admin.site.unregister(Group)  # roles are RoleGrant rows; Django's groups are not used


class _AccountsAdmin(ReadOnlyAdmin):
    model_names, column_names = MODELS, FIELDS


@admin.register(Person)
class PersonAdmin(_AccountsAdmin):
    list_display = ("id", "public_id", "created")
    search_fields = ("public_id",)

    @admin.display(description=head("created"), ordering="created_at")
    def created(self, person: Person) -> str:
        return shown(person.created_at)


@admin.register(PersonalData)
class PersonalDataAdmin(_AccountsAdmin):
    list_display = ("person", "name_masked", "phone_masked", "email_masked")
    list_select_related = ("person",)
    search_fields = ("person__public_id", "name", "phone", "email")

    @admin.display(description=head("name"))
    def name_masked(self, data: PersonalData) -> str:
        return masked_name(data.name)

    @admin.display(description=head("phone"))
    def phone_masked(self, data: PersonalData) -> str:
        return masked_phone(data.phone)

    @admin.display(description=head("email"))
    def email_masked(self, data: PersonalData) -> str:
        return masked_email(data.email)


@admin.register(User)
class UserAdmin(_AccountsAdmin):
    list_display = ("login", "locale", "roles", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "locale", "role_grants__role")
    search_fields = ("email",)
    fields = ("email", "locale", "roles", "is_staff", "is_active", "is_superuser", "person", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        grants = RoleGrant.objects.order_by("role")
        return super().get_queryset(request).prefetch_related(Prefetch("role_grants", grants))

    @admin.display(description=head("email"), ordering="email")
    def login(self, user: User) -> str:
        return user.email if user.is_staff else masked_email(user.email)

    @admin.display(description=head("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(grant.get_role_display() for grant in user.role_grants.all())


@admin.register(RoleGrant)
class RoleGrantAdmin(_AccountsAdmin):
    list_display = ("user", "role", "granted", "granted_by")
    list_filter = ("role",)
    list_select_related = ("user", "granted_by")
    search_fields = ("user__email",)

    @admin.display(description=head("granted"), ordering="granted_at")
    def granted(self, grant: RoleGrant) -> str:
        return shown(grant.granted_at)


@admin.register(Partner)
class PartnerAdmin(_AccountsAdmin):
    list_display = ("code", "name_ko", "name_en")
    search_fields = ("code", "name_ko", "name_en")
