"""Indexes of the console's lists, queues and figures."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds them while rows are written."""

    atomic = False
    dependencies = [
        ('shop', '0024_console_indexes'),
        ('trials', '0037_deposit_pays_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='chargeproposal',
            index=models.Index(fields=['state', 'proposed_at', 'id'], name='proposal_by_state'),
        ),
        AddIndexConcurrently(
            model_name='claim',
            index=models.Index(fields=['due_on', 'id'], name='claim_by_due'),
        ),
        AddIndexConcurrently(
            model_name='customerreport',
            index=models.Index(condition=models.Q(('kind', 'broken'), ('withdrawn_at', None)), fields=['told_at', 'id'], name='report_of_broken'),
        ),
        AddIndexConcurrently(
            model_name='trial',
            index=models.Index(fields=['requested_at', 'id'], name='trial_latest'),
        ),
        AddIndexConcurrently(
            model_name='trial',
            index=models.Index(condition=models.Q(('state__in', ['closed', 'cancelled', 'declined'])), fields=['requested_at', 'id'], name='trial_ended'),
        ),
        AddIndexConcurrently(
            model_name='trial',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['state'], include=('requested_at', 'shipped_at', 'due_at', 'pay_by'), name='trial_open'),
        ),
        AddIndexConcurrently(
            model_name='trial',
            index=models.Index(condition=models.Q(('shipped_at__isnull', False)), fields=['shipped_at'], name='trial_by_shipping'),
        ),
        AddIndexConcurrently(
            model_name='trialcharge',
            index=models.Index(fields=['state', 'created_at', 'id'], name='charge_by_state'),
        ),
        AddIndexConcurrently(
            model_name='trialtransition',
            index=models.Index(fields=['at'], include=('to_state',), name='trial_move_by_time'),
        ),
    ]
