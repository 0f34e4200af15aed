"""Announcing the parcels of a trial to a carrier, and giving back labels nobody used."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.postgres.queries import PreparedQuery, Slot
from trials.costs.services import book_parcel, take_back_parcel
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import OPEN, TrialState
from trials.shipping.carriers import CARRIERS, default_carrier
from trials.shipping.errors import LabelsInHandError, NoLabelsYetError
from trials.shipping.models import (
    Because,
    LabelClaim,
    Leg,
    RefundState,
    Shipment,
    ShipmentState,
)

REFUND = "shipping.refund_label"
REFUND_TOLD = "shipping.refund_told"
# Longer than a carrier may take to answer, with all attempts; who is killed meanwhile leaves a
# claim that ends by itself, and what was bought is found again under the parcel's id.
LEASE = timedelta(minutes=5)
LABELLED_IN = OPEN - {TrialState.REQUESTED}


def create_labels(
    *, trial_id: uuid.UUID, by: User | None, carrier: str = ""
) -> tuple[Shipment, Shipment]:
    """Make the two labels that every box has; made before, they are given again.

    Args:
        trial_id: an approved trial, or one further on that is not over.
        by: who prints.
        carrier: the code of the carrier both go with; the shop's usual one if empty.

    Returns:
        The outbound parcel and the one for the way back.

    Raises:
        NoLabelsYetError: the trial is not approved, or over.
        LabelsInHandError: somebody else is just buying them.
        CarrierRefusedError: the carrier does not take the parcel.
        CarrierUnreachableError: it did not answer; asking again is safe.
    """
    trial = _TRIAL.first(trial=trial_id)
    if trial is None:
        raise Trial.DoesNotExist
    _check_state(trial)
    code = carrier or default_carrier()
    outbound, back = announced(trial, Leg.OUTBOUND), announced(trial, Leg.RETURN)
    if outbound is None or back is None:
        with claimed(trial, code):
            for leg in Leg:
                if not announced(trial, leg):
                    announce(trial, leg, code, by)
        outbound, back = announced(trial, Leg.OUTBOUND), announced(trial, Leg.RETURN)
    assert outbound is not None
    assert back is not None
    return outbound, back


def announced(trial: Trial, leg: Leg, nth: int = 1) -> Shipment | None:
    """Return the parcel of a trial that goes one way under a number, if it has a label."""
    return _LABEL.first(trial=trial.pk, leg=leg, nth=nth)


_TRIAL = PreparedQuery(
    lambda: Trial.objects.select_related("address", "user").filter(pk=Slot("trial"))
)
_LABEL = PreparedQuery(
    lambda: Shipment.objects.filter(trial_id=Slot("trial"), leg=Slot("leg"), nth=Slot("nth"))
)


def refund_label(*, shipment_id: uuid.UUID) -> None:
    """Ask a carrier for the postage of a label that was not used; asked before, nothing happens."""
    shipment = Shipment.objects.get(pk=shipment_id)
    if shipment.state != ShipmentState.LABELLED or shipment.refund_state != RefundState.NOT_DUE:
        return
    _settle_refund(shipment, CARRIERS[shipment.carrier].refund_label(shipment))


def ask_refund(*, shipment_id: uuid.UUID) -> None:
    """Ask a carrier what became of a label's refund; once it is decided, nothing happens.

    Raises:
        CarrierUnreachableError: no answer; it is asked again on another day.
        CarrierRefusedError: the carrier knows no such parcel.
    """
    shipment = Shipment.objects.get(pk=shipment_id)
    if shipment.refund_state != RefundState.ASKED:
        return
    # Before asking, so that a carrier which fails is not asked all the time.
    Shipment.objects.filter(pk=shipment.pk).update(asked_at=timezone.now())
    _settle_refund(shipment, CARRIERS[shipment.carrier].ask_refund(shipment))


def refunds_told(*, tracking_numbers: Iterable[str]) -> int:
    """Have refunds asked after of which a carrier told, each by a message of its own.

    Args:
        tracking_numbers: of parcels; those that are none of ours, or wait for no refund, are
            passed over.

    Returns:
        How many are asked after.
    """
    waiting = Shipment.objects.filter(
        tracking_number__in=list(tracking_numbers), refund_state=RefundState.ASKED
    )
    with transaction.atomic():
        found = list(waiting.values_list("pk", flat=True))
        for shipment_id in found:
            publish(REFUND_TOLD, {"shipment": str(shipment_id)})
    return len(found)


def refund_labels(*, trial_id: uuid.UUID) -> None:
    """Have the labels of a trial that was called off given back, each by a message of its own."""
    with transaction.atomic():
        unused = Shipment.objects.filter(
            trial_id=trial_id, state=ShipmentState.LABELLED, refund_state=RefundState.NOT_DUE
        )
        # Nothing was bought of these: they cost the shop's own rate, and only if they go.
        for shipment_id in unused.filter(carrier_reference="").values_list("pk", flat=True):
            take_back_parcel(shipment_id=shipment_id)
        bought = unused.exclude(carrier_reference="")
        for shipment_id in bought.values_list("pk", flat=True):
            publish(REFUND, {"shipment": str(shipment_id)})


def _settle_refund(shipment: Shipment, state: RefundState) -> None:
    """Note how a refund stands; what was decided before, by whoever asked first, stays."""
    with transaction.atomic():
        undecided = Shipment.objects.filter(pk=shipment.pk, refund_state=shipment.refund_state)
        if undecided.update(refund_state=state) and state == RefundState.REFUNDED:
            take_back_parcel(shipment_id=shipment.pk)


@contextmanager
def claimed(trial: Trial, carrier: str) -> Iterator[None]:
    """Hold the claim on a trial's labels; it is committed at once, for no lock outlives a call.

    It is held only where the carrier is asked over the network, and for money: by one at a time.

    Raises:
        LabelsInHandError: somebody else holds it.
    """
    if not CARRIERS[carrier].tells:
        yield
        return
    now = timezone.now()
    lapsed = LabelClaim.objects.filter(trial=trial, until__lt=now)
    if not lapsed.update(until=now + LEASE):
        _claim, made = LabelClaim.objects.get_or_create(
            trial=trial, defaults={"until": now + LEASE}
        )
        if not made:
            raise LabelsInHandError(
                _("The labels of %(number)s are just being made. Print them in a moment.")
                % {"number": trial.number}
            )
    try:
        yield
    finally:
        LabelClaim.objects.filter(trial=trial, until=now + LEASE).delete()


def announce(
    trial: Trial,
    leg: Leg,
    carrier: str,
    by: User | None,
    *,
    nth: int = 1,
    because: Because = Because.USUAL,
) -> None:
    """Have a carrier make a label; made before, it is the same, for the parcel's id is.

    Args:
        trial: with its address and user.
        leg: which way.
        carrier: its code.
        by: who asked.
        nth: which of the trial's parcels that way; of one above the first she is written to.
        because: why there is more than one.

    Raises:
        NoLabelsYetError: the trial is not approved, or over.
        CarrierRefusedError: the carrier does not take the parcel.
        CarrierUnreachableError: it did not answer; asking again is safe.
    """
    shipment = Shipment(
        id=uuid.uuid5(trial.pk, leg if nth == 1 else f"{leg}:{nth}"),
        trial=trial,
        leg=leg,
        nth=nth,
        because=because,
        carrier=carrier,
        labelled_by=by,
    )
    label = CARRIERS[carrier].make_label(shipment)
    shipment.tracking_number = "".join(label.tracking_number.split()).upper()
    shipment.carrier_reference, shipment.service = label.reference, label.service
    shipment.postage, shipment.label_url = label.postage, label.url
    shipment.tracking_url = label.tracking_url
    with transaction.atomic():
        locked = lock_row(Trial, trial.pk)
        if not label.reference:
            _check_state(locked)
        # One a leg and number: of two who print at once, the second finds the first one's.
        Shipment.objects.bulk_create([shipment], ignore_conflicts=True)
        book_parcel(
            shipment_id=shipment.pk,
            trial_id=trial.pk,
            outbound=leg == Leg.OUTBOUND,
            postage=label.postage,
        )
        if locked.state not in LABELLED_IN:
            # Called off while the carrier was asked: what was bought is kept, to be given back.
            publish(REFUND, {"shipment": str(shipment.pk)})
        elif nth > 1:
            mail_customer("trial_return_label", trial, fact=shipment.pk)
    _check_state(locked)


def _check_state(trial: Trial) -> None:
    if trial.state not in LABELLED_IN:
        raise NoLabelsYetError(
            _("Trial %(number)s is “%(state)s”. Labels are for approved trials.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
