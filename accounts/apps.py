from django.apps import AppConfig

from services.model_words import picked


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = picked("사람, 사용자, 제휴사", "People, users and partners")
    default_auto_field = "django.db.models.BigAutoField"
