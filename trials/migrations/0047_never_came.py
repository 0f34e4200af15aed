"""A customer may tell that her box never came."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns that are empty or constant, and a wider law in place of a narrower one.

    The new law looks at new rows first; the choices of a field are no matter of the database.
    """

    dependencies = [("trials", "0046_filters_of_orders")]

    operations = [
        migrations.AddField(
            model_name="trial",
            name="missed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="missed since"),
        ),
        migrations.AddField(
            model_name="trial",
            name="never_arrived",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="never arrived"
            ),
        ),
        migrations.AlterField(
            model_name="customerreport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("keeping", "Keeps it"),
                    ("broken", "Arrived broken"),
                    ("sent_back", "Sent back"),
                    ("never_came", "Never came"),
                ],
                max_length=10,
                verbose_name="told",
            ),
        ),
        AddConstraintNotValid(
            model_name="customerreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item", None), ("kind__in", ["sent_back", "never_came"])),
                    models.Q(
                        models.Q(("kind__in", ["sent_back", "never_came"]), _negated=True),
                        ("item__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="report_of_a_frame_or_of_the_box",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="customerreport", name="report_of_a_frame_or_the_box"
        ),
    ]
