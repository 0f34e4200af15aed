"""A parcel the carrier lost: nobody is charged for it, and the carrier is to make it good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.money import total
from shop.foundation.plain_text import one_line
from trials.claims.models import Claim
from trials.claims.services import open_claim
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import NEVER_REACHED, close_trial, settle_item
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.settling import CAME_BACK
from trials.home_trials.states import ItemOutcome, TrialState
from trials.reports.missed_boxes import give_up_missed
from trials.reports.queries import keeping_ids
from trials.returns.errors import LostEarlyError, NotLostError
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import charged_as_missing, coming_parcels
from trials.returns.services.closing import AFTER_THE_CUSTOMER, close_if_settled
from trials.returns.services.damage_let_go import let_go_of_damage
from trials.returns.services.taking_back import let_go_of_charge
from trials.returns.states import PAID
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.queries import ASSUMED, is_delivery_assumed, shipment_by_number

# What the carrier took: a parcel nobody has scanned is not its to lose.
TAKEN = frozenset({ShipmentState.IN_TRANSIT, ShipmentState.FAILED, ShipmentState.DELIVERED})
LOST = gettext_noop("Lost by the carrier")


@dataclass(frozen=True)
class Whereabouts:
    """What is known of a parcel under way.

    Attributes:
        handed_over_at: when the carrier took it.
        last_scan_at: when it last scanned it, if it did.
        expected_at: until when it may be on its usual way.
    """

    handed_over_at: datetime
    last_scan_at: datetime | None
    expected_at: datetime


def lose_parcel(*, tracking_number: str, by: User, reason: str = "", early: bool = False) -> Claim:
    """Give up a parcel the carrier lost.

    What was in it is lost to nobody's charge, and a claim against the carrier is opened. A trial
    whose box never arrived, though the shop may have taken it for delivered, is over: what was paid
    for it goes back, its fee too, and its customer may ask for another. One whose box was lost on
    its way back is over as soon as nothing else of it is open. What was charged as missing is
    claimed with the rest, and a manager decides what she gets back, also once the trial is over.

    Args:
        tracking_number: of a parcel the carrier took.
        by: who gives it up.
        reason: why, in plain words.
        early: whether it is meant though the parcel may still be on its usual way.

    Returns:
        The claim; given up before, the same again.

    Raises:
        ShipmentMissingError: no parcel has the number.
        NotLostError: it was not taken by the carrier, or what was in it has come.
        LostEarlyError: it may still be on its usual way, and nobody said that she knows.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)[:300]
    refuse_card_numbers(reason)
    found = shipment_by_number(tracking_number)
    with transaction.atomic():
        trial = lock_row(Trial, found.trial_id, related=("user", "programme_version"))
        shipment = lock_row(Shipment, found.pk)
        known = Claim.objects.filter(shipment=shipment).first()
        if known is not None:
            return known
        _check_lost(trial, shipment)
        lost, charged = _inside(trial, shipment), list(charged_as_missing(trial))
        if not lost and not charged:
            raise NotLostError(_("Nothing that is still away can have been in this parcel."))
        if not early:
            _check_not_expected(trial, shipment)
        inside = [*lost, *(charge.item for charge in charged if charge.item)]
        claim = open_claim(
            shipment=shipment, amount=total([item.price for item in inside]), by=by, reason=reason
        )
        for item in lost:
            let_go_of_charge(item, by=by, reason=LOST)
        if shipment.leg == Leg.OUTBOUND:
            let_go_of_damage(trial, by=by)
        for item in lost:
            settle_item(item_id=item.pk, outcome=ItemOutcome.LOST, by=by, reason=LOST)
        paid = _have_decided(charged)
        if shipment.may_hold_charged:
            shipment.may_hold_charged = False
            shipment.save(update_fields=["may_hold_charged"])
        _record(trial, shipment, claim, by)
        if shipment.leg == Leg.OUTBOUND:
            give_up_missed(trial, by=by)
            trial.never_arrived, trial.missed_at = True, None
            trial.save(update_fields=["never_arrived", "missed_at"])
            # Brought back undelivered, and only not whole: that is no box lost on its way.
            came_back = trial.items.filter(outcome__in=CAME_BACK).exists()
            mail = NEVER_REACHED if came_back else "trial_outbound_lost"
            close_trial(trial_id=trial.pk, by=by, mail=mail)
        else:
            mail_customer("trial_return_lost", trial, fact=shipment.pk, paid=paid)
            close_if_settled(trial_id=trial.pk, by=by)
        return claim


