"""How often the sweep looks up what is unsettled."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from shop.payments.models import Payment
from shop.payments.services.asking_again import ask_again
from shop.payments.services.charges import charge_off_session, start_payment
from shop.payments.services.reconciling import reconcile_payments
from tests.shop.payments.paying import DECLINED_LATER
from tests.shop.payments.sandbox.running import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
Owe = Callable[..., Payment]


def _looked_up(payment: Payment) -> bool:
    """Sweep, and tell whether the payment was looked up at Stripe."""
    reconcile_payments()
    now = Payment.objects.get(pk=payment.pk).checked_at
    return now == timezone.now()


def test_what_stays_unsettled_is_looked_up_ever_more_seldom_until_somebody_tries_again(
    owe: Owe, stripe_sandbox: RunningSandbox
) -> None:
    began = timezone.now()
    with time_machine.travel(began, tick=False) as clock:
        payment = owe()
        start_payment(payment_id=payment.pk)

        def looks(after: timedelta, minutes: Iterable[int]) -> list[bool]:
            found = []
            for minute in minutes:
                clock.move_to(began + after + timedelta(minutes=minute))
                found.append(_looked_up(payment))
            return found

        assert looks(timedelta(), (1, 3, 4, 5, 6)) == [False, True, True, True, True]
        assert looks(timedelta(hours=5), (0, 20, 31)) == [True, False, True]
        assert looks(timedelta(days=20), (0, 23 * 60, 24 * 60)) == [True, False, True]
        start_payment(payment_id=payment.pk)
        assert looks(timedelta(days=21), (1, 2, 3)) == [True, True, True]
        # A link may be paid by long after.
        assert looks(timedelta(days=52), (0,)) == [False]
        start_payment(payment_id=payment.pk)
        assert looks(timedelta(days=52), (3, 4)) == [True, True]


def test_a_try_without_its_owner_is_waited_for_as_a_new_one(
    owe: Owe, keep_card: Callable[..., Any], stripe_sandbox: RunningSandbox
) -> None:
    card = keep_card(method=DECLINED_LATER)
    payment = owe(user=card.user, card=card, off_session=True)
    charge_off_session(payment_id=payment.pk)
    began = timezone.now()
    with time_machine.travel(began + timedelta(days=2), tick=False) as clock:
        assert _looked_up(payment)
        clock.shift(timedelta(minutes=5))
        assert not _looked_up(payment)
        ask_again(payment_id=payment.pk, card_id=card.pk, attempt=1, asked_at=timezone.now())
        clock.shift(timedelta(minutes=1))
        assert _looked_up(payment)
