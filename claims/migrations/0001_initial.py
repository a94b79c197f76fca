import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('services', '0001_initial'),
    ]

    operations = [
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
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'superseded'])), name='claims_assessmentrun_state_is_known'), models.CheckConstraint(condition=models.Q(('planned_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('planned_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_assessmentrun_planned_at_in_range'), models.CheckConstraint(condition=models.Q(('finished_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('finished_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_assessmentrun_finished_at_in_range'), models.CheckConstraint(condition=models.Q(('due_after__lt', models.F('due_horizon'))), name='run_answers_a_span_of_due_rows'), models.CheckConstraint(condition=models.Q(('total__gte', 1)), name='run_has_a_claim'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='run_is_finished_if_and_only_if_not_open'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'open')), expressions=[('incident', '='), (models.Func(models.F('due_after'), models.F('due_horizon'), models.Value('(]'), function='int8range'), '&&')], name='open_runs_of_an_incident_share_no_due_rows')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='Random; for people, like C-7K3M-9QWX.', max_length=20, unique=True)),
                ('origin', models.CharField(choices=[('filed', 'Filed'), ('partner', 'Partner'), ('proactive', 'Proactive')], max_length=20)),
                ('filed_at', models.DateTimeField()),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='services.incident')),
                ('partner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.partner')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.person')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('origin__in', ['filed', 'partner', 'proactive'])), name='claims_claim_origin_is_known'), models.CheckConstraint(condition=models.Q(('filed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('filed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claim_filed_at_in_range'), models.UniqueConstraint(fields=('person', 'incident'), name='person_has_one_claim_per_incident'), models.CheckConstraint(condition=models.Q(('reference__regex', '^C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$')), name='claim_reference_is_crockford_base32'), models.CheckConstraint(condition=models.Q(models.Q(('origin', 'partner'), _negated=True), ('partner__isnull', False), _connector='OR'), name='claim_of_partner_origin_names_the_partner')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(help_text="Number of the claim's revision that it saw.")),
                ('assessed_at', models.DateTimeField()),
                ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='assessments', to='claims.assessmentrun')),
                ('claim', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='assessments', to='claims.claim')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('assessed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('assessed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_assessment_assessed_at_in_range'), models.UniqueConstraint(fields=('claim', 'run'), name='run_assesses_a_claim_once')],
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
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='claims.claim')),
            ],
            options={
                'ordering': ['claim_id', 'number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('cause__in', ['filed', 'derived', 'corrected'])), name='claims_claimrevision_cause_is_known'), models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_claimrevision_created_at_in_range'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='revision_number_from_one'), models.UniqueConstraint(fields=('claim', 'number'), name='claim_has_a_revision_once')],
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
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident')),
                ('record_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.recordversion')),
            ],
            options={
                'verbose_name_plural': 'compiled terms',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_compiledterms_created_at_in_range'), models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='terms_hash_is_sha256_hex')],
            },
        ),
        migrations.AddField(
            model_name='assessmentrun',
            name='terms',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='claims.compiledterms'),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=60)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, help_text='Empty: the service.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='claims.claim')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_event_at_in_range')],
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
                'constraints': [models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_hint_created_at_in_range')],
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
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='claims.claim')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service')),
                ('via', models.ForeignKey(blank=True, db_index=False, help_text='The service that was used, where it depends on the lost one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service')),
            ],
            options={
                'verbose_name_plural': 'losses',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('origin__in', ['told', 'derived'])), name='claims_loss_origin_is_known'), models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_loss_start_at_in_range'), models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_loss_end_at_in_range'), models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='loss_ends_after_start'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='loss_revision_from_one')],
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
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z][a-z0-9_]*$')), name='policy_code_is_lower_snake')],
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
                ('assessment', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='claims.assessment')),
                ('loss', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='claims.loss')),
                ('rule', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='claims.policyrule')),
            ],
            options={
                'ordering': ['assessment_id', 'position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['eligible', 'not_eligible', 'unknown', 'needs_review', 'parked'])), name='claims_entitlementline_outcome_is_known'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='line_quantity_is_not_negative'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='line_currency_is_three_capitals'), models.CheckConstraint(condition=models.Q(('counted_seconds__gte', 0)), name='line_counts_no_negative_time'), models.UniqueConstraint(fields=('assessment', 'position'), name='assessment_has_a_line_position_once')],
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
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='claims.policy')),
                ('published_by', models.ForeignKey(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['policy_id', 'number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('incidents_from__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('incidents_from__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policyversion_incidents_from_in_range'), models.CheckConstraint(condition=models.Q(('incidents_before__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('incidents_before__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policyversion_incidents_before_in_range'), models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_policyversion_published_at_in_range'), models.CheckConstraint(condition=models.Q(('incidents_before__gt', models.F('incidents_from'))), name='policy_validity_ends_after_start'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='policy_version_number_from_one'), models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='pack_hash_is_sha256_hex'), models.UniqueConstraint(fields=('policy', 'number'), name='policy_version_number_is_given_once')],
            },
        ),
        migrations.AddField(
            model_name='policyrule',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='claims.policyversion'),
        ),
        migrations.CreateModel(
            name='ReassessmentDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('revision', 'Revision'), ('record', 'Record'), ('policy', 'Policy')], max_length=20)),
                ('created_at', models.DateTimeField()),
                ('claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='due', to='claims.claim')),
                ('incident', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.incident')),
            ],
            options={
                'verbose_name_plural': 'reassessments due',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('cause__in', ['revision', 'record', 'policy'])), name='claims_reassessmentdue_cause_is_known'), models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_reassessmentdue_created_at_in_range')],
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
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='claims.assessmentrun')),
            ],
            options={
                'ordering': ['run_id', 'number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['todo', 'done', 'split', 'quarantined', 'superseded'])), name='claims_runchunk_state_is_known'), models.CheckConstraint(condition=models.Q(('attempted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('attempted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_runchunk_attempted_at_in_range'), models.CheckConstraint(condition=models.Q(('done_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('done_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_runchunk_done_at_in_range'), models.CheckConstraint(condition=models.Q(('first_claim_id__lte', models.F('last_claim_id'))), name='chunk_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'quarantined'), _negated=True), ('first_claim_id', models.F('last_claim_id')), _connector='OR'), name='only_one_claim_is_quarantined'), models.UniqueConstraint(fields=('run', 'number'), name='run_has_a_chunk_number_once')],
            },
        ),
        migrations.AddField(
            model_name='assessment',
            name='chunk',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='assessments', to='claims.runchunk'),
        ),
        migrations.CreateModel(
            name='TermsInForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_at', models.DateTimeField()),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.incident')),
                ('terms', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.compiledterms')),
            ],
            options={
                'verbose_name_plural': 'terms in force',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('since_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('since_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_termsinforce_since_at_in_range')],
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
                ('partner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.partner')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='usages', to='accounts.person')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service')),
            ],
            options={
                'verbose_name_plural': 'usage',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['ride', 'shift', 'subscription'])), name='claims_usage_kind_is_known'), models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_start_at_in_range'), models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_end_at_in_range'), models.CheckConstraint(condition=models.Q(('locked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('locked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_locked_at_in_range'), models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_usage_recorded_at_in_range'), models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='usage_ends_after_start'), models.CheckConstraint(condition=models.Q(('charge_minor__gte', 0)), name='usage_charge_is_not_negative'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$'), models.Q(('charge_minor__isnull', True), ('currency', '')), _connector='OR'), name='usage_charge_has_a_currency_of_three_capitals'), models.CheckConstraint(condition=models.Q(('external_id', ''), _negated=True), name='usage_has_an_external_id'), models.UniqueConstraint(fields=('partner', 'external_id'), name='partner_reports_a_usage_once', nulls_distinct=False)],
            },
        ),
        migrations.AddField(
            model_name='loss',
            name='usage',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='claims.usage'),
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
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.claim')),
                ('loss', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.loss')),
                ('usage', models.ForeignKey(blank=True, db_index=False, help_text='Where it was read.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='claims.usage')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('provenance__in', ['claimant', 'partner', 'staff'])), name='claims_fact_provenance_is_known'), models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_fact_recorded_at_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('int_value__isnull', True), ('text_value__isnull', False)), models.Q(('int_value__isnull', False), ('text_value__isnull', True)), _connector='OR'), name='fact_has_one_value'), models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z][a-z0-9_]*$')), name='fact_name_is_lower_snake'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='fact_revision_from_one'), models.CheckConstraint(condition=models.Q(('text_value__regex', '[\\x01-\\x1f\\x7f]'), _negated=True), name='fact_text_is_printable')],
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
                'constraints': [models.CheckConstraint(condition=models.Q(('seen_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('seen_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='claims_workerbeat_seen_at_in_range')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='5330bb3a8e0533a4b5e84c81c453dd515690ccb1', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3aca0', table='claims_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimrevision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='2a1c3861172bdb1f195112bbff3e497a2e26eac6', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d6d26', table='claims_claimrevision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compiledterms',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='79ac0d8fd7e4e03d6edfebccebf4364d67c35a8b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fa95c', table='claims_compiledterms', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='event_by_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='c07ec261e0f94e36638950b80f93b227d55e00ee', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fa111', table='claims_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entitlementline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='baa8a55557cc9ebce0ce16fc12dffe627e4ca0f8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fa948', table='claims_entitlementline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='2b88eef0040f28feadf6440fa324ce4e0aec10a9', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_892e4', table='claims_policyversion', when='BEFORE')),
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
        migrations.AddIndex(
            model_name='reassessmentdue',
            index=models.Index(fields=['incident', 'id'], include=('claim',), name='due_by_incident'),
        ),
        migrations.AddIndex(
            model_name='runchunk',
            index=models.Index(condition=models.Q(('state', 'todo')), fields=['run', 'attempts', 'number'], name='chunks_to_do'),
        ),
        migrations.AddIndex(
            model_name='runchunk',
            index=models.Index(condition=models.Q(('state', 'quarantined')), fields=['first_claim_id'], name='quarantined_claims'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='202b0283fe13f638b6bdf1057e1040f87e8ad19f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_55641', table='claims_assessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='termsinforce',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='3245b2b602813fab22a0dc594e898a0b8d27480f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_ee8e5', table='claims_termsinforce', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usage',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='8613f0a9592048f7b7d38290e775066c041b2b07', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_29d6b', table='claims_usage', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='loss',
            index=models.Index(fields=['service', 'start_at', 'end_at'], include=('claim',), name='loss_by_service_and_span'),
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
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='f883e089b87154397383b1231fd50623f3e2a05a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_56b6f', table='claims_fact', when='BEFORE')),
        ),
    ]
