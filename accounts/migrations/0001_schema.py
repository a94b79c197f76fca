# What earlier migrations came to; a database that has them all needs nothing of it.

import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from services.schema import AtOnce


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_roles_views_and_partners'),
        ('accounts', '0003_people_found_by_what_reaches_them'),
        ('accounts', '0004_language_of_people'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='DataView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(choices=[('review', 'Review'), ('contact', 'Contact'), ('identity', 'Identity'), ('request', 'Request'), ('audit', 'Audit'), ('search', 'Search')], max_length=20)),
                    ('searched', models.CharField(blank=True, choices=[('public_id', 'Public Id'), ('name', 'Name'), ('phone', 'Phone'), ('email', 'Email')], help_text='Empty: no search.', max_length=20)),
                    ('note_hash', models.CharField(blank=True, help_text='Of what was written beside the reason. Empty: nothing.', max_length=64)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'people',
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='RoleChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('grants', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('claimant', 'Claimant'), ('caseworker', 'Caseworker'), ('checker', 'Checker'), ('finance', 'Finance'), ('auditor', 'Auditor'), ('manager', 'Manager')], max_length=20), blank=True, default=list, size=None)),
                    ('takes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('claimant', 'Claimant'), ('caseworker', 'Caseworker'), ('checker', 'Checker'), ('finance', 'Finance'), ('auditor', 'Auditor'), ('manager', 'Manager')], max_length=20), blank=True, default=list, size=None)),
                    ('leaves', models.BooleanField(default=False, help_text='All roles are taken, and the log-in ends.')),
                    ('note', models.TextField()),
                    ('proposed_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('confirmed', 'Confirmed'), ('returned', 'Returned')], default='open', max_length=20)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('closing_note', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='RoleGrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('claimant', 'Claimant'), ('caseworker', 'Caseworker'), ('checker', 'Checker'), ('finance', 'Finance'), ('auditor', 'Auditor'), ('manager', 'Manager')], max_length=20)),
                    ('granted_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['user_id', 'role'],
                },
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(help_text='Kept in lower case.', max_length=254, unique=True)),
                    ('locale', models.CharField(choices=[('ko', 'Korean'), ('en', 'English')], default='ko', max_length=2)),
                    ('is_staff', models.BooleanField(default=False, help_text='May log in to the admin.')),
                    ('is_active', models.BooleanField(default=True)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'ordering': ['email'],
                },
            ),
            migrations.CreateModel(
                name='ViewNote',
                fields=[
                    ('view', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='note', serialize=False, to='accounts.dataview')),
                    ('text', models.TextField()),
                    ('salt', models.CharField(max_length=32)),
                ],
                options={
                    'ordering': ['view_id'],
                },
            ),
            migrations.AddField(
                model_name='dataview',
                name='viewer',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.CreateModel(
                name='Partner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(unique=True)),
                    ('name_ko', models.CharField(max_length=100)),
                    ('name_en', models.CharField(max_length=100)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('usage:write', 'Write Usage'), ('claims:write', 'Write Claims'), ('claims:read', 'Read Claims'), ('decisions:read', 'Read Decisions'), ('webhooks:write', 'Write Webhooks')], max_length=30), blank=True, default=list, help_text='What its credentials may do at most.', size=None)),
                ],
                options={
                    'ordering': ['code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['usage:write', 'claims:write', 'claims:read', 'decisions:read', 'webhooks:write'])), name='partner_scopes_are_known')],
                },
            ),
            migrations.CreateModel(
                name='Credential',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.PositiveSmallIntegerField(help_text='1 or 2.')),
                    ('client_id', models.CharField(max_length=80, unique=True)),
                    ('secret_hash', models.CharField(help_text='As of a password.', max_length=200)),
                    ('secret_prefix', models.CharField(help_text='The first characters of the secret, to tell two apart.', max_length=6)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('usage:write', 'Write Usage'), ('claims:write', 'Write Claims'), ('claims:read', 'Read Claims'), ('decisions:read', 'Read Decisions'), ('webhooks:write', 'Write Webhooks')], max_length=30), blank=True, default=list, help_text='What it may do, as far as its partner still may.', size=None)),
                    ('issued_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_for', models.CharField(blank=True, choices=[('replaced', 'Replaced'), ('leaked', 'Leaked'), ('unused', 'Unused'), ('ended', 'Ended'), ('expired', 'Expired')], max_length=20)),
                    ('issued_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('revoked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='accounts.partner')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='AccountEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('kind', models.CharField(choices=[('staff_created', 'Staff Created'), ('staff_invited', 'Staff Invited'), ('password_changed', 'Password Changed'), ('password_link_issued', 'Password Link Issued'), ('roles_proposed', 'Roles Proposed'), ('roles_changed', 'Roles Changed'), ('leaving_proposed', 'Leaving Proposed'), ('staff_left', 'Staff Left'), ('change_returned', 'Change Returned'), ('partner_registered', 'Partner Registered'), ('contact_added', 'Contact Added'), ('contact_erased', 'Contact Erased'), ('scopes_set', 'Scopes Set'), ('credential_issued', 'Credential Issued'), ('credential_revoked', 'Credential Revoked')], max_length=40)),
                    ('data', models.JSONField(default=dict)),
                    ('transaction', models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id'), models.TextField()), models.BigIntegerField()), help_text="The database's number of the transaction; roles change only in that of their event.")),
                    ('actor', models.ForeignKey(blank=True, db_index=False, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to=settings.AUTH_USER_MODEL)),
                    ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to='accounts.partner')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='PartnerContact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('phone', models.CharField(blank=True, max_length=30)),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='accounts.partner')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='PersonalData',
                fields=[
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='personal_data', serialize=False, to='accounts.person')),
                    ('name', models.CharField(blank=True, max_length=100)),
                    ('phone', models.CharField(blank=True, max_length=30)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('locale', models.CharField(blank=True, db_default='', default='', help_text='Of letters to them: ko or en; empty: they did not say.', max_length=2)),
                ],
                options={
                    'verbose_name_plural': 'personal data',
                    'ordering': ['person_id'],
                },
            ),
            migrations.AddConstraint(
                model_name='person',
                constraint=models.CheckConstraint(condition=models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_person_created_at_in_range'),
            ),
            migrations.AddField(
                model_name='dataview',
                name='person',
                field=models.ForeignKey(blank=True, help_text='Empty: a search.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_views', to='accounts.person'),
            ),
            migrations.AddField(
                model_name='accountevent',
                name='person',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to='accounts.person'),
            ),
            migrations.AddField(
                model_name='user',
                name='person',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.person'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='person',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='f78f6d1a937a696e6ba3977e9a3425a571bcd86b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_958b5', table='accounts_person', when='BEFORE')),
            ),
            migrations.AddField(
                model_name='rolechange',
                name='closed_by',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='rolechange',
                name='proposed_by',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='rolechange',
                name='user',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_changes', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='rolegrant',
                name='granted_by',
                field=models.ForeignKey(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='rolegrant',
                name='user',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_grants', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddConstraint(
                model_name='viewnote',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='view_note_says_something'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['usage:write', 'claims:write', 'claims:read', 'decisions:read', 'webhooks:write'])), name='credential_scopes_are_known'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('issued_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('issued_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_credential_issued_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('expires_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('expires_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_credential_expires_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('revoked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('revoked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_credential_revoked_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 2)), name='credential_has_one_of_two_places'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('partner', 'place'), name='partner_has_two_live_credentials'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='credential_expires_after_issue'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(('secret_hash__startswith', 'argon2$')), name='credential_secret_is_hashed'),
            ),
            migrations.AddConstraint(
                model_name='credential',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True), ('revoked_for', '')), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), ('revoked_for__in', ['replaced', 'leaked', 'unused', 'ended', 'expired'])), _connector='OR'), name='revoked_credential_has_a_reason'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='credential',
                trigger=pgtrigger.compiler.Trigger(name='revoked_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."revoked_at" IS NOT NULL)', func="\n                    RAISE EXCEPTION 'revoked_for_ever: credential % was revoked', OLD.id\n                        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Issue a new one.';\n                ", hash='9f8955572bc8e6bb8e81f5c72e6021cbd078aaac', operation='UPDATE', pgid='pgtrigger_revoked_for_ever_b8437', table='accounts_credential', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='personaldata',
                index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='text_pattern_ops'), name='personal_data_by_name'),
            ),
            migrations.AddIndex(
                model_name='personaldata',
                index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse(django.db.models.functions.text.Upper('name')), name='text_pattern_ops'), name='personal_data_by_end_of_name'),
            ),
            migrations.AddIndex(
                model_name='personaldata',
                index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('email'), name='text_pattern_ops'), name='personal_data_by_email'),
            ),
            migrations.AddIndex(
                model_name='personaldata',
                index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse(models.Func(models.F('phone'), models.Value('\\D'), models.Value(''), models.Value('g'), function='regexp_replace')), name='text_pattern_ops'), name='personal_data_by_phone_tail'),
            ),
            migrations.AddConstraint(
                model_name='personaldata',
                constraint=models.CheckConstraint(condition=models.Q(('locale__in', ['', 'ko', 'en'])), name='personal_data_locale_is_known'),
            ),
            migrations.AddConstraint(
                model_name='dataview',
                constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['review', 'contact', 'identity', 'request', 'audit', 'search'])), name='accounts_dataview_reason_is_known'),
            ),
            migrations.AddConstraint(
                model_name='dataview',
                constraint=models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_dataview_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dataview',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('searched', ''), models.Q(('reason', 'search'), _negated=True)), models.Q(('note_hash', ''), ('person__isnull', True), ('reason', 'search'), ('searched__in', ['public_id', 'name', 'phone', 'email'])), _connector='OR'), name='data_view_is_of_a_person_or_a_search'),
            ),
            migrations.AddConstraint(
                model_name='dataview',
                constraint=models.CheckConstraint(condition=models.Q(('note_hash__regex', '^([0-9a-f]{64})?$')), name='view_note_hash_is_sha256_hex'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dataview',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='90c917223d3485e40a9b9b265c1168b4eafb1a40', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f08f7', table='accounts_dataview', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='accountevent',
                index=django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='account_event_by_time'),
            ),
            migrations.AddConstraint(
                model_name='accountevent',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['staff_created', 'staff_invited', 'password_changed', 'password_link_issued', 'roles_proposed', 'roles_changed', 'leaving_proposed', 'staff_left', 'change_returned', 'partner_registered', 'contact_added', 'contact_erased', 'scopes_set', 'credential_issued', 'credential_revoked'])), name='accounts_accountevent_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='accountevent',
                constraint=models.CheckConstraint(condition=models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_accountevent_at_in_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='accountevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='af14bb35c6aea2915d1446c6a0d533f01be02904', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_a5014', table='accounts_accountevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='user',
                constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower(models.F('email')))), name='email_is_kept_in_lower_case'),
            ),
            migrations.AddConstraint(
                model_name='user',
                constraint=models.CheckConstraint(condition=models.Q(('locale__in', ['ko', 'en'])), name='accounts_user_locale_is_known'),
            ),
            migrations.AddConstraint(
                model_name='user',
                constraint=models.CheckConstraint(condition=models.Q(('last_login__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('last_login__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_user_last_login_in_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='user',
                trigger=pgtrigger.compiler.Trigger(name='activity_has_its_event', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff"))', func="\n        IF NOT EXISTS (SELECT 1 FROM accounts_accountevent e\n                        WHERE e.user_id = NEW.id AND e.kind IN ('staff_created', 'roles_changed', 'staff_left')\n                          AND e.transaction = pg_current_xact_id()::text::bigint) THEN\n            RAISE EXCEPTION 'change_without_event: roles and activity of user % change with their event', NEW.id\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n     RETURN NULL;", hash='fc5da4680d4084af9b1a2b2e3f366cf7199ff03a', operation='UPDATE OF "is_active", "is_staff"', pgid='pgtrigger_activity_has_its_event_e1596', table='accounts_user', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'confirmed', 'returned'])), name='accounts_rolechange_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(('proposed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('proposed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_rolechange_proposed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_rolechange_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='role_change_is_open_or_has_an_end'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('closed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='role_change_is_confirmed_by_another'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(('grants__contained_by', ['claimant', 'caseworker', 'checker', 'finance', 'auditor', 'manager']), ('takes__contained_by', ['claimant', 'caseworker', 'checker', 'finance', 'auditor', 'manager'])), name='role_change_roles_are_known'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('grants', []), ('leaves', True), ('takes', [])), models.Q(('leaves', False), models.Q(models.Q(('grants', []), _negated=True), models.Q(('takes', []), _negated=True), _connector='OR'), models.Q(('grants__overlap', models.F('takes')), _negated=True)), _connector='OR'), name='role_change_changes_something'),
            ),
            migrations.AddConstraint(
                model_name='rolechange',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('user',), name='user_has_one_open_role_change'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='rolechange',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='f16ba9bd3f26e96fef03af441977dbfdf079dbbd', operation='UPDATE', pgid='pgtrigger_closed_for_ever_0d25c', table='accounts_rolechange', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='rolechange',
                trigger=pgtrigger.compiler.Trigger(name='two_others', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT 1 FROM accounts_user a JOIN accounts_user b ON a.id = b.id OR a.person_id = b.person_id\n            WHERE a.id = NEW.user_id AND b.id IN (NEW.proposed_by_id, NEW.closed_by_id)\n               OR NEW.state = 'confirmed' AND a.id = NEW.proposed_by_id AND b.id = NEW.closed_by_id) THEN\n    RAISE EXCEPTION 'own_change: change of user % needs two people, neither of them that user', NEW.user_id\n        USING ERRCODE = 'integrity_constraint_violation';\nEND IF;\nRETURN NEW;\n", hash='692b15a935a79a2cd76bc417de2b0a482d236051', operation='INSERT OR UPDATE', pgid='pgtrigger_two_others_511d9', table='accounts_rolechange', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='rolegrant',
                constraint=models.CheckConstraint(condition=models.Q(('role__in', ['claimant', 'caseworker', 'checker', 'finance', 'auditor', 'manager'])), name='accounts_rolegrant_role_is_known'),
            ),
            migrations.AddConstraint(
                model_name='rolegrant',
                constraint=models.CheckConstraint(condition=models.Q(('granted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('granted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='accounts_rolegrant_granted_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='rolegrant',
                constraint=models.UniqueConstraint(fields=('user', 'role'), name='role_is_granted_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='rolegrant',
                trigger=pgtrigger.compiler.Trigger(name='grant_has_its_event', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF NOT EXISTS (SELECT 1 FROM accounts_accountevent e\n                        WHERE e.user_id = coalesce(NEW.user_id, OLD.user_id) AND e.kind IN ('staff_created', 'roles_changed', 'staff_left')\n                          AND e.transaction = pg_current_xact_id()::text::bigint) THEN\n            RAISE EXCEPTION 'change_without_event: roles and activity of user % change with their event', coalesce(NEW.user_id, OLD.user_id)\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n     RETURN NULL;", hash='7f8785c9025394eaa5e8673650fef41f0ee628b5', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_grant_has_its_event_849e4', table='accounts_rolegrant', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='rolegrant',
                trigger=pgtrigger.compiler.Trigger(name='manager_alone', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;\nIF EXISTS (SELECT 1 FROM accounts_rolegrant g\n            WHERE g.user_id = NEW.user_id AND g.role <> NEW.role\n              AND 'manager' IN (g.role, NEW.role) AND 'claimant' NOT IN (g.role, NEW.role)) THEN\n    RAISE EXCEPTION 'manager_alone: user % would be manager and something else', NEW.user_id\n        USING ERRCODE = 'integrity_constraint_violation';\nEND IF;\nRETURN NULL;\n", hash='5b6f610d8c93ee2260a337b00ad9d7c427832491', operation='INSERT OR UPDATE', pgid='pgtrigger_manager_alone_fe1b6', table='accounts_rolegrant', when='AFTER')),
            ),
        ]),
    ]
