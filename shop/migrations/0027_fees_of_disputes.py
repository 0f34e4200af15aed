"""What Stripe took for a dispute, and its account of the ledger."""

import djmoney.models.fields
import djmoney.money
import shop.foundation.money
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column to a small table; the words of the accounts change nothing there."""

    dependencies = [
        ('shop', '0026_disputes'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='fees',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='fees'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='fees_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('stripe', 'Balance at Stripe'), ('receivable', 'Owed by customers'), ('sales', 'Sales'), ('unreturned', 'Unreturned trial frames'), ('kept_sales', 'Trial frames sold'), ('sales_tax', 'Sales tax to be paid'), ('late_fees', 'Late fees'), ('rewards', 'Rewards'), ('deposits', "Customers' deposits"), ('trial_fees', 'Fees of trials'), ('disputes', "Taken back by customers' banks"), ('dispute_fees', 'Fees of disputes'), ('customer_credit', "Customers' credit"), ('shipping', 'Parcels of trials'), ('refurbishment', 'Cleaning and repair'), ('labour', 'Work on trials'), ('write_offs', 'Units written off'), ('goods', 'Cost of frames sold'), ('costs_accrued', 'Costs to be paid'), ('inventory', 'Stock')], max_length=20, verbose_name='account'),
        ),
    ]
