"""What waits beside trials: after returns and in the shop, and which parcels may be given up."""

import uuid

from shop.foundation.postgres.queries import PreparedCount
from shop.orders.queries import orders_to_send
from trials.claims.queries import claims_to_see_to
from trials.console.queries.put_back import units_to_put_back
from trials.console.queries.queues import Queue
from trials.home_trials.models import Trial
from trials.home_trials.states import ItemOutcome, TrialState
from trials.reports.queries import boxes_that_never_came, broken_reports
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.box_notes import things_to_send_home
from trials.returns.queries.charges import arrived_parcels
from trials.returns.queries.damage import proposals_matching
from trials.returns.states import CHARGED
from trials.shipping.models import Leg, ShipmentState
from trials.shipping.queries import is_delivery_assumed
from trials.shipping.services.return_labels import SENDS_IN


def returns_queues() -> dict[str, Queue]:
    """Return how much waits at the door and to be put back, of damage and all that returns bring.

    Seven queries, each of rows that an index holds.
    """
    return {name: Queue(*each.row()) for name, each in _RETURNS.items()}


def money_queues() -> dict[str, Queue]:
    """Return how many refunds are to be decided and how many paid orders to be sent: two queries.

    Each is counted from an index: of charges to decide, and of orders by their state.
    """
    return {name: Queue(*each.row()) for name, each in _MONEY.items()}


_RETURNS = {
    "arrived": PreparedCount(arrived_parcels, "delivered_at"),
    "put_back": PreparedCount(units_to_put_back, "since"),
    "damage": PreparedCount(lambda: proposals_matching("waiting"), "proposed_at"),
    "broken": PreparedCount(lambda: broken_reports(decided=False), "told_at"),
    "left": PreparedCount(things_to_send_home, "at"),
    "claims": PreparedCount(claims_to_see_to, "opened_at"),
    "missed": PreparedCount(lambda: boxes_that_never_came(decided=False), "told_at"),
}
_MONEY = {
    "to_decide": PreparedCount(lambda: TrialCharge.objects.filter(to_decide=True), "created_at"),
    "to_send": PreparedCount(orders_to_send, "placed_at"),
}


def next_return_label(trial: Trial) -> int | None:
    """Return which return label one more would be; nothing where there is nothing to send back.

    Args:
        trial: as ``staff_trial`` returns it.
    """
    away = any(item.settled_at is None for item in trial.items.all())
    labels = [parcel.nth for parcel in trial.shipments.all() if parcel.leg == Leg.RETURN]
    return max(labels) + 1 if labels and away and trial.state in SENDS_IN else None


def losable_parcels(trial: Trial) -> set[uuid.UUID]:
    """Return which parcels of a trial could have been lost by the carrier, as it stands.

    Args:
        trial: as ``staff_trial`` returns it.
    """
    back = {TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED}
    if any(_is_charged_for(charge) for charge in trial.charges.all()):
        back.add(TrialState.CLOSED)
    return {
        parcel.pk
        for parcel in trial.shipments.all()
        if (parcel.leg == Leg.OUTBOUND and trial.state == TrialState.SHIPPED)
        or (
            parcel.leg == Leg.OUTBOUND
            and parcel.state == ShipmentState.SENT_BACK
            and trial.state in (TrialState.RETURNING, TrialState.RECEIVED)
        )
        or (
            parcel.leg == Leg.OUTBOUND
            and trial.state == TrialState.DELIVERED
            and (trial.missed_at is not None or is_delivery_assumed(parcel))
        )
        or (
            parcel.leg == Leg.RETURN
            and trial.state in back
            and parcel.state not in (ShipmentState.LABELLED, ShipmentState.SENT_BACK)
            and parcel.checked_in_at is None
            and not hasattr(parcel, "claim")
        )
    }


def _is_charged_for(charge: TrialCharge) -> bool:
    """Tell whether a charge is for a frame that did not come back, and is over."""
    if charge.purpose != TrialCharge.Purpose.UNRETURNED or charge.item is None:
        return False
    missing = charge.item.outcome in (ItemOutcome.KEPT, ItemOutcome.LOST)
    return missing and charge.state in CHARGED
