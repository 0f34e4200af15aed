"""A rule about boxes that are under way to other accounts of the same card or address."""

from django.db import migrations, models


def begin(apps, schema_editor):
    """Write the rule; a shop that lets boxes out by itself is not slowed down unasked."""
    rule = apps.get_model("trials", "RiskRule")
    by_itself = rule.objects.filter(kind="nothing_found", active=True).exists()
    rule.objects.get_or_create(
        kind="out_elsewhere",
        # Two of a family, or who shares a flat, may try at the same time.
        defaults={"threshold": 2, "days": 180, "outcome": "review", "active": not by_itself},
    )


def end(apps, schema_editor):
    """Take the rule out: code of before does not know its kind."""
    apps.get_model("trials", "RiskRule").objects.filter(kind="out_elsewhere").delete()


class Migration(migrations.Migration):
    """Choices, which the database does not know, and one row."""

    dependencies = [("trials", "0070_left_out_goes_on")]

    operations = [
        migrations.AlterField(
            model_name="riskrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("nothing_found", "No other rule speaks"),
                    ("new_customer", "Trials completed so far, fewer than"),
                    ("shared_card", "Other accounts with the same card, at least"),
                    ("own_debts", "Charges she owes, at least"),
                    ("card_owes", "Charges owed by accounts with the same card, at least"),
                    ("address_owes", "Charges owed by accounts at the same address, at least"),
                    (
                        "out_elsewhere",
                        "Boxes under way to other accounts with the same card or address, at least",
                    ),
                    ("serial_trials", "Trials without a purchase within the days, at least"),
                    ("box_value", "Value of the box in whole units of its currency, at least"),
                    ("unconfirmed", "Confirmed email addresses, fewer than"),
                ],
                max_length=20,
                unique=True,
                verbose_name="looks at",
            ),
        ),
        migrations.RunPython(begin, end),
    ]
