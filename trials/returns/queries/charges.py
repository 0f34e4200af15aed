"""What has come back, what has not, and what is owed for it."""

import uuid
from datetime import datetime, timedelta

from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.utils.translation import gettext as _

from shop.payments.links import payment_link
from shop.payments.models import Payment
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import ItemOutcome, TrialState
from trials.reports.models import CustomerReport, ReportKind
from trials.returns.errors import ChargeMissingError
from trials.returns.handing_over import said_lately, scanned_in_time, word_counts_for
from trials.returns.models.charges import ChargeAttempt, TrialCharge
from trials.returns.states import CHARGED
from trials.shipping.models import Leg, Shipment, ShipmentState

# A box on its way back is charged by the clock only after the programme's longest wait.
CHARGED_BY_THE_CLOCK = frozenset({TrialState.DELIVERED, TrialState.RECEIVED})
# News: what a customer said she keeps is hers, for it is paid.
KEPT_PAID = "returns.kept_paid"
# What is owed for a frame that is with the customer, and hers once it is paid.
UNRETURNED = TrialCharge.Purpose.UNRETURNED
AWAY = frozenset({UNRETURNED, TrialCharge.Purpose.KEPT})
# How long before a charge its customer has been reminded.
AFTER_REMINDER = timedelta(hours=24)


def uncharged_items() -> QuerySet[TrialItem]:
    """Return the items still away for which nothing is owed yet."""
    charges = TrialCharge.objects.filter(item=OuterRef("pk"), purpose__in=AWAY)
    return _away().filter(~Exists(charges))


def _away() -> QuerySet[TrialItem]:
    return TrialItem.objects.filter(settled_at=None, holds_unit=True)


def awaited_items() -> QuerySet[TrialItem]:
    """Return the items still away that are to come back: their customers keep none of them."""
    return uncharged_items().filter(~Exists(_kept()))


def _kept() -> QuerySet[CustomerReport]:
    return CustomerReport.objects.filter(
        item=OuterRef("pk"), kind=ReportKind.KEEPING, withdrawn_at=None
    )


def items_to_remind_of(now: datetime) -> QuerySet[TrialItem]:
    """Return the awaited items, and those whose charge is owed but is not asked for any more.

    Who said that her box never came may have been charged by then; her days run anew once it has
    come, and the card is not asked before they are over (``days_run_anew``).

    Args:
        now: an aware time.
    """
    charges = TrialCharge.objects.filter(item=OuterRef("pk"), purpose__in=AWAY)
    owed = charges.filter(purpose=UNRETURNED, state=TrialCharge.State.OWED)
    anew = Q(Exists(owed), trial__charge_at__gt=now)
    return _away().filter(~Exists(charges) | anew).filter(~Exists(_kept()))


def trials_to_remind(now: datetime) -> QuerySet[Trial]:
    """Return the trials with a frame away whose customers have not been reminded, but should be.

    That is when the days at home are over; for a box on its way back, when those of grace are, and
    never while it waits at the door to be opened. What she keeps is charged by then, and not asked
    for.

    Args:
        now: an aware time.
    """
    late = Q(state__in=CHARGED_BY_THE_CLOCK) & ~coming_back() | coming_back() & Q(charge_at__lt=now)
    missing = items_to_remind_of(now).filter(trial=OuterRef("pk"))
    here = arrived_parcels().filter(trial=OuterRef("pk"))
    return Trial.objects.filter(
        late, Exists(missing), ~missed(), ~Exists(here), due_at__lt=now, reminded_at=None
    )


def missed() -> Q:
    """Return what finds trials whose customers say that the box never came, and are not answered.

    What is on its way back has come to her.
    """
    return Q(missed_at__isnull=False, state=TrialState.DELIVERED)


def coming_parcels() -> QuerySet[Shipment]:
    """Return the parcels back that the carrier has or has brought, and nobody has opened."""
    return Shipment.objects.filter(
        leg=Leg.RETURN,
        state__in=[ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED],
        checked_in_at=None,
    )


