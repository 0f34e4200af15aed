"""A deposit that a rule asks a customer for: how much, and of which trial it was asked."""

import djmoney.models.fields
import djmoney.money
import shop.foundation.money
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds constant columns, whose default the database keeps for the release that still runs."""

    dependencies = [
        ('trials', '0033_histories_only_grow'),
    ]

    operations = [
        migrations.AddField(
            model_name='riskrule',
            name='deposit',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(50, 'EUR'), help_text='Only where a deposit is asked for; of several rules the highest counts.', max_digits=14, verbose_name='deposit'),
        ),
        migrations.AddField(
            model_name='riskrule',
            name='deposit_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='trial',
            name='asked_deposit',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='deposit asked for'),
        ),
        migrations.AddField(
            model_name='trial',
            name='asked_deposit_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.RunSQL(
            "ALTER TABLE trials_trial ALTER COLUMN asked_deposit SET DEFAULT 0,"
            " ALTER COLUMN asked_deposit_currency SET DEFAULT 'EUR';"
            "ALTER TABLE trials_riskrule ALTER COLUMN deposit SET DEFAULT 50,"
            " ALTER COLUMN deposit_currency SET DEFAULT 'EUR'",
            "ALTER TABLE trials_trial ALTER COLUMN asked_deposit DROP DEFAULT,"
            " ALTER COLUMN asked_deposit_currency DROP DEFAULT;"
            "ALTER TABLE trials_riskrule ALTER COLUMN deposit DROP DEFAULT,"
            " ALTER COLUMN deposit_currency DROP DEFAULT",
        ),
        migrations.AlterField(
            model_name='riskdecision',
            name='outcome',
            field=models.CharField(choices=[('approve', 'Approve by itself'), ('review', 'Have a person look'), ('deposit', 'Ask for a deposit'), ('decline', 'Decline kindly')], max_length=10, verbose_name='outcome'),
        ),
        migrations.AlterField(
            model_name='riskrule',
            name='outcome',
            field=models.CharField(choices=[('approve', 'Approve by itself'), ('review', 'Have a person look'), ('deposit', 'Ask for a deposit'), ('decline', 'Decline kindly')], default='review', max_length=10, verbose_name='then'),
        ),
        migrations.AddConstraint(
            model_name='riskrule',
            constraint=models.CheckConstraint(condition=models.Q(('deposit__gte', Decimal('0.50'))), name='risk_deposit_a_card_can_be_asked_for'),
        ),
    ]
