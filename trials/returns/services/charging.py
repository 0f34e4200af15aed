"""What did not come back is charged to the saved card, its owner being away."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.money import quantize
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import settle_item
from trials.home_trials.states import ItemOutcome, TrialState
from trials.returns.errors import NotYetChargeableError
from trials.returns.handing_over import said_sent_at, scanned_in_time
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import (
    AFTER_REMINDER,
    charged_after,
    has_arrived,
    is_coming_back,
    uncharged_items,
)
from trials.returns.services.asking import check_not_missed
from trials.returns.services.closing import AFTER_THE_CUSTOMER, close_if_settled
from trials.returns.services.making import make_charges

Purpose = TrialCharge.Purpose


def price_of_missing(item: TrialItem, percent: int) -> Money:
    """Return what a frame costs that does not come back.

    Args:
        item: whose price is agreed on.
        percent: the programme's ``unreturned_percent``.
    """
    return quantize(item.price * Decimal(percent) / 100)


def charge_unreturned(*, trial_id: uuid.UUID, by: User | None = None) -> list[TrialCharge]:
    """Charge every frame of a trial that is still away once the days of grace are over.

    And not before its customer has been reminded and had a day after that, while a box is on its
    way back not before the programme's longest wait is over, and not while it stands at the door.
    The clock also waits some days for one whose customer says she sent it, and never charges one
    that was handed over in time: that is for people.

    A worker takes the money after the commit. Asked again, nothing is charged twice.

    Args:
        trial_id: which trial.
        by: who asked; nobody where the clock did.

    Returns:
        The charges made now.

    Raises:
        NotYetChargeableError: the days of grace are not over, the customer was not reminded a day
            before, the trial is not out, or the clock has to wait for a box under way.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user", "card"))
        _check_due(trial, by)
        away = list(uncharged_items().filter(trial=trial).order_by("pk"))
        percent = trial.programme_version.unreturned_percent
        prices = {item: price_of_missing(item, percent) for item in away}
        free = [item for item, price in prices.items() if not price.amount]
        for item in free:
            settle_item(
                item_id=item.pk,
                outcome=ItemOutcome.LOST,
                by=by,
                reason=gettext_noop("Not returned, free"),
            )
        if free:
            close_if_settled(trial_id=trial_id, by=by)
        owed = [(item, price) for item, price in prices.items() if price.amount]
        return make_charges(trial=trial, purpose=Purpose.UNRETURNED, owed=owed, by=by)


def _check_due(trial: Trial, by: User | None) -> None:
    if trial.state not in AFTER_THE_CUSTOMER or trial.charge_at is None:
        raise NotYetChargeableError(
            _("Trial %(number)s is “%(state)s”; there is nothing to charge.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
    now = timezone.now()
    if trial.charge_at > now:
        day = date_format(trial.charge_at.astimezone(trial.user.zone), "DATE_FORMAT")
        raise NotYetChargeableError(
            _("The customer has until the end of %(day)s.") % {"day": day},
            charge_at=trial.charge_at.isoformat(),
        )
    if trial.reminded_at is None:
        raise NotYetChargeableError(
            _("The customer is reminded first, and can be charged a day after that.")
        )
    if (after := trial.reminded_at + AFTER_REMINDER) > now:
        moment = date_format(after.astimezone(trial.user.zone), "DATETIME_FORMAT")
        raise NotYetChargeableError(
            _("The customer was reminded and can be charged after %(moment)s.")
            % {"moment": moment},
            charge_at=after.isoformat(),
        )
    if trial.state == TrialState.DELIVERED:
        check_not_missed(trial)
        if by is None:
            _check_till(charged_after(trial, said=said_sent_at(trial)), trial, now)
    if is_coming_back(trial):
        _check_under_way(trial, now, by)


def _check_under_way(trial: Trial, now: datetime, by: User | None) -> None:
    if has_arrived(trial):
        raise NotYetChargeableError(
            _("The box of %(number)s is here. Check it in first.") % {"number": trial.number}
        )
    if by is None and Trial.objects.filter(scanned_in_time(), pk=trial.pk).exists():
        raise NotYetChargeableError(
            _("The box of %(number)s was handed over in time; where it is, is for people to find.")
            % {"number": trial.number}
        )
    _check_till(charged_after(trial), trial, now)


def _check_till(after: datetime | None, trial: Trial, now: datetime) -> None:
    if after is not None and after > now:
        day = date_format(after.astimezone(trial.user.zone), "DATE_FORMAT")
        raise NotYetChargeableError(
            _("The box is on its way back; it has until %(day)s.") % {"day": day},
            charge_at=after.isoformat(),
        )
