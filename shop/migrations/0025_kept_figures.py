"""Figures kept for pages of a large shop."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a table."""

    dependencies = [
        ('shop', '0024_console_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptFigures',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('until', models.DateTimeField(help_text='The moment up to which they count.')),
                ('took_ms', models.PositiveIntegerField()),
                ('figures', models.JSONField()),
            ],
        ),
    ]
