"""What is done once in the life of an installation."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a table."""

    dependencies = [
        ('shop', '0028_what_was_given_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('reached_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
