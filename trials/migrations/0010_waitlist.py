"""Who waits for which variant, and the unit held for whom."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes two tables, and adds columns that may be empty or have a default; no row is rewritten.

    The indexes of the units stand in the next migration, which locks no table.
    """

    dependencies = [
        ('shop', '0013_invitation_topic'),
        ("trials", "0009_fulfilment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitlistEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('held', 'Held for her'), ('taken', 'Taken'), ('lapsed', 'Lapsed'), ('left', 'Left')], default='waiting', max_length=10, verbose_name='state')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined at')),
                ('held_until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
            ],
            options={
                'verbose_name': 'waitlist entry',
                'verbose_name_plural': 'waitlist entries',
            },
        ),
        migrations.CreateModel(
            name='WaitlistTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=20)),
                ('to_state', models.CharField(max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='unitmovement',
            name='grade',
            field=models.CharField(blank=True, choices=[('A', 'A, like new'), ('B', 'B, light traces'), ('C', 'C, visible wear'), ('D', 'D, not to be shown')], db_default='', default='', max_length=1, verbose_name='grade'),
        ),
        migrations.AddField(
            model_name='unitmovement',
            name='location',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='shelf'),
        ),
        migrations.AddField(
            model_name='waitlistentry',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waitlist_entries', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='waitlistentry',
            name='variant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.variant', verbose_name='variant'),
        ),
        migrations.AddField(
            model_name='trialunit',
            name='held_for',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='trials.waitlistentry', verbose_name='held for'),
        ),
        migrations.AddField(
            model_name='waitlisttransition',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='waitlisttransition',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='trials.waitlistentry'),
        ),
        migrations.AddIndex(
            model_name='waitlistentry',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['variant', 'joined_at', 'id'], name='waitlist_line'),
        ),
        migrations.AddIndex(
            model_name='waitlistentry',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['held_until'], name='waitlist_held'),
        ),
        migrations.AddConstraint(
            model_name='waitlistentry',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user', 'variant'), name='one_wait_a_customer_and_variant'),
        ),
        migrations.AddConstraint(
            model_name='waitlistentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_until__isnull', False), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('held_until', None)), _connector='OR'), name='held_until_while_held'),
        ),
        migrations.AddConstraint(
            model_name='waitlistentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'held'])), models.Q(models.Q(('state__in', ['waiting', 'held']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='wait_ended_when_over'),
        ),
    ]
