"""More days at home: as the programme offers, as a present, or by staff."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import customer, record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.at_home.errors import CannotExtendError
from trials.at_home.models import Extension, ExtensionGift, ExtensionKind
from trials.at_home.queries import ExtensionOffer, extension_offer, is_extendable
from trials.home_trials.days import last_days, next_reminder
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import TrialState


def extend_trial(*, trial_id: uuid.UUID, by: User, ground: str = "") -> Extension:
    """Extend the days of a customer's trial: once as its programme offers, once by a present.

    Args:
        trial_id: a trial at home whose days of grace are not over.
        by: its customer.
        ground: what she was offered, an ``ExtensionKind``: a present of hers is not used up by a
            page that offered the programme's days; empty for whatever is offered now.

    Raises:
        CannotExtendError: the box is not at home, or said to be sent back or never to have come,
            nothing is left to extend by, something else is than she was offered, or others wait
            for one of the frames.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        offer = extension_offer(trial)
        if not offer.days:
            raise CannotExtendError(_why_not(trial, offer))
        if ground not in ("", offer.kind):
            raise CannotExtendError(
                _("Your days were extended already. Look at what is offered to you now.")
            )
        extension = _extend(trial, offer.kind, offer.days, by=by)
        if offer.gift_id is not None:
            gift = lock_row(ExtensionGift, offer.gift_id)
            if gift.extension_id is not None or gift.withdrawn_at is not None:
                raise CannotExtendError(_("These days have just been used for another trial."))
            gift.extension = extension
            gift.save(update_fields=["extension"])
        return extension


def extend_trial_by_staff(
    *, trial_id: uuid.UUID, days: int, by: User, reason: str = ""
) -> Extension:
    """Give a customer more days, as often as staff see fit and whoever waits.

    Args:
        trial_id: a trial at home of which nothing was charged yet.
        days: 1 to 60, counted as its programme counts.
        by: who of staff.
        reason: why, for colleagues.

    Raises:
        CannotExtendError: the box is not at home, or the number of days is none.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)
    refuse_card_numbers(reason)
    if not 1 <= days <= 60:
        raise CannotExtendError(_("Extend by 1 to 60 days."))
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if trial.state != TrialState.DELIVERED or trial.due_at is None:
            raise CannotExtendError(_why_not(trial, ExtensionOffer()))
        return _extend(trial, ExtensionKind.STAFF, days, by=by, reason=reason)


def give_extension(*, user: User, days: int, key: str) -> ExtensionGift:
    """Give a customer days to add to a trial of hers; given before under the key, it stays.

    Args:
        user: who gets them.
        days: 1 to 60.
        key: names what they are given for, such as ``referral:<id>``.
    """
    made, _fresh = ExtensionGift.objects.get_or_create(
        key=key, defaults={"user": user, "days": days}
    )
    return made


def withdraw_extension(*, key: str) -> bool:
    """Take days back that were given under a key; days used already stay used.

    Returns:
        Whether they are taken back by this.
    """
    unused = ExtensionGift.objects.filter(key=key, extension=None, withdrawn_at=None)
    return bool(unused.update(withdrawn_at=timezone.now()))


def _extend(trial: Trial, kind: str, days: int, *, by: User, reason: str = "") -> Extension:
    """Move the end of the days on, and with it the day of the charge and the reminders."""
    now, before = timezone.now(), trial.due_at
    assert before is not None
    # Of a trial that is late already the days count from today: she is to have all of them.
    due_at, charge_at = last_days(trial, since=max(before, now), days=days)
    trial.due_at, trial.charge_at, trial.reminded_at = due_at, charge_at, None
    trial.next_reminder_at = next_reminder(trial, after=now)
    trial.save(update_fields=["due_at", "charge_at", "reminded_at", "next_reminder_at"])
    extension = Extension.objects.create(
        trial=trial,
        kind=kind,
        days=days,
        due_before=before,
        due_after=due_at,
        reason=reason[:300],
        created_by=by,
    )
    own = by.pk == trial.user_id
    event = record(
        EventName.TRIAL_EXTENDED,
        key=f"{EventName.TRIAL_EXTENDED}:{extension.pk}",
        subject=("trial", trial.pk),
        person=customer(by) if own else staff(by),
        details={"days": days, "ground": str(kind), "customer": str(trial.user_id)},
    )
    mail_customer("trial_extended", trial, fact=extension.pk, caused_by=event)
    return extension


def _why_not(trial: Trial, offer: ExtensionOffer) -> str:
    if trial.state != TrialState.DELIVERED:
        return _("Trial %(number)s is “%(state)s”; only days at home can be extended.") % {
            "number": trial.number,
            "state": trial.get_state_display(),
        }
    if not is_extendable(trial):
        return _("Your days at home ended on %(day)s. Please send the box back.") % {
            "day": _day(trial.due_at, trial)
        }
    if offer.missed:
        return _("You told us that your box never came. If it has come, tell us that first.")
    if offer.sent_back:
        return _(
            "You told us that you have sent your box back. If you have not, tell us that first."
        )
    if offer.waited_for:
        return _("Others wait for a frame of your box, so it is needed back by %(day)s.") % {
            "day": _day(trial.due_at, trial)
        }
    return _("Your days were extended already. Please send the box back by %(day)s.") % {
        "day": _day(trial.due_at, trial)
    }


def _day(moment: datetime | None, trial: Trial) -> str:
    assert moment is not None
    return date_format(moment.astimezone(trial.user.zone), "DATE_FORMAT")
