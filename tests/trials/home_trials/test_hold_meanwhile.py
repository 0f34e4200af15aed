"""What happens to a hold while something else does: another card, an end, a charge let go."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.outbox import carry_out_due
from shop.holds.models import Hold
from shop.holds.services.asking import place_hold
from shop.holds.services.ending import carry_out_capture
from shop.holds.services.renewing import renew_hold, tell_of_renewal
from shop.payments.models import Payment
from shop.payments.services.charges import cancel_payment
from tests.factories.shop import ManagerFactory
from tests.shop.payments.paying import DECLINED_LATER
from tests.shop.payments.sandbox.running import RunningSandbox
from tests.trials.home_trials.held import (
    MASTERCARD,
    State,
    at_home,
    carry_out,
    charged_at_stripe,
    held_at_stripe,
    hold_rules,
    keep,
    missing,
    packed,
    states,
    subjects,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.holding import hold_on
from trials.home_trials.services.requests import cancel_trial
from trials.programme.services import publish_version
from trials.returns.services.letting_go import waive_charge

__all__ = ["hold_rules", "keep", "packed"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_renewed_on_the_card_she_chose_meanwhile_and_her_mail_names_that_one(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial = at_home(packed())
    chosen = keep(trial.user, MASTERCARD)
    assert hold_on(trial_id=trial.pk, user=trial.user, card_id=chosen.pk) is None
    first = Hold.objects.get()

    assert tell_of_renewal(hold_id=first.pk)
    second = renew_hold(hold_id=first.pk)

    assert second is not None
    assert (first.card, second.card) == (trial.card, chosen)
    carry_out()
    assert states() == [State.RELEASED, State.AUTHORISED]


def test_a_card_chosen_for_what_a_hold_did_not_reach_has_nothing_held_anew(
    packed: Callable[..., Trial], keep: Callable[..., Any], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed(frames=2))
    Trial.objects.update(card=keep(trial.user, DECLINED_LATER))
    missing(trial)
    carry_out()
    assert states() == [State.CAPTURED]

    assert (
        hold_on(trial_id=trial.pk, user=trial.user, card_id=keep(trial.user, MASTERCARD).pk) is None
    )
    carry_out()
    assert states() == [State.CAPTURED]
    assert held_at_stripe(stripe_sandbox) == []


def test_a_bank_s_no_to_what_is_called_off_asks_for_no_other_card(
    packed: Callable[..., Trial],
) -> None:
    trial = packed(DECLINED_LATER, carried_out=False)
    cancel_trial(trial_id=trial.pk, by=ManagerFactory())

    place_hold(hold_id=Hold.objects.get().pk)

    assert states() == [State.REFUSED]
    assert not [each for each in subjects() if "Another card for your box" in each]


def test_a_trial_called_off_while_the_bank_s_yes_is_taken_over_frees_it(
    packed: Callable[..., Trial],
) -> None:
    trial = packed(carried_out=False)
    ended = threading.Event()

    def call_off() -> None:
        try:
            cancel_trial(trial_id=trial.pk, by=ManagerFactory())
            ended.set()
        finally:
            connection.close()

    other = threading.Thread(target=call_off)
    with transaction.atomic():
        # As the yes is taken over: the trial was read before, and is under way.
        hold = Hold.objects.select_for_update().get()
        other.start()
        assert not ended.wait(1), "it waits for what is being taken over"
        hold.state, hold.stripe_payment_intent_id = State.AUTHORISED, "pi_held"
        hold.settled_at = hold.capture_before = timezone.now()
        hold.save()
    other.join(10)

    assert ended.is_set()
    assert states() == [State.RELEASING]


def test_a_charge_let_go_while_it_is_taken_from_a_hold_is_not_asked_of_the_card(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    publish_version(programme_slug="home", hold=Money("300.00", "EUR"))
    (charge,) = missing(at_home(packed()))
    assert states() == [State.CAPTURING]
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Kindness")
    # The worker that cancels comes before the one that takes it.
    cancel_payment(payment_id=Payment.objects.get().pk)

    carry_out_capture(hold_id=Hold.objects.get().pk)
    carry_out_due()

    assert states() == [State.LAPSED]
    assert Payment.objects.count() == 1
    assert charged_at_stripe(stripe_sandbox) == []
