import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True)),
                ('title_ko', models.CharField(max_length=200)),
                ('title_en', models.CharField(max_length=200)),
                ('cause_ko', models.CharField(blank=True, max_length=500)),
                ('started_at', models.DateTimeField()),
                ('started_approx', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['started_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('started_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('started_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_incident_started_at_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Extent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_at', models.DateTimeField()),
                ('end_at', models.DateTimeField(blank=True, help_text='Exclusive; empty while it lasts.', null=True)),
                ('start_inferred', models.BooleanField(default=False, help_text='Counted back from a length; not said as such.')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extents', to='services.incident')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_extent_start_at_in_range'), models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_extent_end_at_in_range'), models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='extent_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True)),
                ('channel', models.CharField(max_length=100)),
                ('published_at', models.DateTimeField()),
                ('published_approx', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('text', models.TextField(help_text='What it says, in our own words, in Korean; NFC.')),
                ('text_en', models.TextField(blank=True, help_text='The same in English.')),
                ('ref', models.CharField(blank=True, help_text='Outlet and article number.', max_length=200)),
                ('text_hash', models.CharField(help_text='SHA-256 of the text as UTF-8, in hex.', max_length=64)),
                ('incident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='services.incident')),
            ],
            options={
                'ordering': ['published_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_notice_published_at_in_range'), models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_notice_recorded_at_in_range'), models.CheckConstraint(condition=models.Q(('text_hash__regex', '^[0-9a-f]{64}$')), name='notice_hash_is_sha256_hex'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='notice_says_something')],
            },
        ),
        migrations.CreateModel(
            name='OutageWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.CharField(choices=[('full', 'Full'), ('partial', 'Partial'), ('intermittent', 'Intermittent')], max_length=20)),
                ('scope', models.CharField(choices=[('all', 'All'), ('some_users', 'Some Users'), ('some_functions', 'Some Functions')], default='all', max_length=20)),
                ('start_at', models.DateTimeField()),
                ('start_approx', models.BooleanField(default=False)),
                ('end_at', models.DateTimeField(blank=True, help_text='Exclusive; empty while still down.', null=True)),
                ('end_approx', models.BooleanField(default=False)),
                ('inferred', models.BooleanField(default=False, help_text='Concluded from what was said, not said as such.')),
                ('closing_rule', models.CharField(blank=True, help_text='Why it ends where it ends, if no notice says so.', max_length=300)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='services.incident')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='services.notice')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='window_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='RecordExtent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text="From 1 to the version's extent_count.")),
                ('extent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='services.extent')),
            ],
            options={
                'ordering': ['version_id', 'position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='listed_extent_position_from_one')],
            },
        ),
        migrations.CreateModel(
            name='RecordVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('as_of', models.DateTimeField()),
                ('published_at', models.DateTimeField()),
                ('content_hash', models.CharField(help_text='SHA-256 of the content as canonical JSON, in hex.', max_length=64)),
                ('window_count', models.PositiveIntegerField()),
                ('extent_count', models.PositiveIntegerField()),
                ('extents', models.ManyToManyField(related_name='versions', through='services.RecordExtent', to='services.extent')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='services.incident')),
                ('published_by', models.ForeignKey(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['incident_id', 'number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('as_of__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('as_of__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recordversion_as_of_in_range'), models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recordversion_published_at_in_range'), models.UniqueConstraint(fields=('incident', 'number'), name='version_number_is_given_once'), models.CheckConstraint(condition=models.Q(('as_of__lte', models.F('published_at'))), name='version_does_not_know_the_future'), models.CheckConstraint(condition=models.Q(('window_count__gte', 1)), name='version_lists_at_least_one_window'), models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='version_hash_is_sha256_hex')],
            },
        ),
        migrations.AddField(
            model_name='recordextent',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed_extents', to='services.recordversion'),
        ),
        migrations.CreateModel(
            name='RecordWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text="From 1 to the version's window_count.")),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed_windows', to='services.recordversion')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='services.outagewindow')),
            ],
            options={
                'ordering': ['version_id', 'position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='listed_window_position_from_one'), models.UniqueConstraint(fields=('version', 'position'), name='listed_window_position_is_used_once'), models.UniqueConstraint(fields=('version', 'window'), name='version_lists_a_window_once')],
            },
        ),
        migrations.AddField(
            model_name='recordversion',
            name='windows',
            field=models.ManyToManyField(related_name='versions', through='services.RecordWindow', to='services.outagewindow'),
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text="Dotted; a child's code begins with its parent's.", max_length=100, unique=True)),
                ('name_ko', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('operator', models.CharField(blank=True, help_text='The company; empty where no source names it.', max_length=100)),
                ('inferred', models.BooleanField(default=False, help_text='No official notice names this service.')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='services.service')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$')), name='service_code_is_dotted_lower_snake'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='service_is_not_its_own_parent')],
            },
        ),
        migrations.AddField(
            model_name='recordwindow',
            name='service',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service'),
        ),
        migrations.AddField(
            model_name='outagewindow',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='services.service'),
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('down', 'Down'), ('partial', 'Partial'), ('working', 'Working'), ('flapping', 'Flapping'), ('unknown', 'Unknown')], max_length=20)),
                ('scope', models.CharField(choices=[('all', 'All'), ('some_users', 'Some Users'), ('some_functions', 'Some Functions')], default='all', max_length=20)),
                ('observed_at', models.DateTimeField(blank=True, null=True)),
                ('approx', models.BooleanField(default=False)),
                ('stated_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='services.notice')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='services.service')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['down', 'partial', 'working', 'flapping', 'unknown'])), name='services_observation_state_is_known'), models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'some_users', 'some_functions'])), name='services_observation_scope_is_known'), models.CheckConstraint(condition=models.Q(('observed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('observed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_observation_observed_at_in_range'), models.CheckConstraint(condition=models.Q(('stated_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('stated_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_observation_stated_at_in_range'), models.UniqueConstraint(fields=('notice', 'service', 'state', 'scope', 'observed_at'), name='notice_says_the_same_of_a_service_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ServiceDependency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inferred', models.BooleanField(default=False, help_text='Our conclusion; no notice says so.')),
                ('depends_on', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dependents', to='services.service')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dependencies', to='services.service')),
            ],
            options={
                'verbose_name_plural': 'service dependencies',
                'ordering': ['service__code', 'depends_on__code'],
                'constraints': [models.UniqueConstraint(fields=('service', 'depends_on'), name='service_depends_on_another_once'), models.CheckConstraint(condition=models.Q(('service', models.F('depends_on')), _negated=True), name='service_does_not_depend_on_itself')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name_ko', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('rank', models.PositiveSmallIntegerField(blank=True, help_text='1 is best; empty if unofficial.', null=True, unique=True)),
                ('official', models.BooleanField(help_text='Only an official source can say when a service was down.')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('rank'), nulls_last=True), 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('official', True), ('rank__isnull', False)), models.Q(('official', False), ('rank__isnull', True)), _connector='OR'), name='source_is_ranked_if_and_only_if_official')],
            },
        ),
        migrations.AddField(
            model_name='recordwindow',
            name='source',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.source'),
        ),
        migrations.AddField(
            model_name='recordextent',
            name='source',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.source'),
        ),
        migrations.AddField(
            model_name='outagewindow',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='services.source'),
        ),
        migrations.AddField(
            model_name='notice',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='services.source'),
        ),
        migrations.AddField(
            model_name='extent',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extents', to='services.source'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='515255d5a4ac343dcc9bb74cbfcd1d58e7cd7232', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_a0429', table='services_recordversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordversion',
            trigger=pgtrigger.compiler.Trigger(name='number_is_the_next', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE newest integer;', func="\n                    SELECT coalesce(max(number), 0) INTO newest\n                      FROM services_recordversion WHERE incident_id = NEW.incident_id;\n                    IF NEW.number <> newest + 1 THEN\n                        RAISE EXCEPTION 'version_number_not_next: version % does not follow version %',\n                            NEW.number, newest USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='331f337de81d7c89e5e03d2975248713c8ed50b0', operation='INSERT', pgid='pgtrigger_number_is_the_next_3accb', table='services_recordversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordversion',
            trigger=pgtrigger.compiler.Trigger(name='complete_at_commit', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n                    IF (SELECT count(*) FROM services_recordwindow WHERE version_id = NEW.id) <> NEW.window_count\n                       OR (SELECT count(*) FROM services_recordextent WHERE version_id = NEW.id) <> NEW.extent_count\n                    THEN\n                        RAISE EXCEPTION 'version_incomplete: version % must list % windows and % extents when it is published',\n                            NEW.number, NEW.window_count, NEW.extent_count\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='0c6d0be99916ed6366490e8906003151e6997a65', operation='INSERT', pgid='pgtrigger_complete_at_commit_90dc9', table='services_recordversion', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='22ba5ba4ed73a7a2eb2d1a6fe95d2a02f31738b8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_da26e', table='services_observation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='recordwindow',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('version', '='), ('service', '='), ('source', '='), ('period', '&&')], name='windows_of_one_source_and_service_do_not_overlap'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordwindow',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='301f0065335e26728c4ea6038a47b542a9954e3c', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_9d23b', table='services_recordwindow', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordwindow',
            trigger=pgtrigger.compiler.Trigger(name='copied_from_window', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.position > (SELECT window_count FROM services_recordversion WHERE id = NEW.version_id)\n                    THEN\n                        RAISE EXCEPTION 'version_is_published: no window can join it; publish another version'\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    SELECT w.service_id, w.source_id, tstzrange(w.start_at, w.end_at, '[)')\n                      INTO NEW.service_id, NEW.source_id, NEW.period\n                      FROM services_outagewindow w\n                      JOIN services_recordversion v ON v.incident_id = w.incident_id\n                     WHERE w.id = NEW.window_id AND v.id = NEW.version_id;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'window_of_another_incident: a version lists windows of its own incident only'\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='5727a7a6385374f451dae8e75f7960273cf964de', operation='INSERT', pgid='pgtrigger_copied_from_window_a80a6', table='services_recordwindow', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='recordextent',
            constraint=models.UniqueConstraint(fields=('version', 'position'), name='listed_extent_position_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='recordextent',
            constraint=models.UniqueConstraint(fields=('version', 'source'), name='version_lists_one_extent_per_source'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordextent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='bb08db10db39712cdb9f6d1e18b11613f015bfd1', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_e3a93', table='services_recordextent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordextent',
            trigger=pgtrigger.compiler.Trigger(name='copied_from_extent', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.position > (SELECT extent_count FROM services_recordversion WHERE id = NEW.version_id)\n                    THEN\n                        RAISE EXCEPTION 'version_is_published: no extent can join it; publish another version'\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    SELECT e.source_id INTO NEW.source_id\n                      FROM services_extent e\n                      JOIN services_recordversion v ON v.incident_id = e.incident_id\n                     WHERE e.id = NEW.extent_id AND v.id = NEW.version_id;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'extent_of_another_incident: a version lists extents of its own incident only'\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='1a4cd0c1d3a961d9100cfd39105ab337508102e5', operation='INSERT', pgid='pgtrigger_copied_from_extent_02730', table='services_recordextent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='outagewindow',
            constraint=models.CheckConstraint(condition=models.Q(('severity__in', ['full', 'partial', 'intermittent'])), name='services_outagewindow_severity_is_known'),
        ),
        migrations.AddConstraint(
            model_name='outagewindow',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'some_users', 'some_functions'])), name='services_outagewindow_scope_is_known'),
        ),
        migrations.AddConstraint(
            model_name='outagewindow',
            constraint=models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_outagewindow_start_at_in_range'),
        ),
        migrations.AddConstraint(
            model_name='outagewindow',
            constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_outagewindow_end_at_in_range'),
        ),
        migrations.AddConstraint(
            model_name='outagewindow',
            constraint=models.UniqueConstraint(fields=('incident', 'service', 'source', 'notice', 'severity', 'scope', 'start_at', 'start_approx', 'end_at', 'end_approx', 'inferred', 'closing_rule'), name='the_same_window_is_recorded_once', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outagewindow',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='bd6414fc36dab1e37addc2818f5922247675b08d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_705e7', table='services_outagewindow', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='339dad939f2048e51d637bd57bf5b4997817ba41', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3ed8a', table='services_notice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='extent',
            constraint=models.UniqueConstraint(fields=('incident', 'source', 'start_at', 'end_at', 'start_inferred'), name='the_same_extent_is_recorded_once', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='69f5ff22125731e12c90ea7e2225aaaf80c9b93a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d5bee', table='services_extent', when='BEFORE')),
        ),
    ]
