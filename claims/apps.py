from django.apps import AppConfig

from services.model_words import picked


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = picked("청구, 정책, 산정", "Claims, policies and assessments")
    default_auto_field = "django.db.models.BigAutoField"
