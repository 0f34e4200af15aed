"""What hangs on a frame that was given up and that a count came upon."""

from django.db import transaction

from shop.customers.models import User
from shop.foundation.locks import lock_row
from trials.claims.services import note_turned_up
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import ItemOutcome
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import AWAY
from trials.returns.states import PAID
from trials.shipping.models import Shipment


def note_counted(*, unit_id: int, by: User) -> None:
    """See to whom it was charged, and of which carrier it is claimed; bears to be repeated.

    Her days to bring it back are over or were never asked for, so that what goes back of a charge
    she paid a manager decides. A parcel given up has come: its claim is withdrawn, or the carrier
    is to be told.

    Args:
        unit_id: a unit that was lost or retired, and lies at the shop.
        by: who accepted that it was found.
    """
    given_up = TrialItem.objects.filter(
        unit=unit_id, outcome__in=[ItemOutcome.KEPT, ItemOutcome.LOST]
    )
    item = given_up.order_by("-settled_at").first()
    if item is None:
        return
    with transaction.atomic():
        trial = lock_row(Trial, item.trial_id)
        if item.outcome == ItemOutcome.LOST:
            parcels = Shipment.objects.filter(trial=trial, claim__isnull=False)
            for shipment in parcels.order_by("pk"):
                note_turned_up(shipment=shipment, by=by)
        charges = TrialCharge.objects.filter(item=item, purpose__in=AWAY)
        (charges.filter(state__in=PAID) | charges.filter(from_deposit__gt=0)).update(to_decide=True)
