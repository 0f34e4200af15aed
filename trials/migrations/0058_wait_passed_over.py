"""Who waits for a frame and cannot ask for a box is passed over and keeps her place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds two columns, one empty and one false: nobody was passed over so far."""

    dependencies = [("trials", "0057_charge_to_tell_index")]

    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="passed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="passed over since"),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="went_before",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="served before one who was passed over",
            ),
        ),
    ]
