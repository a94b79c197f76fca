# What earlier migrations came to; a database that has them all needs nothing of it.

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from services.schema import AtOnce


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('services', '0001_initial'),
        ('services', '0002_findings'),
        ('services', '0003_drafts_and_feeds'),
        ('services', '0004_duty_proofs'),
        ('services', '0005_notices_of_feeds'),
        ('services', '0006_items_and_their_notices'),
        ('services', '0007_answers_without_a_change'),
        ('services', '0008_when_a_notice_was_written'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Feed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, unique=True)),
                    ('name', models.CharField(max_length=100)),
                    ('kind', models.CharField(choices=[('statuspage', 'Statuspage v2'), ('cachet', 'Cachet v3'), ('instatus', 'Instatus'), ('csv', 'CSV'), ('observations', 'observations')], max_length=20)),
                    ('url', models.CharField(blank=True, max_length=2000)),
                    ('zone', models.CharField(blank=True, help_text='Like Asia/Seoul, if its times carry no offset.', max_length=60)),
                    ('recovery', models.CharField(choices=[('component', 'Component'), ('monitoring', 'Monitoring'), ('resolved', 'Resolved')], default='component', max_length=20)),
                    ('poll_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty: it is not polled.', null=True)),
                    ('polled_at', models.DateTimeField(blank=True, null=True)),
                    ('etag', models.CharField(blank=True, max_length=200)),
                    ('last_error', models.CharField(blank=True, max_length=500)),
                    ('failures', models.PositiveSmallIntegerField(default=0, help_text='In a row.')),
                    ('registered_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='FeedDocument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('content', models.BinaryField()),
                    ('table', models.BinaryField(blank=True, help_text='Of observations: which windows they make.', null=True)),
                    ('content_hash', models.CharField(help_text='SHA-256 of both, in hex.', max_length=64)),
                    ('read_at', models.DateTimeField()),
                    ('feed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='services.feed')),
                    ('read_by', models.ForeignKey(blank=True, help_text='Empty: by a poll.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['id'],
                },
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
                name='FeedItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('foreign_id', models.CharField(max_length=100)),
                    ('kind', models.CharField(choices=[('incident', 'Incident'), ('maintenance', 'Maintenance')], max_length=20)),
                    ('title', models.CharField(blank=True, max_length=300)),
                    ('url', models.CharField(blank=True, max_length=500)),
                    ('attached_at', models.DateTimeField(blank=True, null=True)),
                    ('first_read_at', models.DateTimeField()),
                    ('attached_by', models.ForeignKey(blank=True, help_text='Who said last to which incident it belongs. Empty: whoever imported it, or nobody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('feed', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='services.feed')),
                    ('incident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feed_items', to='services.incident')),
                ],
                options={
                    'ordering': ['-id'],
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
                },
            ),
            migrations.CreateModel(
                name='DutyProof',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('outage_notice', 'Outage Notice'), ('damages_notice', 'Damages Notice')], max_length=20)),
                    ('sent_at', models.DateTimeField()),
                    ('channel', models.CharField(help_text='Like e-mail, text message, notice in the app.', max_length=100)),
                    ('content', models.BinaryField(blank=True, help_text='The document, byte by byte.', null=True)),
                    ('content_hash', models.CharField(blank=True, help_text='SHA-256 of the bytes, in hex.', max_length=64)),
                    ('media_type', models.CharField(blank=True, max_length=100)),
                    ('name', models.CharField(blank=True, help_text="Of the document's file.", max_length=200)),
                    ('url', models.CharField(blank=True, help_text='Where the notice can be read.', max_length=500)),
                    ('note', models.CharField(blank=True, max_length=500)),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='services.incident')),
                ],
                options={
                    'ordering': ['id'],
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
                    ('written_at', models.DateTimeField(blank=True, help_text="By the feed's word; later than published_at where it was backdated.", null=True)),
                    ('recorded_at', models.DateTimeField()),
                    ('text', models.TextField(help_text='What it says, in our own words, in Korean, or as a feed has it; NFC.')),
                    ('text_en', models.TextField(blank=True, help_text='The same in English.')),
                    ('ref', models.CharField(blank=True, help_text='Outlet and article number.', max_length=200)),
                    ('url', models.CharField(blank=True, help_text='Where it can be read.', max_length=500)),
                    ('text_hash', models.CharField(help_text='SHA-256 of the text as UTF-8, in hex.', max_length=64)),
                    ('feed', models.ForeignKey(blank=True, help_text='That it was read from; it is public only once a published version rests on it. Empty: by hand.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='services.feed')),
                    ('incident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='services.incident')),
                    ('item', models.ForeignKey(blank=True, help_text='Of the feed, that it is an update of: it speaks of the incident that this is attached to.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='services.feeditem')),
                ],
                options={
                    'ordering': ['published_at', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Finding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*$')])),
                    ('type', models.CharField(choices=[('boolean', 'Boolean'), ('integer', 'Integer'), ('money', 'Money'), ('instant', 'Instant'), ('date', 'Date'), ('text', 'Text')], max_length=20)),
                    ('number', models.BigIntegerField(blank=True, null=True)),
                    ('text', models.CharField(blank=True, max_length=200)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='services.incident')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='services.notice')),
                ],
                options={
                    'ordering': ['id'],
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
                    ('planned', models.BooleanField(db_default=False, default=False, help_text='Maintenance that was announced as such.')),
                    ('announced_at', models.DateTimeField(blank=True, help_text='When the maintenance was announced; empty: not said.', null=True)),
                    ('users_permille', models.PositiveSmallIntegerField(blank=True, help_text='The share of users hit, in thousandths; empty if nobody says.', null=True)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='services.incident')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='services.notice')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='RecordDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(help_text='For those who work on it.', max_length=200)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('published', 'Published'), ('discarded', 'Discarded')], default='open', max_length=20)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='services.incident')),
                    ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-id'],
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
                },
            ),
            migrations.CreateModel(
                name='RecordFinding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField(help_text="From 1 to the version's finding_count.")),
                    ('name', models.CharField(editable=False, max_length=60)),
                    ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='services.finding')),
                ],
                options={
                    'ordering': ['version_id', 'position'],
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
                    ('finding_count', models.PositiveIntegerField(db_default=0, default=0)),
                    ('draft', models.OneToOneField(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='version', to='services.recorddraft')),
                    ('extents', models.ManyToManyField(related_name='versions', through='services.RecordExtent', to='services.extent')),
                    ('findings', models.ManyToManyField(related_name='versions', through='services.RecordFinding', to='services.finding')),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='services.incident')),
                    ('published_by', models.ForeignKey(blank=True, help_text='Empty: by a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['incident_id', 'number'],
                },
            ),
            migrations.AddField(
                model_name='recordfinding',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed_findings', to='services.recordversion'),
            ),
            migrations.AddField(
                model_name='recordextent',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed_extents', to='services.recordversion'),
            ),
            migrations.AddField(
                model_name='recorddraft',
                name='base',
                field=models.ForeignKey(blank=True, help_text='The version it began as.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.recordversion'),
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
                },
            ),
            migrations.CreateModel(
                name='ComponentMapping',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('component', models.CharField(help_text="The feed's own id of it.", max_length=100)),
                    ('name', models.CharField(blank=True, help_text='As the feed called it then.', max_length=200)),
                    ('mapped_at', models.DateTimeField()),
                    ('mapped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('feed', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mappings', to='services.feed')),
                    ('service', models.ForeignKey(blank=True, help_text='Empty: none of ours.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service')),
                ],
                options={
                    'ordering': ['feed_id', 'component', 'id'],
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
                model_name='recordversion',
                name='governing',
                field=models.ForeignKey(blank=True, help_text="Whose windows count where it has some, whatever its rank; empty: the best ranked source's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.source'),
            ),
            migrations.AddField(
                model_name='recordextent',
                name='source',
                field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.source'),
            ),
            migrations.CreateModel(
                name='RecordChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(help_text='From 1.')),
                    ('kind', models.CharField(choices=[('list', 'List'), ('unlist', 'Unlist'), ('as_of', 'As Of'), ('governing', 'Governing'), ('rebase', 'Rebase')], max_length=20)),
                    ('as_of', models.DateTimeField(blank=True, null=True)),
                    ('reason', models.CharField(max_length=500)),
                    ('written_at', models.DateTimeField()),
                    ('extent', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.extent')),
                    ('finding', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.finding')),
                    ('instead_of', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.outagewindow')),
                    ('window', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.outagewindow')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('draft', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='services.recorddraft')),
                    ('base', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.recordversion')),
                    ('governing', models.ForeignKey(blank=True, db_index=False, help_text='Empty: by rank.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.source')),
                ],
                options={
                    'ordering': ['draft_id', 'number'],
                },
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
                model_name='feed',
                name='source',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='services.source'),
            ),
            migrations.AddField(
                model_name='extent',
                name='source',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extents', to='services.source'),
            ),
            migrations.CreateModel(
                name='WindowProposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(help_text='Names the window inside the item: component and ordinal.', max_length=120)),
                    ('component', models.CharField(blank=True, max_length=100)),
                    ('component_name', models.CharField(blank=True, max_length=200)),
                    ('severity', models.CharField(choices=[('full', 'Full'), ('partial', 'Partial'), ('intermittent', 'Intermittent')], max_length=20)),
                    ('scope', models.CharField(choices=[('all', 'All'), ('some_users', 'Some Users'), ('some_functions', 'Some Functions')], default='all', max_length=20)),
                    ('start_at', models.DateTimeField(blank=True, null=True)),
                    ('start_approx', models.BooleanField(default=False)),
                    ('end_at', models.DateTimeField(blank=True, help_text='Exclusive; empty while still down.', null=True)),
                    ('end_approx', models.BooleanField(default=False)),
                    ('inferred', models.BooleanField(default=False)),
                    ('closing_rule', models.CharField(blank=True, max_length=300)),
                    ('planned', models.BooleanField(default=False)),
                    ('announced_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn', models.BooleanField(default=False)),
                    ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                    ('remarks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                    ('proposed_at', models.DateTimeField()),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='services.feeddocument')),
                    ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='services.feeditem')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.notice')),
                    ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='services.windowproposal')),
                    ('service', models.ForeignKey(blank=True, help_text='By a mapping table.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='ProposalAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verdict', models.CharField(choices=[('confirmed', 'Confirmed'), ('corrected', 'Corrected'), ('rejected', 'Rejected')], max_length=20)),
                    ('reason', models.CharField(max_length=500)),
                    ('answered_at', models.DateTimeField()),
                    ('answered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('window', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='services.outagewindow')),
                    ('change', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='services.recordchange')),
                    ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='services.windowproposal')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.AddConstraint(
                model_name='feeddocument',
                constraint=models.CheckConstraint(condition=models.Q(('read_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('read_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_feeddocument_read_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='feeddocument',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='feed_document_hash_is_sha256_hex'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='feeddocument',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='48f0ac9a79336dd8f9415431b45d0084c252b84b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_65fe1', table='services_feeddocument', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='feeditem',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['incident', 'maintenance'])), name='services_feeditem_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='feeditem',
                constraint=models.CheckConstraint(condition=models.Q(('first_read_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('first_read_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_feeditem_first_read_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='feeditem',
                constraint=models.CheckConstraint(condition=models.Q(('attached_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('attached_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_feeditem_attached_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='feeditem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('attached_at__isnull', True), ('attached_by__isnull', True)), models.Q(('attached_at__isnull', False), ('attached_by__isnull', False), ('incident__isnull', False)), _connector='OR'), name='who_attached_an_item_is_known_with_when'),
            ),
            migrations.AddConstraint(
                model_name='feeditem',
                constraint=models.UniqueConstraint(fields=('feed', 'foreign_id'), name='feed_has_an_item_once'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['outage_notice', 'damages_notice'])), name='services_dutyproof_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('sent_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('sent_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_dutyproof_sent_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_dutyproof_recorded_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('sent_at__lte', models.F('recorded_at'))), name='proof_is_of_what_was_sent'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('channel', ''), _negated=True), name='proof_names_the_channel'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('content__isnull', False), models.Q(('url', ''), _negated=True), _connector='OR'), name='proof_has_a_document_or_an_address'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('content_hash', ''), ('media_type', ''), ('name', '')), models.Q(('content__isnull', False), ('media_type__regex', '^[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*$'), models.Q(('content_hash', ''), _negated=True), models.Q(('name', ''), _negated=True)), _connector='OR'), name='proof_describes_its_document'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.F('content'), function='octet_length', output_field=models.IntegerField()), models.Value(10485760)), name='proof_is_at_most_ten_megabytes'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.CheckConstraint(condition=models.Q(('content__isnull', True), django.db.models.lookups.Exact(models.F('content_hash'), models.Func(models.Func(models.F('content'), function='sha256', output_field=models.BinaryField()), models.Value('hex'), function='encode', output_field=models.CharField())), _connector='OR'), name='proof_hash_is_of_its_document'),
            ),
            migrations.AddConstraint(
                model_name='dutyproof',
                constraint=models.UniqueConstraint(fields=('incident', 'kind', 'sent_at', 'channel', 'content_hash', 'url'), name='the_same_proof_is_kept_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dutyproof',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='bfa904885275a4d505ab92ad46a504b879bc7344', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_8f053', table='services_dutyproof', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(('type__in', ['boolean', 'integer', 'money', 'instant', 'date', 'text'])), name='services_finding_type_is_known'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z][a-z0-9_]*$')), name='finding_name_is_a_code'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('type', 'text'), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('type', 'text'), _negated=True), ('number__isnull', False), ('text', '')), _connector='OR'), name='finding_has_one_value'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('type', 'boolean'), _negated=True), ('number__in', [0, 1]), _connector='OR'), name='finding_is_true_or_false'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.UniqueConstraint(fields=('incident', 'notice', 'name', 'type', 'number', 'text'), name='the_same_finding_is_recorded_once', nulls_distinct=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='08875c1f6cb759d475a26517b938fc9dcdb9e826', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_84549', table='services_finding', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='recordfinding',
                constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='listed_finding_position_from_one'),
            ),
            migrations.AddConstraint(
                model_name='recordfinding',
                constraint=models.UniqueConstraint(fields=('version', 'position'), name='listed_finding_position_is_used_once'),
            ),
            migrations.AddConstraint(
                model_name='recordfinding',
                constraint=models.UniqueConstraint(fields=('version', 'name'), name='version_lists_one_finding_per_name'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='recordfinding',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='27b1c5c2ff12dca6b58ccb805f522a26bede8b6d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_c4c1a', table='services_recordfinding', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='recordfinding',
                trigger=pgtrigger.compiler.Trigger(name='copied_from_finding', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.position > (SELECT finding_count FROM services_recordversion WHERE id = NEW.version_id)\n                    THEN\n                        RAISE EXCEPTION 'version_is_published: no finding can join it; publish another version'\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    SELECT f.name INTO NEW.name\n                      FROM services_finding f\n                      JOIN services_recordversion v ON v.incident_id = f.incident_id\n                     WHERE f.id = NEW.finding_id AND v.id = NEW.version_id;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'finding_of_another_incident: a version lists findings of its own incident only'\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='83d8cbecf0ff32c43d8a8c2ae0d3298124e116cf', operation='INSERT', pgid='pgtrigger_copied_from_finding_e6ff1', table='services_recordfinding', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='recorddraft',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'published', 'discarded'])), name='services_recorddraft_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='recorddraft',
                constraint=models.CheckConstraint(condition=models.Q(('opened_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('opened_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recorddraft_opened_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='recorddraft',
                constraint=models.CheckConstraint(condition=models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recorddraft_closed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='recorddraft',
                constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='record_draft_has_a_title'),
            ),
            migrations.AddConstraint(
                model_name='recorddraft',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='record_draft_is_open_or_has_an_end'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='recorddraft',
                trigger=pgtrigger.compiler.Trigger(name='closed_for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="\n                RAISE EXCEPTION 'closed_for_ever: % of % is %', OLD.id, TG_TABLE_NAME, OLD.state\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'What was done is not changed; begin a new one.';\n            ", hash='41808b9801c91da0fcc3b96f73e47ad41533abe9', operation='UPDATE', pgid='pgtrigger_closed_for_ever_9fbca', table='services_recorddraft', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='service',
                constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$')), name='service_code_is_dotted_lower_snake'),
            ),
            migrations.AddConstraint(
                model_name='service',
                constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='service_is_not_its_own_parent'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['down', 'partial', 'working', 'flapping', 'unknown'])), name='services_observation_state_is_known'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'some_users', 'some_functions'])), name='services_observation_scope_is_known'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.CheckConstraint(condition=models.Q(('observed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('observed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_observation_observed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.CheckConstraint(condition=models.Q(('stated_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('stated_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_observation_stated_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.UniqueConstraint(fields=('notice', 'service', 'state', 'scope', 'observed_at'), name='notice_says_the_same_of_a_service_once', nulls_distinct=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='observation',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='22ba5ba4ed73a7a2eb2d1a6fe95d2a02f31738b8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_da26e', table='services_observation', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='componentmapping',
                index=models.Index(fields=['feed', 'component', 'id'], name='newest_mapping'),
            ),
            migrations.AddConstraint(
                model_name='componentmapping',
                constraint=models.CheckConstraint(condition=models.Q(('mapped_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('mapped_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_componentmapping_mapped_at_in_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='componentmapping',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='c7e9ea674f3e568c645a974c1787cfabbc249f42', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_1c368', table='services_componentmapping', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='servicedependency',
                constraint=models.UniqueConstraint(fields=('service', 'depends_on'), name='service_depends_on_another_once'),
            ),
            migrations.AddConstraint(
                model_name='servicedependency',
                constraint=models.CheckConstraint(condition=models.Q(('service', models.F('depends_on')), _negated=True), name='service_does_not_depend_on_itself'),
            ),
            migrations.AddConstraint(
                model_name='recordwindow',
                constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='listed_window_position_from_one'),
            ),
            migrations.AddConstraint(
                model_name='recordwindow',
                constraint=models.UniqueConstraint(fields=('version', 'position'), name='listed_window_position_is_used_once'),
            ),
            migrations.AddConstraint(
                model_name='recordwindow',
                constraint=models.UniqueConstraint(fields=('version', 'window'), name='version_lists_a_window_once'),
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
                model_name='recordversion',
                constraint=models.CheckConstraint(condition=models.Q(('as_of__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('as_of__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recordversion_as_of_in_range'),
            ),
            migrations.AddConstraint(
                model_name='recordversion',
                constraint=models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recordversion_published_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='recordversion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('draft__isnull', True), ('published_by__isnull', True)), models.Q(('draft__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='a_person_publishes_a_record_draft_and_nothing_else'),
            ),
            migrations.AddConstraint(
                model_name='recordversion',
                constraint=models.UniqueConstraint(fields=('incident', 'number'), name='version_number_is_given_once'),
            ),
            migrations.AddConstraint(
                model_name='recordversion',
                constraint=models.CheckConstraint(condition=models.Q(('as_of__lte', models.F('published_at'))), name='version_does_not_know_the_future'),
            ),
            migrations.AddConstraint(
                model_name='recordversion',
                constraint=models.CheckConstraint(condition=models.Q(('window_count__gte', 1)), name='version_lists_at_least_one_window'),
            ),
            migrations.AddConstraint(
                model_name='recordversion',
                constraint=models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='version_hash_is_sha256_hex'),
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
                trigger=pgtrigger.compiler.Trigger(name='second_person', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (SELECT 1 FROM services_recorddraft\n                                WHERE id = NEW.draft_id AND opened_by_id = NEW.published_by_id)\n                       OR EXISTS (SELECT 1 FROM services_recordchange\n                                   WHERE draft_id = NEW.draft_id AND written_by_id = NEW.published_by_id) THEN\n                        RAISE EXCEPTION 'second_person: user % wrote at this draft', NEW.published_by_id\n                            USING ERRCODE = 'integrity_constraint_violation',\n                                  HINT = 'Somebody who wrote nothing of it publishes it.';\n                    END IF;\n                    RETURN NEW;\n                ", hash='96bd7c1313e48a6c8b164fa2aed6cb488bd2865b', operation='INSERT', pgid='pgtrigger_second_person_9d076', table='services_recordversion', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='recordversion',
                trigger=pgtrigger.compiler.Trigger(name='complete_at_commit', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n                    IF (SELECT count(*) FROM services_recordwindow WHERE version_id = NEW.id) <> NEW.window_count\n                       OR (SELECT count(*) FROM services_recordextent WHERE version_id = NEW.id) <> NEW.extent_count\n                       OR (SELECT count(*) FROM services_recordfinding WHERE version_id = NEW.id) <> NEW.finding_count\n                    THEN\n                        RAISE EXCEPTION\n                            'version_incomplete: version % must list % windows, % extents and % findings when it is published',\n                            NEW.number, NEW.window_count, NEW.extent_count, NEW.finding_count\n                            USING ERRCODE = 'integrity_constraint_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='d50501400efbfe66331bdf80fa654adc6982fa1e', operation='INSERT', pgid='pgtrigger_complete_at_commit_90dc9', table='services_recordversion', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='recordextent',
                constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='listed_extent_position_from_one'),
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
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['list', 'unlist', 'as_of', 'governing', 'rebase'])), name='services_recordchange_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('as_of__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('as_of__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recordchange_as_of_in_range'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('written_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('written_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_recordchange_written_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='record_change_number_from_one'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='record_change_has_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(models.Q(('extent__isnull', True), ('finding__isnull', True), ('window__isnull', False)), models.Q(('extent__isnull', False), ('finding__isnull', True), ('window__isnull', True)), models.Q(('extent__isnull', True), ('finding__isnull', False), ('window__isnull', True)), _connector='OR'), ('kind__in', ['list', 'unlist'])), models.Q(('extent__isnull', True), ('finding__isnull', True), ('kind__in', ['as_of', 'governing', 'rebase']), ('window__isnull', True)), _connector='OR'), name='record_change_lists_one_thing_or_none'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('instead_of__isnull', True), models.Q(('kind', 'list'), ('window__isnull', False), models.Q(('window', models.F('instead_of')), _negated=True)), _connector='OR'), name='only_a_listed_window_stands_instead_of_another'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('as_of__isnull', False), ('kind', 'as_of')), models.Q(models.Q(('kind', 'as_of'), _negated=True), ('as_of__isnull', True)), _connector='OR'), name='record_change_says_as_of_if_it_is_about_it'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('base__isnull', False), ('kind', 'rebase')), models.Q(models.Q(('kind', 'rebase'), _negated=True), ('base__isnull', True)), _connector='OR'), name='record_change_names_a_base_if_it_is_about_it'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.CheckConstraint(condition=models.Q(('kind', 'governing'), ('governing__isnull', True), _connector='OR'), name='record_change_names_a_source_if_it_is_about_it'),
            ),
            migrations.AddConstraint(
                model_name='recordchange',
                constraint=models.UniqueConstraint(fields=('draft', 'number'), name='record_change_number_is_given_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='recordchange',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='07ac3fcdff503230604a58cc2b6e5a50f8082619', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_49242', table='services_recordchange', when='BEFORE')),
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
                constraint=models.CheckConstraint(condition=models.Q(('users_permille__lte', 1000)), name='window_hits_at_most_all_users'),
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
                constraint=models.CheckConstraint(condition=models.Q(('announced_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('announced_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_outagewindow_announced_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='outagewindow',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='window_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='outagewindow',
                constraint=models.CheckConstraint(condition=models.Q(('announced_at__isnull', True), ('planned', True), _connector='OR'), name='only_planned_maintenance_is_announced'),
            ),
            migrations.AddConstraint(
                model_name='outagewindow',
                constraint=models.UniqueConstraint(fields=('incident', 'service', 'source', 'notice', 'severity', 'scope', 'start_at', 'start_approx', 'end_at', 'end_approx', 'inferred', 'closing_rule', 'users_permille', 'planned', 'announced_at'), name='the_same_window_is_recorded_once', nulls_distinct=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='outagewindow',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='bd6414fc36dab1e37addc2818f5922247675b08d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_705e7', table='services_outagewindow', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='notice',
                constraint=models.CheckConstraint(condition=models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_notice_published_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='notice',
                constraint=models.CheckConstraint(condition=models.Q(('written_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('written_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_notice_written_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='notice',
                constraint=models.CheckConstraint(condition=models.Q(('recorded_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('recorded_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_notice_recorded_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='notice',
                constraint=models.CheckConstraint(condition=models.Q(('text_hash__regex', '^[0-9a-f]{64}$')), name='notice_hash_is_sha256_hex'),
            ),
            migrations.AddConstraint(
                model_name='notice',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='notice_says_something'),
            ),
            migrations.AddConstraint(
                model_name='notice',
                constraint=models.CheckConstraint(condition=models.Q(('item__isnull', True), models.Q(('feed__isnull', False), ('incident__isnull', True)), _connector='OR'), name='an_item_says_of_which_incident_its_notices_speak'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='notice',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='339dad939f2048e51d637bd57bf5b4997817ba41', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3ed8a', table='services_notice', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='feed',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['statuspage', 'cachet', 'instatus', 'csv', 'observations'])), name='services_feed_kind_is_known'),
            ),
            migrations.AddConstraint(
                model_name='feed',
                constraint=models.CheckConstraint(condition=models.Q(('recovery__in', ['component', 'monitoring', 'resolved'])), name='services_feed_recovery_is_known'),
            ),
            migrations.AddConstraint(
                model_name='feed',
                constraint=models.CheckConstraint(condition=models.Q(('polled_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('polled_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_feed_polled_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='feed',
                constraint=models.CheckConstraint(condition=models.Q(('registered_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('registered_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_feed_registered_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='feed',
                constraint=models.CheckConstraint(condition=models.Q(('poll_minutes__isnull', True), models.Q(('url', ''), _negated=True), _connector='OR'), name='polled_feed_has_an_address'),
            ),
            migrations.AddConstraint(
                model_name='feed',
                constraint=models.CheckConstraint(condition=models.Q(('poll_minutes__gte', 1)), name='feed_is_polled_once_a_minute_at_most'),
            ),
            migrations.AddConstraint(
                model_name='extent',
                constraint=models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_extent_start_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='extent',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_extent_end_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='extent',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='extent_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='extent',
                constraint=models.UniqueConstraint(fields=('incident', 'source', 'start_at', 'end_at', 'start_inferred'), name='the_same_extent_is_recorded_once', nulls_distinct=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='extent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='69f5ff22125731e12c90ea7e2225aaaf80c9b93a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d5bee', table='services_extent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='windowproposal',
                index=models.Index(fields=['item', 'key'], name='proposals_of_an_item'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('severity__in', ['full', 'partial', 'intermittent'])), name='services_windowproposal_severity_is_known'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'some_users', 'some_functions'])), name='services_windowproposal_scope_is_known'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('start_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('start_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_windowproposal_start_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('end_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_windowproposal_end_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('announced_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('announced_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_windowproposal_announced_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('proposed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('proposed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_windowproposal_proposed_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('end_at__gt', models.F('start_at'))), name='proposal_ends_after_start'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.CheckConstraint(condition=models.Q(('replaces', models.F('id')), _negated=True), name='proposal_does_not_replace_itself'),
            ),
            migrations.AddConstraint(
                model_name='windowproposal',
                constraint=models.UniqueConstraint(condition=models.Q(('replaces__isnull', True)), fields=('item', 'key'), name='window_is_first_proposed_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='windowproposal',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='20d65e0f06af4da3d528204f10ed5db35a9a639f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_84617', table='services_windowproposal', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='proposalanswer',
                constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['confirmed', 'corrected', 'rejected'])), name='services_proposalanswer_verdict_is_known'),
            ),
            migrations.AddConstraint(
                model_name='proposalanswer',
                constraint=models.CheckConstraint(condition=models.Q(('answered_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('answered_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='services_proposalanswer_answered_at_in_range'),
            ),
            migrations.AddConstraint(
                model_name='proposalanswer',
                constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='answer_has_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='proposalanswer',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('change__isnull', True), ('verdict', 'rejected'), ('window__isnull', True)), models.Q(('verdict', 'confirmed'), models.Q(('change__isnull', False), ('window__isnull', False), _connector='OR')), models.Q(('change__isnull', False), ('verdict', 'corrected')), _connector='OR'), name='answer_leads_to_a_change_unless_it_rejects'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='proposalanswer',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                RAISE EXCEPTION 'append_only: % rows are added, never changed', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation',\n                          HINT = 'Add a row that says what is true now.';\n            ", hash='eb5ccf4c05fb9dbaf5be9fac25c8d7015bbe564c', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f4a13', table='services_proposalanswer', when='BEFORE')),
            ),
        ]),
    ]
