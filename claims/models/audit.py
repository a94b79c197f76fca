"""The chain over the log, so that no event is changed or taken away unseen. What it covers and how: claims/chain.py."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Role
from claims.models.intake import Claim
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range


class Log(models.TextChoices):
    """Tables of which every row is linked."""

    EVENTS = "claims.event"
    VIEWS = "claims.caseview"
    ACCOUNTS = "accounts.accountevent"
    DATA_VIEWS = "accounts.dataview"


# Who may look at claims. A manager sets up staff and partners, and has nothing to do with who claims what.
CASE_VIEWERS = (Role.CASEWORKER, Role.CHECKER, Role.FINANCE, Role.AUDITOR)


class ViewedPage(models.TextChoices):
    """What was opened: the claim's page or another about it, a letter, the API, a row of a table or a list of them."""

    CLAIM = "claim"
    LETTER = "letter"
    API = "api"
    ROW = "row"
    LIST = "list"


class CaseView(models.Model):
    """Somebody of the staff opened a page that shows the claim. Written before the page is answered."""

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="views")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.CharField(max_length=20, choices=ViewedPage)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [one_of("page", ViewedPage), in_range("at")]

    def __str__(self) -> str:
        return f"{self.page} of {self.claim_id} seen by {self.viewer_id}"


class ChainLink(models.Model):
    """One logged row at its place in the chain. Added a moment after the row, by one process, so that nobody waits for it."""

    append_only: ClassVar[bool] = True

    position = models.BigIntegerField(primary_key=True, help_text="From 1, without gaps.")
    log = models.CharField(max_length=40, choices=Log)
    row = models.BigIntegerField(help_text="Its id.")
    hash = models.CharField(max_length=64, help_text="SHA-256 over the hash before and the row, in hex.")
    linked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position"]
        triggers: ClassVar = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="link_is_the_next",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("newest", "bigint")],
                func="""
                    SELECT coalesce(max(position), 0) INTO newest FROM claims_chainlink;
                    IF NEW.position <> newest + 1 THEN
                        RAISE EXCEPTION 'link_not_next: position % does not follow %', NEW.position, newest
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [
            one_of("log", Log),
            in_range("linked_at"),
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="link_hash_is_sha256_hex"),
            models.UniqueConstraint(fields=["log", "row"], name="row_is_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"
