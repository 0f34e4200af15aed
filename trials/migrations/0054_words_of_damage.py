"""Who decides on damage is said as it is: a manager. Words alone, no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The help of a field."""

    dependencies = [("trials", "0053_waitlist_indexes")]

    operations = [
        migrations.AlterField(
            model_name="programmeversion",
            name="damaged_percent",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="What is proposed for it; a manager accepts, changes or waives it.",
                verbose_name="price of a damaged frame in %",
            ),
        ),
    ]
