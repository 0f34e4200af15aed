"""Return parcels that did not come through are somebody's to see to."""

import pytest
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.console.queries.returns import losable_parcels
from trials.console.queries.trials import staff_trial
from trials.returns.errors import NotLostError
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Shipment
from trials.shipping.queries import parcels_to_look_after
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


def _told(parcel: Shipment, status: str) -> None:
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id=f"{parcel.pk}:{status}",
        status=status,
        occurred_at=timezone.now(),
    )


@pytest.mark.parametrize("status", ["failed", "sent_back"])
def test_a_parcel_on_its_way_back_that_went_astray_is_looked_after_until_it_is_opened(
    status: str,
) -> None:
    trial = delivered_trial(frames=1)
    _out, back = create_labels(trial_id=trial.pk, by=StaffFactory())
    _told(back, "in_transit")
    _told(back, status)
    found = list(parcels_to_look_after(timezone.now()))
    assert [(each, each.why) for each in found] == [(back, status)]
    if status == "sent_back":
        assert back.pk not in losable_parcels(staff_trial(trial.number))
        with pytest.raises(NotLostError, match="back to the customer"):
            lose_parcel(tracking_number=back.tracking_number, by=StaffFactory(), early=True)

    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory(), label=back.tracking_number)
    assert list(parcels_to_look_after(timezone.now())) == []
