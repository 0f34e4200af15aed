"""A crop ends within its photo, and does not only begin there."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models.lookups import LessThanOrEqual


class Migration(migrations.Migration):
    """One law for another; looks at new rows first, so that it holds the table for a moment only.

    What the release before this one writes fits in: its services refuse what is refused here.
    """

    dependencies = [("sharing", "0018_beat_indexes")]

    operations = [
        migrations.RemoveConstraint(model_name="photo", name="crop_within_the_photo"),
        AddConstraintNotValid(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("crop_height__gt", 0),
                    ("crop_height__lte", 1),
                    ("crop_left__gte", 0),
                    ("crop_top__gte", 0),
                    ("crop_width__gt", 0),
                    ("crop_width__lte", 1),
                    LessThanOrEqual(models.F("crop_left") + models.F("crop_width"), 1.001),
                    LessThanOrEqual(models.F("crop_top") + models.F("crop_height"), 1.001),
                ),
                name="crop_within_the_photo",
            ),
        ),
    ]