def charged_as_missing(trial: Trial | OuterRef) -> QuerySet[TrialCharge]:
    """Return what was paid, or written off, for frames of a trial that never came, and their items.

    Args:
        trial: whose.
    """
    return (
        TrialCharge.objects.filter(
            trial=trial,
            purpose=TrialCharge.Purpose.UNRETURNED,
            state__in=CHARGED,
            item__outcome__in=[ItemOutcome.KEPT, ItemOutcome.LOST],
        )
        .select_related("item")
        .order_by("created_at", "pk")
    )


def coming_back() -> Q:
    """Return what finds trials of which something is on its way back: the box, or more of it."""
    further = Exists(coming_parcels().filter(trial=OuterRef("pk")))
    return Q(state=TrialState.RETURNING) | Q(state=TrialState.RECEIVED) & Q(further)


def is_coming_back(trial: Trial) -> bool:
    """Tell whether something of a trial is on its way back: the box, or another parcel after it.

    Args:
        trial: its parcels back may be there already, as ``parcels_back``.
    """
    if trial.state != TrialState.RECEIVED:
        return trial.state == TrialState.RETURNING
    known: list[Shipment] | None = getattr(trial, "parcels_back", None)
    if known is None:
        return coming_parcels().filter(trial=trial).exists()
    under_way = (ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED)
    return any(each.state in under_way and each.checked_in_at is None for each in known)


def longest_wait() -> ExpressionWrapper:
    """Return how long a box on its way back puts a charge off, as an expression of trials."""
    return ExpressionWrapper(
        F("programme_version__longest_wait_days") * Value(timedelta(days=1)),
        output_field=DurationField(),
    )


def charged_after(trial: Trial, *, said: datetime | None = None) -> datetime | None:
    """Return when the clock charges what is missing of a trial; nothing before it is delivered.

    Args:
        trial: with its programme version.
        said: when its customer said that she sent it back, if she did.
    """
    if trial.charge_at is None:
        return None
    if trial.state == TrialState.DELIVERED and said is not None:
        return max(trial.charge_at, said + word_counts_for())
    if not is_coming_back(trial):
        return trial.charge_at
    return trial.charge_at + timedelta(days=trial.programme_version.longest_wait_days)


def arrived_parcels() -> QuerySet[Shipment]:
    """Return the parcels that the carrier brought back to the shop, and nobody has opened."""
    return coming_parcels().filter(state=ShipmentState.DELIVERED)


def has_arrived(trial: Trial) -> bool:
    """Tell whether the carrier has brought a parcel of a trial that is not checked in.

    Args:
        trial: its parcels back may be there already, as ``parcels_back``.
    """
    known: list[Shipment] | None = getattr(trial, "parcels_back", None)
    if known is not None:
        return any(
            each.state == ShipmentState.DELIVERED and each.checked_in_at is None for each in known
        )
    return arrived_parcels().filter(trial=trial).exists()


def trials_to_charge(now: datetime) -> list[uuid.UUID]:
    """Return the reminded trials with a frame missing whom the clock may charge.

    That is when the days of grace are over, and for a while later where she says that she sent it
    back; for a box on its way back, or a frame that comes in another parcel after it, when the
    longest wait is over, too, unless it was handed over in time, or has arrived and waits to be
    checked in.

    Args:
        now: an aware time.
    """
    missing = uncharged_items().filter(trial=OuterRef("pk"))
    waited = coming_back() & Q(charge_at__lt=Value(now) - longest_wait())
    here = arrived_parcels().filter(trial=OuterRef("pk"))
    believed = Q(state=TrialState.DELIVERED) & said_lately(now)
    with_her = Q(state__in=CHARGED_BY_THE_CLOCK) & ~coming_back() & ~believed
    late = Trial.objects.filter(
        with_her | waited & ~Exists(here) & ~scanned_in_time(),
        Exists(missing),
        ~missed(),
        charge_at__lt=now,
        reminded_at__lte=now - AFTER_REMINDER,
    )
    return list(late.order_by("charge_at").values_list("pk", flat=True))


def charges_with_trials() -> QuerySet[TrialCharge]:
    """Return all charges with what a list of them shows, latest first."""
    return TrialCharge.objects.select_related(
        "trial__user", "item__variant__frame", "item__unit", "settled_by"
    ).order_by("-created_at", "-pk")


