"""Django's admin with the site of this project."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "claims.staff_site.StaffSite"
