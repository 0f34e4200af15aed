"""A new account of the ledger for deposits, and one for fees of trials."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0014_payment_declines_and_disputes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('stripe', 'Balance at Stripe'), ('receivable', 'Owed by customers'), ('sales', 'Sales'), ('unreturned', 'Unreturned trial frames'), ('late_fees', 'Late fees'), ('rewards', 'Rewards'), ('deposits', "Customers' deposits"), ('trial_fees', 'Fees of trials'), ('customer_credit', "Customers' credit")], max_length=20, verbose_name='account'),
        ),
    ]
