"""Jobs of trials: money paid when a box is asked for, boxes nobody pays for, cards that stay."""

import uuid
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_noop

from shop.foundation.outbox import handles
from shop.holds.purposes import HoldPurpose, register_hold_purpose
from shop.payments.card_uses import register_card_use
from shop.payments.models import LedgerEntry
from shop.payments.purposes import register_purpose
from shop.payments.services.disputes import DISPUTE_OVER
from trials.home_trials.queries import unpaid_trials
from trials.home_trials.services import holding
from trials.home_trials.services.confirming import confirm_request
from trials.home_trials.services.deposits import deposit_paid, deposit_words
from trials.home_trials.services.facts import REQUESTED
from trials.home_trials.services.limits import cannot_place
from trials.home_trials.services.paying import (
    ASKED_DEPOSIT,
    PURPOSE,
    give_back,
    give_back_after_dispute,
    payment_path,
    payment_words,
    trial_paid,
)
from trials.home_trials.services.requests import cancel_unpaid
from trials.units.turns import register_turn_check

register_turn_check("home_trials", cannot_place)
register_card_use("trials", stands_for_something=holding.stands_for_trial)
register_hold_purpose(
    holding.PURPOSE,
    HoldPurpose(
        is_needed=holding.is_needed,
        card=holding.card_to_hold,
        on_authorised=holding.hold_stands,
        on_refused=holding.hold_refused,
        on_due=holding.hold_due,
        on_lapsed=holding.hold_lapsed,
    ),
)
register_purpose(
    PURPOSE,
    account=LedgerEntry.Account.DEPOSITS,
    on_succeeded=trial_paid,
    page=payment_path,
    words=payment_words,
)
register_purpose(
    ASKED_DEPOSIT,
    account=LedgerEntry.Account.DEPOSITS,
    on_succeeded=deposit_paid,
    page=payment_path,
    words=deposit_words,
)


@handles(DISPUTE_OVER, name="trials.give_back_after_dispute")
def on_dispute_over(payload: dict[str, Any]) -> None:
    """Give back what waited until a bank had decided."""
    give_back_after_dispute(payment_id=uuid.UUID(payload["payment_id"]))


@handles(REQUESTED, name="home_trials.confirm_request")
def on_requested(payload: dict[str, Any]) -> None:
    """Tell a customer that her wish has come."""
    confirm_request(trial_id=uuid.UUID(payload["trial"]), caused_by=uuid.UUID(payload["caused_by"]))


@handles("trials.give_back", name="trials.give_back")
def on_give_back(payload: dict[str, Any]) -> None:
    """Give back what a trial that is over does not keep."""
    give_back(trial_id=uuid.UUID(payload["trial_id"]))


@shared_task(name="trials.home_trials.cancel_unpaid")
def cancel_unpaid_trials() -> None:
    """Find the trials nobody paid in time; a job of its own cancels each."""
    for trial_id in unpaid_trials(timezone.now()):
        cancel_unpaid_trial.delay(str(trial_id))


@shared_task(name="trials.home_trials.cancel_unpaid_trial")
def cancel_unpaid_trial(trial_id: str) -> None:
    """Cancel one trial nobody paid; does nothing for one that was paid meanwhile."""
    cancel_unpaid(trial_id=uuid.UUID(trial_id), reason=gettext_noop("Not paid in time"))
