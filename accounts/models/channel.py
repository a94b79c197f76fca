"""By which way people reach us: one list for claims, appeals and payees."""

from django.db import models


class Channel(models.TextChoices):
    """How somebody said it. Counter: they came. Staff: it came up in a talk with them about something else."""

    WEB = "web"
    PHONE = "phone"
    POST = "post"
    EMAIL = "email"
    CHATBOT = "chatbot"
    COUNTER = "counter"
    PARTNER = "partner"
    STAFF = "staff"
