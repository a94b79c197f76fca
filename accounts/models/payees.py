"""Where people are paid. No resident registration numbers: a bank does not ask for them, and we do not keep them."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models.audit import AccountEvent
from accounts.models.channel import Channel
from accounts.models.people import Person
from services.choices import one_of

_SET = """
IF NOT EXISTS (SELECT 1 FROM accounts_accountevent e
                WHERE e.id = NEW.event_id AND e.kind = 'payee_set' AND e.person_id = NEW.person_id
                  AND e.transaction = pg_current_xact_id()::text::bigint
                  AND e.data->>'digest' = encode(sha256(convert_to(
                      NEW.salt || chr(10) || NEW.bank || ':' || NEW.account || chr(10) || NEW.holder, 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION 'change_without_event: payee of person % is set with its event, and never changed', NEW.person_id
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Add a row that says what is true now.';
END IF;
RETURN NULL;
"""
_ERASED = """
IF NOT EXISTS (SELECT 1 FROM accounts_accountevent e
                WHERE e.person_id = OLD.person_id AND e.kind = 'payee_erased'
                  AND e.transaction = pg_current_xact_id()::text::bigint) THEN
    RAISE EXCEPTION 'change_without_event: payee of person % is erased with its event', OLD.person_id
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NULL;
"""


class Payee(models.Model):
    """An account as somebody gave it: by whom and when is in the event, which stays when this row is deleted to erase it.

    Of several of a person the one with the newest event counts. The earlier ones stay, because money went there. The event
    keeps the digest, SHA-256 in hex, of salt, line feed, `told`.
    """

    append_only: ClassVar[bool] = False

    event = models.OneToOneField(AccountEvent, models.PROTECT, primary_key=True, related_name="payee")
    person = models.ForeignKey(Person, models.PROTECT, related_name="payees", db_index=False)
    bank = models.CharField(max_length=3, help_text="As in accounts/banks.py.")
    account = models.CharField(max_length=16, help_text="Digits only.")
    holder = models.CharField(max_length=100, help_text="The name on the account.")
    channel = models.CharField(max_length=20, choices=Channel)
    salt = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["event_id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="payee_has_its_event", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update, func=_SET
            ),
            pgtrigger.Trigger(
                name="payee_is_erased_with_its_event", when=pgtrigger.After, operation=pgtrigger.Delete, func=_ERASED
            ),
        ]
        constraints: ClassVar = [
            one_of("channel", Channel),
            models.CheckConstraint(condition=Q(bank__regex=r"^[0-9]{3}$"), name="payee_bank_is_three_digits"),
            models.CheckConstraint(condition=Q(account__regex=r"^[0-9]{6,16}$"), name="payee_account_is_digits"),
            models.CheckConstraint(condition=~Q(holder=""), name="payee_has_a_holder"),
            models.CheckConstraint(condition=Q(salt__regex=r"^[0-9a-f]{32}$"), name="payee_salt_is_hex"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "event"], name="payees_of_person")]

    def __str__(self) -> str:
        return f"payee of {self.person_id} since event {self.event_id}"

    @property
    def told(self) -> str:
        """What the digest is of."""
        return f"{self.bank}:{self.account}\n{self.holder}"
