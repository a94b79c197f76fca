from django.apps import AppConfig
from django.core.checks import Tags, register

from services.checks import check_allowed_networks
from services.model_words import picked


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = picked("서비스와 공식 기록", "Services and the official record")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_allowed_networks, Tags.security)
