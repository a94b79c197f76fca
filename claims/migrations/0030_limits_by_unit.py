"""Limits are of units and not of currencies; what is proposed says what it gives and what it asks back.

Sums of one currency become a mapping. The type is changed in place: no row of what is closed for ever is updated.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

SUMS = """
ALTER TABLE {table} ALTER COLUMN amount_minor DROP DEFAULT;
ALTER TABLE {table} ALTER COLUMN amount_minor TYPE jsonb
      USING CASE WHEN currency = '' THEN '{{}}'::jsonb ELSE jsonb_build_object(currency, amount_minor) END;
ALTER TABLE {table} RENAME COLUMN amount_minor TO gives;
ALTER TABLE {table} DROP COLUMN currency;"""


def sums(model: str) -> migrations.SeparateDatabaseAndState:
    """What was one amount and its currency is `gives`, by unit."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(SUMS.format(table=f"claims_{model}"))],
        state_operations=[
            migrations.RemoveField(model, "amount_minor"),
            migrations.RemoveField(model, "currency"),
            migrations.AddField(model, "gives", models.JSONField(blank=True, default=dict)),
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0029_queue_by_age")]

    operations = [
        migrations.RemoveConstraint("decisionproposal", "proposal_gives_no_negative_amount"),
        sums("decisionproposal"),
        sums("bulkitem"),
        migrations.AddField("decisionproposal", "asks_back", models.JSONField(blank=True, default=dict)),
        migrations.AddField("bulkitem", "asks_back", models.JSONField(blank=True, default=dict)),
        migrations.AddField("decisionproposal", "approved", models.BooleanField(default=True)),
        migrations.RemoveConstraint("authoritylimit", "limit_currency_is_three_capitals"),
        migrations.RemoveConstraint("authoritylimit", "limit_is_not_negative"),
        migrations.RemoveConstraint("authoritylimit", "limit_of_a_day_allows_one_decision"),
        migrations.RemoveConstraint("authorityused", "authority_of_a_day_is_one_row"),
        migrations.RemoveConstraint("authorityused", "authority_used_is_not_negative"),
        migrations.RenameField("authoritylimit", "currency", "unit"),
        migrations.RenameField("authoritylimit", "per_decision_minor", "per_decision"),
        migrations.RenameField("authoritylimit", "per_day_minor", "per_day"),
        migrations.RenameField("authorityused", "currency", "unit"),
        migrations.RenameField("authorityused", "amount_minor", "quantity"),
        migrations.AddField(
            "decisionproposal",
            "reasons",
            django.contrib.postgres.fields.ArrayField(
                models.TextField(), blank=True, default=list, help_text="Codes; a rejection has at least one."
            ),
        ),
        migrations.AlterField("authoritylimit", "unit", models.CharField(max_length=60)),
        migrations.AlterField("authorityused", "unit", models.CharField(max_length=60)),
        migrations.AlterField(
            "decisionproposal",
            "gives",
            models.JSONField(blank=True, default=dict, help_text="What it would newly give, by unit; of money in minor units."),
        ),
        migrations.AlterField(
            "decisionproposal",
            "asks_back",
            models.JSONField(blank=True, default=dict, help_text="Likewise, of what has gone out."),
        ),
        migrations.AddConstraint(
            "authoritylimit", models.CheckConstraint(condition=~models.Q(unit=""), name="limit_has_a_unit")
        ),
        migrations.AddConstraint(
            "authoritylimit", models.CheckConstraint(condition=models.Q(per_decision__gte=0), name="limit_is_not_negative")
        ),
        migrations.AddConstraint(
            "authoritylimit",
            models.CheckConstraint(
                condition=models.Q(per_day__gte=models.F("per_decision")), name="limit_of_a_day_allows_one_decision"
            ),
        ),
        migrations.AddConstraint(
            "authorityused",
            models.UniqueConstraint(fields=["user", "on_date", "unit"], name="authority_of_a_day_is_one_row"),
        ),
        migrations.AddConstraint(
            "authorityused", models.CheckConstraint(condition=models.Q(quantity__gte=0), name="authority_used_is_not_negative")
        ),
        migrations.AddConstraint(
            "decisionproposal",
            models.CheckConstraint(
                condition=models.Q(approved=True) ^ ~models.Q(reasons=[]), name="proposed_rejection_has_a_reason"
            ),
        ),
    ]
