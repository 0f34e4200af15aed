"""What carriers tell of parcels, and what follows for the trial.

They tell late, twice, in the wrong order, or nothing. So every word is kept, where a parcel is is
judged from all of them, and a trial is only ever moved forward.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.foundation.card_numbers import without_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.outbox import news, publish
from shop.foundation.plain_text import one_line
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.foundation.postgres.updates import update_row
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import (
    mark_delivered,
    mark_returning,
    mark_sent_back,
    mark_shipped,
)
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import TrialState
from trials.shipping.carriers import CARRIERS, Word
from trials.shipping.errors import ShipmentMissingError, TrackingStatusError
from trials.shipping.models import Leg, Shipment, ShipmentState, TrackingEvent
from trials.shipping.queries import ASSUMED, shipment_by_number
from trials.shipping.services.return_labels import note_used

BEFORE_DELIVERY = frozenset({TrialState.PACKED, TrialState.SHIPPED})
BEFORE_RETURN = frozenset({TrialState.SHIPPED, TrialState.DELIVERED})
OPENED = frozenset({TrialState.RECEIVED, TrialState.CLOSED})
# Of a parcel back something is told after the box was opened: it may have been handed over earlier.
LATE_WORD = "shipping.late_word"
news(LATE_WORD)
# What happened later, of what carriers say happened in the same moment.
RANK = {
    ShipmentState.LABELLED: 0,
    ShipmentState.IN_TRANSIT: 1,
    ShipmentState.FAILED: 2,
    ShipmentState.SENT_BACK: 3,
    ShipmentState.DELIVERED: 4,
}


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
        occurred_at: when it happened. A time to come counts as now, one before the label was made
            as that moment; for the trial, none is before the box was shipped.
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
        at = _credible(occurred_at, shipment)
        told = _TOLD.rows(shipment=shipment.pk)
        if not any(each.carrier_event_id == carrier_event_id for each in told):
            word = TrackingEvent(
                shipment=shipment,
                carrier_event_id=carrier_event_id,
                status=status,
                occurred_at=at,
                description=description[:200],
            )
            insert_rows([word])
            _judge(shipment, [*told, word])
            note_used(shipment)
            _move_trial(trial, shipment, ShipmentState(status), at)
            if shipment.leg == Leg.RETURN and trial.state in OPENED:
                publish(LATE_WORD, {"trial_id": str(trial.pk)})
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
        if trial.state != TrialState.SHIPPED or trial.missed_at is not None:
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


def record_words(words: Iterable[Word]) -> int:
    """Note what a carrier told of several parcels; parcels that are none of ours are passed over.

    Returns:
        How many words were about parcels of ours.
    """
    noted = 0
    for word in words:
        try:
            record_tracking(
                tracking_number=word.tracking_number,
                carrier_event_id=word.event_id,
                status=word.status,
                occurred_at=word.occurred_at,
                description=word.description,
            )
        except ShipmentMissingError:
            continue
        noted += 1
    return noted


def ask_carrier(*, shipment_id: uuid.UUID) -> None:
    """Ask a parcel's carrier where it is, and note what it says.

    Raises:
        CarrierUnreachableError: no answer.
        CarrierRefusedError: the carrier knows no such parcel.
    """
    shipment = Shipment.objects.get(pk=shipment_id)
    # Before asking, so that a carrier which fails is not asked all the time.
    Shipment.objects.filter(pk=shipment_id).update(asked_at=timezone.now())
    record_words(CARRIERS[shipment.carrier].ask(shipment))


def _credible(told: datetime, shipment: Shipment) -> datetime:
    """Return when something can have happened: carriers' clocks are wrong, and words are forged."""
    return min(max(told, shipment.created_at), timezone.now())


def _judge(shipment: Shipment, told: list[TrackingEvent]) -> None:
    """Set where the parcel is, whatever the order in which it was told.

    On its way out sent back once and for all: she refused it at the door, or whoever said that it
    was delivered was wrong, and where it is delivered after that is here. On its way back delivered
    once and for all, unless the carrier had sent it back to her before. Else what happened last.
    """
    out = shipment.leg == Leg.OUTBOUND
    turned = min(
        (each.occurred_at for each in told if each.status == ShipmentState.SENT_BACK), default=None
    )
    delivered = [
        each.occurred_at
        for each in told
        if each.status == ShipmentState.DELIVERED
        and (turned is None or (not out and each.occurred_at < turned))
    ]
    latest = max(
        told,
        key=lambda each: (
            each.status != ShipmentState.LABELLED,
            each.occurred_at,
            RANK[ShipmentState(each.status)],
        ),
    )
    if delivered:
        shipment.state = ShipmentState.DELIVERED
    else:
        shipment.state = latest.status if turned is None else ShipmentState.SENT_BACK
    shipment.delivered_at = min(delivered, default=None)
    shipment.heard_at = timezone.now()
    update_row(shipment, ["state", "delivered_at", "heard_at"])


_TOLD = PreparedQuery(lambda: TrackingEvent.objects.filter(shipment_id=Slot("shipment")))


def _move_trial(trial: Trial, shipment: Shipment, status: ShipmentState, at: datetime) -> None:
    at = max(at, trial.shipped_at or at)
    if shipment.leg == Leg.RETURN:
        moving = status in (ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED)
        if moving and trial.state in BEFORE_RETURN:
            mark_returning(trial_id=trial.pk, at=at)
    elif shipment.state == ShipmentState.SENT_BACK:
        if trial.state in BEFORE_DELIVERY | BEFORE_RETURN:
            mark_sent_back(trial_id=trial.pk, at=at)
    elif trial.state in BEFORE_DELIVERY:
        if shipment.state == ShipmentState.DELIVERED:
            mark_delivered(trial_id=trial.pk, at=at)
        elif shipment.state != ShipmentState.LABELLED:
            # An attempt that failed was made on the way, too.
            mark_shipped(trial_id=trial.pk, at=at)
            if status == shipment.state == ShipmentState.FAILED:
                # Carriers tell of one attempt by several words; another is made on another day.
                day = at.astimezone(trial.user.zone).date()
                mail_customer(
                    "trial_undelivered",
                    trial,
                    fact=f"{shipment.pk}:{day}",
                    parcel=shipment,
                )
