from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = "Services and the official record"
    default_auto_field = "django.db.models.BigAutoField"
