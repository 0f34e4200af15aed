"""Disputes with what banks took, and how far Stripe was read."""

import django.db.models.deletion
import djmoney.models.fields
import djmoney.money
import shop.foundation.money
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes two tables, and an account of the ledger."""

    dependencies = [
        ('shop', '0025_kept_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='StripeSweep',
            fields=[
                ('kind', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='kind')),
                ('until', models.DateTimeField(verbose_name='read until')),
            ],
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('stripe', 'Balance at Stripe'), ('receivable', 'Owed by customers'), ('sales', 'Sales'), ('unreturned', 'Unreturned trial frames'), ('kept_sales', 'Trial frames sold'), ('sales_tax', 'Sales tax to be paid'), ('late_fees', 'Late fees'), ('rewards', 'Rewards'), ('deposits', "Customers' deposits"), ('trial_fees', 'Fees of trials'), ('disputes', "Taken back by customers' banks"), ('customer_credit', "Customers' credit"), ('shipping', 'Parcels of trials'), ('refurbishment', 'Cleaning and repair'), ('labour', 'Work on trials'), ('write_offs', 'Units written off'), ('goods', 'Cost of frames sold'), ('costs_accrued', 'Costs to be paid'), ('inventory', 'Stock')], max_length=20, verbose_name='account'),
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_dispute_id', models.CharField(max_length=60, unique=True, verbose_name='dispute at Stripe')),
                ('amount_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3)),
                ('amount', shop.foundation.money.MoneyField(decimal_places=3, max_digits=14, verbose_name='amount')),
                ('withdrawn_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3)),
                ('withdrawn', shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='taken by the bank')),
                ('status', models.CharField(help_text="Stripe's word.", max_length=30, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=60, verbose_name='reason')),
                ('answer_by', models.DateTimeField(blank=True, null=True, verbose_name='answer until')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('is_open', models.BooleanField(default=True, verbose_name='open')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='shop.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'ordering': ('answer_by', 'pk'),
                'indexes': [models.Index(condition=models.Q(('is_open', True)), fields=['answer_by', 'id'], name='dispute_open')],
            },
        ),
    ]
