"""Names that people read in the admin."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes no column."""

    dependencies = [
        ('shop', '0018_ledger_by_time'),
    ]

    operations = [
        migrations.AlterField(
            model_name='payment',
            name='advice_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name="the network's advice"),
        ),
        migrations.AlterField(
            model_name='payment',
            name='decline_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name="the bank's reason"),
        ),
        migrations.AlterField(
            model_name='payment',
            name='failed_charge',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='refused try'),
        ),
    ]
