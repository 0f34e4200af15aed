"""Why a card was refused, by which try, and whether the payer disputes what was paid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns with constant defaults; the account of the ledger is a choice of Django's alone."""

    dependencies = [
        ('shop', '0013_invitation_topic'),
    ]

    operations = [
        migrations.AddField(
            model_name='payment',
            name='advice_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='payment',
            name='decline_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='payment',
            name='dispute',
            field=models.CharField(blank=True, choices=[('open', 'Disputed'), ('won', 'Dispute won'), ('lost', 'Dispute lost')], db_default='', default='', max_length=8, verbose_name='dispute'),
        ),
        migrations.AddField(
            model_name='payment',
            name='failed_charge',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('stripe', 'Balance at Stripe'), ('receivable', 'Owed by customers'), ('sales', 'Sales'), ('unreturned', 'Unreturned trial frames'), ('late_fees', 'Late fees'), ('rewards', 'Rewards'), ('customer_credit', "Customers' credit")], max_length=20, verbose_name='account'),
        ),
    ]
