"""What a customer was written, who had a card asked, and what is away of a trial."""

import django.db.models.deletion
import django.utils.timezone
import djmoney.models.fields
import djmoney.money
import shop.foundation.money
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a table and adds constant columns, whose default the database keeps.

    The release that still runs places trials and knows nothing of them.
    """

    dependencies = [
        ('shop', '0014_payment_declines_and_disputes'),
        ('trials', '0023_returns_laws'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent at')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='chargeattempt',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AddField(
            model_name='trial',
            name='away_value',
            field=shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='value away'),
        ),
        migrations.AddField(
            model_name='trial',
            name='away_value_currency',
            field=djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3),
        ),
        migrations.RunSQL(
            "ALTER TABLE trials_trial ALTER COLUMN away_value SET DEFAULT 0,"
            " ALTER COLUMN away_value_currency SET DEFAULT 'EUR'",
            "ALTER TABLE trials_trial ALTER COLUMN away_value DROP DEFAULT,"
            " ALTER COLUMN away_value_currency DROP DEFAULT",
        ),
        migrations.AddField(
            model_name='notice',
            name='sent_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by'),
        ),
        migrations.AddField(
            model_name='notice',
            name='trial',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='trials.trial', verbose_name='trial'),
        ),
    ]
