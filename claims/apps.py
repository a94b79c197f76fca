from django.apps import AppConfig
from django.core import checks

from claims.checks import check_clock, check_mail_is_sent, check_operator_is_named
from services.model_words import picked


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = picked("청구, 정책, 산정", "Claims, policies and assessments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for check in (check_mail_is_sent, check_operator_is_named):
            checks.register(check, checks.Tags.security)
        checks.register(check_clock, checks.Tags.database)
