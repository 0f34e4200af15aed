"""Which parcels there are, and which have been silent for too long."""

import uuid
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value
from django.utils.translation import gettext as _

from shop.customers.models import User
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.shipping.errors import ShipmentMissingError
from trials.shipping.models import Leg, Shipment

# While the customer may need her return label.
RETURN_LABEL_IN = frozenset({TrialState.SHIPPED, TrialState.DELIVERED, TrialState.RETURNING})


def shipments_of(trial: Trial) -> QuerySet[Shipment]:
    """Return a trial's parcels, outbound first, with all a label shows."""
    return (
        Shipment.objects.filter(trial=trial)
        .select_related("trial__address", "trial__programme_version")
        .order_by("leg")
    )


def shipment_by_number(tracking_number: str) -> Shipment:
    """Return the parcel of a tracking number.

    Raises:
        ShipmentMissingError: no parcel has it.
    """
    number = "".join(tracking_number.split()).upper()
    shipment = Shipment.objects.select_related("trial").filter(tracking_number=number).first()
    if shipment is None:
        raise ShipmentMissingError(
            _("No parcel has the number %(number)s.") % {"number": number[:40]}
        )
    return shipment


def return_shipment_of(*, user: User, number: str) -> Shipment:
    """Return the parcel by which a customer sends her trial back.

    Raises:
        ShipmentMissingError: the trial is not hers, has no label yet or is back.
    """
    shipment = (
        Shipment.objects.select_related("trial__address", "trial__programme_version")
        .filter(
            trial__user=user,
            trial__number=number,
            trial__state__in=RETURN_LABEL_IN,
            leg=Leg.RETURN,
        )
        .first()
    )
    if shipment is None:
        raise ShipmentMissingError(_("There is no return label for this trial."))
    return shipment


def trials_without_word(now: datetime) -> list[uuid.UUID]:
    """Return the trials on their way out for longer than their programme's ``shipping_days``.

    Args:
        now: an aware time.
    """
    allowed = ExpressionWrapper(
        F("programme_version__shipping_days") * Value(timedelta(days=1)),
        output_field=DurationField(),
    )
    silent = Trial.objects.filter(state=TrialState.SHIPPED, shipped_at__lt=Value(now) - allowed)
    return list(silent.order_by("shipped_at").values_list("pk", flat=True))
