"""The amount a programme has held on a customer's card while a box is with her.

It is asked for when the trial is approved, off her saved card; the box does not leave before it is
held. Frames that do not come back are taken from it, and what is not taken is freed.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.holds.models import Hold
from shop.holds.services.asking import request_hold
from shop.holds.services.ending import release_holds
from shop.payments.models import SavedCard
from trials.home_trials.errors import NotHeldError
from trials.home_trials.models import Trial
from trials.home_trials.services.checking import card_of
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import OPEN, TrialState

PURPOSE = "trial"
State = Hold.State
# Taken for some of her frames: what is owed besides is asked of her card.
TAKEN = (State.CAPTURING, State.CAPTURED)
# From the approval to the end of a trial an amount is to be held.
HELD_WHILE = frozenset(
    {
        TrialState.APPROVED,
        TrialState.PACKED,
        TrialState.SHIPPED,
        TrialState.DELIVERED,
        TrialState.RETURNING,
        TrialState.RECEIVED,
    }
)


def ask_for_hold(trial: Trial) -> None:
    """Ask for what the programme wants held, in the caller's transaction."""
    amount = trial.programme_version.hold
    if amount.amount:
        request_hold(
            user=trial.user,
            purpose=PURPOSE,
            reference=trial.number,
            amount=amount,
            card=trial.card,
        )


def check_held(trial: Trial) -> None:
    """Make sure that what the programme wants held is held before the box leaves: two queries.

    Raises:
        NotHeldError: it is not.
    """
    if trial.programme_version.hold.amount and not holds_of(trial, State.AUTHORISED):
        raise NotHeldError(
            _("Nothing is held on the card for %(number)s yet. The customer was asked for another.")
            % {"number": trial.number}
            if holds_of(trial, State.REFUSED)
            else _("The amount for %(number)s is being held. Try again in a minute.")
            % {"number": trial.number}
        )


def holds_of(trial: Trial, *states: Hold.State) -> list[Hold]:
    """Return the holds of a trial, the latest first; all of them, or those in some states."""
    holds = Hold.objects.filter(purpose=PURPOSE, reference=trial.number).select_related("card")
    if states:
        holds = holds.filter(state__in=states)
    return list(holds.order_by("-created_at", "-pk"))


def is_wanting(trial: Trial, holds: Sequence[Hold]) -> bool:
    """Tell whether a trial under way wants another card, its latest hold being no more.

    One may stand still where it is the next that was refused. Once one was taken for some of her
    frames, nothing is held for the rest, and no card is wanted for it.

    Args:
        trial: which trial.
        holds: all of its holds, the latest first.
    """
    if trial.state not in HELD_WHILE or not holds or any(each.state in TAKEN for each in holds):
        return False
    return holds[0].state in (State.REFUSED, State.LAPSED)


def unheld_trials() -> Q:
    """Return what finds the trials under way of which ``is_wanting`` tells so."""
    return Q(state__in=HELD_WHILE, number__in=_failed_last().values("reference"))


def unheld() -> QuerySet[Hold]:
    """Return the failed hold of each trial that ``unheld_trials`` finds."""
    under_way = Trial.objects.filter(number=OuterRef("reference"), state__in=HELD_WHILE)
    return _failed_last().filter(Exists(under_way))


def _failed_last() -> QuerySet[Hold]:
    """Return the holds that are the last of their trials, and refused or lapsed."""
    newer = Hold.objects.filter(
        purpose=PURPOSE, reference=OuterRef("reference"), created_at__gt=OuterRef("created_at")
    )
    taken = Hold.objects.filter(purpose=PURPOSE, reference=OuterRef("reference"), state__in=TAKEN)
    return Hold.objects.filter(
        ~Exists(newer), ~Exists(taken), purpose=PURPOSE, state__in=(State.REFUSED, State.LAPSED)
    )


def end_holds(trial: Trial) -> None:
    """Free what is held for a trial that is over, in the caller's transaction."""
    if trial.programme_version.hold.amount:
        release_holds(purpose=PURPOSE, reference=trial.number)


def hold_on(*, trial_id: uuid.UUID, user: User, card_id: int) -> Hold | None:
    """Have another card stand for a trial, and hold the amount on it where none is held.

    Args:
        trial_id: hers, under way.
        user: the customer.
        card_id: one of her saved cards.

    Returns:
        The hold asked for; nothing where the programme wants none, or one stands or is asked for.

    Raises:
        CardUnknownError: the card is not hers, no longer kept, or expired.
    """
    with transaction.atomic():
        card = card_of(user, card_id)
        trial = lock_row(Trial, trial_id, related=("user", "programme_version"))
        if trial.user_id != user.pk or trial.state not in HELD_WHILE:
            return None
        trial.card = card
        trial.save(update_fields=["card"])
        standing = holds_of(trial, State.CREATED, State.AUTHORISED, State.CAPTURING)
        latest = standing[0] if standing else None
        lapsing = latest is not None and latest.renewals.filter(state=State.REFUSED).exists()
        amount = trial.programme_version.hold
        if not amount.amount or (latest is not None and not lapsing):
            return None
        if holds_of(trial, *TAKEN):
            # For the rest her card is asked, and nothing held.
            return None
        return request_hold(
            user=user,
            purpose=PURPOSE,
            reference=trial.number,
            amount=amount,
            card=card,
            renews=latest,
        )


def stands_for_trial(card: SavedCard) -> bool:
    """Tell whether a trial that is not over would be charged to a card: it stays in the account."""
    return Trial.objects.filter(card=card, state__in=OPEN).exists()


def is_needed(hold: Hold) -> bool:
    """Tell whether something is still to be held for a trial: it is under way."""
    return Trial.objects.filter(number=hold.reference, state__in=HELD_WHILE).exists()


def card_to_hold(hold: Hold) -> SavedCard:
    """Return the card on which it is held anew: the one that stands for the trial by now."""
    trial = Trial.objects.select_related("card").get(number=hold.reference)
    gone = trial.card is None or trial.card.detached_at is not None
    return hold.card if gone else trial.card


def hold_stands(hold: Hold) -> None:
    """Hear that an amount is held: nothing follows but that the box may leave."""


def hold_refused(hold: Hold) -> None:
    """Ask the customer for another card; what was held before stays until it lapses."""
    _mail(hold, "trial_hold_refused")


def hold_due(hold: Hold) -> None:
    """Tell the customer that the amount will be held anew."""
    _mail(hold, "trial_hold_renewed", card=card_to_hold(hold))


def hold_lapsed(hold: Hold) -> None:
    """Ask the customer for another card: nothing is held any more."""
    _mail(hold, "trial_hold_refused", lapsed=True)


def _mail(hold: Hold, template: str, **context: Any) -> None:
    trial = Trial.objects.select_related("user").get(number=hold.reference)
    mail_customer(template, trial, fact=hold.pk, hold=hold, **context)
