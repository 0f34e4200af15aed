"""What a carrier outside the house knows a parcel by, and who is just buying its label."""

import django.db.models.deletion
import djmoney.models.fields
import shop.foundation.money
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table, and columns that are empty or have a constant default: no row is rewritten."""

    dependencies = [
        ("trials", "0015_charge_laws"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelClaim",
            fields=[
                (
                    "trial",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="trials.trial",
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="shipment",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last asked at"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="carrier_reference",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=60,
                verbose_name="the carrier's reference",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="heard_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last news at"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="label_url",
            field=models.URLField(
                blank=True, db_default="", default="", max_length=500, verbose_name="label"
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="postage",
            field=shop.foundation.money.MoneyField(
                blank=True,
                decimal_places=3,
                default=None,
                max_digits=14,
                null=True,
                verbose_name="postage",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="postage_currency",
            field=djmoney.models.fields.CurrencyField(
                choices=[("EUR", "Euro")], default="EUR", editable=False, max_length=3, null=True
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="refund_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Nothing to give back"),
                    ("asked", "Asked for"),
                    ("refunded", "Given back"),
                    ("rejected", "Refused by the carrier"),
                ],
                db_default="",
                default="",
                max_length=10,
                verbose_name="refund of the postage",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="service",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=60, verbose_name="service"
            ),
        ),
        migrations.AlterField(
            model_name="shipment",
            name="state",
            field=models.CharField(
                choices=[
                    ("labelled", "Label made"),
                    ("in_transit", "On its way"),
                    ("delivered", "Delivered"),
                    ("failed", "Could not be delivered"),
                    ("sent_back", "Sent back by the carrier"),
                ],
                default="labelled",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="trackingevent",
            name="status",
            field=models.CharField(
                choices=[
                    ("labelled", "Label made"),
                    ("in_transit", "On its way"),
                    ("delivered", "Delivered"),
                    ("failed", "Could not be delivered"),
                    ("sent_back", "Sent back by the carrier"),
                ],
                max_length=12,
                verbose_name="state",
            ),
        ),
    ]
