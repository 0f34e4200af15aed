"""What is paid of a box at one go is told in one mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column that is empty: whatever was paid before was told of at once."""

    dependencies = [("trials", "0055_picked_at")]

    operations = [
        migrations.AddField(
            model_name="trialcharge",
            name="tell_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be told by"),
        ),
    ]
