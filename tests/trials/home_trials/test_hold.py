"""An amount is held on the card while a box is out: taken for what is owed, else freed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from shop.holds.models import Hold
from shop.holds.services.asking import request_hold
from shop.holds.windows import window_of
from shop.payments.models import Payment
from tests.factories.shop import StaffFactory, UserFactory
from tests.shop.payments.paying import DECLINED_LATER, VISA
from tests.shop.payments.sandbox.running import RunningSandbox
from tests.trials.home_trials.held import (
    HOLD,
    MASTERCARD,
    State,
    at_home,
    carry_out,
    charged_at_stripe,
    come_back,
    held_at_stripe,
    hold_rules,
    keep,
    missing,
    packed,
    states,
    subjects,
)
from trials.fulfilment.services.manifests import add_parcel, close_manifest, open_manifest
from trials.home_trials.errors import CardUnknownError, NotHeldError
from trials.home_trials.models import Trial
from trials.home_trials.services.holding import hold_on
from trials.home_trials.services.journey import mark_shipped
from trials.home_trials.services.requests import cancel_trial
from trials.returns.models.charges import TrialCharge
from trials.shipping.services.labels import create_labels

__all__ = ["hold_rules", "keep", "packed"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_stripe_says_of_its_end_counts(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    packed(VISA)

    hold = Hold.objects.get()
    assert (hold.state, hold.amount) == (State.AUTHORISED, HOLD)
    assert hold.capture_before is not None
    left = hold.capture_before - timezone.now()
    # A Visa card held without its owner: 4 days and 18 hours.
    assert timedelta(days=4, hours=17, minutes=55) < left <= timedelta(days=4, hours=18)
    assert held_at_stripe(stripe_sandbox) == [20_000]
    assert not Payment.objects.exists(), "nothing is paid by a hold"


def test_another_network_has_another_window(packed: Callable[..., Trial]) -> None:
    packed(MASTERCARD)

    hold = Hold.objects.get()
    assert hold.capture_before is not None
    assert hold.capture_before - timezone.now() > timedelta(days=6, hours=23)
    assert window_of("mastercard") == timedelta(days=7)
    assert window_of("visa") == window_of("unheard of") == timedelta(days=4, hours=18)


def test_a_box_does_not_leave_before_the_amount_is_held(packed: Callable[..., Trial]) -> None:
    trial = packed(carried_out=False)

    with pytest.raises(NotHeldError):
        mark_shipped(trial_id=trial.pk, by=StaffFactory())
    carry_out()
    assert mark_shipped(trial_id=trial.pk, by=StaffFactory()).state == "shipped"


def test_a_parcel_is_put_on_no_manifest_before_the_amount_is_held(
    packed: Callable[..., Trial],
) -> None:
    trial, ops = packed(carried_out=False), StaffFactory()
    outbound, _back = create_labels(trial_id=trial.pk, by=ops)
    manifest = open_manifest(carrier=outbound.carrier, by=ops)

    with pytest.raises(NotHeldError):
        add_parcel(manifest_id=manifest.pk, scanned=outbound.tracking_number, by=ops)
    carry_out()
    add_parcel(manifest_id=manifest.pk, scanned=outbound.tracking_number, by=ops)
    close_manifest(manifest_id=manifest.pk, by=ops)
    trial.refresh_from_db()
    assert trial.state == "shipped"


def test_a_refused_card_asks_for_another_and_the_box_waits(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial = packed(DECLINED_LATER)

    assert Hold.objects.get().state == State.REFUSED
    assert [each for each in subjects() if "Another card for your box" in each]
    with pytest.raises(NotHeldError, match="asked for another"):
        mark_shipped(trial_id=trial.pk, by=StaffFactory())

    hold_on(trial_id=trial.pk, user=trial.user, card_id=keep(trial.user, VISA).pk)
    carry_out()
    assert mark_shipped(trial_id=trial.pk, by=StaffFactory()).state == "shipped"


def test_a_trial_that_comes_back_whole_frees_it(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    come_back(at_home(packed()))
    carry_out()

    assert states() == [State.RELEASED]
    assert held_at_stripe(stripe_sandbox) == []
    assert charged_at_stripe(stripe_sandbox) == []


def test_one_that_is_called_off_frees_it(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    cancel_trial(trial_id=packed().pk, by=StaffFactory(), reason="Out of boxes")
    carry_out()

    assert held_at_stripe(stripe_sandbox) == []


def test_one_called_off_while_the_bank_is_asked_holds_nothing(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = packed(carried_out=False)
    cancel_trial(trial_id=trial.pk, by=StaffFactory(), reason="Out of boxes")
    carry_out()

    assert states() == [State.RELEASED]
    assert held_at_stripe(stripe_sandbox) == []


def test_what_is_owed_is_taken_from_it_once_and_the_rest_is_freed(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed())
    (charge,) = missing(trial)
    carry_out()
    carry_out()

    charge.refresh_from_db()
    assert charge.state == "paid"
    hold, payment = Hold.objects.get(), Payment.objects.get()
    assert (hold.state, hold.captured, hold.payment) == (State.CAPTURED, charge.amount, payment)
    assert payment.stripe_payment_intent_id == hold.stripe_payment_intent_id
    assert charged_at_stripe(stripe_sandbox) == [14_500]
    assert held_at_stripe(stripe_sandbox) == []


def test_a_second_frame_that_it_does_not_reach_is_asked_of_the_card_besides(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    charges = missing(at_home(packed(frames=2)))
    carry_out()

    assert len(charges) == 2
    assert set(TrialCharge.objects.values_list("state", flat=True)) == {"paid"}
    assert charged_at_stripe(stripe_sandbox) == [14_500, 14_500]
    assert held_at_stripe(stripe_sandbox) == []


def test_what_it_does_not_cover_is_asked_of_the_card(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed())
    Hold.objects.update(amount=Money("100.00", "EUR"))
    missing(trial)
    carry_out()

    assert TrialCharge.objects.get().state == "paid"
    assert charged_at_stripe(stripe_sandbox) == [14_500]
    assert states() == [State.RELEASED]


def test_one_that_lapsed_at_the_bank_is_no_loss_the_card_is_asked(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed())
    hold = Hold.objects.get()
    stripe_sandbox.stripe().payment_intents.cancel(str(hold.stripe_payment_intent_id))
    missing(trial)
    carry_out()
    carry_out()

    assert states() == [State.LAPSED]
    assert TrialCharge.objects.get().state == "paid"
    assert charged_at_stripe(stripe_sandbox) == [14_500]


def test_the_database_keeps_captures_within_what_is_held(packed: Callable[..., Trial]) -> None:
    missing(at_home(packed()))
    carry_out()

    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.update(captured=HOLD + Money(1, "EUR"))


def test_nothing_is_held_twice_for_one_trial(packed: Callable[..., Trial]) -> None:
    trial = packed()

    with pytest.raises(IntegrityError), transaction.atomic():
        request_hold(
            user=trial.user,
            purpose="trial",
            reference=trial.number,
            amount=HOLD,
            card=trial.card,
        )


def test_she_chooses_another_card_on_the_page_and_staff_see_who_waits(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial = packed(DECLINED_LATER)
    hers, works = Client(), Client()
    hers.force_login(trial.user)
    works.force_login(StaffFactory())
    other = keep(trial.user, VISA)
    assert "could not be held" in hers.get(f"/trials/{trial.number}/").content.decode()
    assert trial.number in works.get("/console/trials/?state=unheld").content.decode()

    hers.post(f"/trials/{trial.number}/card/", {"card": other.pk})
    carry_out()

    assert "could not be held" not in hers.get(f"/trials/{trial.number}/").content.decode()
    assert trial.number not in works.get("/console/trials/?state=unheld").content.decode()
    assert "until" in works.get(f"/console/trials/{trial.number}/").content.decode()


def test_nobody_has_a_card_of_hers_stand_for_another_ones_trial(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial, stranger = packed(), UserFactory()

    assert hold_on(trial_id=trial.pk, user=stranger, card_id=keep(stranger, VISA).pk) is None
    with pytest.raises(CardUnknownError):
        hold_on(trial_id=trial.pk, user=stranger, card_id=trial.card_id)
    assert Trial.objects.get(pk=trial.pk).card == trial.card
