"""Extensions of the days at home, and what reminders at home need to know of a trial."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds two tables, and columns that may be empty; no row is rewritten."""

    dependencies = [
        ('shop', '0013_invitation_topic'),
        ('trials', '0017_parcels_to_look_after'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('terms', 'As the programme offers it'), ('gift', 'A present'), ('staff', 'Given by staff')], max_length=8, verbose_name='ground')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days')),
                ('due_before', models.DateTimeField(verbose_name='at home until, before')),
                ('due_after', models.DateTimeField(verbose_name='at home until, after')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
                'ordering': ('created_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ExtensionGift',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('days', models.PositiveSmallIntegerField()),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='trial',
            name='counted_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='days counted from'),
        ),
        migrations.AddField(
            model_name='trial',
            name='next_reminder_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='next reminder'),
        ),
        migrations.AddField(
            model_name='extension',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='extension',
            name='trial',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='trials.trial', verbose_name='trial'),
        ),
        migrations.AddField(
            model_name='extensiongift',
            name='extension',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gift', to='trials.extension'),
        ),
        migrations.AddField(
            model_name='extensiongift',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extension_gifts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['terms', 'gift'])), fields=('trial', 'kind'), name='one_extension_a_trial_and_ground'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (1, 60))), name='extension_of_1_to_60_days'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('due_after__gt', models.F('due_before'))), name='extension_moves_the_end_on'),
        ),
        migrations.AddIndex(
            model_name='extensiongift',
            index=models.Index(condition=models.Q(('extension__isnull', True), ('withdrawn_at__isnull', True)), fields=['user', 'given_at'], name='gift_unused'),
        ),
        migrations.AddConstraint(
            model_name='extensiongift',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (1, 60))), name='gift_of_1_to_60_days'),
        ),
        migrations.AddConstraint(
            model_name='extensiongift',
            constraint=models.CheckConstraint(condition=models.Q(('extension__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='gift_used_or_withdrawn'),
        ),
    ]
