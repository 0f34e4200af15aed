"""An amount is held on the card while a box is out: renewed, taken for what is owed, freed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.holds import tasks
from shop.holds.models import Hold
from shop.holds.services import ending
from shop.holds.services.asking import place_hold, request_hold
from shop.holds.services.ending import carry_out_capture, carry_out_release, look_up_lapsed
from shop.holds.services.renewing import (
    holds_to_renew,
    holds_to_tell,
    renew_hold,
    tell_of_renewal,
)
from shop.holds.windows import window_of
from shop.payments.errors import StripeUnreachableError
from shop.payments.models import Payment
from shop.payments.services.cards import finish_card_setup, start_card_setup
from tests.factories.shop import AddressFactory, StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, filled_box
from tests.shop.payments.conftest import KilledError
from tests.shop.payments.paying import DECLINED_LATER, SILENCE, VISA, confirm
from tests.shop.payments.sandbox.running import RunningSandbox
from trials.home_trials.errors import CardUnknownError, NotHeldError
from trials.home_trials.models import Trial
from trials.home_trials.services.holding import hold_on
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import approve_trial, cancel_trial, place_trial
from trials.programme.services import publish_version
from trials.returns.models import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.reminding import remind

pytestmark = pytest.mark.django_db(transaction=True)
HOLD = Money("200.00", "EUR")
State = Hold.State
MASTERCARD = "pm_card_mastercard"


@pytest.fixture(autouse=True)
def _rules() -> None:
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
            _carry_out()
        return Trial.objects.get(pk=trial.pk)

    return pack


def _carry_out() -> None:
    for _each in range(3):
        carry_out_due()


def _at_home(trial: Trial) -> Trial:
    mark_shipped(trial_id=trial.pk, by=StaffFactory())
    return mark_delivered(trial_id=trial.pk, at=timezone.now())


def _back(trial: Trial) -> None:
    ops = StaffFactory()
    for barcode in trial.items.values_list("unit__barcode", flat=True):
        check_in_unit(trial_id=trial.pk, barcode=barcode, finding="good", grade="A", by=ops)
    finish_check_in(trial_id=trial.pk, by=ops)


def _held_at_stripe(sandbox: RunningSandbox) -> list[int]:
    intents = sandbox.stripe().payment_intents.list().data
    return sorted(each.amount for each in intents if each.status == "requires_capture")


def _charged_at_stripe(sandbox: RunningSandbox) -> list[int]:
    charges = sandbox.stripe().charges.list().data
    return sorted(each.amount_captured for each in charges if each.captured)


def _states() -> list[str]:
    return list(Hold.objects.order_by("created_at").values_list("state", flat=True))


def _subjects() -> list[str]:
    _carry_out()
    return [each.subject for each in mail.outbox]


def _missing(trial: Trial) -> list[TrialCharge]:
    """The charges of a trial whose days of grace are over."""
    now = timezone.now()
    Trial.objects.filter(pk=trial.pk).update(
        due_at=now - timedelta(days=4), charge_at=now - timedelta(days=3)
    )
    with time_machine.travel(now - timedelta(days=2)):
        remind(trial_id=trial.pk)
    Trial.objects.filter(pk=trial.pk).update(charge_at=now - timedelta(hours=1))
    return charge_unreturned(trial_id=trial.pk)


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
    assert _held_at_stripe(stripe_sandbox) == [20_000]
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
    _carry_out()
    assert mark_shipped(trial_id=trial.pk, by=StaffFactory()).state == "shipped"


def test_a_refused_card_asks_for_another_and_the_box_waits(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial = packed(DECLINED_LATER)

    assert Hold.objects.get().state == State.REFUSED
    assert [each for each in _subjects() if "Another card for your box" in each]
    with pytest.raises(NotHeldError, match="asked for another"):
        mark_shipped(trial_id=trial.pk, by=StaffFactory())

    hold_on(trial_id=trial.pk, user=trial.user, card_id=keep(trial.user, VISA).pk)
    _carry_out()
    assert mark_shipped(trial_id=trial.pk, by=StaffFactory()).state == "shipped"


def test_a_trial_that_comes_back_whole_frees_it(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    _back(_at_home(packed()))
    _carry_out()

    assert _states() == [State.RELEASED]
    assert _held_at_stripe(stripe_sandbox) == []
    assert _charged_at_stripe(stripe_sandbox) == []


def test_one_that_is_called_off_frees_it(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    cancel_trial(trial_id=packed().pk, by=StaffFactory(), reason="Out of boxes")
    _carry_out()

    assert _held_at_stripe(stripe_sandbox) == []


def test_one_called_off_while_the_bank_is_asked_holds_nothing(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = packed(carried_out=False)
    cancel_trial(trial_id=trial.pk, by=StaffFactory(), reason="Out of boxes")
    _carry_out()

    assert _states() == [State.RELEASED]
    assert _held_at_stripe(stripe_sandbox) == []


def test_she_is_told_two_days_before_and_it_is_renewed_a_day_before_the_new_one_first(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    _at_home(packed())
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
        assert len([each for each in _subjects() if "is held anew" in each]) == 1
    with turned_to(ends - timedelta(hours=23)):
        assert holds_to_renew(timezone.now()) == [first.pk]
        second = renew_hold(hold_id=first.pk)
        assert second is not None
        assert renew_hold(hold_id=first.pk) is None
        place_hold(hold_id=second.pk)
        assert _held_at_stripe(stripe_sandbox) == [20_000, 20_000]
        _carry_out()
        assert _states() == [State.RELEASED, State.AUTHORISED]
        assert _held_at_stripe(stripe_sandbox) == [20_000]
        assert holds_to_renew(timezone.now()) == []
    second.refresh_from_db()
    assert second.capture_before is not None
    assert second.capture_before > ends + timedelta(days=3)


def test_a_refused_renewal_keeps_the_old_one_and_asks_for_another_card(
    packed: Callable[..., Trial], keep: Callable[..., Any], stripe_sandbox: RunningSandbox
) -> None:
    trial = _at_home(packed())
    first = Hold.objects.get()
    Hold.objects.update(told_at=timezone.now(), card=keep(trial.user, DECLINED_LATER))
    renew_hold(hold_id=first.pk)
    _carry_out()

    assert _states() == [State.AUTHORISED, State.REFUSED]
    assert [each for each in _subjects() if "Another card for your box" in each]

    assert hold_on(trial_id=trial.pk, user=trial.user, card_id=keep(trial.user, MASTERCARD).pk)
    _carry_out()
    assert _states() == [State.RELEASED, State.REFUSED, State.AUTHORISED]
    assert _held_at_stripe(stripe_sandbox) == [20_000]


def test_what_is_owed_is_taken_from_it_once_and_the_rest_is_freed(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = _at_home(packed())
    (charge,) = _missing(trial)
    _carry_out()
    _carry_out()

    charge.refresh_from_db()
    assert charge.state == "paid"
    hold, payment = Hold.objects.get(), Payment.objects.get()
    assert (hold.state, hold.captured, hold.payment) == (State.CAPTURED, charge.amount, payment)
    assert payment.stripe_payment_intent_id == hold.stripe_payment_intent_id
    assert _charged_at_stripe(stripe_sandbox) == [14_500]
    assert _held_at_stripe(stripe_sandbox) == []


def test_a_second_frame_is_asked_of_the_card_besides(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    charges = _missing(_at_home(packed(frames=2)))
    _carry_out()

    assert len(charges) == 2
    assert set(TrialCharge.objects.values_list("state", flat=True)) == {"paid"}
    assert _charged_at_stripe(stripe_sandbox) == [14_500, 14_500]
    assert _held_at_stripe(stripe_sandbox) == []


def test_what_it_does_not_cover_is_asked_of_the_card(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = _at_home(packed())
    Hold.objects.update(amount=Money("100.00", "EUR"))
    _missing(trial)
    _carry_out()

    assert TrialCharge.objects.get().state == "paid"
    assert _charged_at_stripe(stripe_sandbox) == [14_500]
    assert _states() == [State.RELEASED]


def test_one_that_lapsed_at_the_bank_is_no_loss_the_card_is_asked(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = _at_home(packed())
    hold = Hold.objects.get()
    stripe_sandbox.stripe().payment_intents.cancel(str(hold.stripe_payment_intent_id))
    _missing(trial)
    _carry_out()
    _carry_out()

    assert _states() == [State.LAPSED]
    assert TrialCharge.objects.get().state == "paid"
    assert _charged_at_stripe(stripe_sandbox) == [14_500]


def test_a_lapsed_one_is_found_and_another_card_asked_for(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    _at_home(packed())
    hold = Hold.objects.get()
    look_up_lapsed(hold_id=hold.pk)
    assert _states() == [State.AUTHORISED], "it stands at Stripe"
    stripe_sandbox.turn("clock", advance=5 * 86_400)

    look_up_lapsed(hold_id=hold.pk)

    assert _states() == [State.LAPSED]
    assert [each for each in _subjects() if "Another card for your box" in each]


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
        _missing(_at_home(trial))
    if act == "release":
        _back(_at_home(trial))
    hold = Hold.objects.get()
    stripe_sandbox.turn("faults", **{**SILENCE, "path": paths[act]})
    with pytest.raises(StripeUnreachableError):
        doing[act](hold_id=hold.pk)

    doing[act](hold_id=hold.pk)

    ends = {"place": State.AUTHORISED, "capture": State.CAPTURED, "release": State.RELEASED}
    assert _states() == [ends[act]]
    assert _held_at_stripe(stripe_sandbox) == ([20_000] if act == "place" else [])
    assert _charged_at_stripe(stripe_sandbox) == ([14_500] if act == "capture" else [])


def test_a_worker_killed_between_the_capture_and_the_commit_takes_it_once(
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _missing(_at_home(packed()))
    hold = Hold.objects.get()

    def dies(**_kwargs: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(ending, "settle_payment", dies)
        with pytest.raises(KilledError):
            carry_out_capture(hold_id=hold.pk)
    assert _charged_at_stripe(stripe_sandbox) == [14_500], "Stripe has it, we do not know"

    carry_out_capture(hold_id=hold.pk)
    carry_out_due()

    assert _states() == [State.CAPTURED]
    assert Payment.objects.get().state == "succeeded"
    assert _charged_at_stripe(stripe_sandbox) == [14_500]


def test_the_database_keeps_captures_within_what_is_held(packed: Callable[..., Trial]) -> None:
    _missing(_at_home(packed()))
    _carry_out()

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
    _carry_out()

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


def test_the_sweep_does_what_is_due_once(
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _at_home(packed())
    # The queue of the worker, in this process.
    monkeypatch.setattr(tasks.tend_hold, "delay", tasks.tend_hold)
    ends = Hold.objects.get().capture_before
    assert ends is not None
    for hours in (47, 47, 23, 23):
        moment = ends - timedelta(hours=hours)
        stripe_sandbox.turn("clock", now=int(moment.timestamp()))
        with time_machine.travel(moment, tick=False):
            tasks.sweep_holds()
            _carry_out()

    assert _states() == [State.RELEASED, State.AUTHORISED]
    assert len([each for each in _subjects() if "is held anew" in each]) == 1


def test_the_sweep_finds_what_a_killed_worker_left(
    packed: Callable[..., Trial],
    stripe_sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed(carried_out=False)
    monkeypatch.setattr(tasks.tend_hold, "delay", tasks.tend_hold)
    OutboxMessage.objects.all().delete()
    tasks.sweep_holds()
    assert _states() == [State.CREATED], "a young one is left to its worker"

    Hold.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    tasks.sweep_holds()

    assert _states() == [State.AUTHORISED]
    assert _held_at_stripe(stripe_sandbox) == [20_000]
