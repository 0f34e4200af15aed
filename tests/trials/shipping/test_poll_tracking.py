"""Where no carrier tells, a box counts as delivered after the programme's days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_shipped
from trials.shipping.models import TrackingEvent
from trials.shipping.services.labels import create_labels
from trials.shipping.tasks import poll_tracking

pytestmark = pytest.mark.django_db


def _shipped(days_ago: float, *, labels: bool = True) -> Trial:
    trial, by = packed_trial(), StaffFactory()
    if labels:
        create_labels(trial_id=trial.pk, by=by)
    at = timezone.now() - timedelta(days=days_ago)
    return mark_shipped(trial_id=trial.pk, by=by, at=at)


def test_a_box_without_word_for_three_days_counts_as_delivered_from_now() -> None:
    trial = _shipped(days_ago=3.01)
    poll_tracking()

    trial.refresh_from_db()
    assert trial.state == "delivered"
    assert trial.delivered_at is not None
    assert timezone.now() - trial.delivered_at < timedelta(minutes=1)
    assert "no word of the carrier in 3 days" in TrackingEvent.objects.get().description


def test_a_box_that_may_still_come_is_waited_for() -> None:
    trial = _shipped(days_ago=2.9)
    poll_tracking()

    trial.refresh_from_db()
    assert trial.state == "shipped"


def test_a_box_sent_without_our_label_is_not_forgotten() -> None:
    trial = _shipped(days_ago=4, labels=False)
    poll_tracking()

    trial.refresh_from_db()
    assert trial.state == "delivered"
