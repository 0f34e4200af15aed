"""Amounts held on cards."""

import django.db.models.deletion
import django.utils.timezone
import djmoney.models.fields
import djmoney.money
import shop.foundation.money
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0015_accounts_of_trials'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(help_text='A registered one.', max_length=30, verbose_name='purpose')),
                ('reference', models.CharField(max_length=60, verbose_name='reference')),
                ('amount_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3)),
                ('amount', shop.foundation.money.MoneyField(decimal_places=3, max_digits=14, verbose_name='amount')),
                ('captured_currency', djmoney.models.fields.CurrencyField(choices=[('EUR', 'Euro')], default='EUR', editable=False, max_length=3)),
                ('captured', shop.foundation.money.MoneyField(decimal_places=3, default=djmoney.money.Money(0, 'EUR'), max_digits=14, verbose_name='taken')),
                ('state', models.CharField(choices=[('created', 'Asked for'), ('authorised', 'Held'), ('refused', 'Refused'), ('releasing', 'Being released'), ('released', 'Released'), ('capturing', 'Being taken'), ('captured', 'Taken'), ('lapsed', 'Lapsed')], default='created', max_length=12, verbose_name='state')),
                ('stripe_payment_intent_id', models.CharField(blank=True, max_length=60, null=True, unique=True, verbose_name='PaymentIntent')),
                ('capture_before', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told at')),
                ('failure_code', models.CharField(blank=True, max_length=60, verbose_name='error code')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.savedcard', verbose_name='card')),
                ('payment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hold', to='shop.payment', verbose_name='payment')),
                ('renews', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='shop.hold', verbose_name='renews')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'hold',
                'verbose_name_plural': 'holds',
                'indexes': [models.Index(fields=['purpose', 'reference'], name='hold_by_reference'), models.Index(condition=models.Q(('state', 'authorised')), fields=['capture_before'], name='hold_to_renew'), models.Index(condition=models.Q(('state__in', ['created', 'releasing', 'capturing'])), fields=['created_at'], name='hold_undecided')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='hold_of_something'), models.CheckConstraint(condition=models.Q(('captured__gte', 0), ('captured__lte', models.F('amount'))), name='hold_captured_within'), models.CheckConstraint(condition=models.Q(models.Q(('captured__gt', 0), ('payment__isnull', False), ('state__in', ['capturing', 'captured'])), models.Q(models.Q(('state__in', ['capturing', 'captured']), _negated=True), ('captured', 0), ('payment', None)), _connector='OR'), name='hold_captured_for_a_payment'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'authorised'), _negated=True), models.Q(('capture_before__isnull', False), ('stripe_payment_intent_id__isnull', False)), _connector='OR'), name='hold_authorised_until'), models.UniqueConstraint(condition=models.Q(('renews', None), ('state__in', ['created', 'authorised'])), fields=('purpose', 'reference'), name='one_hold_a_reference'), models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('renews',), name='one_renewal_a_hold')],
            },
        ),
    ]
