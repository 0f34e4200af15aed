"""Staff's list of who waits is read page by page, in the order of the wait and of its end."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes made beside the work: customers join lines meanwhile."""

    atomic = False
    dependencies = [("trials", "0052_unconfirmed_address_rule")]

    operations = [
        AddIndexConcurrently(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["joined_at", "id"],
                name="waitlist_by_wait",
            ),
        ),
        AddIndexConcurrently(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["ended_at", "id"],
                name="waitlist_by_end",
            ),
        ),
    ]