def _check_lost(trial: Trial, shipment: Shipment) -> None:
    if shipment.leg == Leg.OUTBOUND:
        # The shop hands boxes over itself; that the trial is shipped is the carrier's receipt. What
        # could not be delivered may be lost on its way back to the shop, or what was in it.
        sent_back = shipment.state == ShipmentState.SENT_BACK
        lost_in = {TrialState.SHIPPED}
        if sent_back:
            lost_in = {TrialState.RETURNING, TrialState.RECEIVED}
        if is_delivery_assumed(shipment) or trial.missed_at is not None:
            # Taken for delivered for want of a word, or by a carrier that was wrong: its customer
            # says that it never came.
            lost_in.add(TrialState.DELIVERED)
        if trial.state not in lost_in:
            raise NotLostError(
                _("Trial %(number)s is “%(state)s”: this parcel is not on its way.")
                % {"number": trial.number, "state": trial.get_state_display()},
                state=trial.state,
            )
        return
    # Of a trial that is over, her frames may have been charged while they were under way.
    after = {*AFTER_THE_CUSTOMER, TrialState.CLOSED}
    if trial.state not in after or shipment.checked_in_at is not None:
        raise NotLostError(
            _("Trial %(number)s is “%(state)s”: its box is not on its way back.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
    if shipment.state == ShipmentState.SENT_BACK:
        raise NotLostError(
            _("The carrier takes this parcel back to the customer, so it is not lost.")
        )
    if shipment.state not in TAKEN:
        raise NotLostError(
            _("The carrier never scanned this parcel, so it may be with the customer still.")
        )
    lately = timezone.now() - timedelta(days=settings.PARCEL_SILENT_DAYS)
    other = coming_parcels().filter(trial=trial, heard_at__gte=lately).exclude(pk=shipment.pk)
    if (number := other.values_list("tracking_number", flat=True).first()) is not None:
        raise NotLostError(
            _(
                "Parcel %(number)s of this trial is on its way, too. Check it in first: what is not"
                " in it was in this one."
            )
            % {"number": number}
        )


def whereabouts(trial: Trial, shipment: Shipment) -> Whereabouts | None:
    """Return what is known of a parcel; nothing where nobody says that the carrier took it.

    Args:
        trial: whose, with its programme version.
        shipment: one of its parcels.
    """
    told = shipment.tracking.exclude(status=ShipmentState.LABELLED).exclude(
        carrier_event_id=ASSUMED
    )
    scans = told.aggregate(first=Min("occurred_at"), last=Max("occurred_at"))
    taken = trial.shipped_at if shipment.leg == Leg.OUTBOUND else None
    if (taken := taken or scans["first"]) is None:
        return None
    days = timedelta(days=trial.programme_version.shipping_days)
    return Whereabouts(taken, scans["last"], max(taken, scans["last"] or taken) + days)


def _check_not_expected(trial: Trial, shipment: Shipment) -> None:
    """Ask whoever gives up what may still come; of a box that is missed its customer has told."""
    known = whereabouts(trial, shipment)
    if trial.missed_at is not None or known is None or known.expected_at <= timezone.now():
        return
    day = date_format(timezone.localtime(known.expected_at), "DATETIME_FORMAT")
    raise LostEarlyError(
        _(
            "Parcel %(number)s may be on its usual way until %(day)s. Give it up only if you know"
            " that it is lost."
        )
        % {"number": shipment, "day": day},
        facts=known,
    )


def _inside(trial: Trial, shipment: Shipment) -> list[TrialItem]:
    """Return what was in a parcel: on its way back all that is away, but what she keeps."""
    away = list(trial.items.filter(settled_at=None).order_by("pk"))
    if shipment.leg == Leg.OUTBOUND:
        return away
    kept = keeping_ids(item.pk for item in away)
    return [item for item in away if item.pk not in kept]


def _have_decided(charges: list[TrialCharge]) -> bool:
    """Have a manager decide what is given back of charges; tell whether there is anything."""
    left = Q(state__in=PAID, refunded__lt=F("amount")) | Q(from_deposit__gt=0)
    found = TrialCharge.objects.filter(left, pk__in=[each.pk for each in charges])
    return found.update(to_decide=True) > 0


def _record(trial: Trial, shipment: Shipment, claim: Claim, by: User) -> None:
    record(
        EventName.PARCEL_LOST,
        key=f"{EventName.PARCEL_LOST}:{shipment.pk}",
        subject=("shipment", shipment.pk),
        person=staff(by),
        amount=claim.amount,
        details={
            "trial": str(trial.pk),
            "customer": str(trial.user_id),
            "leg": shipment.leg,
            "carrier": shipment.carrier,
        },
    )
