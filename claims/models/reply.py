"""Answers that are written once for many: templates in Korean and English, in versions."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from services.append_only import append_only_triggers
from services.instants import in_range


class ReplyTemplate(models.Model):
    """A row to lock, and a name; what it says is in its versions."""

    changeable: ClassVar[tuple[str, ...]] = ("code",)  # a right that lets rows be locked

    code = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="reply_code_is_lower_snake")
        ]

    def __str__(self) -> str:
        return self.code


class ReplyVersion(models.Model):
    """A template as published. The one with the highest number is in use; letters name the one they were made from.

    Texts have `{reference}` and the like, as `claims/queries/reply.py` lists them; an empty line parts paragraphs.
    """

    append_only: ClassVar[bool] = True

    template = models.ForeignKey(ReplyTemplate, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1, by publication.")
    kinds = ArrayField(models.CharField(max_length=20), help_text="Of claims that it may answer.")
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    body_ko = models.TextField()
    body_en = models.TextField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["template_id", "number"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("published_at"),
            models.CheckConstraint(condition=Q(number__gte=1), name="reply_number_from_one"),
            models.CheckConstraint(
                condition=~Q(kinds=[]) & Q(kinds__contained_by=["claim", "impact", "question", "complaint", "thanks"]),
                name="reply_answers_known_kinds",
            ),
            models.CheckConstraint(
                condition=~(Q(title_ko="") | Q(title_en="") | Q(body_ko="") | Q(body_en="")), name="reply_is_in_both_languages"
            ),
            models.UniqueConstraint(fields=["template", "number"], name="reply_number_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} version {self.number}"
