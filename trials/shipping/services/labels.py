"""Announcing the parcels of a trial to a carrier."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial
from trials.home_trials.states import OPEN, TrialState
from trials.shipping.carriers import BUILT_IN, CARRIERS
from trials.shipping.errors import NoLabelsYetError
from trials.shipping.models import Leg, Shipment


def create_labels(
    *, trial_id: uuid.UUID, by: User | None, carrier: str = BUILT_IN
) -> tuple[Shipment, Shipment]:
    """Make the outbound and the return label of a trial; made before, they are given again.

    Args:
        trial_id: an approved trial, or one further on that is not over.
        by: who prints.
        carrier: the code of the carrier both go with.

    Returns:
        The outbound parcel and the one for the way back.

    Raises:
        NoLabelsYetError: the trial is not approved, or over.
    """
    trial = Trial.objects.get(pk=trial_id)
    _check_state(trial)
    missing = set(Leg) - set(trial.shipments.values_list("leg", flat=True))
    # A carrier may answer over the network, so it is asked before the transaction.
    announced = [_announce(trial, leg, carrier, by) for leg in missing]
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        _check_state(trial)
        there = set(trial.shipments.values_list("leg", flat=True))
        Shipment.objects.bulk_create(each for each in announced if each.leg not in there)
        by_leg = {each.leg: each for each in trial.shipments.all()}
        return by_leg[Leg.OUTBOUND], by_leg[Leg.RETURN]


def _announce(trial: Trial, leg: Leg, carrier: str, by: User | None) -> Shipment:
    shipment = Shipment(
        id=uuid.uuid5(trial.pk, leg), trial=trial, leg=leg, carrier=carrier, labelled_by=by
    )
    shipment.tracking_number = CARRIERS[carrier].make_label(shipment)
    return shipment


def _check_state(trial: Trial) -> None:
    if trial.state not in OPEN - {TrialState.REQUESTED}:
        raise NoLabelsYetError(
            _("Trial %(number)s is “%(state)s”. Labels are for approved trials.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
