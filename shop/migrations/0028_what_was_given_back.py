"""Indexes of what was paid and went back: few rows beside all."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds them while rows are written."""

    atomic = False
    dependencies = [
        ('shop', '0027_fees_of_disputes'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('paid_at__isnull', False), models.Q(('state', 'cancelled'), ('credit_refunded_amount__gt', 0), _connector='OR')), fields=['id'], name='order_given_back'),
        ),
        AddIndexConcurrently(
            model_name='payment',
            index=models.Index(condition=models.Q(('refunded__gt', 0)), fields=['purpose', 'reference'], name='payment_given_back'),
        ),
        AddIndexConcurrently(
            model_name='refund',
            index=models.Index(fields=['created_at'], name='refund_by_time'),
        ),
    ]
