from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People, users and partners"
    default_auto_field = "django.db.models.BigAutoField"
