"""The trial of a unit's movement: a plain key, for trials stand above units."""

from django.db import migrations, models

KEY = {"blank": True, "null": True, "db_index": True, "verbose_name": "trial"}


class Migration(migrations.Migration):
    """Drops a foreign key's constraint; the column, its values and its index stay."""

    dependencies = [("trials", "0004_words_of_the_admin")]

    operations = [
        migrations.AlterField(
            "unitmovement", "trial", models.UUIDField(db_column="trial_id", **KEY)
        ),
        migrations.RenameField("unitmovement", "trial", "trial_id"),
        migrations.AlterField("unitmovement", "trial_id", models.UUIDField(**KEY)),
    ]
