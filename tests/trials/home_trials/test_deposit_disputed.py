"""A deposit whose payer asks her bank for it waits for what the bank decides."""

from datetime import timedelta

import pytest
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.models import OutboxMessage
from shop.payments.models import Payment, Refund
from shop.payments.reversals import DisputeResult
from shop.payments.services.disputes import take_over_dispute
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import broken_laws, terms
from trials.home_trials.models import Trial
from trials.home_trials.services.paying import give_back, give_back_after_dispute
from trials.home_trials.states import TrialState

pytestmark = pytest.mark.django_db
DEPOSIT = Money("50.00", "EUR")
LAW = "A trial that is over has given back its deposit but what it paid, or all if it never left"


@pytest.fixture
def trial() -> Trial:
    made = delivered_trial(frames=1)
    # Placed for nothing, so that what is paid is written here.
    terms(deposit=DEPOSIT)
    ended = timezone.now() - timedelta(hours=3)
    Trial.objects.update(state=TrialState.CLOSED, closed_at=ended)
    made.refresh_from_db()
    return made


def _paid(trial: Trial, purpose: str, dispute: str) -> Payment:
    return Payment.objects.create(
        user=trial.user,
        purpose=purpose,
        reference=trial.number,
        amount=DEPOSIT,
        state=Payment.State.SUCCEEDED,
        stripe_payment_intent_id=f"pi_{purpose}",
        settled_at=timezone.now(),
        dispute=dispute,
    )


def _decided(payment: Payment, status: str) -> None:
    take_over_dispute(
        DisputeResult(
            id="dp_1",
            intent_id=str(payment.stripe_payment_intent_id),
            status=status,
            reason="fraudulent",
            amount=5_000,
            currency="EUR",
            opened_at=timezone.now(),
            answer_by=None,
            moved={},
            fees={},
        )
    )


def test_it_waits_while_the_bank_decides_and_goes_back_once_the_shop_has_won(trial: Trial) -> None:
    payment = _paid(trial, "trial", "open")

    assert give_back(trial_id=trial.pk).amount == 0
    assert LAW not in broken_laws()
    _decided(payment, "needs_response")
    assert not OutboxMessage.objects.filter(topic="payments.dispute_over").exists()
    _decided(payment, "won")

    message = OutboxMessage.objects.get(topic="payments.dispute_over")
    assert LAW in broken_laws(), "until it goes back"
    give_back_after_dispute(payment_id=message.payload["payment_id"])
    give_back_after_dispute(payment_id=message.payload["payment_id"])
    assert [each.amount for each in Refund.objects.all()] == [DEPOSIT]


def test_what_she_won_at_her_bank_does_not_go_back_again(trial: Trial) -> None:
    payment = _paid(trial, "trial", "open")
    _decided(payment, "lost")

    give_back_after_dispute(payment_id=payment.pk)

    assert not Refund.objects.exists()
    assert LAW not in broken_laws()
    assert not OutboxMessage.objects.filter(topic="payments.dispute_over").exists()

    _decided(payment, "won")
    assert OutboxMessage.objects.filter(topic="payments.dispute_over").exists()


def test_the_other_deposit_does_not_wait(trial: Trial) -> None:
    Trial.objects.update(asked_deposit=DEPOSIT)
    _paid(trial, "trial", "open")
    other = _paid(trial, "trial_deposit", "")

    assert give_back(trial_id=trial.pk) == DEPOSIT

    assert Refund.objects.get().payment == other
