"""A rule about customers whose email address is not confirmed."""

from django.db import migrations, models


def begin(apps, schema_editor):
    """Write the rule; a shop that lets boxes out by itself is not slowed down unasked."""
    rule = apps.get_model("trials", "RiskRule")
    by_itself = rule.objects.filter(kind="nothing_found", active=True).exists()
    rule.objects.get_or_create(
        kind="unconfirmed",
        defaults={"threshold": 1, "days": 180, "outcome": "review", "active": not by_itself},
    )


class Migration(migrations.Migration):
    """Choices, which the database does not know, and one row."""

    dependencies = [("trials", "0051_queue_indexes")]

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
                    ("serial_trials", "Trials without a purchase within the days, at least"),
                    ("box_value", "Value of the box in whole units of its currency, at least"),
                    ("unconfirmed", "Confirmed email addresses, fewer than"),
                ],
                max_length=20,
                unique=True,
                verbose_name="looks at",
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
