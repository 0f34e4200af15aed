"""Pick batches with their totes, and manifests with their parcels."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables only; nothing that is there changes."""

    dependencies = [
        ('trials', '0008_one_programme_a_country'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Manifest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(max_length=20, verbose_name='carrier')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Handed over')], default='open', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='handed over at')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'manifest',
                'verbose_name_plural': 'manifests',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='ManifestParcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='added at')),
                ('left_out', models.BooleanField(default=False, verbose_name='left out')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('manifest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='trials.manifest', verbose_name='manifest')),
                ('shipment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='manifest_parcel', to='trials.shipment', verbose_name='shipment')),
            ],
            options={
                'verbose_name': 'parcel of a manifest',
                'verbose_name_plural': 'parcels of a manifest',
                'ordering': ('added_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ManifestTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=20)),
                ('to_state', models.CharField(max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='trials.manifest')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PickBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('picking', 'Being picked'), ('picked', 'Picked'), ('cancelled', 'Cancelled')], default='picking', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'pick batch',
                'verbose_name_plural': 'pick batches',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='PickBatchTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=20)),
                ('to_state', models.CharField(max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='trials.pickbatch')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PickTote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='tote')),
                ('released', models.BooleanField(default=False, verbose_name='released')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='totes', to='trials.pickbatch', verbose_name='pick batch')),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='totes', to='trials.trial', verbose_name='trial')),
            ],
            options={
                'verbose_name': 'tote',
                'verbose_name_plural': 'totes',
                'ordering': ('batch', 'position'),
            },
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.trialunit')),
                ('tote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='trials.picktote')),
            ],
        ),
        migrations.CreateModel(
            name='UnitNotFound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('found_at', models.DateTimeField(blank=True, null=True, verbose_name='found at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.trialitem')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.trialunit')),
                ('tote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='not_found', to='trials.picktote')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.trialunit', verbose_name='trial unit')),
            ],
            options={
                'verbose_name': 'unit not found',
                'verbose_name_plural': 'units not found',
            },
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('carrier',), name='one_open_manifest_a_carrier'),
        ),
        migrations.AddConstraint(
            model_name='picktote',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='one_tote_a_position'),
        ),
        migrations.AddConstraint(
            model_name='picktote',
            constraint=models.UniqueConstraint(condition=models.Q(('released', False)), fields=('trial',), name='trial_in_one_pick_batch'),
        ),
        migrations.AddConstraint(
            model_name='picktote',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='totes_count_from_one'),
        ),
        migrations.AddConstraint(
            model_name='pick',
            constraint=models.UniqueConstraint(fields=('tote', 'unit'), name='unit_picked_once'),
        ),
        migrations.AddConstraint(
            model_name='unitnotfound',
            constraint=models.UniqueConstraint(fields=('tote', 'unit'), name='unit_not_found_once'),
        ),
    ]
