from django.apps import AppConfig
from django.core.checks import Tags, register

from services.checks import check_allowed_networks


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = "Services and the official record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_allowed_networks, Tags.security)
