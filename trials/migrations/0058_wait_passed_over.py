"""Who waits for a frame and cannot ask for a box is passed over and keeps her place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column that is empty: nobody was passed over so far."""

    dependencies = [("trials", "0057_charge_to_tell_index")]

    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="passed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="passed over since"),
        ),
    ]
