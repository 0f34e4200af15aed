"""The rules a shop begins with: each has a person look, and none says yes or no by itself."""

from django.db import migrations

# Kind, number, days. "nothing_found" is off: until it is on, a person looks at every trial.
RULES = [
    ("new_customer", 1, 180),
    ("shared_card", 1, 180),
    ("own_debts", 1, 180),
    ("card_owes", 1, 180),
    ("address_owes", 1, 180),
    ("serial_trials", 3, 180),
    ("box_value", 1500, 180),
]


def begin(apps, schema_editor):
    """Write the rules that are not there yet."""
    rule = apps.get_model("trials", "RiskRule")
    for kind, threshold, days in RULES:
        rule.objects.get_or_create(
            kind=kind, defaults={"threshold": threshold, "days": days, "outcome": "review"}
        )
    rule.objects.get_or_create(
        kind="nothing_found", defaults={"outcome": "approve", "active": False}
    )


class Migration(migrations.Migration):
    """A few rows into a new table."""

    dependencies = [("trials", "0031_risk")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
