"""How long units take to be on the shelf again."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("trials", "0011_units_held"),
    ]

    operations = [
        migrations.CreateModel(
            name='Turnaround',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measured_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='measured at')),
                ('way_back', models.DurationField(help_text='Four of five units were on the shelf again within it.', verbose_name='way back')),
                ('returns', models.PositiveIntegerField(help_text='How many it stands on.', verbose_name='returns')),
            ],
            options={
                'verbose_name': 'turnaround',
                'verbose_name_plural': 'turnarounds',
                'ordering': ('-measured_at',),
            },
        ),
    ]
