"""Jobs of the room."""

import uuid
from typing import Any

from celery import shared_task
from django.utils import timezone

from shop.customers.models import User
from shop.foundation.outbox import handles, news
from trials.home_trials.found_things import register_found_things
from trials.reports.services import BROKEN_AGREED
from trials.returns.queries.box_notes import things_of
from trials.returns.queries.charges import (
    KEPT_PAID,
    attempts_due,
    trials_to_charge,
    trials_to_remind,
    trials_to_tell,
    trials_with_kept,
)
from trials.returns.queries.damage import proposals_to_charge
from trials.returns.services.asking import ask_attempt, ask_new_card
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.counted import note_counted
from trials.returns.services.damage_let_go import let_go_of_broken
from trials.returns.services.damages import charge_unanswered
from trials.returns.services.keeping import charge_kept
from trials.returns.services.late_words import judge_again
from trials.returns.services.refunding import refund_due_charge
from trials.returns.services.reminding import remind
from trials.returns.services.telling import tell_paid
from trials.shipping.services.tracking import LATE_WORD
from trials.units.services.resolving import UNIT_FOUND

news(KEPT_PAID)
register_found_things("returns", found=things_of)


@shared_task(name="trials.returns.remind_overdue")
def remind_overdue() -> None:
    """Find the trials whose days at home are over; a job of its own reminds each customer."""
    late = trials_to_remind(timezone.now()).order_by("due_at")
    for trial_id in late.values_list("pk", flat=True):
        remind_trial.delay(str(trial_id))


@shared_task(name="trials.returns.remind_trial")
def remind_trial(trial_id: str) -> None:
    """Remind the customer of one trial; does nothing for one reminded already."""
    remind(trial_id=uuid.UUID(trial_id))


@shared_task(name="trials.returns.charge_overdue")
def charge_overdue() -> None:
    """Find the trials whose days of grace are over; each is charged by a job of its own.

    So one that cannot be charged keeps no other from it.
    """
    for trial_id in trials_to_charge(timezone.now()):
        charge_trial.delay(str(trial_id))


@shared_task(name="trials.returns.charge_trial")
def charge_trial(trial_id: str) -> None:
    """Charge what is missing of one trial; does nothing for what is charged already."""
    charge_unreturned(trial_id=uuid.UUID(trial_id))


@shared_task(name="trials.returns.ask_again_due")
def ask_again_due() -> None:
    """Find the planned attempts at refused charges that are due; each is a job of its own."""
    for attempt_id in attempts_due(timezone.now()):
        ask_again.delay(attempt_id)


@shared_task(name="trials.returns.ask_again")
def ask_again(attempt_id: int) -> None:
    """Have the card of one planned attempt asked; does nothing for one that was."""
    ask_attempt(attempt_id=attempt_id)


@shared_task(name="trials.returns.tell_paid_due")
def tell_paid_due() -> None:
    """Find the trials whose customers are to be told by now what they paid, though more is asked.

    Each is told by a job of its own.
    """
    for trial_id in trials_to_tell(timezone.now()):
        tell_paid_of.delay(str(trial_id))


@shared_task(name="trials.returns.tell_paid_of")
def tell_paid_of(trial_id: str) -> None:
    """Tell one customer what she paid; does nothing where she was told already."""
    tell_paid(trial_id=uuid.UUID(trial_id))


@handles("payments.card_saved", name="returns.ask_new_card")
def on_card_saved(payload: dict[str, Any]) -> None:
    """Plan that a new card is asked for what another refused."""
    ask_new_card(card_id=payload["card_id"])


@handles(BROKEN_AGREED, name="returns.let_go_of_broken")
def on_broken_agreed(payload: dict[str, Any]) -> None:
    """Charge nothing for a frame that arrived broken, whenever it was checked in."""
    let_go_of_broken(item_id=uuid.UUID(payload["item"]), by=User.objects.get(pk=payload["by"]))


@handles(LATE_WORD, name="returns.judge_again")
def on_late_word(payload: dict[str, Any]) -> None:
    """See whether a box was as late as it seemed when it was opened."""
    judge_again(trial_id=uuid.UUID(payload["trial_id"]))


@handles(UNIT_FOUND, name="returns.note_counted")
def on_unit_found(payload: dict[str, Any]) -> None:
    """See to what was charged or claimed for a frame that a count came upon."""
    note_counted(unit_id=payload["unit"], by=User.objects.get(pk=payload["by"]))


@handles("trials.refund_charge", name="returns.refund_charge")
def on_refund_charge(payload: dict[str, Any]) -> None:
    """Ask for the refund of a charge whose frame came back."""
    refund_due_charge(charge_id=uuid.UUID(payload["charge_id"]))


@shared_task(name="trials.returns.charge_damage")
def charge_damage() -> None:
    """Find damage whose customers were told and have not objected; each is a job of its own."""
    for proposal_id in proposals_to_charge(timezone.now()):
        charge_proposal.delay(str(proposal_id))


@shared_task(name="trials.returns.charge_proposal")
def charge_proposal(proposal_id: str) -> None:
    """Charge for one damaged frame; does nothing for what is charged or waived already."""
    charge_unanswered(proposal_id=uuid.UUID(proposal_id))


@shared_task(name="trials.returns.charge_kept_frames")
def charge_kept_frames() -> None:
    """Find the trials of which frames are kept and due; each is charged by a job of its own."""
    for trial_id in trials_with_kept(timezone.now()):
        charge_kept_of.delay(str(trial_id))


@shared_task(name="trials.returns.charge_kept_of")
def charge_kept_of(trial_id: str) -> None:
    """Charge what a customer keeps of one trial; does nothing for what is charged already."""
    charge_kept(trial_id=uuid.UUID(trial_id))
