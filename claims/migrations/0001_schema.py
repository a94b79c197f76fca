# What earlier migrations came to; a database that has them all needs nothing of it.

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.math
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from services.schema import AtOnce


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('claims', '0001_initial'),
        ('claims', '0002_derivation_due'),
        ('claims', '0003_policy_drafts'),
        ('claims', '0004_payouts_and_comparisons'),
        ('claims', '0005_disputes'),
        ('claims', '0006_terms_made_of'),
        ('claims', '0007_losses_by_length'),
        ('claims', '0008_own_effect_of_drafts'),
        ('claims', '0009_queues_in_turn'),
        ('claims', '0010_counts_due'),
        ('claims', '0011_log_and_chain'),
        ('claims', '0012_statuses_and_decisions'),
        ('claims', '0013_letters_of_decisions'),
        ('claims', '0014_queue_and_bulk'),
        ('claims', '0015_appeals'),
        ('claims', '0016_account_logs'),
        ('claims', '0017_twins'),
        ('claims', '0018_moves_checked_in_sets'),
        ('claims', '0019_goodwill'),
        ('claims', '0020_open_twins_by_score'),
        ('claims', '0021_tallies'),
        ('claims', '0022_evidence'),
        ('claims', '0023_messages_and_replies'),
        ('claims', '0024_queue_by_amount_and_review'),
        ('claims', '0025_entries_and_channels'),
        ('claims', '0026_payment_that_fails_after_a_rejection'),
        ('claims', '0027_written_off_and_taken_back'),
    ]

    dependencies = [
        ('accounts', '0001_schema'),
        ('services', '0001_schema'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='AppealPoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('fact', 'Fact'), ('rule', 'Rule'), ('line', 'Line'), ('record', 'Record'), ('other', 'Other')], max_length=20)),
                    ('fact', models.CharField(blank=True, max_length=60)),
                    ('policy', models.CharField(blank=True, max_length=60)),
                    ('rule', models.CharField(blank=True, max_length=60)),
                    ('position', models.PositiveSmallIntegerField(blank=True, help_text='Of the line in its assessment.', null=True)),
                    ('positions', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='Of all lines of the assessment that rest on what is pointed at.', size=None)),
                    ('digest', models.CharField(blank=True, help_text='SHA-256, in hex, of salt, line feed and words.', max_length=64)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Claim',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reference', models.CharField(help_text='Random; for people, like C-7K3M-9QWX.', max_length=20, unique=True)),
                    ('origin', models.CharField(choices=[('filed', 'Filed'), ('partner', 'Partner'), ('proactive', 'Proactive')], max_length=20)),
                    ('filed_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('kind', models.CharField(max_length=60)),
                    ('move', models.PositiveIntegerField(blank=True, help_text="Which move of the claim's status it is, from 1; empty: none.", null=True)),
                    ('data', models.JSONField(default=dict)),
                    ('transaction', models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id'), models.TextField()), models.BigIntegerField()), help_text="The database's number of the transaction; a status moves only in that of its event.")),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='ClaimKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('account', 'Account'), ('phone', 'Phone'), ('email', 'Email'), ('payee', 'Payee'), ('document', 'Document'), ('device', 'Device'), ('name', 'Name')], max_length=20)),
                    ('digest', models.UUIDField(help_text='The first 16 bytes of HMAC-SHA256 over kind and value in one spelling, under CLAIM_KEY_SECRET.')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='ClaimRevision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1.')),
                    ('cause', models.CharField(choices=[('filed', 'Filed'), ('derived', 'Derived'), ('corrected', 'Corrected')], max_length=20)),
                    ('asks_for', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, help_text='Codes of policies, all so far.', size=None)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['claim_id', 'number'],
                },
            ),
            migrations.CreateModel(
                name='Cohort',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('approved', models.PositiveIntegerField(default=0)),
                    ('alarm_above', models.PositiveIntegerField(help_text='So many may be approved by rule; the next one waits for a person.')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Comparison',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('of', models.CharField(choices=[('record_draft', 'Record Draft'), ('policy_draft', 'Policy Draft'), ('in_force', 'In Force')], max_length=20)),
                    ('terms_hash', models.CharField(help_text='Of the terms that claims are assessed with.', max_length=64)),
                    ('document', models.JSONField(help_text='Those terms.')),
                    ('against', models.CharField(blank=True, help_text='Of a draft: hash of the terms it is held against; empty: there are none.', max_length=64)),
                    ('total', models.PositiveIntegerField(help_text='Claims that are looked at.')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('superseded', 'Superseded'), ('failed', 'Failed')], default='open', max_length=20)),
                    ('begun_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='ComparisonChunk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1.')),
                    ('first_claim_id', models.BigIntegerField()),
                    ('last_claim_id', models.BigIntegerField(help_text='Inclusive.')),
                    ('claim_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('superseded', 'Superseded'), ('failed', 'Failed')], default='open', max_length=20)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('attempted_at', models.DateTimeField(blank=True, help_text="By the database's clock.", null=True)),
                    ('claims', models.PositiveIntegerField(help_text='Planned, and once done compared.')),
                    ('last_error', models.TextField(blank=True)),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['comparison_id', 'number'],
                },
            ),
            migrations.CreateModel(
                name='ComparisonDifference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('policy', models.CharField(blank=True, help_text='Empty: of what no policy pays for.', max_length=60)),
                    ('rule', models.CharField(blank=True, max_length=60)),
                    ('remedy', models.CharField(blank=True, max_length=20)),
                    ('unit', models.CharField(blank=True, max_length=60)),
                    ('currency', models.CharField(blank=True, max_length=3)),
                    ('before', models.BigIntegerField()),
                    ('after', models.BigIntegerField()),
                    ('undecided', models.BooleanField(db_default=False, default=False, help_text='Less only because a line is not decided: nothing is asked back.')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='CompiledTerms',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('content_hash', models.CharField(max_length=64, unique=True)),
                    ('document', models.JSONField()),
                    ('engine_version', models.CharField(max_length=40)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'compiled terms',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='CountDue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'counts due',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('approved', models.BooleanField()),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, help_text='Codes; a rejection has at least one.', size=None)),
                    ('decided_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='DecisionProposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount_minor', models.BigIntegerField(help_text='What it would newly give, in minor units of the currency.')),
                    ('currency', models.CharField(blank=True, help_text='Empty: in several, or none.', max_length=3)),
                    ('proposed_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('confirmed', 'Confirmed'), ('returned', 'Returned'), ('outdated', 'Outdated')], default='open', max_length=20)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='DerivationDue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first_usage_id', models.BigIntegerField(blank=True, null=True)),
                    ('last_usage_id', models.BigIntegerField(blank=True, help_text='Inclusive.', null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0, help_text='That failed.')),
                    ('last_error', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'derivations due',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Dispute',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('start_at', models.DateTimeField()),
                    ('end_at', models.DateTimeField(help_text='Exclusive.')),
                    ('claims', models.PositiveIntegerField(help_text='In its fullest hour.')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('answered', 'Answered'), ('joined', 'Joined')], default='open', max_length=20)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('reason', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='DisputeHour',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hour_at', models.DateTimeField()),
                    ('claims', models.PositiveIntegerField()),
                    ('counted_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['dispute_id', 'hour_at', 'id'],
                },
            ),
            migrations.CreateModel(
                name='DisputesMadeOf',
                fields=[
                    ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='services.incident')),
                    ('made_of', models.CharField(help_text='SHA-256, in hex.', max_length=64)),
                ],
                options={
                    'verbose_name_plural': 'disputes made of',
                    'ordering': ['incident_id'],
                },
            ),
            migrations.CreateModel(
                name='DraftRevision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1.')),
                    ('pack_yaml', models.TextField()),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['draft_id', 'number'],
                },
            ),
            migrations.CreateModel(
                name='EntitlementLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('outcome', models.CharField(choices=[('eligible', 'Eligible'), ('not_eligible', 'Not Eligible'), ('unknown', 'Unknown'), ('needs_review', 'Needs Review'), ('parked', 'Parked')], max_length=20)),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                    ('remedy', models.CharField(blank=True, max_length=20, null=True)),
                    ('unit', models.CharField(blank=True, max_length=60, null=True)),
                    ('quantity', models.BigIntegerField(blank=True, null=True)),
                    ('currency', models.CharField(blank=True, max_length=3, null=True)),
                    ('counted_seconds', models.BigIntegerField()),
                ],
                options={
                    'ordering': ['assessment_id', 'position'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(help_text='Of the bytes, in hex.', max_length=64)),
                    ('media_type', models.CharField(choices=[('application/pdf', 'Pdf'), ('image/png', 'Png'), ('image/jpeg', 'Jpeg'), ('image/webp', 'Webp')], max_length=20)),
                    ('size', models.PositiveIntegerField(help_text='In bytes.')),
                    ('received_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('policy', models.CharField(blank=True, max_length=60)),
                    ('document', models.CharField(blank=True, help_text='Its code in the policy; empty: in words.', max_length=60)),
                    ('fact', models.CharField(blank=True, max_length=60)),
                    ('digest', models.CharField(blank=True, help_text='SHA-256, in hex, of salt, line feed and words.', max_length=64)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('received', 'Received'), ('missing', 'Missing'), ('dropped', 'Dropped')], default='open', max_length=20)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceLetter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('asked', 'Asked'), ('halfway', 'Halfway'), ('three_days', 'Three Days'), ('extended', 'Extended'), ('dropped', 'Dropped')], max_length=20)),
                    ('language', models.CharField(max_length=2)),
                    ('content_hash', models.CharField(help_text='SHA-256 of the bytes, in hex.', max_length=64)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('assessment_id', models.BigIntegerField(blank=True, help_text='The newest one when it was asked.', null=True)),
                    ('requested_at', models.DateTimeField()),
                    ('due_date', models.DateField(help_text='Until when it is to be here, inclusive; in Korean time.')),
                    ('next_date', models.DateField()),
                    ('extended', models.PositiveSmallIntegerField(default=0, help_text='How often.')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('overdue', 'Overdue'), ('dropped', 'Dropped')], default='open', max_length=20)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0, help_text='That failed.')),
                    ('last_error', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Fact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveIntegerField(help_text='Number of the revision that added it.')),
                    ('name', models.CharField(max_length=60)),
                    ('int_value', models.BigIntegerField(blank=True, null=True)),
                    ('text_value', models.CharField(blank=True, max_length=200, null=True)),
                    ('provenance', models.CharField(choices=[('claimant', 'Claimant'), ('partner', 'Partner'), ('staff', 'Staff')], max_length=20)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='FactEvidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ],
                options={
                    'verbose_name_plural': 'evidence of facts',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='GoodwillBudget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('amount_minor', models.BigIntegerField()),
                    ('spent_minor', models.BigIntegerField(default=0)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Hint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('task', models.CharField(max_length=60)),
                    ('ref_id', models.BigIntegerField(blank=True, null=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Letter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('language', models.CharField(max_length=2)),
                    ('content', models.BinaryField()),
                    ('content_hash', models.CharField(help_text='SHA-256 of the bytes, in hex.', max_length=64)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Loss',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveIntegerField(help_text='Number of the revision that added it.')),
                    ('start_at', models.DateTimeField()),
                    ('end_at', models.DateTimeField(blank=True, help_text='Exclusive; empty while it goes on.', null=True)),
                    ('kind', models.CharField(blank=True, max_length=60)),
                    ('origin', models.CharField(choices=[('told', 'Told'), ('derived', 'Derived')], max_length=20)),
                ],
                options={
                    'verbose_name_plural': 'losses',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Pattern',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('account', 'Account'), ('phone', 'Phone'), ('email', 'Email'), ('payee', 'Payee'), ('document', 'Document'), ('device', 'Device'), ('name', 'Name')], max_length=20)),
                    ('digest', models.UUIDField(help_text="As of the claims' keys.")),
                    ('claims', models.PositiveIntegerField()),
                    ('counted_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-claims', 'id'],
                },
            ),
            migrations.CreateModel(
                name='PaymentItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('remedy', models.CharField(max_length=20)),
                    ('unit', models.CharField(max_length=60)),
                    ('currency', models.CharField(blank=True, max_length=3)),
                    ('quantity', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('sent', 'Sent'), ('paid', 'Paid'), ('failed', 'Failed')], default='sent', max_length=20)),
                    ('told_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='PaymentPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('live', models.BooleanField(default=True)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='PaymentRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('made_at', models.DateTimeField()),
                    ('content', models.BinaryField()),
                    ('content_hash', models.CharField(help_text='SHA-256 of the bytes, in hex.', max_length=64)),
                    ('items', models.PositiveIntegerField()),
                ],
                options={
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='Payout',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('policy', models.CharField(max_length=60)),
                    ('rule', models.CharField(max_length=60)),
                    ('remedy', models.CharField(max_length=20)),
                    ('unit', models.CharField(max_length=60)),
                    ('currency', models.CharField(blank=True, help_text='Empty where the unit is not money.', max_length=3)),
                    ('kind', models.CharField(choices=[('first', 'First'), ('top_up', 'Top Up'), ('recovery', 'Recovery'), ('written_off', 'Written Off'), ('undone', 'Undone'), ('goodwill', 'Goodwill')], max_length=20)),
                    ('quantity', models.BigIntegerField()),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Policy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60, unique=True)),
                    ('demonstration', models.BooleanField(default=False, help_text='Made up to show something; no real scheme.')),
                ],
                options={
                    'verbose_name_plural': 'policies',
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='PolicyDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(help_text='For those who work on it.', max_length=200)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('published', 'Published'), ('discarded', 'Discarded')], default='open', max_length=20)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='PolicyRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60)),
                    ('position', models.PositiveSmallIntegerField(help_text='From 0, as in the pack.')),
                ],
                options={
                    'ordering': ['version_id', 'position'],
                },
            ),
            migrations.CreateModel(
                name='PolicyVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1, by publication.')),
                    ('pack_yaml', models.TextField()),
                    ('content_hash', models.CharField(max_length=64)),
                    ('incidents_from', models.DateTimeField()),
                    ('incidents_before', models.DateTimeField(blank=True, help_text='Exclusive; empty: no end.', null=True)),
                    ('published_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['policy_id', 'number'],
                },
            ),
            migrations.CreateModel(
                name='ReassessmentDue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('cause', models.CharField(choices=[('revision', 'Revision'), ('record', 'Record'), ('policy', 'Policy'), ('comparison', 'Comparison')], max_length=20)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'reassessments due',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='ReplyTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60, unique=True)),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='ReplyVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1, by publication.')),
                    ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), help_text='Of claims that it may answer.', size=None)),
                    ('title_ko', models.CharField(max_length=200)),
                    ('title_en', models.CharField(max_length=200)),
                    ('body_ko', models.TextField()),
                    ('body_en', models.TextField()),
                    ('published_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['template_id', 'number'],
                },
            ),
            migrations.CreateModel(
                name='RunChunk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1.')),
                    ('first_claim_id', models.BigIntegerField()),
                    ('last_claim_id', models.BigIntegerField(help_text='Inclusive.')),
                    ('state', models.CharField(choices=[('todo', 'Todo'), ('done', 'Done'), ('split', 'Split'), ('quarantined', 'Quarantined'), ('superseded', 'Superseded')], default='todo', max_length=20)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('attempted_at', models.DateTimeField(blank=True, help_text="By the database's clock.", null=True)),
                    ('claims', models.PositiveIntegerField(help_text='Planned, and once done assessed.')),
                    ('lines', models.PositiveIntegerField(default=0)),
                    ('worker', models.CharField(blank=True, max_length=100)),
                    ('last_error', models.TextField(blank=True)),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['run_id', 'number'],
                },
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60)),
                    ('query', models.CharField(max_length=500)),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Skill',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ],
                options={
                    'ordering': ['user_id', 'service_id'],
                },
            ),
            migrations.CreateModel(
                name='SortDue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, help_text='That failed.')),
                    ('last_error', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'sorts due',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Tally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('intake', 'Intake'), ('open', 'Open'), ('approved', 'Approved'), ('paid', 'Paid'), ('refused', 'Refused'), ('impact', 'Impact')], max_length=20)),
                    ('hour_at', models.DateTimeField(help_text='Its start.')),
                    ('key', models.TextField(blank=True, help_text='Origin, policy, reason or service, by its code.')),
                    ('unit', models.CharField(blank=True, max_length=60)),
                    ('count', models.BigIntegerField(default=0)),
                    ('amount', models.BigIntegerField(default=0, help_text='In units; below zero where more was taken back.')),
                ],
                options={
                    'verbose_name_plural': 'tallies',
                    'ordering': ['incident_id', 'what', 'hour_at', 'key', 'unit'],
                },
            ),
            migrations.CreateModel(
                name='TallyDue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(choices=[('claim', 'Claim'), ('loss', 'Loss'), ('event', 'Event'), ('decision', 'Decision'), ('undone', 'Undone'), ('payout', 'Payout'), ('item', 'Item')], max_length=20)),
                    ('rows', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('size', models.PositiveIntegerField(help_text='How many rows.')),
                ],
                options={
                    'verbose_name_plural': 'tallies due',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='TermsInForce',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'terms in force',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='TermsMadeOf',
                fields=[
                    ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='services.incident')),
                    ('made_of', models.CharField(help_text='MD5, in hex.', max_length=32)),
                ],
                options={
                    'verbose_name_plural': 'terms made of',
                    'ordering': ['incident_id'],
                },
            ),
            migrations.CreateModel(
                name='Twin',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('score', models.PositiveSmallIntegerField(help_text='Of 100.')),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), help_text='Codes, in order.', size=None)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('dismissed', 'Dismissed')], default='open', max_length=20)),
                    ('found_at', models.DateTimeField()),
                    ('dismissed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-score', 'id'],
                },
            ),
            migrations.CreateModel(
                name='TwinDue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, help_text='That failed.')),
                    ('last_error', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'twins due',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Usage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('ride', 'Ride'), ('shift', 'Shift'), ('subscription', 'Subscription')], max_length=20)),
                    ('start_at', models.DateTimeField()),
                    ('end_at', models.DateTimeField(blank=True, help_text='Exclusive; empty while it goes on.', null=True)),
                    ('locked_at', models.DateTimeField(blank=True, help_text='When the rider locked the bike.', null=True)),
                    ('charge_minor', models.BigIntegerField(blank=True, null=True)),
                    ('currency', models.CharField(blank=True, help_text='Empty without a charge.', max_length=3)),
                    ('external_id', models.CharField(help_text="The partner's own number of it.", max_length=100)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'usage',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='WorkerBeat',
                fields=[
                    ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                    ('seen_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Appeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('appeal', 'Appeal'), ('person_review', 'Person Review')], max_length=20)),
                    ('channel', models.CharField(choices=[('web', 'Web'), ('phone', 'Phone'), ('post', 'Post'), ('email', 'Email'), ('chatbot', 'Chatbot'), ('counter', 'Counter'), ('partner', 'Partner'), ('staff', 'Staff')], max_length=20)),
                    ('opened_at', models.DateTimeField()),
                    ('due_date', models.DateField(help_text='Of the answer, inclusive; in Korean time.')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn')], default='open', max_length=20)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('opened_by', models.ForeignKey(db_index=False, help_text="The claimant's log-in, or staff on their behalf.", on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='AppealWords',
                fields=[
                    ('point', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='claims.appealpoint')),
                    ('text', models.TextField()),
                    ('salt', models.CharField(max_length=32)),
                ],
                options={
                    'verbose_name_plural': 'appeal words',
                    'ordering': ['point_id'],
                },
            ),
            migrations.AddField(
                model_name='appealpoint',
                name='appeal',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='claims.appeal'),
            ),
            migrations.AddField(
                model_name='appealpoint',
                name='service',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service'),
            ),
            migrations.CreateModel(
                name='AssessmentRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('due_after', models.BigIntegerField(help_text='Exclusive.')),
                    ('due_horizon', models.BigIntegerField(help_text='Inclusive.')),
                    ('total', models.PositiveIntegerField(help_text='Claims when it was planned.')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('superseded', 'Superseded')], default='open', max_length=20)),
                    ('planned_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='services.incident')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Assessment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveIntegerField(help_text="Number of the claim's revision that it saw.")),
                    ('assessed_at', models.DateTimeField()),
                    ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='assessments', to='claims.assessmentrun')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='AuthorityLimit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(max_length=20)),
                    ('currency', models.CharField(max_length=3)),
                    ('per_decision_minor', models.BigIntegerField()),
                    ('per_day_minor', models.BigIntegerField()),
                    ('set_at', models.DateTimeField()),
                    ('set_by', models.ForeignKey(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['role', 'id'],
                },
            ),
            migrations.CreateModel(
                name='AuthorityUsed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on_date', models.DateField(help_text='In Korean time.')),
                    ('currency', models.CharField(max_length=3)),
                    ('amount_minor', models.BigIntegerField(default=0)),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name_plural': 'authority used',
                    'ordering': ['user_id', 'on_date'],
                },
            ),
            migrations.CreateModel(
                name='AutomaticPause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('set_at', models.DateTimeField()),
                    ('lifted_at', models.DateTimeField(blank=True, null=True)),
                    ('incident', models.ForeignKey(blank=True, db_index=False, help_text='Empty: all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident')),
                    ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('set_by', models.ForeignKey(blank=True, help_text='Empty: the alarm.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='BulkRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('approve', 'Approve'), ('reject', 'Reject'), ('answer', 'Answer')], max_length=20)),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, help_text='Codes, of a rejection.', size=None)),
                    ('made_at', models.DateTimeField()),
                    ('total', models.PositiveIntegerField()),
                    ('state', models.CharField(choices=[('drafted', 'Drafted'), ('proposed', 'Proposed'), ('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='drafted', max_length=20)),
                    ('begun_at', models.DateTimeField(blank=True, null=True)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('checked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='BulkItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('moves', models.PositiveIntegerField(blank=True, help_text='Of an answer: how often the claim had moved.', null=True)),
                    ('amount_minor', models.BigIntegerField(default=0)),
                    ('currency', models.CharField(blank=True, max_length=3)),
                    ('state', models.CharField(choices=[('todo', 'Todo'), ('done', 'Done'), ('refused', 'Refused')], default='todo', max_length=20)),
                    ('code', models.CharField(blank=True, help_text='Of the refusal.', max_length=60)),
                    ('assessment', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.assessment')),
                    ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='claims.bulkrun')),
                ],
                options={
                    'ordering': ['run_id', 'claim_id'],
                },
            ),
            migrations.CreateModel(
                name='CaseView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('page', models.CharField(choices=[('claim', 'Claim'), ('letter', 'Letter'), ('api', 'Api')], max_length=20)),
                    ('at', models.DateTimeField()),
                    ('viewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='ChainCheck',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('anchor', models.CharField(blank=True, help_text='POSITION:HASH that somebody had noted down.', max_length=90)),
                    ('asked_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done')], default='open', max_length=20)),
                    ('position', models.BigIntegerField(default=0)),
                    ('hash', models.CharField(blank=True, max_length=64)),
                    ('faults', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, help_text='The first of them, each one line.', size=None)),
                    ('fault_count', models.PositiveIntegerField(default=0)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='ChainLink',
                fields=[
                    ('position', models.BigIntegerField(help_text='From 1, without gaps.', primary_key=True, serialize=False)),
                    ('log', models.CharField(choices=[('claims.event', 'Events'), ('claims.caseview', 'Views'), ('accounts.accountevent', 'Accounts'), ('accounts.dataview', 'Data Views')], max_length=40)),
                    ('row', models.BigIntegerField(help_text='Its id.')),
                    ('hash', models.CharField(help_text='SHA-256 over the hash before and the row, in hex.', max_length=64)),
                    ('linked_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('log__in', ['claims.event', 'claims.caseview', 'accounts.accountevent', 'accounts.dataview'])), name='claims_chainlink_log_is_known'), models.CheckConstraint(condition=models.Q(('linked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('linked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_chainlink_linked_at_in_range'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{64}$')), name='link_hash_is_sha256_hex'), models.UniqueConstraint(fields=('log', 'row'), name='row_is_linked_once')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='chainlink',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='950e4f4bd198213a5d84d321d0cf1413aa17a1a2', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d8596', table='claims_chainlink', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='chainlink',
                trigger=pgtrigger.compiler.Trigger(name='link_is_the_next', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE newest bigint;', func="\n                    SELECT coalesce(max(position), 0) INTO newest FROM claims_chainlink;\n                    IF NEW.position <> newest + 1 THEN\n                        RAISE EXCEPTION 'link_not_next: position % does not follow %', NEW.position, newest\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='30ad40acb92d897cdb4e7721f7b1587eee907a15', operation='INSERT', pgid='pgtrigger_link_is_the_next_67aed', table='claims_chainlink', when='BEFORE')),
            ),
            migrations.CreateModel(
                name='ClaimStatus',
                fields=[
                    ('claim', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='status', serialize=False, to='claims.claim')),
                    ('review', models.CharField(choices=[('received', 'Received'), ('queued', 'Queued'), ('in_review', 'In Review'), ('awaiting_claimant', 'Awaiting Claimant'), ('proposed', 'Proposed'), ('held', 'Held'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('merged', 'Merged')], default='received', max_length=20)),
                    ('decision', models.CharField(choices=[('undecided', 'Undecided'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('answered', 'Answered')], default='undecided', max_length=20)),
                    ('payment', models.CharField(choices=[('nothing', 'Nothing'), ('due', 'Due'), ('sent', 'Sent'), ('paid', 'Paid'), ('recovery', 'Recovery')], default='nothing', max_length=20)),
                    ('moves', models.PositiveIntegerField(default=0, help_text='How often it moved; who saw another number saw another claim.')),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, help_text='Codes: why a person has to look at it; empty once closed.', size=None)),
                    ('moved_at', models.DateTimeField()),
                    ('kind', models.CharField(choices=[('unsorted', 'Unsorted'), ('claim', 'Claim'), ('impact', 'Impact'), ('question', 'Question'), ('complaint', 'Complaint'), ('thanks', 'Thanks')], default='unsorted', max_length=20)),
                    ('amount_minor', models.BigIntegerField(blank=True, help_text='What its approval would newly give.', null=True)),
                    ('currency', models.CharField(blank=True, max_length=3)),
                    ('answer_due_date', models.DateField(help_text='Until when it is to be answered, inclusive, in Korea.')),
                    ('queued_at', models.DateTimeField(blank=True, help_text='Since when it waits, or when it last began to.', null=True)),
                    ('snoozed_until', models.DateTimeField(blank=True, help_text='Shown to nobody before.', null=True)),
                ],
                options={
                    'verbose_name_plural': 'claim statuses',
                    'ordering': ['claim_id'],
                },
            ),
            migrations.AddField(
                model_name='claim',
                name='incident',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='services.incident'),
            ),
            migrations.AddField(
                model_name='claim',
                name='partner',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.partner'),
            ),
            migrations.AddField(
                model_name='claim',
                name='person',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.person'),
            ),
            migrations.AddField(
                model_name='caseview',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='views', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='bulkitem',
                name='claim',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='assessment',
                name='claim',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='assessments', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='appeal',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='claims.claim'),
            ),
            migrations.CreateModel(
                name='ClaimEntry',
                fields=[
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='entry', serialize=False, to='claims.event')),
                    ('key', models.UUIDField(help_text='Of the form that was sent; sent twice, it is entered once.', unique=True)),
                    ('channel', models.CharField(choices=[('web', 'Web'), ('phone', 'Phone'), ('post', 'Post'), ('email', 'Email'), ('chatbot', 'Chatbot'), ('counter', 'Counter'), ('partner', 'Partner'), ('staff', 'Staff')], max_length=20)),
                    ('received_at', models.DateTimeField(help_text='When it reached us.')),
                    ('revision', models.PositiveIntegerField(help_text="Number of the claim's newest revision after it.")),
                ],
                options={
                    'verbose_name_plural': 'claim entries',
                    'ordering': ['event_id'],
                },
            ),
            migrations.CreateModel(
                name='Message',
                fields=[
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='message', serialize=False, to='claims.event')),
                    ('text', models.TextField()),
                    ('salt', models.CharField(max_length=32)),
                ],
                options={
                    'ordering': ['event_id'],
                },
            ),
            migrations.CreateModel(
                name='Note',
                fields=[
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='note', serialize=False, to='claims.event')),
                    ('text', models.TextField()),
                    ('salt', models.CharField(max_length=32)),
                ],
                options={
                    'ordering': ['event_id'],
                },
            ),
            migrations.AddField(
                model_name='event',
                name='actor',
                field=models.ForeignKey(blank=True, help_text='Empty: the service.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='event',
                name='claim',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='claimkey',
                name='claim',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='keys', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='claimkey',
                name='incident',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='claimrevision',
                name='author',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='claimrevision',
                name='claim',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='cohort',
                name='incident',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='comparison',
                name='begun_by',
                field=models.ForeignKey(blank=True, help_text='Empty: the service.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='comparison',
                name='incident',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='services.incident'),
            ),
            migrations.AddField(
                model_name='comparison',
                name='record_draft',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='services.recorddraft'),
            ),
            migrations.AddField(
                model_name='comparisonchunk',
                name='comparison',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='claims.comparison'),
            ),
            migrations.AddField(
                model_name='comparisondifference',
                name='claim',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='comparisondifference',
                name='comparison',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='differences', to='claims.comparison'),
            ),
            migrations.AddField(
                model_name='compiledterms',
                name='incident',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='compiledterms',
                name='record_version',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.recordversion'),
            ),
            migrations.AddField(
                model_name='assessmentrun',
                name='terms',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='claims.compiledterms'),
            ),
            migrations.AddField(
                model_name='countdue',
                name='incident',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident'),
            ),
            migrations.CreateModel(
                name='DecisionUndone',
                fields=[
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='undone', serialize=False, to='claims.decision')),
                    ('undone_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'decisions undone',
                    'ordering': ['decision_id'],
                },
            ),
            migrations.CreateModel(
                name='Goodwill',
                fields=[
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='goodwill', serialize=False, to='claims.decision')),
                    ('amount_minor', models.BigIntegerField(help_text="In minor units of the budget's currency.")),
                    ('reason', models.CharField(choices=[('hardship', 'Hardship'), ('late_answer', 'Late Answer'), ('our_mistake', 'Our Mistake'), ('effort', 'Effort'), ('just_outside', 'Just Outside'), ('other', 'Other')], max_length=20)),
                ],
                options={
                    'verbose_name_plural': 'goodwill given',
                    'ordering': ['decision_id'],
                },
            ),
            migrations.CreateModel(
                name='LetterDue',
                fields=[
                    ('decision', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='claims.decision')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, help_text='That failed.')),
                    ('last_error', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'letters due',
                    'ordering': ['decision_id'],
                },
            ),
            migrations.AddField(
                model_name='decision',
                name='assessment',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='decisions', to='claims.assessment'),
            ),
            migrations.AddField(
                model_name='decision',
                name='bulk_run',
                field=models.ForeignKey(blank=True, db_index=False, help_text='The bulk decision it is part of.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='claims.bulkrun'),
            ),
            migrations.AddField(
                model_name='decision',
                name='checked_by',
                field=models.ForeignKey(blank=True, db_index=False, help_text='The second person, where one was needed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='decision',
                name='claim',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='decisions', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='decision',
                name='decided_by',
                field=models.ForeignKey(blank=True, db_index=False, help_text='Empty: by rule.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='appeal',
                name='answer',
                field=models.OneToOneField(blank=True, help_text='The decision that answers it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='claims.decision'),
            ),
            migrations.AddField(
                model_name='appeal',
                name='decision',
                field=models.ForeignKey(help_text='The one that is appealed.', on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='claims.decision'),
            ),
            migrations.CreateModel(
                name='GoodwillOffer',
                fields=[
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='goodwill', serialize=False, to='claims.decisionproposal')),
                    ('amount_minor', models.BigIntegerField()),
                    ('currency', models.CharField(max_length=3)),
                    ('reason', models.CharField(choices=[('hardship', 'Hardship'), ('late_answer', 'Late Answer'), ('our_mistake', 'Our Mistake'), ('effort', 'Effort'), ('just_outside', 'Just Outside'), ('other', 'Other')], max_length=20)),
                ],
                options={
                    'ordering': ['proposal_id'],
                },
            ),
            migrations.AddField(
                model_name='decisionproposal',
                name='assessment',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.assessment'),
            ),
            migrations.AddField(
                model_name='decisionproposal',
                name='claim',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='decisionproposal',
                name='closed_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='decisionproposal',
                name='proposed_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='decision',
                name='proposal',
                field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='claims.decisionproposal'),
            ),
            migrations.AddField(
                model_name='derivationdue',
                name='claim',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='derivationdue',
                name='incident',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Empty: every incident that the usage touches.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='derivationdue',
                name='since',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.recordversion'),
            ),
            migrations.AddField(
                model_name='dispute',
                name='closed_by',
                field=models.ForeignKey(blank=True, help_text='Empty: the service.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='dispute',
                name='incident',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='services.incident'),
            ),
            migrations.AddField(
                model_name='dispute',
                name='record_draft',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='services.recorddraft'),
            ),
            migrations.AddField(
                model_name='dispute',
                name='service',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service'),
            ),
            migrations.AddField(
                model_name='dispute',
                name='version',
                field=models.ForeignKey(db_index=False, help_text='The newest it was counted under; of an answered one, that which answers it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.recordversion'),
            ),
            migrations.AddField(
                model_name='disputehour',
                name='dispute',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='claims.dispute'),
            ),
            migrations.AddField(
                model_name='draftrevision',
                name='written_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='comparison',
                name='revision',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='claims.draftrevision'),
            ),
            migrations.AddField(
                model_name='entitlementline',
                name='assessment',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='claims.assessment'),
            ),
            migrations.CreateModel(
                name='EvidenceContent',
                fields=[
                    ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='kept', serialize=False, to='claims.evidencefile')),
                    ('content', models.BinaryField()),
                ],
                options={
                    'ordering': ['file_id'],
                },
            ),
            migrations.CreateModel(
                name='EvidenceReview',
                fields=[
                    ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='review', serialize=False, to='claims.evidencefile')),
                    ('accepted', models.BooleanField()),
                    ('reason', models.CharField(choices=[('shows_it', 'Shows It'), ('shows_part', 'Shows Part'), ('unreadable', 'Unreadable'), ('incomplete', 'Incomplete'), ('other_document', 'Other Document'), ('other_person', 'Other Person'), ('other_time', 'Other Time'), ('altered', 'Altered')], max_length=20)),
                    ('reviewed_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['file_id'],
                },
            ),
            migrations.AddField(
                model_name='evidencefile',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_files', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='evidencefile',
                name='received_by',
                field=models.ForeignKey(db_index=False, help_text="The claimant's log-in, or staff on their behalf.", on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='evidenceanswer',
                name='file',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='claims.evidencefile'),
            ),
            migrations.CreateModel(
                name='EvidenceWords',
                fields=[
                    ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='claims.evidenceitem')),
                    ('text', models.TextField()),
                    ('salt', models.CharField(max_length=32)),
                ],
                options={
                    'verbose_name_plural': 'evidence words',
                    'ordering': ['item_id'],
                },
            ),
            migrations.AddField(
                model_name='evidenceitem',
                name='claim',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='evidenceanswer',
                name='item',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='claims.evidenceitem'),
            ),
            migrations.CreateModel(
                name='EvidenceLetterContent',
                fields=[
                    ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='kept', serialize=False, to='claims.evidenceletter')),
                    ('content', models.BinaryField()),
                ],
                options={
                    'ordering': ['letter_id'],
                },
            ),
            migrations.AddField(
                model_name='evidencerequest',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_requests', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='evidencerequest',
                name='requested_by',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='evidenceletter',
                name='request',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='claims.evidencerequest'),
            ),
            migrations.AddField(
                model_name='evidenceitem',
                name='request',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='claims.evidencerequest'),
            ),
            migrations.AddField(
                model_name='fact',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='factevidence',
                name='fact',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='claims.fact'),
            ),
            migrations.AddField(
                model_name='factevidence',
                name='file',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.evidencefile'),
            ),
            migrations.AddField(
                model_name='goodwillbudget',
                name='incident',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddConstraint(
                model_name='hint',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_hint_created_at_in_range'),
            ),
            migrations.AddField(
                model_name='letter',
                name='assessment',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Empty: a reply.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='letters', to='claims.assessment'),
            ),
            migrations.AddField(
                model_name='letter',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='letter',
                name='decision',
                field=models.OneToOneField(blank=True, db_constraint=False, help_text='Empty: made before decisions were kept.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='letter', to='claims.decision'),
            ),
            migrations.AddField(
                model_name='loss',
                name='claim',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='loss',
                name='service',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service'),
            ),
            migrations.AddField(
                model_name='loss',
                name='via',
                field=models.ForeignKey(blank=True, db_index=False, help_text='The service that was used, where it depends on the lost one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service'),
            ),
            migrations.AddField(
                model_name='fact',
                name='loss',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.loss'),
            ),
            migrations.AddField(
                model_name='evidenceitem',
                name='loss',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.loss'),
            ),
            migrations.AddField(
                model_name='entitlementline',
                name='loss',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='claims.loss'),
            ),
            migrations.AddField(
                model_name='appealpoint',
                name='loss',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Of the fact; empty: it is of the claim or of the incident.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.loss'),
            ),
            migrations.AddField(
                model_name='pattern',
                name='incident',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='paymentitem',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='paymentitem',
                name='told_by',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='paymentpart',
                name='item',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='claims.paymentitem'),
            ),
            migrations.AddField(
                model_name='paymentrun',
                name='made_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='paymentitem',
                name='run',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='claims.paymentrun'),
            ),
            migrations.AddField(
                model_name='payout',
                name='assessment',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='payouts', to='claims.assessment'),
            ),
            migrations.AddField(
                model_name='payout',
                name='claim',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='payouts', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='payout',
                name='decision',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Empty: made before decisions were kept.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='payouts', to='claims.decision'),
            ),
            migrations.AddField(
                model_name='payout',
                name='line',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='The first line of the assessment by this rule; empty: it owes nothing by the rule.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='payouts', to='claims.entitlementline'),
            ),
            migrations.AddField(
                model_name='paymentpart',
                name='payout',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='claims.payout'),
            ),
            migrations.AddConstraint(
                model_name='policy',
                constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z][a-z0-9_]*$')), name='policy_code_is_lower_snake'),
            ),
            migrations.AddField(
                model_name='cohort',
                name='policy',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cohorts', to='claims.policy'),
            ),
            migrations.AddField(
                model_name='automaticpause',
                name='policy',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='claims.policy'),
            ),
            migrations.AddField(
                model_name='draftrevision',
                name='draft',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='claims.policydraft'),
            ),
            migrations.AddField(
                model_name='entitlementline',
                name='rule',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='claims.policyrule'),
            ),
            migrations.AddField(
                model_name='policyversion',
                name='policy',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='claims.policy'),
            ),
            migrations.AddField(
                model_name='policyversion',
                name='published_by',
                field=models.ForeignKey(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='policyversion',
                name='revision',
                field=models.OneToOneField(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='version', to='claims.draftrevision'),
            ),
            migrations.AddField(
                model_name='policyrule',
                name='version',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='claims.policyversion'),
            ),
            migrations.AddField(
                model_name='policydraft',
                name='base',
                field=models.ForeignKey(blank=True, help_text='The version it began as.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='claims.policyversion'),
            ),
            migrations.AddField(
                model_name='reassessmentdue',
                name='claim',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='due', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='reassessmentdue',
                name='incident',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident'),
            ),
            migrations.AddConstraint(
                model_name='replytemplate',
                constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z][a-z0-9_]*$')), name='reply_code_is_lower_snake'),
            ),
            migrations.AddField(
                model_name='replyversion',
                name='published_by',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='replyversion',
                name='template',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='claims.replytemplate'),
            ),
            migrations.AddField(
                model_name='letter',
                name='reply',
                field=models.ForeignKey(blank=True, db_index=False, help_text='The template it was made from.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='claims.replyversion'),
            ),
            migrations.AddField(
                model_name='bulkrun',
                name='reply',
                field=models.ForeignKey(blank=True, db_index=False, help_text='Of an answer.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.replyversion'),
            ),
            migrations.CreateModel(
                name='SettlementDue',
                fields=[
                    ('chunk', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='claims.runchunk')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, help_text='That failed.')),
                    ('last_error', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'settlements due',
                    'ordering': ['chunk_id'],
                },
            ),
            migrations.AddField(
                model_name='runchunk',
                name='run',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='claims.assessmentrun'),
            ),
            migrations.AddField(
                model_name='assessment',
                name='chunk',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='assessments', to='claims.runchunk'),
            ),
            migrations.AddField(
                model_name='savedview',
                name='user',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='skill',
                name='service',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='services.service'),
            ),
            migrations.AddField(
                model_name='skill',
                name='user',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='sortdue',
                name='claim',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='tally',
                name='incident',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddConstraint(
                model_name='tallydue',
                constraint=models.CheckConstraint(condition=models.Q(('source__in', ['claim', 'loss', 'event', 'decision', 'undone', 'payout', 'item'])), name='claims_tallydue_source_is_known'),
            ),
            migrations.AddConstraint(
                model_name='tallydue',
                constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='tells_of_a_row'),
            ),
            migrations.AddField(
                model_name='termsinforce',
                name='incident',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='termsinforce',
                name='terms',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.compiledterms'),
            ),
            migrations.AddField(
                model_name='twin',
                name='claim',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='twins', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='twin',
                name='dismissed_by',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='twin',
                name='incident',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='twin',
                name='other',
                field=models.ForeignKey(blank=True, help_text='The claim with the lower id; empty: the claim alone says what cannot be.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later_twins', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='twindue',
                name='claim',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='twindue',
                name='incident',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='usage',
                name='partner',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.partner'),
            ),
            migrations.AddField(
                model_name='usage',
                name='person',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='usages', to='accounts.person'),
            ),
            migrations.AddField(
                model_name='usage',
                name='service',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service'),
            ),
            migrations.AddField(
                model_name='loss',
                name='usage',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='claims.usage'),
            ),
            migrations.AddField(
                model_name='fact',
                name='usage',
                field=models.ForeignKey(blank=True, db_index=False, help_text='Where it was read.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.usage'),
            ),
            migrations.AddConstraint(
                model_name='workerbeat',
                constraint=models.CheckConstraint(condition=models.Q(('seen_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('seen_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_workerbeat_seen_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='appealwords',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='appeal_words_say_something'),
            ),
            migrations.AddConstraint(
                model_name='authoritylimit',
                constraint=models.CheckConstraint(condition=models.Q(('set_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('set_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_authoritylimit_set_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='authoritylimit',
                constraint=models.CheckConstraint(condition=models.Q(('role__in', ['caseworker', 'checker'])), name='limit_is_of_a_role_that_decides'),
            ),
            migrations.AddConstraint(
                model_name='authoritylimit',
                constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='limit_currency_is_three_capitals'),
            ),
            migrations.AddConstraint(
                model_name='authoritylimit',
                constraint=models.CheckConstraint(condition=models.Q(('per_decision_minor__gte', 0)), name='limit_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='authoritylimit',
                constraint=models.CheckConstraint(condition=models.Q(('per_day_minor__gte', models.F('per_decision_minor'))), name='limit_of_a_day_allows_one_decision'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='authoritylimit',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='56684988dac958cd8e7c100a1138c578c597933d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_da3cd', table='claims_authoritylimit', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='authorityused',
                constraint=models.UniqueConstraint(fields=('user', 'on_date', 'currency'), name='authority_of_a_day_is_one_row'),
            ),
            migrations.AddConstraint(
                model_name='authorityused',
                constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='authority_used_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='chaincheck',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done'])), name='claims_chaincheck_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='chaincheck',
                constraint=models.CheckConstraint(condition=models.Q(('asked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('asked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_chaincheck_asked_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='chaincheck',
                constraint=models.CheckConstraint(condition=models.Q(('finished_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('finished_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_chaincheck_finished_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='chaincheck',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'open')), models.Q(('finished_at__isnull', False), ('state', 'done')), _connector='OR'), name='chain_check_is_open_or_has_an_end'),
            ),
            migrations.AddConstraint(
                model_name='chaincheck',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('state',), name='one_chain_check_at_a_time'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='chaincheck',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='7b2499f0a334ee027a78ba2ab76a2eba5bfe4f10', operation='UPDATE', pgid='pgtrigger_closed_for_ever_1253d', table='claims_chaincheck', when='BEFORE')),
            ),
            migrations.AddField(
                model_name='claimstatus',
                name='assignee',
                field=models.ForeignKey(blank=True, db_index=False, help_text='Who reviews it, or did before it was held, proposed, or waited for the claimant.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='claimstatus',
                name='incident',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident'),
            ),
            migrations.AddField(
                model_name='claimstatus',
                name='service',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Of the first loss.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.service'),
            ),
            migrations.AddField(
                model_name='claimstatus',
                name='sorted_by',
                field=models.ForeignKey(blank=True, db_index=False, help_text='Who said of what kind it is, which no rule says otherwise; empty: a rule, or nobody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='claimstatus',
                name='stands',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='The decision that counts.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='claims.decision'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['filed', 'partner', 'proactive'])), name='claims_claim_origin_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(('filed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('filed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claim_filed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.UniqueConstraint(fields=('person', 'incident'), name='person_has_one_claim_per_incident'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(('reference__regex', '^C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$')), name='claim_reference_is_crockford_base32'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'partner'), _negated=True), ('partner__isnull', False), _connector='OR'), name='claim_of_partner_origin_names_the_partner'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claim',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='5330bb3a8e0533a4b5e84c81c453dd515690ccb1', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3aca0', table='claims_claim', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claim',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'claim', array_agg(a.id ORDER BY a.id), count(*) FROM added a HAVING count(*) > 0;\nRETURN NULL;\n", hash='7789e9dd3c520ee876050b3a33cda3c9f5d851f6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tells_tallies_2f4c4', referencing='REFERENCING NEW TABLE AS added ', table='claims_claim', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='caseview',
                constraint=models.CheckConstraint(condition=models.Q(('page__in', ['claim', 'letter', 'api'])), name='claims_caseview_page_is_known'),
            ),
            migrations.AddConstraint(
                model_name='caseview',
                constraint=models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_caseview_at_in_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='caseview',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='2f46293a3ddbc8c76eaec4da337da58006ec60f8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_1e449', table='claims_caseview', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='bulkitem',
                index=models.Index(condition=models.Q(('state', 'todo')), fields=['run', 'claim'], name='bulk_items_to_do'),
            ),
            migrations.AddConstraint(
                model_name='bulkitem',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['todo', 'done', 'refused'])), name='claims_bulkitem_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='bulkitem',
                constraint=models.UniqueConstraint(fields=('run', 'claim'), name='bulk_run_has_a_claim_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='bulkitem',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'todo\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='085028d5acc1a690520fcc28b3998f68232f8069', operation='UPDATE', pgid='pgtrigger_closed_for_ever_c343c', table='claims_bulkitem', when='BEFORE')),
            ),
            migrations.AddField(
                model_name='claimentry',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='message',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='claims.claim'),
            ),
            migrations.AddConstraint(
                model_name='note',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='event_by_time'),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_event_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=models.UniqueConstraint(condition=models.Q(('move__isnull', False)), fields=('claim', 'move'), name='claim_makes_a_move_once'),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=models.CheckConstraint(condition=models.Q(('move__isnull', True), ('claim__isnull', False), _connector='OR'), name='move_is_of_a_claim'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='event',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='c07ec261e0f94e36638950b80f93b227d55e00ee', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fa111', table='claims_event', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='event',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'event', array_agg(a.id ORDER BY a.id), count(*) FROM added a WHERE a.data ? 'review' HAVING count(*) > 0;\nRETURN NULL;\n", hash='123f480e9bfe83082cff7e3c9a402776f8536210', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tells_tallies_583b9', referencing='REFERENCING NEW TABLE AS added ', table='claims_event', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='claimkey',
                index=models.Index(fields=['incident', 'kind', 'digest'], include=('claim',), name='claims_by_key'),
            ),
            migrations.AddConstraint(
                model_name='claimkey',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['account', 'phone', 'email', 'payee', 'document', 'device', 'name'])), name='claims_claimkey_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claimkey',
                constraint=models.UniqueConstraint(fields=('claim', 'kind', 'digest'), name='claim_has_a_key_once'),
            ),
            migrations.AddConstraint(
                model_name='claimrevision',
                constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['filed', 'derived', 'corrected'])), name='claims_claimrevision_cause_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claimrevision',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claimrevision_created_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='claimrevision',
                constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='revision_number_from_one'),
            ),
            migrations.AddConstraint(
                model_name='claimrevision',
                constraint=models.UniqueConstraint(fields=('claim', 'number'), name='claim_has_a_revision_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimrevision',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='2a1c3861172bdb1f195112bbff3e497a2e26eac6', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d6d26', table='claims_claimrevision', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='comparisonchunk',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['comparison', 'attempts', 'number'], name='chunks_to_compare'),
            ),
            migrations.AddConstraint(
                model_name='comparisonchunk',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'superseded', 'failed'])), name='claims_comparisonchunk_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='comparisonchunk',
                constraint=models.CheckConstraint(condition=models.Q(('attempted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('attempted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_comparisonchunk_attempted_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='comparisonchunk',
                constraint=models.CheckConstraint(condition=models.Q(('done_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('done_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_comparisonchunk_done_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='comparisonchunk',
                constraint=models.UniqueConstraint(fields=('comparison', 'number'), name='comparison_has_a_chunk_number_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='comparisonchunk',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='cdd7c95e0e556cbe7e6af646fd2c06d57b992041', operation='UPDATE', pgid='pgtrigger_closed_for_ever_32160', table='claims_comparisonchunk', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='comparisondifference',
                index=models.Index(fields=['comparison', 'policy', 'claim'], name='differences_of_comparison'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='comparisondifference',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='af0abfa507f2f14849f69e897cdeb2a2c5f70326', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_02da3', table='claims_comparisondifference', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='compiledterms',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_compiledterms_created_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='compiledterms',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='terms_hash_is_sha256_hex'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='compiledterms',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='79ac0d8fd7e4e03d6edfebccebf4364d67c35a8b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fa95c', table='claims_compiledterms', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'superseded'])), name='claims_assessmentrun_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=models.CheckConstraint(condition=models.Q(('planned_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('planned_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_assessmentrun_planned_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=models.CheckConstraint(condition=models.Q(('finished_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('finished_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_assessmentrun_finished_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=models.CheckConstraint(condition=models.Q(('due_after__lt', models.F('due_horizon'))), name='run_answers_a_span_of_due_rows'),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=models.CheckConstraint(condition=models.Q(('total__gte', 1)), name='run_has_a_claim'),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='run_is_finished_if_and_only_if_not_open'),
            ),
            migrations.AddConstraint(
                model_name='assessmentrun',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'open')), expressions=[('incident', '='), (models.Func(models.F('due_after'), models.F('due_horizon'), models.Value('(]'), function='int8range'), '&&')], name='open_runs_of_an_incident_share_no_due_rows'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessmentrun',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='fbb9b5a4abd87fd865185f64cae180865d1e3270', operation='UPDATE', pgid='pgtrigger_closed_for_ever_0a0a4', table='claims_assessmentrun', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='countdue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_countdue_created_at_in_range'),
            ),
            migrations.AddField(
                model_name='decisionundone',
                name='undone_by',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='goodwill',
                name='budget',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='given', to='claims.goodwillbudget'),
            ),
            migrations.AddIndex(
                model_name='letterdue',
                index=models.Index(fields=['attempts', 'decision'], name='letters_in_turn'),
            ),
            migrations.AddConstraint(
                model_name='letterdue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_letterdue_created_at_in_range'),
            ),
            migrations.AddIndex(
                model_name='appeal',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['due_date', 'id'], name='open_appeals_by_due_date'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['appeal', 'person_review'])), name='claims_appeal_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['web', 'phone', 'post', 'email', 'chatbot', 'counter', 'partner', 'staff'])), name='claims_appeal_channel_is_known'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'accepted', 'withdrawn'])), name='claims_appeal_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(('opened_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('opened_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_appeal_opened_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_appeal_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='appeal_is_open_or_has_an_end'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', False), ('decided_by__isnull', False), ('state__in', ['upheld', 'accepted'])), models.Q(models.Q(('state__in', ['upheld', 'accepted']), _negated=True), ('answer__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='appeal_is_answered_by_somebody_with_a_decision'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('decision',), name='decision_has_one_open_appeal'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appeal',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='3e9ab781671733f1bc9057890a2b4eb11e6b6660', operation='UPDATE', pgid='pgtrigger_closed_for_ever_eae2c', table='claims_appeal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appeal',
                trigger=pgtrigger.compiler.Trigger(name='of_a_decision_of_its_claim', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (SELECT 1 FROM claims_decision d\n                    WHERE d.id = NEW.decision_id AND d.claim_id = NEW.claim_id\n                      AND (NEW.kind <> 'person_review' OR d.decided_by_id IS NULL)) THEN\n        RAISE EXCEPTION 'appeal_of_no_such_decision: claim % has no such decision % that can be appealed so',\n            NEW.claim_id, NEW.decision_id USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='9b375bd38f1d893e59f0d079360e92833a8c3e6c', operation='INSERT', pgid='pgtrigger_of_a_decision_of_its_claim_3a9f4', table='claims_appeal', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appeal',
                trigger=pgtrigger.compiler.Trigger(name='answered_by_somebody_else', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."answer_id" IS NOT NULL)', func="\n    IF NOT EXISTS (SELECT 1 FROM claims_decision a JOIN claims_decision d ON d.id = NEW.decision_id\n                    WHERE a.id = NEW.answer_id AND a.claim_id = NEW.claim_id AND a.id > d.id\n                      AND a.decided_by_id = NEW.decided_by_id AND (NEW.state <> 'upheld' OR a.approved = d.approved)) THEN\n        RAISE EXCEPTION 'appeal_answered_by_another_decision: decision % does not answer appeal % so', NEW.answer_id, NEW.id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    IF EXISTS (SELECT 1 FROM claims_decision a JOIN accounts_user u ON u.id IN (a.decided_by_id, a.checked_by_id)\n                WHERE a.id = NEW.answer_id\n                  AND (u.person_id = (SELECT c.person_id FROM claims_claim c WHERE c.id = NEW.claim_id)\n                       OR EXISTS (SELECT 1 FROM claims_appeal x JOIN claims_decision d ON d.id = x.decision_id\n                                    LEFT JOIN claims_decisionproposal p ON p.id = d.proposal_id\n                                   WHERE x.claim_id = NEW.claim_id AND x.state <> 'withdrawn'\n                                     AND u.id IN (d.decided_by_id, d.checked_by_id, p.proposed_by_id)))) THEN\n        RAISE EXCEPTION 'decided_before: who answers appeal % had a part in what is appealed, or is the claimant', NEW.id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='69b036f8df86820f3750bb3f0708d693a68b8fc9', operation='INSERT OR UPDATE', pgid='pgtrigger_answered_by_somebody_else_3910b', table='claims_appeal', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='goodwilloffer',
                constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['hardship', 'late_answer', 'our_mistake', 'effort', 'just_outside', 'other'])), name='claims_goodwilloffer_reason_is_known'),
            ),
            migrations.AddConstraint(
                model_name='goodwilloffer',
                constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='goodwill_offer_gives_something'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='goodwilloffer',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='b67828e43e65a5b840feeebf9d40ec9eccac4ba5', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_a2895', table='claims_goodwilloffer', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='decisionproposal',
                index=models.Index(fields=['claim'], name='proposals_of_claim'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'confirmed', 'returned', 'outdated'])), name='claims_decisionproposal_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(('proposed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('proposed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_decisionproposal_proposed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_decisionproposal_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='proposal_is_open_or_has_an_end'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('closed_by__isnull', False), models.Q(('closed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='proposal_is_confirmed_by_another'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='proposal_gives_no_negative_amount'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('claim',), name='claim_has_one_open_proposal'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decisionproposal',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='d093a2af7d1e550deb2ecdfcbface66bda420be9', operation='UPDATE', pgid='pgtrigger_closed_for_ever_2c68c', table='claims_decisionproposal', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='decision',
                constraint=models.CheckConstraint(condition=models.Q(('decided_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('decided_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_decision_decided_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='decision',
                constraint=models.CheckConstraint(condition=models.Q(('approved', True), models.Q(('reasons', []), _negated=True), _connector='OR'), name='rejection_has_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='decision',
                constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('decided_by__isnull', False), models.Q(('checked_by', models.F('decided_by')), _negated=True)), _connector='OR'), name='second_person_is_another'),
            ),
            migrations.AddConstraint(
                model_name='decision',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by__isnull', True), ('proposal__isnull', True)), models.Q(('checked_by__isnull', False), models.Q(('proposal__isnull', False), ('bulk_run__isnull', False), _connector='XOR')), _connector='OR'), name='what_two_decide_was_proposed'),
            ),
            migrations.AddConstraint(
                model_name='decision',
                constraint=models.UniqueConstraint(condition=models.Q(('decided_by__isnull', True)), fields=('assessment',), name='rule_decides_an_assessment_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='a9192d8ac38c3ccbcc594741b1cb9999b633f309', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_c0252', table='claims_decision', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'decision', array_agg(a.id ORDER BY a.id), count(*) FROM added a WHERE NOT a.approved HAVING count(*) > 0;\nRETURN NULL;\n", hash='5b87b03a55b0ee71f7e175a88870435abeeb3012', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tells_tallies_9d58f', referencing='REFERENCING NEW TABLE AS added ', table='claims_decision', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='not_by_the_claimant', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL)', func="\n    IF EXISTS (SELECT 1 FROM claims_claim c JOIN accounts_user u ON u.person_id = c.person_id\n                WHERE c.id = NEW.claim_id AND u.id IN (NEW.decided_by_id, NEW.checked_by_id)) THEN\n        RAISE EXCEPTION 'own_claim: who decides claim % is its claimant', NEW.claim_id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='e363cce8f735c855857c94d539cb581ca342450e', operation='INSERT', pgid='pgtrigger_not_by_the_claimant_4a039', table='claims_decision', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='derivationdue',
                index=models.Index(condition=models.Q(('claim__isnull', False)), fields=['claim'], name='derivation_of_claim'),
            ),
            migrations.AddIndex(
                model_name='derivationdue',
                index=models.Index(fields=['attempts', 'id'], name='derivations_in_turn'),
            ),
            migrations.AddConstraint(
                model_name='derivationdue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_derivationdue_created_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='derivationdue',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('first_usage_id__isnull', True), ('incident__isnull', False), ('last_usage_id__isnull', True)), models.Q(('claim__isnull', True), ('first_usage_id__isnull', False), ('first_usage_id__lte', models.F('last_usage_id')), ('last_usage_id__isnull', False)), _connector='OR'), name='derivation_is_of_a_claim_or_of_a_span_of_usage'),
            ),
            migrations.AddConstraint(
                model_name='derivationdue',
                constraint=models.CheckConstraint(condition=models.Q(('since__isnull', True), models.Q(('claim__isnull', True), ('incident__isnull', False)), _connector='OR'), name='derivation_since_a_version_names_the_incident'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'rejected', 'answered', 'joined'])), name='claims_dispute_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_dispute_start_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_dispute_end_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('opened_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('opened_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_dispute_opened_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_dispute_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='dispute_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(('claims__gte', 1)), name='dispute_has_a_claim'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='dispute_is_open_or_has_an_end'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_by__isnull', False), ('state__in', ['accepted', 'rejected']), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state__in', ['accepted', 'rejected']), _negated=True), ('closed_by__isnull', True), ('reason', '')), _connector='OR'), name='a_person_decides_a_dispute_and_says_why'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('record_draft__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('record_draft__isnull', True)), _connector='OR'), name='accepted_dispute_has_a_draft'),
            ),
            migrations.AddConstraint(
                model_name='dispute',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'open')), deferrable=django.db.models.constraints.Deferrable['DEFERRED'], expressions=[('incident', '='), ('service', '='), (models.Func(models.F('start_at'), models.F('end_at'), models.Value('[)'), function='tstzrange'), '&&')], name='open_disputes_of_a_service_do_not_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dispute',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='542da2793a2ddeb0c9992d39cca08542bfe65e34', operation='UPDATE', pgid='pgtrigger_closed_for_ever_1d70c', table='claims_dispute', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='disputehour',
                constraint=models.CheckConstraint(condition=models.Q(('hour_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('hour_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_disputehour_hour_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='disputehour',
                constraint=models.CheckConstraint(condition=models.Q(('counted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('counted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_disputehour_counted_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='disputehour',
                constraint=models.UniqueConstraint(fields=('dispute', 'hour_at', 'counted_at'), name='hour_is_counted_once_at_a_time'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='disputehour',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='f00e883393d6e01bdb55b19d48f6d7ec1280ce49', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_a5844', table='claims_disputehour', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='comparison',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='open_comparisons'),
            ),
            migrations.AddConstraint(
                model_name='comparison',
                constraint=models.CheckConstraint(condition=models.Q(('of__in', ['record_draft', 'policy_draft', 'in_force'])), name='claims_comparison_of_is_known'),
            ),
            migrations.AddConstraint(
                model_name='comparison',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'superseded', 'failed'])), name='claims_comparison_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='comparison',
                constraint=models.CheckConstraint(condition=models.Q(('begun_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('begun_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_comparison_begun_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='comparison',
                constraint=models.CheckConstraint(condition=models.Q(('finished_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('finished_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_comparison_finished_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='comparison',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('of', 'record_draft'), ('record_draft__isnull', False), ('revision__isnull', True)), models.Q(('of', 'policy_draft'), ('record_draft__isnull', True), ('revision__isnull', False)), models.Q(('of', 'in_force'), ('record_draft__isnull', True), ('revision__isnull', True)), _connector='OR'), name='comparison_names_what_it_is_of'),
            ),
            migrations.AddConstraint(
                model_name='comparison',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='comparison_is_finished_if_and_only_if_not_open'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='comparison',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='142e88dc725c956e4f9bbaf25474ea2585f4bcef', operation='UPDATE', pgid='pgtrigger_closed_for_ever_75843', table='claims_comparison', when='BEFORE')),
            ),
            migrations.AddField(
                model_name='evidencereview',
                name='reviewed_by',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddConstraint(
                model_name='evidencefile',
                constraint=models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/png', 'image/jpeg', 'image/webp'])), name='claims_evidencefile_media_type_is_known'),
            ),
            migrations.AddConstraint(
                model_name='evidencefile',
                constraint=models.CheckConstraint(condition=models.Q(('received_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('received_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_evidencefile_received_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='evidencefile',
                constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='file_hash_is_sha256_hex'),
            ),
            migrations.AddConstraint(
                model_name='evidencefile',
                constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='file_has_bytes'),
            ),
            migrations.AddConstraint(
                model_name='evidencefile',
                constraint=models.UniqueConstraint(fields=('claim', 'sha256'), name='claim_has_a_file_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidencefile',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='cdcb22f66120ccaff8a0c3344bb0160b3a27934e', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_58ea9', table='claims_evidencefile', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='evidencewords',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='evidence_words_say_something'),
            ),
            migrations.AddConstraint(
                model_name='evidenceanswer',
                constraint=models.UniqueConstraint(fields=('item', 'file'), name='file_answers_an_item_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidenceanswer',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='c03354ac419818323e4f4880254d24f4cd84ff75', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_dd6dd', table='claims_evidenceanswer', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidenceanswer',
                trigger=pgtrigger.compiler.Trigger(name='of_one_claim', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (SELECT 1 FROM claims_evidencefile f JOIN claims_evidenceitem i USING (claim_id)\n                                    WHERE f.id = NEW.file_id AND i.id = NEW.item_id) THEN\n                        RAISE EXCEPTION 'evidence_of_another_claim: file % is no answer to item %', NEW.file_id, NEW.item_id\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='58924d9ecf962c8254d33d117fb20fffa9d13753', operation='INSERT', pgid='pgtrigger_of_one_claim_9e935', table='claims_evidenceanswer', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='evidencerequest',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['attempts', 'next_date', 'id'], name='evidence_requests_in_turn'),
            ),
            migrations.AddIndex(
                model_name='evidencerequest',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['claim'], name='open_evidence_requests'),
            ),
            migrations.AddConstraint(
                model_name='evidencerequest',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'overdue', 'dropped'])), name='claims_evidencerequest_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='evidencerequest',
                constraint=models.CheckConstraint(condition=models.Q(('requested_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('requested_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_evidencerequest_requested_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='evidencerequest',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_evidencerequest_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='evidencerequest',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='request_is_open_or_has_an_end'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidencerequest',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='8ff075fec015c9c1ef028896afa37109f688838c', operation='UPDATE', pgid='pgtrigger_closed_for_ever_1f7d0', table='claims_evidencerequest', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='evidenceletter',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['asked', 'halfway', 'three_days', 'extended', 'dropped'])), name='claims_evidenceletter_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='evidenceletter',
                constraint=models.CheckConstraint(condition=models.Q(('made_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('made_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_evidenceletter_made_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='evidenceletter',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['ko', 'en'])), name='evidence_letter_language_is_known'),
            ),
            migrations.AddConstraint(
                model_name='evidenceletter',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='evidence_letter_hash_is_hex'),
            ),
            migrations.AddConstraint(
                model_name='evidenceletter',
                constraint=models.UniqueConstraint(fields=('request', 'kind'), name='letter_about_a_request_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidenceletter',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='e295c11d4e6e4934329b9f1c63433e34dee57993', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_61a14', table='claims_evidenceletter', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='factevidence',
                constraint=models.UniqueConstraint(fields=('fact', 'file'), name='fact_rests_on_a_file_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='factevidence',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='cad21b362ba82f57ce53345092225f624f266736', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_7b1fc', table='claims_factevidence', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='factevidence',
                trigger=pgtrigger.compiler.Trigger(name='rests_on_what_was_accepted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (SELECT 1 FROM claims_evidencereview r JOIN claims_evidencefile f ON f.id = r.file_id\n                                     JOIN claims_fact t ON t.claim_id = f.claim_id\n                                    WHERE r.file_id = NEW.file_id AND r.accepted AND t.id = NEW.fact_id) THEN\n                        RAISE EXCEPTION 'evidence_not_accepted: fact % does not rest on file %', NEW.fact_id, NEW.file_id\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='ec8615618d72b9e9b37897ee64d8c3d97d464178', operation='INSERT', pgid='pgtrigger_rests_on_what_was_accepted_a6dcc', table='claims_factevidence', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='goodwillbudget',
                constraint=models.UniqueConstraint(fields=('incident', 'currency'), name='goodwill_budget_is_one_row'),
            ),
            migrations.AddConstraint(
                model_name='goodwillbudget',
                constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='goodwill_currency_is_three_capitals'),
            ),
            migrations.AddConstraint(
                model_name='goodwillbudget',
                constraint=models.CheckConstraint(condition=models.Q(('spent_minor__gte', 0), ('spent_minor__lte', models.F('amount_minor'))), name='goodwill_stays_within_its_budget'),
            ),
            migrations.AddConstraint(
                model_name='evidenceitem',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'received', 'missing', 'dropped'])), name='claims_evidenceitem_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='evidenceitem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('policy', ''), _negated=True), models.Q(('document', ''), _negated=True), models.Q(('fact', ''), _negated=True), ('digest', '')), models.Q(('digest__regex', '^[0-9a-f]{64}$'), ('document', ''), ('fact', ''), ('loss__isnull', True), ('policy', '')), _connector='OR'), name='item_is_listed_or_in_words'),
            ),
            migrations.AddConstraint(
                model_name='evidenceitem',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('document', ''), _negated=True)), fields=('claim', 'policy', 'document', 'fact', 'loss'), name='document_is_asked_once_at_a_time', nulls_distinct=False),
            ),
            migrations.AddConstraint(
                model_name='appealpoint',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['fact', 'rule', 'line', 'record', 'other'])), name='claims_appealpoint_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='appealpoint',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('fact', ''), _negated=True), ('kind', 'fact'), ('policy', ''), ('position__isnull', True), ('rule', ''), ('service__isnull', True)), models.Q(models.Q(models.Q(('policy', ''), _negated=True), models.Q(('rule', ''), _negated=True)), ('fact', ''), ('kind', 'rule'), ('loss__isnull', True), ('position__isnull', True), ('service__isnull', True)), models.Q(models.Q(('position__isnull', False)), ('fact', ''), ('kind', 'line'), ('loss__isnull', True), ('policy', ''), ('rule', ''), ('service__isnull', True)), models.Q(models.Q(('service__isnull', False)), ('fact', ''), ('kind', 'record'), ('loss__isnull', True), ('policy', ''), ('position__isnull', True), ('rule', '')), models.Q(models.Q(('digest', ''), _negated=True), ('fact', ''), ('kind', 'other'), ('loss__isnull', True), ('policy', ''), ('position__isnull', True), ('rule', ''), ('service__isnull', True)), _connector='OR'), name='point_says_what_its_kind_says'),
            ),
            migrations.AddConstraint(
                model_name='appealpoint',
                constraint=models.CheckConstraint(condition=models.Q(('digest', ''), ('digest__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='digest_of_words_is_hex'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appealpoint',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='751693b588c09d8636e13e77197bc2b5b8ea0cdf', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_8569d', table='claims_appealpoint', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='pattern',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['account', 'phone', 'email', 'payee', 'document', 'device', 'name'])), name='claims_pattern_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='pattern',
                constraint=models.CheckConstraint(condition=models.Q(('counted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('counted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_pattern_counted_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='pattern',
                constraint=models.UniqueConstraint(fields=('incident', 'kind', 'digest'), name='key_is_a_pattern_once'),
            ),
            migrations.AddConstraint(
                model_name='pattern',
                constraint=models.CheckConstraint(condition=models.Q(('claims__gt', 10)), name='pattern_is_of_many_claims'),
            ),
            migrations.AddConstraint(
                model_name='paymentrun',
                constraint=models.CheckConstraint(condition=models.Q(('made_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('made_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_paymentrun_made_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='paymentrun',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='payment_run_hash_is_sha256_hex'),
            ),
            migrations.AddConstraint(
                model_name='paymentrun',
                constraint=models.CheckConstraint(condition=models.Q(('items__gte', 1)), name='payment_run_pays_something'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='paymentrun',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='53de76dc8849c60d6cdae30a2e3e0fa10bc75dfc', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f0639', table='claims_paymentrun', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='paymentitem',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'paid', 'failed'])), name='claims_paymentitem_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='paymentitem',
                constraint=models.CheckConstraint(condition=models.Q(('told_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('told_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_paymentitem_told_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='paymentitem',
                constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='payment_item_pays_something'),
            ),
            migrations.AddConstraint(
                model_name='paymentitem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), ('told_at__isnull', True), ('told_by__isnull', True)), models.Q(models.Q(('state', 'sent'), _negated=True), ('told_at__isnull', False), ('told_by__isnull', False)), _connector='OR'), name='somebody_tells_what_became_of_an_item'),
            ),
            migrations.AddConstraint(
                model_name='paymentitem',
                constraint=models.UniqueConstraint(fields=('run', 'claim', 'remedy', 'unit', 'currency'), name='run_pays_a_claim_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='paymentitem',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'sent\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='5bb9fcd9006306ba5c1173f9710a54fbd0505377', operation='UPDATE', pgid='pgtrigger_closed_for_ever_e9406', table='claims_paymentitem', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='paymentitem',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'item', array_agg(a.id ORDER BY a.id), count(*) FROM later a JOIN earlier b USING (id) WHERE a.state = 'paid' AND b.state <> 'paid' HAVING count(*) > 0;\nRETURN NULL;\n", hash='3e5bc16e50c42d35fe01c64e40c6851b0ca4113f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_tells_tallies_9cfde', referencing='REFERENCING OLD TABLE AS earlier  NEW TABLE AS later ', table='claims_paymentitem', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='payout',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['first', 'top_up', 'recovery', 'written_off', 'undone', 'goodwill'])), name='claims_payout_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='payout',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_payout_created_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='payout',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['first', 'top_up', 'goodwill']), ('quantity__gt', 0)), models.Q(('kind', 'recovery'), ('quantity__lt', 0)), models.Q(('kind__in', ['written_off', 'undone']), models.Q(('quantity', 0), _negated=True)), _connector='OR'), name='payout_has_the_sign_of_its_kind'),
            ),
            migrations.AddConstraint(
                model_name='payout',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['goodwill', 'undone']), ('remedy', 'goodwill'), models.Q(('currency', ''), _negated=True)), models.Q(models.Q(('remedy', 'goodwill'), _negated=True), models.Q(('kind', 'goodwill'), _negated=True)), _connector='OR'), name='goodwill_is_a_remedy_of_its_own'),
            ),
            migrations.AddConstraint(
                model_name='payout',
                constraint=models.UniqueConstraint(models.F('decision'), models.F('policy'), models.F('rule'), models.F('remedy'), models.F('unit'), models.F('currency'), models.F('kind'), django.db.models.functions.math.Sign('quantity'), name='decision_pays_a_difference_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='payout',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='6a3b90c62c475044db61938b19a08c4d492dc7f3', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_a9a94', table='claims_payout', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='payout',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'payout', array_agg(a.id ORDER BY a.id), count(*) FROM added a WHERE a.kind <> 'written_off' HAVING count(*) > 0;\nRETURN NULL;\n", hash='2d60ab7d48d59bfbcc0886671c357e2c1e450f7a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tells_tallies_feb0d', referencing='REFERENCING NEW TABLE AS added ', table='claims_payout', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='paymentpart',
                constraint=models.UniqueConstraint(condition=models.Q(('live', True)), fields=('payout',), name='payout_goes_out_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='paymentpart',
                trigger=pgtrigger.compiler.Trigger(name='let_go_by_a_failed_item', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.live OR NOT EXISTS (SELECT 1 FROM claims_paymentitem i\n                                                WHERE i.id = NEW.item_id AND i.state = 'failed') THEN\n                        RAISE EXCEPTION 'payout_sent: payout % is in an item that has not failed', NEW.payout_id\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='75f5e8b22effe766856438a4132fa020dc6e327a', operation='UPDATE', pgid='pgtrigger_let_go_by_a_failed_item_1a736', table='claims_paymentpart', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='cohort',
                constraint=models.UniqueConstraint(fields=('policy', 'incident'), name='cohort_is_one_row'),
            ),
            migrations.AddConstraint(
                model_name='cohort',
                constraint=models.CheckConstraint(condition=models.Q(('approved__lte', models.F('alarm_above'))), name='cohort_stops_at_its_alarm'),
            ),
            migrations.AddConstraint(
                model_name='automaticpause',
                constraint=models.CheckConstraint(condition=models.Q(('set_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('set_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_automaticpause_set_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='automaticpause',
                constraint=models.CheckConstraint(condition=models.Q(('lifted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('lifted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_automaticpause_lifted_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='automaticpause',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='pause_is_lifted_by_somebody'),
            ),
            migrations.AddConstraint(
                model_name='automaticpause',
                constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('policy', 'incident'), name='policy_is_paused_once', nulls_distinct=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='automaticpause',
                trigger=pgtrigger.compiler.Trigger(name='lifted_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."lifted_at" IS NOT NULL)', func="\n                    RAISE EXCEPTION 'closed_for_ever: pause % was lifted', OLD.id\n                        USING ERRCODE = 'integrity_constraint_violation';\n                ", hash='68d8372bff19a35c87ef6ab6d41a217217417000', operation='UPDATE', pgid='pgtrigger_lifted_for_ever_5964f', table='claims_automaticpause', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='draftrevision',
                constraint=models.CheckConstraint(condition=models.Q(('written_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('written_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_draftrevision_written_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='draftrevision',
                constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='draft_revision_number_from_one'),
            ),
            migrations.AddConstraint(
                model_name='draftrevision',
                constraint=models.UniqueConstraint(fields=('draft', 'number'), name='draft_revision_number_is_given_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='draftrevision',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='27cc38b5b1605a3a61a59fb5abb38ee8336487d6', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_33b05', table='claims_draftrevision', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='entitlementline',
                constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['eligible', 'not_eligible', 'unknown', 'needs_review', 'parked'])), name='claims_entitlementline_outcome_is_known'),
            ),
            migrations.AddConstraint(
                model_name='entitlementline',
                constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='line_quantity_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='entitlementline',
                constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='line_currency_is_three_capitals'),
            ),
            migrations.AddConstraint(
                model_name='entitlementline',
                constraint=models.CheckConstraint(condition=models.Q(('counted_seconds__gte', 0)), name='line_counts_no_negative_time'),
            ),
            migrations.AddConstraint(
                model_name='entitlementline',
                constraint=models.UniqueConstraint(fields=('assessment', 'position'), name='assessment_has_a_line_position_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='entitlementline',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='baa8a55557cc9ebce0ce16fc12dffe627e4ca0f8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fa948', table='claims_entitlementline', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(('incidents_from__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('incidents_from__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policyversion_incidents_from_in_range'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(('incidents_before__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('incidents_before__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policyversion_incidents_before_in_range'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policyversion_published_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(('incidents_before__gt', models.F('incidents_from'))), name='policy_validity_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='policy_version_number_from_one'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_by__isnull', True), ('revision__isnull', True)), models.Q(('published_by__isnull', False), ('revision__isnull', False)), _connector='OR'), name='a_person_publishes_a_draft_and_nothing_else'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='pack_hash_is_sha256_hex'),
            ),
            migrations.AddConstraint(
                model_name='policyversion',
                constraint=models.UniqueConstraint(fields=('policy', 'number'), name='policy_version_number_is_given_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='policyversion',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='2b88eef0040f28feadf6440fa324ce4e0aec10a9', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_892e4', table='claims_policyversion', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='policyversion',
                trigger=pgtrigger.compiler.Trigger(name='second_person', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM claims_draftrevision mine JOIN claims_draftrevision other\n                                   ON other.draft_id = mine.draft_id\n                                WHERE mine.id = NEW.revision_id AND other.written_by_id = NEW.published_by_id) THEN\n                        RAISE EXCEPTION 'second_person: user % wrote at this draft', NEW.published_by_id\n                            USING ERRCODE = 'integrity_constraint_violation',\n                                  HINT = 'Somebody who wrote none of its revisions publishes it.';\n                    END IF;\n                    RETURN NEW;\n                ", hash='9da979c6cdbcb02f838369d0b8524d2b88d74d3d', operation='INSERT', pgid='pgtrigger_second_person_bb18b', table='claims_policyversion', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='policyrule',
                constraint=models.UniqueConstraint(fields=('version', 'code'), name='version_has_a_rule_once'),
            ),
            migrations.AddConstraint(
                model_name='policyrule',
                constraint=models.UniqueConstraint(fields=('version', 'position'), name='version_has_a_rule_position_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='policyrule',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='c1ad9d9d467b911a42fa3b0f92643cf7c5e4b47c', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_edc2b', table='claims_policyrule', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='policydraft',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'published', 'discarded'])), name='claims_policydraft_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='policydraft',
                constraint=models.CheckConstraint(condition=models.Q(('opened_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('opened_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policydraft_opened_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='policydraft',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policydraft_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='policydraft',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='draft_is_open_or_has_an_end'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='policydraft',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='2f850e2fd809f57a7a5097eec5b139c65598bb48', operation='UPDATE', pgid='pgtrigger_closed_for_ever_04ff6', table='claims_policydraft', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='reassessmentdue',
                index=models.Index(fields=['incident', 'id'], include=('claim',), name='due_by_incident'),
            ),
            migrations.AddConstraint(
                model_name='reassessmentdue',
                constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['revision', 'record', 'policy', 'comparison'])), name='claims_reassessmentdue_cause_is_known'),
            ),
            migrations.AddConstraint(
                model_name='reassessmentdue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_reassessmentdue_created_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='replyversion',
                constraint=models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_replyversion_published_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='replyversion',
                constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='reply_number_from_one'),
            ),
            migrations.AddConstraint(
                model_name='replyversion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kinds', []), _negated=True), ('kinds__contained_by', ['claim', 'impact', 'question', 'complaint', 'thanks'])), name='reply_answers_known_kinds'),
            ),
            migrations.AddConstraint(
                model_name='replyversion',
                constraint=models.CheckConstraint(condition=models.Q(('title_ko', ''), ('title_en', ''), ('body_ko', ''), ('body_en', ''), _connector='OR', _negated=True), name='reply_is_in_both_languages'),
            ),
            migrations.AddConstraint(
                model_name='replyversion',
                constraint=models.UniqueConstraint(fields=('template', 'number'), name='reply_number_is_given_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='replyversion',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='452154b5c1368056efd6eb69b37c9c3083085631', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_163fb', table='claims_replyversion', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='letter',
                constraint=models.CheckConstraint(condition=models.Q(('made_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('made_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_letter_made_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='letter',
                constraint=models.CheckConstraint(condition=models.Q(('language__in', ['ko', 'en'])), name='letter_language_is_known'),
            ),
            migrations.AddConstraint(
                model_name='letter',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='letter_hash_is_sha256_hex'),
            ),
            migrations.AddConstraint(
                model_name='letter',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', False), ('reply__isnull', True)), models.Q(('assessment__isnull', True), ('decision__isnull', True), ('reply__isnull', False)), _connector='OR'), name='letter_tells_a_decision_or_replies'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='letter',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='04656295fd3a79a673e0b6525f0eb6b03d6cf95e', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_e62b4', table='claims_letter', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='bulkrun',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='open_bulk_runs'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(('what__in', ['approve', 'reject', 'answer'])), name='claims_bulkrun_what_is_known'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'proposed', 'open', 'done', 'dropped'])), name='claims_bulkrun_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(('made_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('made_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_bulkrun_made_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(('begun_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('begun_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_bulkrun_begun_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(('finished_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('finished_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_bulkrun_finished_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('what', 'reject'), _negated=True), models.Q(('reasons', []), _negated=True), _connector='OR'), name='bulk_rejection_has_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('reply__isnull', False), ('what', 'answer')), models.Q(models.Q(('what', 'answer'), _negated=True), ('reply__isnull', True)), _connector='OR'), name='bulk_answer_has_a_template'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('made_by')), _negated=True), _connector='OR'), name='bulk_run_is_confirmed_by_another'),
            ),
            migrations.AddConstraint(
                model_name='bulkrun',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('begun_at__isnull', False), ('state__in', ['open', 'done'])), models.Q(('begun_at__isnull', True), ('state__in', ['drafted', 'proposed', 'dropped'])), _connector='OR'), name='bulk_run_begins_once_it_is_open'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='bulkrun',
                trigger=pgtrigger.compiler.Trigger(name='ends_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'done\', \'dropped\'))', func="\n                    RAISE EXCEPTION 'closed_for_ever: bulk run % is %', OLD.id, OLD.state\n                        USING ERRCODE = 'integrity_constraint_violation';\n                ", hash='d8678c236e7c625e4a1e581526e5639a4c724dbb', operation='UPDATE', pgid='pgtrigger_ends_for_ever_90a63', table='claims_bulkrun', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='settlementdue',
                index=models.Index(fields=['attempts', 'chunk'], name='settlements_in_turn'),
            ),
            migrations.AddConstraint(
                model_name='settlementdue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_settlementdue_created_at_in_range'),
            ),
            migrations.AddIndex(
                model_name='runchunk',
                index=models.Index(condition=models.Q(('state', 'todo')), fields=['run', 'attempts', 'number'], name='chunks_to_do'),
            ),
            migrations.AddIndex(
                model_name='runchunk',
                index=models.Index(condition=models.Q(('state', 'quarantined')), fields=['first_claim_id'], name='quarantined_claims'),
            ),
            migrations.AddConstraint(
                model_name='runchunk',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['todo', 'done', 'split', 'quarantined', 'superseded'])), name='claims_runchunk_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='runchunk',
                constraint=models.CheckConstraint(condition=models.Q(('attempted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('attempted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_runchunk_attempted_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='runchunk',
                constraint=models.CheckConstraint(condition=models.Q(('done_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('done_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_runchunk_done_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='runchunk',
                constraint=models.CheckConstraint(condition=models.Q(('first_claim_id__lte', models.F('last_claim_id'))), name='chunk_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='runchunk',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'quarantined'), _negated=True), ('first_claim_id', models.F('last_claim_id')), _connector='OR'), name='only_one_claim_is_quarantined'),
            ),
            migrations.AddConstraint(
                model_name='runchunk',
                constraint=models.UniqueConstraint(fields=('run', 'number'), name='run_has_a_chunk_number_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='runchunk',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'todo\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='be6a6920ff55492736456b06fe653bc8012b00d0', operation='UPDATE', pgid='pgtrigger_closed_for_ever_335d7', table='claims_runchunk', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.CheckConstraint(condition=models.Q(('assessed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('assessed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_assessment_assessed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.UniqueConstraint(fields=('claim', 'run'), name='run_assesses_a_claim_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessment',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='202b0283fe13f638b6bdf1057e1040f87e8ad19f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_55641', table='claims_assessment', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='savedview',
                constraint=models.UniqueConstraint(fields=('user', 'name'), name='view_has_a_name_once'),
            ),
            migrations.AddConstraint(
                model_name='savedview',
                constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='view_has_a_name'),
            ),
            migrations.AddConstraint(
                model_name='skill',
                constraint=models.UniqueConstraint(fields=('user', 'service'), name='skill_is_one_row'),
            ),
            migrations.AddIndex(
                model_name='sortdue',
                index=models.Index(fields=['attempts', 'id'], name='sorts_in_turn'),
            ),
            migrations.AddConstraint(
                model_name='sortdue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_sortdue_created_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='tally',
                constraint=models.CheckConstraint(condition=models.Q(('what__in', ['intake', 'open', 'approved', 'paid', 'refused', 'impact'])), name='claims_tally_what_is_known'),
            ),
            migrations.AddConstraint(
                model_name='tally',
                constraint=models.CheckConstraint(condition=models.Q(('hour_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('hour_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_tally_hour_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='tally',
                constraint=models.UniqueConstraint(fields=('incident', 'what', 'hour_at', 'key', 'unit'), name='tally_of_an_hour_is_one_row'),
            ),
            migrations.AddConstraint(
                model_name='tally',
                constraint=models.CheckConstraint(condition=models.Q(('count__gte', 0)), name='tally_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='termsinforce',
                constraint=models.CheckConstraint(condition=models.Q(('since_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('since_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_termsinforce_since_at_in_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='termsinforce',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='3245b2b602813fab22a0dc594e898a0b8d27480f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_ee8e5', table='claims_termsinforce', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='twin',
                index=models.Index(models.OrderBy(models.F('score'), descending=True), models.F('id'), condition=models.Q(('state', 'open')), name='open_twins_by_score'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'dismissed'])), name='claims_twin_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(('found_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('found_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_twin_found_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(('dismissed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('dismissed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_twin_dismissed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.UniqueConstraint(fields=('claim', 'other'), name='pair_is_a_twin_once', nulls_distinct=False),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(('other__lt', models.F('claim'))), name='twin_names_the_earlier_claim_second'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 100)), name='twin_score_is_of_100'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(('reasons', []), _negated=True), name='twin_has_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='twin',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('dismissed_at__isnull', True), ('dismissed_by__isnull', True), ('state', 'open')), models.Q(('dismissed_at__isnull', False), ('dismissed_by__isnull', False), ('state', 'dismissed')), _connector='OR'), name='a_person_dismisses_a_twin'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='twin',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='98b13ff208d27d00f6309582d3c7e75f1a7860f9', operation='UPDATE', pgid='pgtrigger_closed_for_ever_8badb', table='claims_twin', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='twindue',
                index=models.Index(fields=['attempts', 'id'], name='twins_in_turn'),
            ),
            migrations.AddConstraint(
                model_name='twindue',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_twindue_created_at_in_range'),
            ),
            migrations.AddIndex(
                model_name='usage',
                index=models.Index(fields=['service', 'start_at', 'end_at'], name='usage_by_service_and_span'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['ride', 'shift', 'subscription'])), name='claims_usage_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_start_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_end_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('locked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('locked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_locked_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_recorded_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='usage_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('charge_minor__gte', 0)), name='usage_charge_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), models.Q(('charge_minor__isnull', True), ('currency', '')), _connector='OR'), name='usage_charge_has_a_currency_of_three_capitals'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.CheckConstraint(condition=models.Q(('external_id', ''), _negated=True), name='usage_has_an_external_id'),
            ),
            migrations.AddConstraint(
                model_name='usage',
                constraint=models.UniqueConstraint(fields=('partner', 'external_id'), name='partner_reports_a_usage_once', nulls_distinct=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='usage',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='8613f0a9592048f7b7d38290e775066c041b2b07', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_29d6b', table='claims_usage', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='loss',
                index=models.Index(models.F('service'), models.Func('end_at', 'start_at', arg_joiner=' - ', template="coalesce(width_bucket(date_part('epoch', %(expressions)s), '{64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432}'::float8[]), 99)"), models.F('start_at'), models.F('end_at'), include=('claim',), name='loss_by_service_and_length'),
            ),
            migrations.AddIndex(
                model_name='loss',
                index=models.Index(models.F('usage'), condition=models.Q(('usage__isnull', False)), include=('claim',), name='loss_by_usage'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['told', 'derived'])), name='claims_loss_origin_is_known'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_loss_start_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_loss_end_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='loss_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='loss_revision_from_one'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'told'), ('usage__isnull', True), ('via__isnull', True)), models.Q(('origin', 'derived'), ('usage__isnull', False)), _connector='OR'), name='loss_has_a_usage_if_and_only_if_derived'),
            ),
            migrations.AddConstraint(
                model_name='loss',
                constraint=models.UniqueConstraint(fields=('claim', 'usage', 'service'), name='usage_loses_a_service_once_per_claim'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='loss',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='a997d56b62855b4b1bf8f0d4c230585928bd8645', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b4087', table='claims_loss', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='loss',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'loss', array_agg(a.id ORDER BY a.id), count(*) FROM added a HAVING count(*) > 0;\nRETURN NULL;\n", hash='5cf9398d5616f1594c4a06e55923892844dcac26', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tells_tallies_2e099', referencing='REFERENCING NEW TABLE AS added ', table='claims_loss', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='fact',
                constraint=models.CheckConstraint(condition=models.Q(('provenance__in', ['claimant', 'partner', 'staff'])), name='claims_fact_provenance_is_known'),
            ),
            migrations.AddConstraint(
                model_name='fact',
                constraint=models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_fact_recorded_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='fact',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('int_value__isnull', True), ('text_value__isnull', False)), models.Q(('int_value__isnull', False), ('text_value__isnull', True)), _connector='OR'), name='fact_has_one_value'),
            ),
            migrations.AddConstraint(
                model_name='fact',
                constraint=models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z][a-z0-9_]*$')), name='fact_name_is_lower_snake'),
            ),
            migrations.AddConstraint(
                model_name='fact',
                constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='fact_revision_from_one'),
            ),
            migrations.AddConstraint(
                model_name='fact',
                constraint=models.CheckConstraint(condition=models.Q(('text_value__regex', '[\\x01-\\x1f\\x7f]'), _negated=True), name='fact_text_is_printable'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='fact',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='f883e089b87154397383b1231fd50623f3e2a05a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_56b6f', table='claims_fact', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('review', 'queued')), fields=['answer_due_date', 'claim'], name='queue_by_deadline'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('review', 'queued')), fields=['service', 'answer_due_date', 'claim'], name='queue_by_service'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('review', 'queued')), fields=['kind', 'answer_due_date', 'claim'], name='queue_by_kind'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('review', 'queued')), fields=['incident', 'answer_due_date', 'claim'], name='queue_by_incident'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('review', 'queued')), fields=['reasons'], name='queue_by_reason'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('review', 'queued')), fields=['amount_minor'], name='queue_by_amount'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('review__in', ['received', 'queued']), _negated=True), fields=['review', 'answer_due_date', 'claim'], name='claims_by_review'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee', 'answer_due_date', 'claim'], name='claims_of_a_reviewer'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('payment', 'due')), fields=['moved_at', 'claim'], name='payments_due_in_turn'),
            ),
            migrations.AddIndex(
                model_name='claimstatus',
                index=models.Index(condition=models.Q(('payment', 'due')), fields=['claim'], name='payments_due_by_claim'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('review__in', ['received', 'queued', 'in_review', 'awaiting_claimant', 'proposed', 'held', 'closed', 'withdrawn', 'merged'])), name='claims_claimstatus_review_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['undecided', 'approved', 'rejected', 'answered'])), name='claims_claimstatus_decision_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('payment__in', ['nothing', 'due', 'sent', 'paid', 'recovery'])), name='claims_claimstatus_payment_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['unsorted', 'claim', 'impact', 'question', 'complaint', 'thanks'])), name='claims_claimstatus_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('moved_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('moved_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claimstatus_moved_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('queued_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('queued_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claimstatus_queued_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(('snoozed_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('snoozed_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claimstatus_snoozed_until_in_range'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('review', 'in_review'), _negated=True), ('assignee__isnull', False), _connector='OR'), name='somebody_reviews_what_is_in_review'),
            ),
            migrations.AddConstraint(
                model_name='claimstatus',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ['approved', 'rejected']), ('stands__isnull', False)), models.Q(('decision__in', ['undecided', 'answered']), ('stands__isnull', True)), _connector='OR'), name='what_is_approved_or_rejected_has_a_decision'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimstatus',
                trigger=pgtrigger.compiler.Trigger(name='begins_at_the_beginning', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE wrong bigint;', func="\nSELECT claim_id INTO wrong FROM added\n WHERE review <> 'received' OR decision <> 'undecided' OR payment <> 'nothing' OR moves <> 0 LIMIT 1;\nIF FOUND THEN\n    RAISE EXCEPTION 'transition_not_allowed: claim % begins as received, undecided, nothing', wrong\n        USING ERRCODE = 'integrity_constraint_violation';\nEND IF;\nRETURN NULL;\n", hash='88f6aa96fffa227246440b2c7b4ef614cdea0bd5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_begins_at_the_beginning_f4986', referencing='REFERENCING NEW TABLE AS added ', table='claims_claimstatus', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimstatus',
                trigger=pgtrigger.compiler.Trigger(name='moves_as_listed', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE wrong text;', func='\nEXECUTE $check$\n    SELECT min(l.claim_id)::text FROM later l LEFT JOIN earlier e USING (claim_id)\n     WHERE e.claim_id IS NULL OR e.incident_id <> l.incident_id\n$check$ INTO wrong;\nIF wrong IS NOT NULL THEN\n    RAISE EXCEPTION \'append_only: the status of a claim stays its own\' USING ERRCODE = \'integrity_constraint_violation\';\nEND IF;\nEXECUTE $check$\n    SELECT min(format(\'%s of claim %s from %s to %s\', m.of, l.claim_id, was, becomes))\n      FROM later l JOIN earlier e USING (claim_id)\n     CROSS JOIN LATERAL (VALUES (\'review\', e.review, l.review, false), (\'payment\', e.payment, l.payment, false),\n           (\'decision\', e.decision, l.decision, l.stands_id IS NOT NULL AND e.stands_id IS DISTINCT FROM l.stands_id)\n           ) AS m(of, was, becomes, anew)\n     WHERE (was <> becomes OR anew) AND m.of || \' \' || was || \' \' || becomes <> ALL (\'{"review received queued","review received closed","review received held","review received withdrawn","review received merged","review queued in_review","review queued closed","review queued held","review queued withdrawn","review queued merged","review in_review queued","review in_review awaiting_claimant","review in_review proposed","review in_review closed","review in_review held","review in_review withdrawn","review in_review merged","review awaiting_claimant queued","review awaiting_claimant closed","review awaiting_claimant held","review awaiting_claimant withdrawn","review awaiting_claimant merged","review proposed queued","review proposed closed","review proposed held","review proposed withdrawn","review held queued","review held withdrawn","review held merged","review closed queued","review withdrawn queued","review merged queued","decision undecided approved","decision undecided rejected","decision undecided answered","decision approved approved","decision approved rejected","decision approved undecided","decision rejected rejected","decision rejected approved","decision rejected undecided","decision answered approved","decision answered rejected","decision answered undecided","payment nothing due","payment due nothing","payment due sent","payment due paid","payment due recovery","payment sent nothing","payment sent due","payment sent paid","payment sent recovery","payment paid due","payment paid recovery","payment recovery paid","payment recovery due"}\'::text[])\n$check$ INTO wrong;\nIF wrong IS NOT NULL THEN\n    RAISE EXCEPTION \'transition_not_allowed: %\', wrong USING ERRCODE = \'integrity_constraint_violation\';\nEND IF;\nEXECUTE $check$\n    SELECT min(l.claim_id)::text\n      FROM later l JOIN earlier e USING (claim_id)\n     WHERE l.stands_id IS NOT NULL AND e.stands_id IS DISTINCT FROM l.stands_id\n       AND NOT EXISTS (SELECT 1 FROM claims_decision d\n                        WHERE d.id = l.stands_id AND d.claim_id = l.claim_id AND d.approved = (l.decision = \'approved\')\n                          AND NOT EXISTS (SELECT 1 FROM claims_decisionundone u WHERE u.decision_id = d.id))\n$check$ INTO wrong;\nIF wrong IS NOT NULL THEN\n    RAISE EXCEPTION \'transition_not_allowed: what stands of claim % is no such decision\', wrong\n        USING ERRCODE = \'integrity_constraint_violation\';\nEND IF;\nEXECUTE $check$\n    SELECT min(l.claim_id)::text\n      FROM later l JOIN earlier e USING (claim_id)\n     WHERE l.decision = \'answered\' AND e.decision <> \'answered\'\n       AND NOT EXISTS (SELECT 1 FROM claims_letter r WHERE r.claim_id = l.claim_id AND r.reply_id IS NOT NULL)\n$check$ INTO wrong;\nIF wrong IS NOT NULL THEN\n    RAISE EXCEPTION \'transition_not_allowed: claim % is answered by no letter\', wrong\n        USING ERRCODE = \'integrity_constraint_violation\';\nEND IF;\nEXECUTE $check$\n    SELECT min(format(\'move %s of claim %s\', l.moves, l.claim_id))\n      FROM later l JOIN earlier e USING (claim_id)\n     WHERE (l.review, l.decision, l.payment, l.stands_id, l.moves)\n               IS DISTINCT FROM (e.review, e.decision, e.payment, e.stands_id, e.moves)\n       AND (l.moves <> e.moves + 1\n            OR NOT EXISTS (SELECT 1 FROM claims_event v\n                            WHERE v.claim_id = l.claim_id AND v.move = l.moves\n                              AND v.transaction = pg_current_xact_id()::text::bigint))\n$check$ INTO wrong;\nIF wrong IS NOT NULL THEN\n    RAISE EXCEPTION \'move_without_event: % has no event in this transaction\', wrong\n        USING ERRCODE = \'integrity_constraint_violation\';\nEND IF;\nRETURN NULL;\n', hash='a89752095a61cbcdd2544b93ab83b81383f76a65', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_moves_as_listed_ccf42', referencing='REFERENCING OLD TABLE AS earlier  NEW TABLE AS later ', table='claims_claimstatus', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimstatus',
                trigger=pgtrigger.compiler.Trigger(name='is_not_taken_away', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nRAISE EXCEPTION 'append_only: a claim has its status for ever' USING ERRCODE = 'integrity_constraint_violation';\n", hash='8b01aa7fa99f329b6c76a4f6f46a71ddf298ead0', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_is_not_taken_away_a116a', table='claims_claimstatus', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='claimentry',
                constraint=models.CheckConstraint(condition=models.Q(('received_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('received_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claimentry_received_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='claimentry',
                constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['phone', 'chatbot', 'post', 'email', 'counter'])), name='entry_came_by_a_channel_of_people'),
            ),
            migrations.AddConstraint(
                model_name='claimentry',
                constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='entry_revision_from_one'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimentry',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='d5e44f0eb94b24aa800102ab3680e31466bad673', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b8170', table='claims_claimentry', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='message',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='message_says_something'),
            ),
            migrations.AddConstraint(
                model_name='decisionundone',
                constraint=models.CheckConstraint(condition=models.Q(('undone_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('undone_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_decisionundone_undone_at_in_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decisionundone',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='c0920c476b13e3db063b1206f6d0ff4201186820', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_98d2e', table='claims_decisionundone', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decisionundone',
                trigger=pgtrigger.compiler.Trigger(name='tells_tallies', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO claims_tallydue (source, rows, size)\nSELECT 'undone', array_agg(a.decision_id ORDER BY a.decision_id), count(*) FROM added a HAVING count(*) > 0;\nRETURN NULL;\n", hash='c1217d052648442ba5d5528e8f90ac2168ef7454', level='STATEMENT', operation='INSERT', pgid='pgtrigger_tells_tallies_609a7', referencing='REFERENCING NEW TABLE AS added ', table='claims_decisionundone', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decisionundone',
                trigger=pgtrigger.compiler.Trigger(name='no_money_has_moved', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM claims_payout p JOIN claims_paymentpart x ON x.payout_id = p.id AND x.live\n                                WHERE p.decision_id = NEW.decision_id) THEN\n                        RAISE EXCEPTION 'money_moved: by decision % money has moved', NEW.decision_id\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='d142cfc95f13ed987805594ceb20c2b0eb8e55ed', operation='INSERT', pgid='pgtrigger_no_money_has_moved_11e29', table='claims_decisionundone', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='goodwill',
                index=models.Index(fields=['budget', 'decision'], name='goodwill_of_budget'),
            ),
            migrations.AddConstraint(
                model_name='goodwill',
                constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['hardship', 'late_answer', 'our_mistake', 'effort', 'just_outside', 'other'])), name='claims_goodwill_reason_is_known'),
            ),
            migrations.AddConstraint(
                model_name='goodwill',
                constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='goodwill_gives_something'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='goodwill',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='d7307ac91e645eae01aa9b700d3cad4ec9c5a20b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_5495f', table='claims_goodwill', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='evidencereview',
                constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['shows_it', 'shows_part', 'unreadable', 'incomplete', 'other_document', 'other_person', 'other_time', 'altered'])), name='claims_evidencereview_reason_is_known'),
            ),
            migrations.AddConstraint(
                model_name='evidencereview',
                constraint=models.CheckConstraint(condition=models.Q(('reviewed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('reviewed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_evidencereview_reviewed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='evidencereview',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted', True), ('reason__in', ['shows_it', 'shows_part'])), models.Q(('accepted', False), models.Q(('reason__in', ['shows_it', 'shows_part']), _negated=True)), _connector='OR'), name='reason_fits_what_was_found'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='evidencereview',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='885a15463a6edcef3c17fb1048caad3e50bb166e', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_7a98a', table='claims_evidencereview', when='BEFORE')),
            ),
        ]),
    ]
