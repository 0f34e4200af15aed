"""Accounts for frames that customers keep, and for the tax within."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes words only: no row is touched, and entries of before stay where they are."""

    dependencies = [
        ('shop', '0022_one_payment_an_intent'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('stripe', 'Balance at Stripe'), ('receivable', 'Owed by customers'), ('sales', 'Sales'), ('unreturned', 'Unreturned trial frames'), ('kept_sales', 'Trial frames sold'), ('sales_tax', 'Sales tax to be paid'), ('late_fees', 'Late fees'), ('rewards', 'Rewards'), ('deposits', "Customers' deposits"), ('trial_fees', 'Fees of trials'), ('customer_credit', "Customers' credit"), ('shipping', 'Parcels of trials'), ('refurbishment', 'Cleaning and repair'), ('labour', 'Work on trials'), ('write_offs', 'Units written off'), ('goods', 'Cost of frames sold'), ('costs_accrued', 'Costs to be paid'), ('inventory', 'Stock')], max_length=20, verbose_name='account'),
        ),
    ]
