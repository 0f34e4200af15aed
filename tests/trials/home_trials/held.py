"""Trials of a programme that has an amount held, and what the bank holds and took."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.outbox import carry_out_due
from shop.holds.models import Hold
from shop.payments.services.cards import finish_card_setup, start_card_setup
from tests.factories.shop import AddressFactory, StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, filled_box
from tests.shop.payments.paying import VISA, confirm
from tests.shop.payments.sandbox.running import RunningSandbox
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import approve_trial, place_trial
from trials.programme.services import publish_version
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.reminding import remind

HOLD = Money("200.00", "EUR")
State = Hold.State
MASTERCARD = "pm_card_mastercard"


@pytest.fixture(autouse=True)
def hold_rules() -> None:
    publish_version(programme_slug="home", hold=HOLD, days_at_home=5, grace_days=1)


@pytest.fixture
def keep(stripe_sandbox: RunningSandbox) -> Callable[..., Any]:
    def keep_card(user: Any, method: str) -> Any:
        start = start_card_setup(user=user)
        confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, method)
        return finish_card_setup(user=user, setup_intent_id=start.intent_id)

    return keep_card


@pytest.fixture
def packed(keep: Callable[..., Any]) -> Callable[..., Trial]:
    """A packed trial on a card of this kind; what it published is carried out unless it is not."""

    def pack(method: str = VISA, *, carried_out: bool = True, frames: int = 1) -> Trial:
        user, ops = UserFactory(), StaffFactory()
        variants = [TrialUnitFactory().variant for _each in range(frames)]
        trial = place_trial(
            user=user,
            box_id=filled_box(user=user, variants=variants).pk,
            address_id=AddressFactory(user=user).pk,
            card_id=keep(user, method).pk,
        )
        approve_trial(trial_id=trial.pk, by=ops)
        for barcode in trial.items.values_list("unit__barcode", flat=True):
            pack_unit(trial_id=trial.pk, barcode=barcode, by=ops)
        finish_packing(trial_id=trial.pk, by=ops)
        if carried_out:
            carry_out()
        return Trial.objects.get(pk=trial.pk)

    return pack


def carry_out() -> None:
    for _each in range(3):
        carry_out_due()


def at_home(trial: Trial) -> Trial:
    mark_shipped(trial_id=trial.pk, by=StaffFactory())
    return mark_delivered(trial_id=trial.pk, at=timezone.now())


def come_back(trial: Trial) -> None:
    ops = StaffFactory()
    for barcode in trial.items.values_list("unit__barcode", flat=True):
        check_in_unit(trial_id=trial.pk, barcode=barcode, finding="good", grade="A", by=ops)
    finish_check_in(trial_id=trial.pk, by=ops)


def held_at_stripe(sandbox: RunningSandbox) -> list[int]:
    intents = sandbox.stripe().payment_intents.list().data
    return sorted(each.amount for each in intents if each.status == "requires_capture")


def charged_at_stripe(sandbox: RunningSandbox) -> list[int]:
    charges = sandbox.stripe().charges.list().data
    return sorted(each.amount_captured for each in charges if each.captured)


def states() -> list[str]:
    return list(Hold.objects.order_by("created_at").values_list("state", flat=True))


def subjects() -> list[str]:
    carry_out()
    return [each.subject for each in mail.outbox]


def missing(trial: Trial) -> list[TrialCharge]:
    """The charges of a trial whose days of grace are over."""
    now = timezone.now()
    Trial.objects.filter(pk=trial.pk).update(
        due_at=now - timedelta(days=4), charge_at=now - timedelta(days=3)
    )
    with time_machine.travel(now - timedelta(days=2)):
        remind(trial_id=trial.pk)
    Trial.objects.filter(pk=trial.pk).update(charge_at=now - timedelta(hours=1))
    return charge_unreturned(trial_id=trial.pk)
