"""A trial may have several parcels back, each told from the others by its number."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns with constant defaults, and a constraint that looks at new rows first."""

    dependencies = [("trials", "0041_turned_away")]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="nth",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, verbose_name="which one that way"
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Made with the box"),
                    ("lost", "The label before is lost or torn"),
                    ("further", "Something comes in another parcel"),
                ],
                db_default="",
                default="",
                max_length=10,
                verbose_name="made because",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="checked_in_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="checked in at"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="unused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="never used, since"),
        ),
        AddConstraintNotValid(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("leg", "return"),
                    models.Q(("checked_in_at", None), ("unused_at", None)),
                    _connector="OR",
                ),
                name="only_what_comes_back_is_checked_in",
            ),
        ),
    ]
