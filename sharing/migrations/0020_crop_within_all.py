"""That a crop lies within its photo, for all rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads the table beside running code."""

    atomic = False
    dependencies = [("sharing", "0019_crop_within")]

    operations = [ValidateConstraint(model_name="photo", name="crop_within_the_photo")]
