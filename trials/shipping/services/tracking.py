"""What carriers tell of parcels, and what follows for the trial.

They tell late, twice, in the wrong order, or nothing. So every word is kept, where a parcel is is
judged from all of them, and a trial is only ever moved forward.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.foundation.card_numbers import without_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_delivered, mark_returning, mark_shipped
from trials.home_trials.states import TrialState
from trials.shipping.errors import TrackingStatusError
from trials.shipping.models import Leg, Shipment, ShipmentState, TrackingEvent
from trials.shipping.queries import shipment_by_number

ASSUMED = "assumed-delivered"
BEFORE_DELIVERY = frozenset({TrialState.PACKED, TrialState.SHIPPED})
BEFORE_RETURN = frozenset({TrialState.SHIPPED, TrialState.DELIVERED})


def record_tracking(
    *,
    tracking_number: str,
    carrier_event_id: str,
    status: str,
    occurred_at: datetime,
    description: str = "",
) -> Shipment:
    """Note what a carrier says of a parcel and move the trial as far as that leads.

    Args:
        tracking_number: which parcel.
        carrier_event_id: the carrier's own name of this message; told again it changes nothing.
        status: one of ``ShipmentState``.
        occurred_at: when it happened. A time to come counts as now; one before the label was made
            or the box was shipped, as that moment.
        description: the carrier's words; a card number in them is blotted out, because refusing
            the message would lose where the parcel is.

    Returns:
        The parcel as it now stands.

    Raises:
        ShipmentMissingError: no parcel has the number.
        TrackingStatusError: there is no such status.
    """
    if status not in ShipmentState.values:
        raise TrackingStatusError(
            _("A parcel is one of: %(states)s.") % {"states": ", ".join(ShipmentState.values)}
        )
    found = shipment_by_number(tracking_number)
    description = without_card_numbers(one_line(description))
    with transaction.atomic():
        trial = lock_row(Trial, found.trial_id)
        shipment = lock_row(Shipment, found.pk)
        at = _credible(occurred_at, trial, shipment)
        _event, told_first = TrackingEvent.objects.get_or_create(
            shipment=shipment,
            carrier_event_id=carrier_event_id,
            defaults={"status": status, "occurred_at": at, "description": description[:200]},
        )
        if told_first:
            _judge(shipment)
            _move_trial(trial, shipment.leg, ShipmentState(status), at)
        return shipment


def assume_delivered(*, trial_id: uuid.UUID) -> None:
    """Take an outbound parcel of which no carrier told for delivered, now.

    Now and not on the day it should have come: a customer loses no day by our waiting.

    Args:
        trial_id: a trial on its way out; one further on is left as it is.
    """
    now = timezone.now()
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if trial.state != TrialState.SHIPPED:
            return
        shipment = trial.shipments.filter(leg=Leg.OUTBOUND).first()
        if shipment is None:
            mark_delivered(trial_id=trial_id, at=now)
            return
        days = trial.programme_version.shipping_days
        record_tracking(
            tracking_number=shipment.tracking_number,
            carrier_event_id=ASSUMED,
            status=ShipmentState.DELIVERED,
            occurred_at=now,
            description=ngettext(
                "Taken for delivered by the shop: no word of the carrier in %(days)s day.",
                "Taken for delivered by the shop: no word of the carrier in %(days)s days.",
                days,
            )
            % {"days": days},
        )


def _credible(told: datetime, trial: Trial, shipment: Shipment) -> datetime:
    """Return when something can have happened: carriers' clocks are wrong, and words are forged."""
    earliest = max(shipment.created_at, trial.shipped_at or shipment.created_at)
    return min(max(told, earliest), timezone.now())


def _judge(shipment: Shipment) -> None:
    """Set where the parcel is: delivered once and for all, else what happened last."""
    told = list(shipment.tracking.all())
    delivered = [each.occurred_at for each in told if each.status == ShipmentState.DELIVERED]
    latest = max(
        told, key=lambda each: (each.status != ShipmentState.LABELLED, each.occurred_at, each.pk)
    )
    shipment.state = ShipmentState.DELIVERED if delivered else latest.status
    shipment.delivered_at = min(delivered, default=None)
    shipment.save(update_fields=["state", "delivered_at"])


def _move_trial(trial: Trial, leg: str, status: ShipmentState, at: datetime) -> None:
    moving = status in (ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED)
    if leg == Leg.RETURN and moving and trial.state in BEFORE_RETURN:
        mark_returning(trial_id=trial.pk, at=at)
    elif leg == Leg.OUTBOUND and trial.state in BEFORE_DELIVERY:
        if status == ShipmentState.DELIVERED:
            mark_delivered(trial_id=trial.pk, at=at)
        elif status == ShipmentState.IN_TRANSIT:
            mark_shipped(trial_id=trial.pk, at=at)
