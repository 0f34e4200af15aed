"""Indexes of the console: orders by time, people by the words of their names."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds them while rows are written."""

    atomic = False
    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('shop', '0023_kept_sales'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['placed_at', 'id'], name='order_latest'),
        ),
        AddIndexConcurrently(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat('name', models.Value(' '), 'email', output_field=models.TextField()), models.Value("@._-+'"), models.Value('      '), function='translate', output_field=models.TextField()), config='simple'), name='user_by_words'),
        ),
    ]
