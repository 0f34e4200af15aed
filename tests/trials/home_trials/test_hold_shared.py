"""A hold is captured once: for all that is owed together, as far as it reaches."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.holds.models import Hold
from shop.holds.services.ending import carry_out_capture
from shop.payments.models import Payment, Refund
from shop.payments.services.charges import cancel_payment
from shop.payments.services.refunds import request_refund
from tests.factories.shop import ManagerFactory
from tests.shop.payments.paying import DECLINED_LATER, VISA, deliver, next_of
from tests.shop.payments.sandbox.running import Receiver, RunningSandbox
from tests.trials.home_trials.held import (
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
)
from trials.home_trials.models import Trial, TrialItem
from trials.programme.services import publish_version
from trials.returns.models.charges import TrialCharge
from trials.returns.services.letting_go import waive_charge

__all__ = ["hold_rules", "keep", "packed"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wide(hold_rules: None) -> None:
    publish_version(programme_slug="home", hold=Money("300.00", "EUR"))


def _audit() -> set[str]:
    return {each.name for each in all_invariants() if breaches(each)}


def test_one_capture_pays_all_that_is_owed_together(
    wide: None, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    missing(at_home(packed(frames=2)))
    carry_out()

    assert charged_at_stripe(stripe_sandbox) == [29_000]
    assert held_at_stripe(stripe_sandbox) == []
    hold = Hold.objects.get()
    assert (hold.state, hold.captured) == (State.CAPTURED, Money("290.00", "EUR"))
    assert set(TrialCharge.objects.values_list("state", flat=True)) == {"paid"}
    assert set(Payment.objects.values_list("stripe_payment_intent_id", "shares_intent")) == {
        (hold.stripe_payment_intent_id, True)
    }
    assert Trial.objects.get().state == "closed"
    assert _audit() == set()


def test_what_fits_best_is_taken_from_it_and_the_rest_asked_of_the_card(
    wide: None, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed(frames=3))
    prices = ["190.00", "120.00", "160.00"]
    for item, price in zip(TrialItem.objects.order_by("pk"), prices, strict=True):
        TrialItem.objects.filter(pk=item.pk).update(price=Money(price, "EUR"))
    Trial.objects.update(away_value=Money("470.00", "EUR"))
    missing(trial)
    carry_out()

    # 120 + 160 is more than 190 alone, and 120 + 190 is more than is held.
    assert charged_at_stripe(stripe_sandbox) == [19_000, 28_000]
    assert set(TrialCharge.objects.values_list("state", flat=True)) == {"paid"}
    assert _audit() == set()


def test_a_worker_that_dies_after_the_capture_settles_all_of_it_when_it_tries_again(
    wide: None, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    missing(at_home(packed(frames=2)))
    hold = Hold.objects.get()
    stripe_sandbox.stripe().payment_intents.capture(
        str(hold.stripe_payment_intent_id), {"amount_to_capture": 29_000}
    )
    carry_out_capture(hold_id=hold.pk)
    carry_out_capture(hold_id=hold.pk)
    carry_out()

    assert charged_at_stripe(stripe_sandbox) == [29_000]
    assert set(Payment.objects.values_list("state", flat=True)) == {"succeeded"}
    assert _audit() == set()


def test_stripe_s_webhook_settles_all_that_share_the_intent(
    wide: None,
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
    client: Client,
) -> None:
    missing(at_home(packed(frames=2)))
    stripe_sandbox.stripe().payment_intents.capture(
        str(Hold.objects.get().stripe_payment_intent_id), {"amount_to_capture": 29_000}
    )
    assert deliver(client, next_of(stripe_webhooks, "payment_intent.succeeded")) == 200
    assert set(Payment.objects.values_list("state", flat=True)) == {"succeeded"}
    carry_out()
    assert states() == [State.CAPTURED]


def test_lapsed_at_the_bank_each_is_asked_of_the_card_by_itself(
    wide: None, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed(frames=2))
    intent = str(Hold.objects.get().stripe_payment_intent_id)
    stripe_sandbox.stripe().payment_intents.cancel(intent)
    missing(trial)
    carry_out()
    carry_out()

    assert states() == [State.LAPSED]
    assert charged_at_stripe(stripe_sandbox) == [14_500, 14_500]
    assert set(TrialCharge.objects.values_list("state", flat=True)) == {"paid"}
    assert _audit() == set()


def test_one_that_is_let_go_meanwhile_goes_back_and_the_other_is_paid(
    wide: None, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    first, second = missing(at_home(packed(frames=2)))
    waive_charge(charge_id=first.pk, by=ManagerFactory(), reason="Our mistake.")
    cancel_payment(payment_id=Payment.objects.get(reference=str(first.pk)).pk)
    carry_out()

    assert charged_at_stripe(stripe_sandbox) == [29_000]
    assert [each.payment.reference for each in Refund.objects.all()] == [str(first.pk)]
    second.refresh_from_db()
    assert second.state == "paid"
    assert _audit() == set()


def test_what_is_given_back_of_one_stays_with_that_one(
    wide: None, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    first, second = missing(at_home(packed(frames=2)))
    carry_out()
    payment = Payment.objects.get(reference=str(second.pk))
    request_refund(payment_id=payment.pk, amount=payment.amount, by=None, reason="Came back")
    carry_out()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("paid", "refunded")
    # What the bank freed of the hold is told as a refund, too, and moved no money.
    refunds = stripe_sandbox.stripe().refunds.list().data
    assert [each.amount for each in refunds if each.balance_transaction] == [14_500]
    assert _audit() == set()


@pytest.mark.parametrize(("minor", "of"), [(14_500, [14_500]), (20_000, [5_500, 14_500])])
def test_what_is_given_back_at_stripe_is_shared_out_once(
    minor: int,
    of: list[int],
    wide: None,
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
    client: Client,
) -> None:
    missing(at_home(packed(frames=2)))
    carry_out()
    intent = str(Hold.objects.get().stripe_payment_intent_id)
    stripe_webhooks.forget()
    stripe_sandbox.stripe().refunds.create({"payment_intent": intent, "amount": minor})
    webhook = next_of(stripe_webhooks, "refund.created")
    assert deliver(client, webhook) == 200
    assert deliver(client, webhook) == 200
    carry_out_due()

    assert sorted(int(each.amount.amount * 100) for each in Refund.objects.all()) == of
    assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}
    assert _audit() == set()


def test_an_intent_is_of_one_payment_unless_it_is_shared(
    wide: None, packed: Callable[..., Trial]
) -> None:
    missing(at_home(packed(frames=2)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(shares_intent=False)


def test_by_the_api_she_gives_another_card_for_what_could_not_be_held(
    packed: Callable[..., Trial], keep: Callable[..., Any], client: Client
) -> None:
    trial = packed(DECLINED_LATER)
    client.force_login(trial.user)
    path = f"/api/v1/trials/{trial.number}/hold/"
    before = client.get(path).json()
    assert (before["hold"]["state"], before["another_card"]) == ("refused", True)
    assert before["hold"]["refusal"]

    card = keep(trial.user, VISA)
    sent = client.post(
        path,
        {"card_id": card.pk},
        content_type="application/json",
        headers={"Referer": "http://testserver/", "Idempotency-Key": "a"},
    )
    assert sent.json()["another_card"] is False
    carry_out()

    after = client.get(path).json()
    assert (after["hold"]["state"], after["hold"]["card_id"]) == ("authorised", card.pk)
    assert after["hold"]["held_until"] > timezone.now().isoformat()
