"""What can be lost: services in a tree, and what they lean on."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from services.language import in_english


class Service(models.Model):
    """Something a user can lose: a product (`kakao_t`) or one of its functions (`kakao_t.taxi_call`)."""

    changeable: ClassVar[tuple[str, ...]] = ("parent", "name_ko", "name_en", "operator", "inferred")

    code = models.CharField(max_length=100, unique=True, help_text="Dotted; a child's code begins with its parent's.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_ko = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    operator = models.CharField(max_length=100, blank=True, help_text="The company; empty where no source names it.")
    inferred = models.BooleanField(default=False, help_text="No official notice names this service.")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$"), name="service_code_is_dotted_lower_snake"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="service_is_not_its_own_parent"),
        ]

    @property
    def name(self) -> str:
        """In the active language."""
        return self.name_en if in_english() else self.name_ko

    def __str__(self) -> str:
        return self.code


class ServiceDependency(models.Model):
    """`service` cannot be used while `depends_on` is down, whatever its own windows say.

    The taxi drivers' app was back at 08:00 while taxi calling was still down: a driver
    could log in and earn nothing.
    """

    changeable: ClassVar[tuple[str, ...]] = ("inferred",)

    service = models.ForeignKey(Service, models.PROTECT, related_name="dependencies")
    depends_on = models.ForeignKey(Service, models.PROTECT, related_name="dependents")
    inferred = models.BooleanField(default=False, help_text="Our conclusion; no notice says so.")

    class Meta:
        verbose_name_plural = "service dependencies"
        ordering: ClassVar = ["service__code", "depends_on__code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "depends_on"], name="service_depends_on_another_once"),
            models.CheckConstraint(condition=~Q(service=F("depends_on")), name="service_does_not_depend_on_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.service} needs {self.depends_on}"