def charge_by_id(charge_id: uuid.UUID) -> TrialCharge:
    """Return one charge with what a page of it shows.

    Raises:
        ChargeMissingError: there is none.
    """
    charge = charges_with_trials().filter(pk=charge_id).first()
    if charge is None:
        raise ChargeMissingError(_("There is no such charge."))
    return charge


def attempts_due(now: datetime) -> list[int]:
    """Return the planned attempts at refused charges whose time has come, the oldest first.

    No card is asked for frames that are on their way back and were handed over in time, whenever
    the carrier told of it, or that have arrived: what is in the box decides. Nor of whoever says
    that her box never came, until she is answered, nor for frames whose days at home run anew.

    Args:
        now: an aware time.
    """
    here = arrived_parcels().filter(trial=OuterRef("charge__trial"))
    due = ChargeAttempt.objects.filter(asked_at=None, due_at__lte=now).exclude(
        Q(charge__purpose=UNRETURNED) & (scanned_in_time("charge__trial__") | Exists(here))
    )
    # What is on its way back has come to her.
    due = due.exclude(
        charge__trial__missed_at__isnull=False, charge__trial__state=TrialState.DELIVERED
    )
    due = due.exclude(
        charge__purpose=UNRETURNED,
        charge__trial__state=TrialState.DELIVERED,
        charge__trial__charge_at__gt=now,
    )
    return list(due.order_by("due_at").values_list("pk", flat=True))


def days_run_anew(charge: TrialCharge, now: datetime) -> bool:
    """Tell whether a charge is for a frame whose days at home were given anew after it was made.

    Args:
        charge: with its trial.
        now: an aware time.
    """
    trial = charge.trial
    at_hers = charge.purpose == UNRETURNED and trial.state == TrialState.DELIVERED
    return at_hers and trial.charge_at is not None and trial.charge_at > now


def trials_with_kept(now: datetime) -> list[uuid.UUID]:
    """Return the trials of which a customer keeps a frame that is to be charged by now.

    Args:
        now: an aware time.
    """
    kept = CustomerReport.objects.filter(
        kind=ReportKind.KEEPING, withdrawn_at=None, charged_at=None, item__settled_at=None
    )
    due = kept.filter(
        Q(trial__due_at__lt=now) | Q(trial__state=TrialState.RECEIVED), trial__closed_at=None
    )
    return list(due.order_by("trial_id").values_list("trial_id", flat=True).distinct())


def charges_of(trial: Trial) -> QuerySet[TrialCharge]:
    """Return all that is or was owed of a trial, the oldest first."""
    charges = TrialCharge.objects.filter(trial=trial).select_related("item__variant__frame")
    return charges.order_by("created_at", "pk")


def debts_of(trial: Trial) -> list[tuple[TrialCharge, str]]:
    """Return what is owed of a trial and was refused by a card, with the path where it is paid.

    What a card is being asked for is left out: it may be paid in a moment.
    """
    owed = list(
        TrialCharge.objects.filter(
            trial=trial, state=TrialCharge.State.OWED, attempts__refused_at__isnull=False
        )
        .select_related("item__variant__frame")
        .order_by("created_at")
        .distinct()
    )
    payments = payments_for(trial, owed)
    return [(each, payment_link(payments[each.pk])) for each in owed if each.pk in payments]


def payments_for(trial: Trial, charges: list[TrialCharge]) -> dict[uuid.UUID, Payment]:
    """Return the payment of each charge of a trial that has one, in one query."""
    if not charges:
        return {}
    payments = Payment.objects.filter(
        user=trial.user_id, reference__in=[str(charge.pk) for charge in charges]
    )
    found = {payment.reference: payment for payment in payments.order_by("created_at")}
    return {each.pk: found[str(each.pk)] for each in charges if str(each.pk) in found}


def trials_to_tell(now: datetime) -> list[uuid.UUID]:
    """Return the trials whose customers wait for the mail of what they paid by now.

    Args:
        now: an aware time.
    """
    waiting = TrialCharge.objects.filter(tell_at__lte=now)
    return list(waiting.order_by("trial_id").values_list("trial_id", flat=True).distinct())
