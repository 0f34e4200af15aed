"""Filters of the list of orders: a word more to choose from, nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0045_ship_by_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='savedfilter',
            name='list',
            field=models.CharField(choices=[('trials', 'Trials'), ('overdue', 'Overdue'), ('units', 'Units'), ('charges', 'Charges'), ('claims', 'Lost parcels'), ('proposals', 'Damage'), ('orders', 'Orders')], max_length=12, verbose_name='list'),
        ),
    ]
