"""By which way people reach us: one list for claims and appeals."""

from django.db import models


class Channel(models.TextChoices):
    """How the claimant said it. Counter: they came. Staff: it came up in a talk with them about something else."""

    WEB = "web"
    PHONE = "phone"
    POST = "post"
    EMAIL = "email"
    CHATBOT = "chatbot"
    COUNTER = "counter"
    PARTNER = "partner"
    STAFF = "staff"


# By these a claim comes that staff enter.
ENTERED_BY = (Channel.PHONE, Channel.CHATBOT, Channel.POST, Channel.EMAIL, Channel.COUNTER)
