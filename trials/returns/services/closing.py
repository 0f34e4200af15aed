"""Ending a trial as soon as nothing is open of it."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.postgres.queries import PreparedValues, Slot
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import close_trial
from trials.home_trials.states import TrialState
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.queries.charges import charged_as_missing
from trials.returns.services.late_fees import charge_late_return
from trials.returns.states import OPEN_PROPOSALS
from trials.shipping.models import Leg, Shipment, ShipmentState

AFTER_THE_CUSTOMER = frozenset({TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED})


def close_if_settled(
    *, trial_id: uuid.UUID, by: User | None = None, mail: str = "trial_closed"
) -> bool:
    """Close a trial of which every frame is settled, nothing owed and no damage undecided.

    A box that came back late is charged its fee first, where the programme has one.

    Args:
        trial_id: which trial.
        by: whose act settled the last of it; nobody where the shop did.
        mail: what its customer is written then; empty where another mail says it, too.

    Returns:
        Whether it is closed now by this.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user", "card"))
        if trial.state not in AFTER_THE_CUSTOMER:
            return False
        if _UNSETTLED.rows(trial=trial_id):
            return False
        if charge_late_return(trial) is not None:
            return False
        proposals = ChargeProposal.objects.filter(inspection__item__trial=trial)
        if proposals.filter(state__in=OPEN_PROPOSALS).exists():
            return False
        close_trial(trial_id=trial_id, by=by, mail=mail)
        keep_in_sight(trial_id=trial_id)
        return True


def _unsettled() -> QuerySet[Trial, Any]:
    """Find a trial of which a frame is not settled, or something is owed."""
    items = TrialItem.objects.filter(trial=OuterRef("pk"), settled_at=None)
    owed = TrialCharge.objects.filter(trial=OuterRef("pk"), state=TrialCharge.State.OWED)
    open_ones = Trial.objects.filter(Exists(items) | Exists(owed), pk=Slot("trial"))
    return open_ones.order_by().values_list("pk")


_UNSETTLED = PreparedValues(_unsettled)


def keep_in_sight(*, trial_id: uuid.UUID) -> None:
    """Have the parcels looked after by which what was charged may come, once a trial is over.

    Args:
        trial_id: closed, and locked by the caller in this transaction.
    """
    under_way = Shipment.objects.filter(
        Exists(charged_as_missing(OuterRef("trial"))),
        trial=trial_id,
        leg=Leg.RETURN,
        checked_in_at=None,
        claim=None,
    )
    under_way.exclude(state=ShipmentState.LABELLED).update(may_hold_charged=True)
