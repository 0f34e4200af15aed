"""A trial on its way: out, at home, back, settled, closed.

Carriers tell things late, twice or not at all. So each step bears to be repeated, and a later one
makes up for an earlier that nobody reported.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.analytics.names import EventName
from shop.analytics.services import staff
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row, lock_rows
from trials.home_trials.days import last_days, next_reminder
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.home_trials.parcels import outbound_parcel
from trials.home_trials.services.facts import record_trial
from trials.home_trials.services.holding import check_held, end_holds
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.paying import deposit_due, settle_what_was_paid, what_was_paid
from trials.home_trials.services.replacing import check_box_to_be_shown
from trials.home_trials.services.settling import (
    check_all_settled,
    note_value_away,
    settle_item,
)
from trials.home_trials.states import MOVES, ItemOutcome, TrialState
from trials.units.models import TrialUnit
from trials.units.services.moving import move_units
from trials.units.states import UnitState

__all__ = [
    "close_trial",
    "mark_delivered",
    "mark_received",
    "mark_returning",
    "mark_sent_back",
    "mark_shipped",
    "settle_item",
]

# Mails of the end of a trial.
ALL_DONE, NEVER_REACHED = "trial_closed", "trial_never_reached"
PAST_SHIPPED = frozenset(
    {TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED, TrialState.CLOSED}
)
PAST_DELIVERED = PAST_SHIPPED - {TrialState.DELIVERED}
PAST_RETURNING = PAST_DELIVERED - {TrialState.RETURNING}


def mark_shipped(
    *, trial_id: uuid.UUID, by: User | None = None, at: datetime | None = None
) -> Trial:
    """Hand a packed box to the carrier. A trial shipped before stays as it is.

    Args:
        trial_id: which trial.
        by: who handed it over; nobody where the carrier's scan says so.
        at: when; now if not given.

    Raises:
        IllegalMoveError: it is not packed.
        NotHeldError: somebody hands it over before the programme's amount is held on a card.
        UnitNotFitError: somebody hands it over with a unit that was graded D since.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        if trial.state == TrialState.SHIPPED or trial.state in PAST_SHIPPED:
            return trial
        if by is not None:
            # What a carrier has already, nobody can keep back.
            check_held(trial)
        event = _ship(trial, at=at or timezone.now(), by=by)
        if by is not None:
            # Asked with its units locked: they may be graded up to this moment.
            check_box_to_be_shown(trial)
        mail_customer("trial_shipped", trial, caused_by=event, parcel=outbound_parcel(trial))
        return trial


def mark_delivered(*, trial_id: uuid.UUID, at: datetime, by: User | None = None) -> Trial:
    """Begin the days at home. A trial delivered before stays as it is.

    They count from now, when the shop learns of it, and not from ``at``: a report that comes late,
    or says a wrong day, takes none from the customer. The last day ends with her own calendar day,
    the days of grace likewise after it.

    Args:
        trial_id: which trial; one that is packed counts as shipped with it.
        at: when the parcel arrived; kept, and counts for nothing.
        by: who says so; nobody where the carrier does.

    Raises:
        IllegalMoveError: the trial is not on its way.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user", "address"))
        if trial.state in PAST_SHIPPED:
            return trial
        event = _deliver(trial, at=at, by=by)
        mail_customer("trial_delivered", trial, caused_by=event)
        return trial


def count_days_anew(trial: Trial) -> None:
    """Count the days at home from now, in the caller's transaction: its box has only just come.

    Args:
        trial: at home, locked by the caller, with its programme version, user and address.
    """
    now = timezone.now()
    trial.counted_from, trial.reminded_at = now, None
    trial.due_at, trial.charge_at = last_days(trial)
    trial.next_reminder_at = next_reminder(trial, after=now)
    trial.save(
        update_fields=["counted_from", "reminded_at", "due_at", "charge_at", "next_reminder_at"]
    )


def mark_returning(*, trial_id: uuid.UUID, at: datetime, by: User | None = None) -> Trial:
    """Note that the box is on its way back; one that was on its way out counts as delivered.

    Raises:
        IllegalMoveError: the trial has not left the shop.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if trial.state in PAST_DELIVERED:
            return trial
        if trial.state == TrialState.SHIPPED:
            _deliver(trial, at=at, by=by)
        _step(trial, TrialState.RETURNING, EventName.TRIAL_RETURNING, at=at, by=by)
        _move_those_out(trial, UnitState.IN_TRANSIT_BACK, by=by)
        return trial


