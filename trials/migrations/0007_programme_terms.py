"""All the terms a programme can have; what was published before keeps what it said."""

import django.contrib.postgres.fields
import djmoney.models.fields
import djmoney.money
import shop.foundation.money
import trials.programme.models
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns with defaults to two small tables."""

    dependencies = [
        ('trials', '0006_reminder'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='countries',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, help_text='Where boxes are sent, by two-letter codes; empty for everywhere.', size=None, verbose_name='countries'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='cool_down_days',
            field=models.PositiveSmallIntegerField(default=0, help_text='Days after a trial was closed before its customer may ask for another.', verbose_name='days until the next trial'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='damaged_percent',
            field=models.PositiveSmallIntegerField(default=0, help_text='What is proposed for it; ops accept, change or waive it.', verbose_name='price of a damaged frame in %'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='day_count',
            field=models.CharField(choices=[('every_day', 'Every day counts'), ('last_working', 'The last day moves on to a working day'), ('working_days', 'Only working days count')], default='every_day', max_length=12, verbose_name='days that count'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='deposit',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), help_text='Taken when a trial is placed, given back at its end.', max_digits=14, verbose_name='deposit'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='deposit_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='extension_days',
            field=models.PositiveSmallIntegerField(default=0, help_text='By how much a customer may extend once, if nobody waits; zero for never.', verbose_name='days of an extension'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='hold',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), help_text='Held on the card while the box is out, renewed before it lapses.', max_digits=14, verbose_name='hold'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='hold_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='late_fee',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), help_text='For each day a box is late, after grace.', max_digits=14, verbose_name='fee a late day'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='late_fee_cap',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), help_text='For a whole trial; zero for no cap.', max_digits=14, verbose_name='most of late fees'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='late_fee_cap_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='late_fee_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='late_return_days',
            field=models.PositiveSmallIntegerField(default=0, help_text='A frame that comes back this many days after it was charged is refunded.', verbose_name='days a charge is given back'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='late_return_percent',
            field=models.PositiveSmallIntegerField(default=100, verbose_name='share given back in %'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='longest_wait_days',
            field=models.PositiveSmallIntegerField(default=14, help_text='Days after the charge was due that a box on its way back puts it off.', verbose_name='longest wait for a return'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='mode',
            field=models.CharField(choices=[('return_all', 'Everything comes back; a new pair is bought'), ('keep_and_pay', 'What she keeps is charged')], default='return_all', max_length=12, verbose_name='way of buying'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='most_value',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), help_text='Zero for any value.', max_digits=14, verbose_name='most a box may be worth'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='most_value_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='reminder_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=trials.programme.models.default_reminder_days, help_text='Days at home on which the customer is written to, the first being 1.', size=None, verbose_name='days of reminders'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='unreturned_percent',
            field=models.PositiveSmallIntegerField(default=100, verbose_name='price of a missing frame in %'),
        ),
        migrations.AddConstraint(
            model_name='programmeversion',
            constraint=models.CheckConstraint(condition=models.Q(('deposit__gte', 0), ('fee__gte', 0), ('hold__gte', 0), ('most_value__gte', 0), ('late_fee__gte', 0), ('late_fee_cap__gte', 0)), name='programme_amounts_not_below_zero'),
        ),
        migrations.AddConstraint(
            model_name='programmeversion',
            constraint=models.CheckConstraint(condition=models.Q(('damaged_percent__lte', 100), ('unreturned_percent__lte', 100), ('late_return_percent__lte', 100)), name='programme_percents_to_100'),
        ),
    ]
