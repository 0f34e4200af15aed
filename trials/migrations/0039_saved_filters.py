"""Filters of lists that people keep."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a table."""

    dependencies = [
        ('trials', '0038_console_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('list', models.CharField(choices=[('trials', 'Trials'), ('overdue', 'Overdue'), ('units', 'Units'), ('charges', 'Charges'), ('claims', 'Lost parcels'), ('proposals', 'Damage')], max_length=12, verbose_name='list')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('query', models.CharField(max_length=300, verbose_name='filter')),
                ('shared', models.BooleanField(default=False, verbose_name='for everybody')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL, verbose_name='kept by')),
            ],
            options={
                'verbose_name': 'saved filter',
                'verbose_name_plural': 'saved filters',
                'ordering': ('name', 'pk'),
                'indexes': [models.Index(condition=models.Q(('shared', True)), fields=['list', 'name'], name='filter_shared')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'list', 'name'), name='filter_once_a_name'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('query', ''), _negated=True)), name='filter_of_something')],
            },
        ),
    ]
