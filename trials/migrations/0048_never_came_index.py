"""Boxes that never came are found without reading all that customers told."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index made beside the work, and the law looks at all rows without keeping anybody off."""

    atomic = False
    dependencies = [("trials", "0047_never_came")]

    operations = [
        ValidateConstraint(
            model_name="customerreport", name="report_of_a_frame_or_of_the_box"
        ),
        AddIndexConcurrently(
            model_name="customerreport",
            index=models.Index(
                condition=models.Q(("kind", "never_came"), ("withdrawn_at", None)),
                fields=["told_at", "id"],
                name="report_of_missed",
            ),
        ),
    ]
