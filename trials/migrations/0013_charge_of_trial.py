"""A charge is of a trial, with or without an item of it, and says how much of it was given back."""

import django.db.models.deletion
import djmoney.models.fields
import djmoney.money
import shop.foundation.money
from django.db import migrations, models

# The release that still runs knows none of the columns, and a charge of an item is of the item's trial.
FILL = """
CREATE FUNCTION trial_charge_of_its_trial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.item_id IS NOT NULL THEN
        SELECT trial_id INTO NEW.trial_id FROM trials_trialitem WHERE id = NEW.item_id;
    END IF;
    NEW.refunded := COALESCE(NEW.refunded, 0);
    NEW.refunded_currency := NEW.amount_currency;
    NEW.refund_due := COALESCE(NEW.refund_due, 0);
    NEW.refund_due_currency := NEW.amount_currency;
    NEW.to_decide := COALESCE(NEW.to_decide, false);
    RETURN NEW;
END $$;
CREATE TRIGGER trial_charge_of_its_trial BEFORE INSERT OR UPDATE ON trials_trialcharge
    FOR EACH ROW EXECUTE FUNCTION trial_charge_of_its_trial()
"""
LIFT = """
DROP TRIGGER trial_charge_of_its_trial ON trials_trialcharge;
DROP FUNCTION trial_charge_of_its_trial()
"""


class Migration(migrations.Migration):
    """Adds columns that are empty or constant, lets one be empty and widens another: no rewriting."""

    dependencies = [("trials", "0012_turnaround")]

    operations = [
        migrations.AddField(
            "trialcharge",
            "refunded",
            shop.foundation.money.MoneyField(
                decimal_places=3,
                default=djmoney.money.Money(0, "EUR"),
                max_digits=14,
                verbose_name="given back",
            ),
        ),
        migrations.AddField(
            "trialcharge",
            "refunded_currency",
            djmoney.models.fields.CurrencyField(
                choices=[("EUR", "Euro")], default="EUR", editable=False, max_length=3
            ),
        ),
        migrations.AddField(
            "trialcharge",
            "refund_due",
            shop.foundation.money.MoneyField(
                decimal_places=3,
                default=djmoney.money.Money(0, "EUR"),
                max_digits=14,
                verbose_name="to be given back",
            ),
        ),
        migrations.AddField(
            "trialcharge",
            "refund_due_currency",
            djmoney.models.fields.CurrencyField(
                choices=[("EUR", "Euro")], default="EUR", editable=False, max_length=3
            ),
        ),
        migrations.AddField(
            "trialcharge",
            "to_decide",
            models.BooleanField(default=False, verbose_name="to be decided"),
        ),
        migrations.AddField(
            "trialcharge",
            "link_opened_at",
            models.DateTimeField(blank=True, null=True, verbose_name="payment link opened at"),
        ),
        migrations.AddField(
            "trialcharge",
            "trial",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="trials.trial",
                verbose_name="trial",
            ),
        ),
        migrations.AlterField(
            "trialcharge",
            "item",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="trials.trialitem",
                verbose_name="frame of the trial",
            ),
        ),
        migrations.AlterField(
            "trialcharge",
            "purpose",
            models.CharField(
                choices=[
                    ("unreturned", "Not returned"),
                    ("damaged", "Damaged"),
                    ("late", "Sent back late"),
                ],
                max_length=12,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            "trialcharge",
            "state",
            models.CharField(
                choices=[
                    ("owed", "Owed"),
                    ("paid", "Paid"),
                    ("partly_refunded", "Given back in part"),
                    ("refunded", "Given back"),
                    ("waived", "Waived"),
                    ("written_off", "Written off"),
                ],
                default="owed",
                max_length=16,
                verbose_name="state",
            ),
        ),
        migrations.RunSQL(FILL, LIFT),
        migrations.CreateModel(
            "ChargeAttempt",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="Zero for the first.", verbose_name="number"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="asked at"),
                ),
                (
                    "refused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="refused at"),
                ),
                (
                    "decline_code",
                    models.CharField(blank=True, max_length=60, verbose_name="decline code"),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shop.savedcard",
                        verbose_name="card",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="trials.trialcharge",
                        verbose_name="trial charge",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt at a charge",
                "verbose_name_plural": "attempts at charges",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["charge", "number"], name="one_attempt_a_number"
                    )
                ],
                "indexes": [
                    models.Index(
                        fields=["due_at"],
                        name="charge_attempt_due",
                        condition=models.Q(("asked_at", None)),
                    )
                ],
            },
        ),
    ]
