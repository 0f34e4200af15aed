"""What is held is renewed before it lapses, and neither held nor taken twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.holds import tasks
from shop.holds.models import Hold
from shop.holds.services import ending
from shop.holds.services.asking import place_hold
from shop.holds.services.ending import carry_out_capture, carry_out_release, look_up_lapsed
from shop.holds.services.renewing import (
    holds_to_renew,
    holds_to_tell,
    renew_hold,
    tell_of_renewal,
)
from shop.payments.errors import StripeUnreachableError
from shop.payments.models import Payment
from tests.shop.payments.conftest import KilledError
from tests.shop.payments.paying import DECLINED_LATER, SILENCE
from tests.shop.payments.sandbox.running import RunningSandbox
from tests.trials.home_trials.held import (
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
from trials.home_trials.models import Trial
from trials.home_trials.services.holding import hold_on

__all__ = ["hold_rules", "keep", "packed"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_she_is_told_two_days_before_and_it_is_renewed_a_day_before_the_new_one_first(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    at_home(packed())
    first = Hold.objects.get()
    assert first.capture_before is not None
    ends = first.capture_before

    def turned_to(moment: Any) -> Any:
        stripe_sandbox.turn("clock", now=int(moment.timestamp()))
        return time_machine.travel(moment, tick=False)

    assert holds_to_tell(timezone.now()) == []
    with turned_to(ends - timedelta(hours=47)):
        assert holds_to_renew(timezone.now()) == [], "not before she is told"
        assert holds_to_tell(timezone.now()) == [first.pk]
        assert tell_of_renewal(hold_id=first.pk)
        assert not tell_of_renewal(hold_id=first.pk)
        assert holds_to_tell(timezone.now()) == []
        assert holds_to_renew(timezone.now()) == []
        assert len([each for each in subjects() if "is held anew" in each]) == 1
    with turned_to(ends - timedelta(hours=23)):
        assert holds_to_renew(timezone.now()) == [first.pk]
        second = renew_hold(hold_id=first.pk)
        assert second is not None
        assert renew_hold(hold_id=first.pk) is None
        place_hold(hold_id=second.pk)
        assert held_at_stripe(stripe_sandbox) == [20_000, 20_000]
        carry_out()
        assert states() == [State.RELEASED, State.AUTHORISED]
        assert held_at_stripe(stripe_sandbox) == [20_000]
        assert holds_to_renew(timezone.now()) == []
    second.refresh_from_db()
    assert second.capture_before is not None
    assert second.capture_before > ends + timedelta(days=3)


def test_a_refused_renewal_keeps_the_old_one_and_asks_for_another_card(
    packed: Callable[..., Trial], keep: Callable[..., Any], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed())
    first = Hold.objects.get()
    Hold.objects.update(told_at=timezone.now())
    Trial.objects.update(card=keep(trial.user, DECLINED_LATER))
    renew_hold(hold_id=first.pk)
    carry_out()

    assert states() == [State.AUTHORISED, State.REFUSED]
    assert [each for each in subjects() if "Another card for your box" in each]

    assert hold_on(trial_id=trial.pk, user=trial.user, card_id=keep(trial.user, MASTERCARD).pk)
    carry_out()
    assert states() == [State.RELEASED, State.REFUSED, State.AUTHORISED]
    assert held_at_stripe(stripe_sandbox) == [20_000]


def test_a_lapsed_one_is_found_and_another_card_asked_for(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    at_home(packed())
    hold = Hold.objects.get()
    look_up_lapsed(hold_id=hold.pk)
    assert states() == [State.AUTHORISED], "it stands at Stripe"
    stripe_sandbox.turn("clock", advance=5 * 86_400)

    look_up_lapsed(hold_id=hold.pk)

    assert states() == [State.LAPSED]
    assert [each for each in subjects() if "Another card for your box" in each]


@pytest.mark.parametrize("act", ["place", "capture", "release"])
def test_an_answer_lost_is_no_second_hold_and_no_second_charge(
    act: str, packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    paths = {
        "place": "/v1/payment_intents",
        "capture": "/v1/payment_intents/*/capture",
        "release": "/v1/payment_intents/*/cancel",
    }
    doing = {"place": place_hold, "capture": carry_out_capture, "release": carry_out_release}
    trial = packed(carried_out=act != "place")
    if act == "capture":
        missing(at_home(trial))
    if act == "release":
        come_back(at_home(trial))
    hold = Hold.objects.get()
    stripe_sandbox.turn("faults", **{**SILENCE, "path": paths[act]})
    with pytest.raises(StripeUnreachableError):
        doing[act](hold_id=hold.pk)

    doing[act](hold_id=hold.pk)

    ends = {"place": State.AUTHORISED, "capture": State.CAPTURED, "release": State.RELEASED}
    assert states() == [ends[act]]
    assert held_at_stripe(stripe_sandbox) == ([20_000] if act == "place" else [])
    assert charged_at_stripe(stripe_sandbox) == ([14_500] if act == "capture" else [])


def test_a_worker_killed_between_the_capture_and_the_commit_takes_it_once(
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing(at_home(packed()))
    hold = Hold.objects.get()

    def dies(**_kwargs: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(ending, "settle_payment", dies)
        with pytest.raises(KilledError):
            carry_out_capture(hold_id=hold.pk)
    assert charged_at_stripe(stripe_sandbox) == [14_500], "Stripe has it, we do not know"

    carry_out_capture(hold_id=hold.pk)
    carry_out_due()

    assert states() == [State.CAPTURED]
    assert Payment.objects.get().state == "succeeded"
    assert charged_at_stripe(stripe_sandbox) == [14_500]


def test_the_sweep_does_what_is_due_once(
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_home(packed())
    # The queue of the worker, in this process.
    monkeypatch.setattr(tasks.tend_hold, "delay", tasks.tend_hold)
    ends = Hold.objects.get().capture_before
    assert ends is not None
    for hours in (47, 47, 23, 23):
        moment = ends - timedelta(hours=hours)
        stripe_sandbox.turn("clock", now=int(moment.timestamp()))
        with time_machine.travel(moment, tick=False):
            tasks.sweep_holds()
            carry_out()

    assert states() == [State.RELEASED, State.AUTHORISED]
    assert len([each for each in subjects() if "is held anew" in each]) == 1


def test_the_sweep_finds_what_a_killed_worker_left(
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed(carried_out=False)
    monkeypatch.setattr(tasks.tend_hold, "delay", tasks.tend_hold)
    OutboxMessage.objects.all().delete()
    tasks.sweep_holds()
    assert states() == [State.CREATED], "a young one is left to its worker"

    Hold.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    tasks.sweep_holds()

    assert states() == [State.AUTHORISED]
    assert held_at_stripe(stripe_sandbox) == [20_000]
