"""Rates of costs, and which trial each booked cost belongs to."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0017_accounts_of_costs'),
        ('trials', '0029_frame_swap'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TrialCost',
            fields=[
                ('transaction', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='trial_cost', serialize=False, to='shop.ledgertransaction')),
                ('trial_id', models.UUIDField(db_index=True, null=True, verbose_name='trial')),
                ('unit_id', models.BigIntegerField(db_index=True, null=True, verbose_name='trial unit')),
                ('variant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.variant', verbose_name='variant')),
            ],
            options={
                'verbose_name': 'cost of a trial',
                'verbose_name_plural': 'costs of trials',
            },
        ),
        migrations.CreateModel(
            name='CostRates',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateTimeField(default=django.utils.timezone.now, verbose_name='valid from')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('shipping_out', models.DecimalField(decimal_places=3, default=Decimal('0'), help_text='Where the carrier names no price of the label.', max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='parcel to the customer')),
                ('shipping_back', models.DecimalField(decimal_places=3, default=Decimal('0'), help_text='Where the carrier names no price of the label.', max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='parcel back')),
                ('cleaning', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='cleaning a returned unit')),
                ('repair', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='repairing a unit')),
                ('hourly_wage', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='an hour of work')),
                ('pack_minutes', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5, validators=[django.core.validators.MinValueValidator(0)], verbose_name='minutes to pack a unit')),
                ('check_in_minutes', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5, validators=[django.core.validators.MinValueValidator(0)], verbose_name='minutes to check a unit in')),
                ('goods_percent', models.PositiveSmallIntegerField(default=0, help_text='Of units given up or kept, and of frames sold.', verbose_name='cost of a frame in % of its price')),
                ('made_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'cost rates',
                'verbose_name_plural': 'cost rates',
                'ordering': ('-valid_from', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('check_in_minutes__gte', 0), ('cleaning__gte', 0), ('goods_percent__lte', 100), ('hourly_wage__gte', 0), ('pack_minutes__gte', 0), ('repair__gte', 0), ('shipping_back__gte', 0), ('shipping_out__gte', 0)), name='cost_rates_in_bounds')],
            },
        ),
    ]
