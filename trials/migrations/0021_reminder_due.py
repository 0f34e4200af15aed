"""The index by which beat finds whom to write to."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside the running shop, so in no transaction."""

    atomic = False

    dependencies = [("trials", "0020_at_home")]

    operations = [
        AddIndexConcurrently(
            model_name='trial',
            index=models.Index(condition=models.Q(('next_reminder_at__isnull', False), ('state', 'delivered')), fields=['next_reminder_at'], name='trial_reminder_due'),
        ),
    ]
