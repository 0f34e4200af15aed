"""One more return label: the one before is lost, or something comes in another parcel."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from trials.costs.services import book_parcel_again, take_back_parcel
from trials.home_trials.missed import check_has_come
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.shipping.carriers import default_carrier
from trials.shipping.errors import LabelLimitError, NothingToSendError
from trials.shipping.models import Because, Leg, Shipment, ShipmentState
from trials.shipping.queries import labels_never_used
from trials.shipping.services.labels import REFUND, announce, claimed, create_labels

# While something of the trial may still be on its way to us.
SENDS_IN = frozenset({TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED})


def another_return_label(
    *, trial_id: uuid.UUID, by: User, because: Because = Because.LOST, nth: int | None = None
) -> Shipment:
    """Make one more return label of a trial; its customer is mailed where it is.

    The labels before stay good: whichever the carrier scans is the parcel that is on its way.

    Args:
        trial_id: a trial with a frame at home.
        by: who asks: its customer, up to ``RETURN_LABELS_BESIDES`` times, or staff.
        because: why.
        nth: which label it will be, as the page said that asks; made before, it is given again.

    Raises:
        NothingToSendError: nothing of the trial is with its customer.
        BoxMissedError: she asks, and says that the box never came.
        LabelLimitError: she has asked as often as she may.
        LabelsInHandError: somebody else is just buying one.
        CarrierRefusedError: the carrier does not take the parcel.
        CarrierUnreachableError: it did not answer; asking again is safe.
    """
    trial = Trial.objects.select_related("address", "user").get(pk=trial_id)
    labels = list(trial.shipments.filter(leg=Leg.RETURN).order_by("nth"))
    if nth is not None and 1 < nth <= len(labels):
        return labels[nth - 1]
    _check_something_away(trial)
    if by.pk == trial.user_id:
        check_has_come(trial)
    if not labels:
        return create_labels(trial_id=trial_id, by=by)[1]
    if by.pk == trial.user_id and labels_left(trial, labels) <= 0:
        raise LabelLimitError(
            _("You have asked for as many return labels as you can. Write to us, and we help.")
        )
    following, carrier = labels[-1].nth + 1, default_carrier()
    with claimed(trial, carrier):
        announce(trial, Leg.RETURN, carrier, by, nth=following, because=because)
    return trial.shipments.get(leg=Leg.RETURN, nth=following)


def labels_left(trial: Trial, labels: list[Shipment]) -> int:
    """Return how many more return labels a customer may ask for.

    Args:
        trial: hers.
        labels: the trial's labels for the way back.
    """
    asked = sum(each.nth > 1 and each.labelled_by_id == trial.user_id for each in labels)
    most: int = settings.RETURN_LABELS_BESIDES
    return most - asked


def check_in_parcel(*, trial: Trial, label: str = "", only_scanned: bool = False) -> None:
    """Note which parcel back was opened, in the caller's transaction; it is on its way no more.

    Where nobody scanned its label, it is what the carrier brought; else what it has; else, of
    labels it never saw, the latest where the one before was lost, and the first where it was not.
    What came out of a parcel that was opened after the box lay in no other: that one is done with
    by then.

    Args:
        trial: locked by the caller.
        label: the label that was scanned at the table, if one was.
        only_scanned: whether a label that the carrier never saw is left out.
    """
    back = list(trial.shipments.filter(leg=Leg.RETURN).order_by("nth"))
    here = next((each for each in back if label and each.tracking_number == label), None)
    if here is not None and here.checked_in_at is not None:
        # The first stays as it is: when it was opened parts what came in it from what came later.
        if min(each.checked_in_at for each in back if each.checked_in_at) < here.checked_in_at:
            Shipment.objects.filter(pk=here.pk).update(checked_in_at=timezone.now())
        return
    open_ = [each for each in back if each.checked_in_at is None]
    brought = [each for each in open_ if each.state == ShipmentState.DELIVERED]
    taken = [each for each in open_ if each.state != ShipmentState.LABELLED]
    opened = ([here] if here else []) or brought or taken[:1]
    if not opened and open_ and not only_scanned:
        opened = [open_[-1] if open_[-1].because == Because.LOST else open_[0]]
    keys = [each.pk for each in opened]
    Shipment.objects.filter(pk__in=keys).update(checked_in_at=timezone.now())
    if keys and trial.state == TrialState.RECEIVED and trial.reminded_at is not None:
        # She was told to which day this parcel is waited for; what is missing now is told anew.
        Trial.objects.filter(pk=trial.pk).update(reminded_at=None)


def note_never_used(*, shipment_id: uuid.UUID, now: datetime) -> bool:
    """Note that a label was never used: its postage is asked back, or its cost taken back.

    Args:
        shipment_id: a return label; one that was used meanwhile, or noted before, is left.
        now: an aware time.

    Returns:
        Whether it was noted now.
    """
    trial_id = Shipment.objects.values_list("trial_id", flat=True).get(pk=shipment_id)
    with transaction.atomic():
        lock_row(Trial, trial_id)
        shipment = lock_row(Shipment, shipment_id)
        if not labels_never_used(now).filter(pk=shipment_id).exists():
            return False
        shipment.unused_at = now
        shipment.save(update_fields=["unused_at"])
        if shipment.carrier_reference:
            publish(REFUND, {"shipment": str(shipment.pk)})
        else:
            take_back_parcel(shipment_id=shipment.pk)
        return True


def note_used(shipment: Shipment) -> None:
    """Note that a label counted as never used is on its way after all, in the caller's transaction.

    Args:
        shipment: locked by the caller; one that did not count so is left.
    """
    if shipment.unused_at is None or shipment.state == ShipmentState.LABELLED:
        return
    shipment.unused_at = None
    shipment.save(update_fields=["unused_at"])
    book_parcel_again(shipment_id=shipment.pk)


def _check_something_away(trial: Trial) -> None:
    sent_back = trial.shipments.filter(leg=Leg.OUTBOUND, state=ShipmentState.SENT_BACK).exists()
    away = trial.items.filter(settled_at=None).exists()
    if trial.state not in SENDS_IN or sent_back or not away:
        raise NothingToSendError(
            _("Trial %(number)s is “%(state)s”: there is nothing at home to send back.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
