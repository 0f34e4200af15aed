"""A trial has one label each way, however often they are printed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, delivered_trial, packed_trial, requested_trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.carriers.built_in import BuiltInCarrier
from trials.shipping.errors import NoLabelsYetError
from trials.shipping.models import Leg, Shipment
from trials.shipping.services.labels import create_labels
from trials.units.barcodes import check_digit


@pytest.mark.django_db
def test_a_packed_trial_gets_one_label_each_way() -> None:
    by = StaffFactory()
    outbound, back = create_labels(trial_id=packed_trial().pk, by=by)

    assert (outbound.leg, back.leg) == (Leg.OUTBOUND, Leg.RETURN)
    assert outbound.tracking_number != back.tracking_number
    assert (outbound.state, outbound.labelled_by) == ("labelled", by)


@pytest.mark.django_db
def test_printing_again_gives_the_same_labels() -> None:
    trial = approved_trial()
    first = create_labels(trial_id=trial.pk, by=StaffFactory())

    assert create_labels(trial_id=trial.pk, by=StaffFactory()) == first


@pytest.mark.django_db
def test_a_lost_label_can_be_printed_while_the_box_is_at_home() -> None:
    assert create_labels(trial_id=delivered_trial().pk, by=StaffFactory())


@pytest.mark.django_db
def test_a_trial_nobody_approved_gets_no_label() -> None:
    with pytest.raises(NoLabelsYetError, match="Requested"):
        create_labels(trial_id=requested_trial().pk, by=StaffFactory())
    assert not Shipment.objects.exists()


@pytest.mark.django_db
def test_a_cancelled_trial_gets_no_label() -> None:
    trial = approved_trial()
    cancel_trial(trial_id=trial.pk, by=StaffFactory())

    with pytest.raises(NoLabelsYetError):
        create_labels(trial_id=trial.pk, by=StaffFactory())


@pytest.mark.django_db
def test_the_built_in_carrier_numbers_its_parcels_with_a_check_digit() -> None:
    number = BuiltInCarrier().make_label(Shipment()).tracking_number

    assert number.startswith("LP")
    assert len(number) == 15
    assert check_digit(number[2:-1]) == number[-1]


@pytest.mark.django_db(transaction=True)
def test_two_who_print_at_once_print_the_same_labels() -> None:
    trial, by = packed_trial(), StaffFactory()

    def print_labels(_time: int) -> set[str]:
        try:
            return {each.tracking_number for each in create_labels(trial_id=trial.pk, by=by)}
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(print_labels, range(4)))

    assert all(each == printed[0] for each in printed)
    assert Shipment.objects.filter(trial=trial).count() == 2
