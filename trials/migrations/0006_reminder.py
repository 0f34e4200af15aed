"""When a customer was reminded, without which nothing is charged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column that may be empty, and a small index; no row is rewritten."""

    dependencies = [("trials", "0005_movement_trial_key")]

    operations = [
        migrations.AddField(
            "trial",
            "reminded_at",
            models.DateTimeField(blank=True, null=True, verbose_name="reminded at"),
        ),
        migrations.AddIndex(
            "trial",
            models.Index(
                fields=["due_at"],
                name="trial_to_remind",
                condition=models.Q(
                    state__in=["delivered", "returning", "received"], reminded_at=None
                ),
            ),
        ),
    ]
