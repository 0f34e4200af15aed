"""Requests for frames of which no unit was free."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a table."""

    dependencies = [
        ('shop', '0026_disputes'),
        ('trials', '0040_refunds_open'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TurnedAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turned_away', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.variant', verbose_name='variant')),
            ],
            options={
                'verbose_name': 'request turned away',
                'verbose_name_plural': 'requests turned away',
                'indexes': [models.Index(fields=['at'], name='turned_away_by_time')],
                'constraints': [models.UniqueConstraint(fields=('user', 'variant', 'day'), name='turned_away_once_a_day')],
            },
        ),
    ]
