"""A refused card, or a new one, is asked once more for each attempt, and never beside its owner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.payments.errors import StripeUnreachableError
from shop.payments.models import Payment, SavedCard
from shop.payments.services.asking_again import AT_HER_BANK, ask_again, request_another_try
from shop.payments.services.charges import pay_with_card
from tests.shop.payments.conftest import Heard
from tests.shop.payments.paying import ASKS_ALWAYS, BACK, DECLINED_LATER, SILENCE, VISA
from tests.shop.payments.sandbox.running import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
Keep = Callable[..., SavedCard]
Owe = Callable[..., Payment]


def _tries(sandbox: RunningSandbox) -> int:
    return len(sandbox.stripe().charges.list().data)


def _ask(payment: Payment, card: SavedCard, *, attempt: int = 1, ago: int = 0) -> None:
    ask_again(
        payment_id=payment.pk,
        card_id=card.pk,
        attempt=attempt,
        asked_at=timezone.now() - timedelta(hours=ago),
    )


@pytest.fixture
def refused(owe: Owe, keep_card: Keep) -> Payment:
    """A payment whose card was refused while its owner was away."""
    card = keep_card(method=DECLINED_LATER)
    payment = owe(user=card.user, card=card, off_session=True)
    carry_out_due()
    payment.refresh_from_db()
    return payment


def test_the_banks_reason_is_kept(refused: Payment) -> None:
    assert (refused.failure_code, refused.decline_code) == ("card_declined", "generic_decline")
    assert refused.failed_charge.startswith("ch_")


def test_each_refusal_is_told_though_its_reason_is_the_same(
    refused: Payment, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    assert refused.card is not None
    _ask(refused, refused.card)
    _ask(refused, refused.card, attempt=2)

    assert len(heard.failed) == 3
    assert _tries(stripe_sandbox) == 3


def test_an_attempt_whose_answer_was_lost_asks_the_bank_once(
    refused: Payment, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    assert refused.card is not None
    stripe_sandbox.turn("faults", **{**SILENCE, "path": "/v1/payment_intents/*/confirm"})
    with pytest.raises(StripeUnreachableError):
        _ask(refused, refused.card)
    _ask(refused, refused.card)

    assert _tries(stripe_sandbox) == 2
    assert len(heard.failed) == 2


def test_another_card_pays_and_is_kept_with_the_payment(
    refused: Payment, heard: Heard, keep_card: Keep
) -> None:
    card = keep_card(refused.user, VISA)
    with transaction.atomic():
        request_another_try(payment_id=refused.pk, card=card, attempt=1)
    carry_out_due()

    refused.refresh_from_db()
    assert (refused.state, refused.card) == (Payment.State.SUCCEEDED, card)
    assert heard.succeeded == [refused.pk]


def test_what_was_paid_meanwhile_is_asked_for_no_more(
    refused: Payment, keep_card: Keep, stripe_sandbox: RunningSandbox
) -> None:
    card = keep_card(refused.user, VISA)
    pay_with_card(payment_id=refused.pk, card_id=card.pk, return_url=BACK)
    _ask(refused, card)

    assert len([each for each in stripe_sandbox.stripe().charges.list().data if each.paid]) == 1


def test_no_card_is_asked_while_its_owner_is_at_her_bank(
    refused: Payment, keep_card: Keep, stripe_sandbox: RunningSandbox
) -> None:
    asks = keep_card(refused.user, ASKS_ALWAYS)
    intent = pay_with_card(payment_id=refused.pk, card_id=asks.pk, return_url=BACK)
    assert intent.redirect_url
    assert refused.card is not None
    _ask(refused, refused.card)

    refused.refresh_from_db()
    assert refused.state == Payment.State.REQUIRES_ACTION
    assert _tries(stripe_sandbox) == 1
    [later] = OutboxMessage.objects.filter(topic="payments.ask_again", done_at=None)
    assert later.due_at > timezone.now() + AT_HER_BANK - timedelta(minutes=1)


def test_who_left_her_banks_page_is_asked_by_the_plan_again(
    refused: Payment, keep_card: Keep, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    asks = keep_card(refused.user, ASKS_ALWAYS)
    pay_with_card(payment_id=refused.pk, card_id=asks.pk, return_url=BACK)
    assert refused.card is not None
    _ask(refused, refused.card)
    # Another hour, and she has not come back.
    Payment.objects.update(tried_at=timezone.now() - AT_HER_BANK)
    OutboxMessage.objects.filter(done_at=None).update(due_at=timezone.now())
    carry_out_due()

    assert _tries(stripe_sandbox) == 2
    assert len(heard.failed) == 2
    refused.refresh_from_db()
    assert refused.state == Payment.State.REQUIRES_PAYMENT_METHOD


def test_an_attempt_that_stripe_may_have_forgotten_is_not_made(
    refused: Payment, stripe_sandbox: RunningSandbox
) -> None:
    assert refused.card is not None
    _ask(refused, refused.card, ago=24)

    assert _tries(stripe_sandbox) == 1


def test_a_removed_card_is_a_refusal_of_the_attempt(refused: Payment, heard: Heard) -> None:
    assert refused.card is not None
    SavedCard.objects.update(detached_at=timezone.now())
    _ask(refused, refused.card)
    _ask(refused, refused.card)

    assert [code for _payment, code in heard.failed] == ["card_declined", "card_removed"]


def test_a_payment_stripe_never_heard_of_is_made_with_the_new_card(
    owe: Owe, keep_card: Keep, heard: Heard
) -> None:
    old = keep_card()
    payment = owe(user=old.user, card=old, off_session=True)
    SavedCard.objects.update(detached_at=timezone.now())
    carry_out_due()
    _ask(payment, keep_card(old.user, VISA))

    assert heard.succeeded == [payment.pk]


def test_saving_a_card_is_told_to_whoever_waits_for_one(keep_card: Keep) -> None:
    card: Any = keep_card()
    told = OutboxMessage.objects.filter(topic="payments.card_saved")

    assert {each.payload["card_id"] for each in told} == {card.pk}
