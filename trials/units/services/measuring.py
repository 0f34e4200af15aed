"""Measuring how long units take from the way back to the shelf."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from trials.units.models import Turnaround

SINCE = timedelta(days=90)
ONCE_IN = timedelta(hours=20)
# Fewer returns than this say too little.
FEWEST = 20
# Four of five: a promise that holds more often than not, yet is not that of the slowest.
SHARE = 0.8
WAY_BACK = """
SELECT count(*), percentile_disc(%s) WITHIN GROUP (ORDER BY shelf.at - sent.at)
FROM trials_unitmovement sent
JOIN trials_unitmovement shelf ON shelf.subject_id = sent.subject_id
    AND shelf.trial_id = sent.trial_id AND shelf.to_state = 'available' AND shelf.at >= sent.at
WHERE sent.to_state = 'in_transit_back' AND sent.at >= %s
"""


def measure_turnaround() -> Turnaround | None:
    """Measure the way back over the last 90 days; reads all movements, so once a day.

    Returns:
        What was measured; nothing where it was today, or fewer than 20 units came back.
    """
    now = timezone.now()
    if Turnaround.objects.filter(measured_at__gt=now - ONCE_IN).exists():
        return None
    with transaction.atomic():
        with transaction.get_connection().cursor() as cursor:
            cursor.execute(WAY_BACK, [SHARE, now - SINCE])
            returns, way_back = cursor.fetchone()
        if returns < FEWEST:
            return None
        return Turnaround.objects.create(measured_at=now, way_back=way_back, returns=returns)