def mark_sent_back(*, trial_id: uuid.UUID, at: datetime, by: User | None = None) -> Trial:
    """Note that the carrier brings back a box it could not deliver: no day at home is counted.

    A trial that was taken for delivered, because a later word came first, loses its last day: it
    is reminded of nothing and charged nothing by the clock. Nobody knows why it never reached her,
    so it costs her nothing: at its end all she paid goes back.

    Raises:
        IllegalMoveError: the trial has not left the shop.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        if trial.state in PAST_DELIVERED:
            return trial
        if trial.state == TrialState.PACKED:
            _ship(trial, at=at, by=by)
        fields = {
            **dict.fromkeys(("due_at", "charge_at", "next_reminder_at")),
            "never_arrived": True,
        }
        event = _step(
            trial, TrialState.RETURNING, EventName.TRIAL_RETURNING, at=at, by=by, fields=fields
        )
        _move_those_out(trial, UnitState.IN_TRANSIT_BACK, by=by)
        mail_customer("trial_coming_back", trial, caused_by=event, paid=what_was_paid(trial))
        return trial


def mark_received(*, trial_id: uuid.UUID, by: User | None = None) -> Trial:
    """Note that the box has been checked in; one received before stays as it is.

    Raises:
        IllegalMoveError: the trial was never with the customer.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if trial.state in PAST_RETURNING:
            return trial
        now = timezone.now()
        if trial.state == TrialState.SHIPPED:
            _deliver(trial, at=now, by=by)
        # What she was told before was of another day, and not what lacks: of that she is told anew.
        fields = {"reminded_at": None}
        _step(trial, TrialState.RECEIVED, EventName.TRIAL_RECEIVED, at=now, by=by, fields=fields)
        return trial


def close_trial(*, trial_id: uuid.UUID, by: User | None = None, mail: str = ALL_DONE) -> Trial:
    """End a trial of which every item is settled. What is owed is the caller's to have checked.

    Args:
        trial_id: which trial.
        by: whose act ended it; nobody where the shop did.
        mail: the name of what its customer is written; empty where another mail says it, too. Of
            a box that never reached her, she is not thanked for having tried its frames.

    Raises:
        NotSettledError: what became of an item is not known yet.
        IllegalMoveError: the trial has not been out.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        if trial.state == TrialState.CLOSED:
            return trial
        check_all_settled(trial)
        now = timezone.now()
        event = _step(
            trial,
            TrialState.CLOSED,
            EventName.TRIAL_CLOSED,
            at=now,
            by=by,
            fields={"closed_at": now},
        )
        settle_what_was_paid(trial)
        end_holds(trial)
        if mail == ALL_DONE and trial.never_arrived:
            mail = NEVER_REACHED
        if mail:
            mail_customer(mail, trial, caused_by=event, **told_at_the_end(trial))
        return trial


def told_at_the_end(trial: Trial) -> dict[str, Any]:
    """Return what a mail says of a trial that is over, besides that it is.

    Returns:
        ``came_back``, the frames that are with the shop again; ``deposit``, what of hers goes back;
        ``paid``, all she paid before the box left, should it never have come.
    """
    back = trial.items.filter(outcome__in=[ItemOutcome.RETURNED, ItemOutcome.DAMAGED])
    frames = back.select_related("variant__frame").order_by("variant_id")
    return {
        "came_back": [str(item.variant) for item in frames],
        "deposit": deposit_due(trial),
        "paid": what_was_paid(trial),
    }


def _ship(trial: Trial, *, at: datetime, by: User | None) -> uuid.UUID:
    fields = {"shipped_at": at}
    event = _step(trial, TrialState.SHIPPED, EventName.TRIAL_SHIPPED, at=at, by=by, fields=fields)
    items = trial.items.filter(holds_unit=True)
    units = lock_rows(TrialUnit, items.values_list("unit_id", flat=True))
    move_units(units=units, to_state=UnitState.OUT, by=by, trial=trial)
    note_value_away(trial.pk)
    return event


def _deliver(trial: Trial, *, at: datetime, by: User | None) -> uuid.UUID:
    if trial.state == TrialState.PACKED:
        _ship(trial, at=at, by=by)
    now = timezone.now()
    trial.counted_from = now
    due_at, charge_at = last_days(trial)
    trial.due_at = due_at
    fields = {
        "delivered_at": at,
        "counted_from": now,
        "due_at": due_at,
        "charge_at": charge_at,
        "next_reminder_at": next_reminder(trial, after=now),
    }
    return _step(
        trial, TrialState.DELIVERED, EventName.TRIAL_DELIVERED, at=at, by=by, fields=fields
    )


def _step(
    trial: Trial,
    to_state: TrialState,
    name: EventName,
    *,
    at: datetime,
    by: User | None,
    fields: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    move(trial, to_state, moves=MOVES, history=TrialTransition, by=by, fields=fields)
    return record_trial(name, trial, person=staff(by), at=at)


def _move_those_out(trial: Trial, to_state: UnitState, *, by: User | None) -> None:
    items = TrialItem.objects.filter(trial=trial, holds_unit=True, outcome=ItemOutcome.AT_HOME)
    units = lock_rows(TrialUnit, items.values_list("unit_id", flat=True))
    out = [unit for unit in units if unit.state == UnitState.OUT]
    move_units(units=out, to_state=to_state, by=by, trial=trial)
