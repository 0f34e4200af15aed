"""By when a carrier takes a claim: its window begins when it took the parcel."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import shipped_trial
from tests.trials.returns.boxes_back import scanned
from trials.home_trials.models import Trial
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg
from trials.shipping.services.tracking import assume_delivered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("assumed", [False, True])
def test_the_window_of_a_box_that_nobody_heard_of_begins_when_it_was_handed_over(
    assumed: bool, settings
) -> None:
    settings.CARRIER_CLAIM_DAYS = 30
    trial = shipped_trial(frames=1)
    parcel = scanned(trial, Leg.OUTBOUND)
    parcel.tracking.all().delete()
    handed_over = timezone.now() - timedelta(days=9)
    Trial.objects.filter(pk=trial.pk).update(shipped_at=handed_over)
    if assumed:
        assume_delivered(trial_id=trial.pk)

    claim = lose_parcel(tracking_number=parcel.tracking_number, by=StaffFactory(), early=True)

    assert claim.due_on == handed_over.date() + timedelta(days=30)
