"""What has come back, what has not, and what is owed for it."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import TrialState
from trials.returns.errors import ChargeMissingError
from trials.returns.models import TrialCharge

# A box on its way back is not charged by the clock: handing it over in time is enough.
CHARGED_BY_THE_CLOCK = frozenset({TrialState.DELIVERED, TrialState.RECEIVED})
# How long before a charge its customer has been reminded.
AFTER_REMINDER = timedelta(hours=24)


def uncharged_items() -> QuerySet[TrialItem]:
    """Return the items still away for which nothing is owed yet."""
    charges = TrialCharge.objects.filter(
        item=OuterRef("pk"), purpose=TrialCharge.Purpose.UNRETURNED
    )
    return TrialItem.objects.filter(~Exists(charges), settled_at=None, holds_unit=True)


def trials_to_remind(now: datetime) -> QuerySet[Trial]:
    """Return the trials with a frame away whose customers have not been reminded, but should be.

    That is when the days at home are over; for a box on its way back, when those of grace are.

    Args:
        now: an aware time.
    """
    late = Q(state__in=CHARGED_BY_THE_CLOCK) | Q(state=TrialState.RETURNING, charge_at__lt=now)
    missing = uncharged_items().filter(trial=OuterRef("pk"))
    return Trial.objects.filter(late, Exists(missing), due_at__lt=now, reminded_at=None)


def trials_to_charge(now: datetime) -> list[uuid.UUID]:
    """Return the reminded trials whose days of grace are over with a frame missing.

    Args:
        now: an aware time.
    """
    missing = uncharged_items().filter(trial=OuterRef("pk"))
    late = Trial.objects.filter(
        Exists(missing),
        state__in=CHARGED_BY_THE_CLOCK,
        charge_at__lt=now,
        reminded_at__lte=now - AFTER_REMINDER,
    )
    return list(late.order_by("charge_at").values_list("pk", flat=True))


def charges_with_trials() -> QuerySet[TrialCharge]:
    """Return all charges with what a list of them shows, latest first."""
    return TrialCharge.objects.select_related(
        "item__trial__user", "item__variant__frame", "item__unit", "settled_by"
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
