"""Indexes of the friends whose address is kept, and of those whose order is awaited."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds them while rows are written."""

    atomic = False
    dependencies = [
        ('sharing', '0017_loved_frames'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='voter',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['gallery'], name='voter_with_address'),
        ),
        AddIndexConcurrently(
            model_name='referral',
            index=models.Index(condition=models.Q(('state', 'joined')), fields=['joined_at'], name='referral_joined'),
        ),
    ]
