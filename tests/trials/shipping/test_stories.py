"""A parcel's story, told in any order and however often, ends the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial
from trials.home_trials.models import Trial
from trials.shipping.models import Shipment
from trials.shipping.queries import parcels_to_look_after, trials_without_word
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db
OUT = [
    ["labelled", "in_transit", "delivered"],
    ["in_transit", "failed", "in_transit", "delivered"],
    ["in_transit", "failed"],
    ["in_transit", "failed", "sent_back", "in_transit", "delivered"],
    ["in_transit", "sent_back"],
    ["failed", "in_transit"],
    ["in_transit", "delivered", "sent_back"],
]


class _UndoneError(Exception):
    """Takes back what an example did."""


@pytest.fixture
def parcel() -> Shipment:
    outbound, _back = create_labels(trial_id=packed_trial(frames=1).pk, by=StaffFactory())
    Shipment.objects.filter(pk=outbound.pk).update(created_at=timezone.now() - timedelta(days=9))
    return outbound


def _tell(parcel: Shipment, story: list[str], order: list[int]) -> dict[str, Any]:
    """Tell the chapters of a story in an order, undo it all, and return how it ended."""
    began = timezone.now() - timedelta(days=8)
    ended: dict[str, Any] = {}
    try:
        with transaction.atomic():
            for chapter in order:
                record_tracking(
                    tracking_number=parcel.tracking_number,
                    carrier_event_id=str(chapter),
                    status=story[chapter],
                    occurred_at=began + timedelta(hours=chapter),
                )
            trial = Trial.objects.get(pk=parcel.trial_id)
            told = Shipment.objects.get(pk=parcel.pk)
            ended = {
                "parcel": (told.state, told.delivered_at and "delivered"),
                "trial": trial.state,
                "days": trial.due_at is not None,
                "charged": trial.charge_at is not None,
                "reminded": trial.next_reminder_at is not None,
                "units": set(trial.items.values_list("unit__state", flat=True)),
            }
            raise _UndoneError
    except _UndoneError:
        return ended


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_repetition_ends_alike(parcel: Shipment, data: Any) -> None:
    story = data.draw(st.sampled_from(OUT), label="story")
    chapters = list(range(len(story)))
    again = data.draw(st.lists(st.sampled_from(chapters), max_size=3), label="repeated")
    order = data.draw(st.permutations([*chapters, *again]), label="order")

    assert _tell(parcel, story, order) == _tell(parcel, story, chapters)


@pytest.mark.parametrize("story", [OUT[3], OUT[6]], ids=["failed", "refused at the door"])
def test_no_day_is_counted_of_a_box_the_carrier_brings_back(
    parcel: Shipment, story: list[str]
) -> None:
    ended = _tell(parcel, story, list(range(len(story))))
    assert ended == {
        "parcel": ("sent_back", None),
        "trial": "returning",
        "days": False,
        "charged": False,
        "reminded": False,
        "units": {"in_transit_back"},
    }


def test_a_box_that_could_not_be_delivered_waits_for_somebody(parcel: Shipment) -> None:
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id="1",
        status="failed",
        occurred_at=timezone.now() - timedelta(days=8),
    )
    trial = Trial.objects.get(pk=parcel.trial_id)

    assert (trial.state, trial.due_at) == ("shipped", None)
    assert trials_without_word(timezone.now() + timedelta(days=30)) == []
    (found,) = parcels_to_look_after(timezone.now())
    assert (found.why, found.trial) == ("failed", trial)  # type: ignore[attr-defined]
