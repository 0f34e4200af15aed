"""What of a deposit pays a debt that is written off."""

import djmoney.models.fields
import djmoney.money
import shop.foundation.money
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds constant columns, whose default the database keeps, and rules for new rows first."""

    dependencies = [
        ('shop', '0022_one_payment_an_intent'),
        ('trials', '0035_second_look'),
    ]

    operations = [
        migrations.AddField(
            model_name='trial',
            name='kept_deposit',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='kept of the deposit'),
        ),
        migrations.AddField(
            model_name='trial',
            name='kept_deposit_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='trialcharge',
            name='from_deposit',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='paid by the deposit'),
        ),
        migrations.AddField(
            model_name='trialcharge',
            name='from_deposit_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.RunSQL(
            "ALTER TABLE trials_trial ALTER COLUMN kept_deposit SET DEFAULT 0,"
            " ALTER COLUMN kept_deposit_currency SET DEFAULT 'EUR';"
            "ALTER TABLE trials_trialcharge ALTER COLUMN from_deposit SET DEFAULT 0,"
            " ALTER COLUMN from_deposit_currency SET DEFAULT 'EUR'",
            "ALTER TABLE trials_trial ALTER COLUMN kept_deposit DROP DEFAULT,"
            " ALTER COLUMN kept_deposit_currency DROP DEFAULT;"
            "ALTER TABLE trials_trialcharge ALTER COLUMN from_deposit DROP DEFAULT,"
            " ALTER COLUMN from_deposit_currency DROP DEFAULT",
        ),
        AddConstraintNotValid(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('kept_deposit__gte', 0)), name='kept_deposit_not_below_zero'),
        ),
        AddConstraintNotValid(
            model_name='trialcharge',
            constraint=models.CheckConstraint(condition=models.Q(('from_deposit', 0), models.Q(('from_deposit__gt', 0), ('from_deposit__lte', models.F('amount')), ('state', 'written_off')), _connector='OR'), name='deposit_pays_what_is_written_off'),
        ),
    ]
