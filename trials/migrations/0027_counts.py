"""Cycle counts of units, and the permission to give units up."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0013_invitation_topic'),
        ("trials", "0026_overdue_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='trialunit',
            options={'permissions': [('give_up_trialunit', 'Can retire units and write them off')], 'verbose_name': 'trial unit', 'verbose_name_plural': 'trial units'},
        ),
        migrations.CreateModel(
            name='UnitCount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('location', models.CharField(blank=True, max_length=20, verbose_name='shelf')),
                ('state', models.CharField(choices=[('open', 'Being counted'), ('finished', 'Counted'), ('abandoned', 'Abandoned')], default='open', max_length=10, verbose_name='state')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='started at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('variant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.variant', verbose_name='variant')),
            ],
            options={
                'verbose_name': 'count',
                'verbose_name_plural': 'counts',
                'ordering': ('-started_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='CountTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=20)),
                ('to_state', models.CharField(max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='trials.unitcount')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CountedUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('expected', models.BooleanField()),
                ('believed_state', models.CharField(choices=[('available', 'Available'), ('reserved', 'Reserved'), ('packed', 'Packed'), ('out', 'With the customer'), ('in_transit_back', 'On its way back'), ('inspection', 'Being inspected'), ('repair', 'In repair'), ('retired', 'Retired'), ('lost', 'Lost')], max_length=20)),
                ('believed_location', models.CharField(blank=True, max_length=20)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('finding', models.CharField(blank=True, choices=[('missing', 'Not seen'), ('found', 'Not expected'), ('misplaced', 'Wrong shelf')], max_length=10)),
                ('decision', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('dismissed', 'Left as it is')], max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.trialunit')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='trials.unitcount')),
            ],
            options={
                'verbose_name': 'counted unit',
                'verbose_name_plural': 'counted units',
            },
        ),
        migrations.AddIndex(
            model_name='unitcount',
            index=models.Index(fields=['-started_at', '-id'], name='count_by_start'),
        ),
        migrations.AddConstraint(
            model_name='unitcount',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), ('variant', None)), fields=('location',), name='one_open_count_a_shelf'),
        ),
        migrations.AddConstraint(
            model_name='unitcount',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), ('variant__isnull', False)), fields=('variant',), name='one_open_count_a_variant'),
        ),
        migrations.AddConstraint(
            model_name='unitcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('variant', None), models.Q(('location', ''), _negated=True)), models.Q(('location', ''), ('variant__isnull', False)), _connector='OR'), name='count_of_shelf_or_variant'),
        ),
        migrations.AddConstraint(
            model_name='unitcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='count_ended_when_over'),
        ),
        migrations.AddConstraint(
            model_name='countedunit',
            constraint=models.UniqueConstraint(fields=('count', 'unit'), name='unit_once_a_count'),
        ),
        migrations.AddConstraint(
            model_name='countedunit',
            constraint=models.CheckConstraint(condition=models.Q(('expected', True), ('seen_at__isnull', False), _connector='OR'), name='expected_or_seen'),
        ),
        migrations.AddConstraint(
            model_name='countedunit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), models.Q(('finding', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='decided_of_a_finding'),
        ),
    ]
