"""What the database itself refuses of trials: amounts, states and doubles no code may write."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from tests.factories.shop import StaffFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    approved_trial,
    delivered_trial,
    requested_trial,
)
from tests.trials.returns.boxes_back import item_of, proposal_for_damage, scanned
from tests.trials.returns.trials_with_charges import owed_charge
from trials.claims.models import Claim
from trials.fulfilment.models import PickTote
from trials.fulfilment.services.batching import make_batch
from trials.home_trials.models import Trial
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg, Shipment, TrackingEvent

pytestmark = pytest.mark.django_db


def _claim() -> Claim:
    number = scanned(delivered_trial(), Leg.RETURN).tracking_number
    return lose_parcel(tracking_number=number, by=StaffFactory(), early=True)


def _tote() -> PickTote:
    approved_trial()
    return make_batch(count=1, by=StaffFactory()).totes.get()


def _parcel() -> Shipment:
    return scanned(delivered_trial(), Leg.RETURN)


def _told() -> TrackingEvent:
    return TrackingEvent.objects.filter(shipment=_parcel()).earliest("pk")


def _refuses(law: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    assert f'"{law}"' in str(refused.value)


@pytest.mark.parametrize(
    ("law", "make", "change"),
    [
        ("trial_charge_of_something", owed_charge, {"amount": 0}),
        ("trial_charge_of_an_item_or_late", owed_charge, {"purpose": "late"}),
        ("deposit_pays_what_is_written_off", owed_charge, {"from_deposit": 1}),
        ("proposal_of_something", proposal_for_damage, {"amount": 0}),
        ("proposal_charged_by_one_charge", proposal_for_damage, {"state": "charged"}),
        ("kept_deposit_not_below_zero", requested_trial, {"kept_deposit": -1}),
        ("box_of_1_to_20", ProgrammeVersionFactory, {"frames_per_box": 0}),
        ("at_home_a_day_or_more", ProgrammeVersionFactory, {"days_at_home": 0}),
        ("programme_amounts_not_below_zero", ProgrammeVersionFactory, {"fee": -1}),
        ("programme_percents_to_100", ProgrammeVersionFactory, {"damaged_percent": 101}),
        ("claim_not_below_zero", _claim, {"amount": -1}),
        ("claim_paid_with_something", _claim, {"state": "paid"}),
        ("totes_count_from_one", _tote, {"position": 0}),
    ],
)
def test_no_row_holds_what_cannot_be(
    law: str, make: Callable[[], models.Model], change: dict[str, Any]
) -> None:
    row = make()
    rows = type(row)._default_manager.filter(pk=row.pk)

    _refuses(law, lambda: rows.update(**change))


@pytest.mark.parametrize(
    ("law", "make"),
    [
        ("one_charge_an_item_and_purpose", owed_charge),
        ("trial_in_one_pick_batch", _tote),
        ("parcels_numbered", _parcel),
        ("tracking_event_once", _told),
    ],
)
def test_what_is_there_once_is_not_written_again(
    law: str, make: Callable[[], models.Model]
) -> None:
    row = make()
    row.pk = row._meta.pk.get_default()
    for field in ("tracking_number", "position"):
        if hasattr(row, field):
            setattr(row, field, {"tracking_number": "OTHER", "position": 2}[field])

    _refuses(law, lambda: row.save(force_insert=True))


def test_a_unit_is_in_one_open_trial_and_a_variant_once_in_each() -> None:
    one, other = requested_trial(), Trial.objects.get(pk=delivered_trial().pk)
    theirs = other.items.filter(pk=item_of(other).pk)

    _refuses("unit_in_one_open_trial", lambda: theirs.update(unit=item_of(one).unit))
    second = item_of(other, 1).variant
    _refuses("variant_once_a_trial", lambda: theirs.update(variant=second))
