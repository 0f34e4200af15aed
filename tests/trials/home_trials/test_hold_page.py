"""What a trial's page says of a card on which nothing is held is so wherever the box is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.holds.models import Hold
from shop.holds.services.ending import look_up_lapsed
from shop.holds.services.renewing import renew_hold
from tests.factories.shop import StaffFactory
from tests.shop.payments.paying import DECLINED_LATER
from tests.shop.payments.sandbox.running import RunningSandbox
from tests.trials.home_trials.held import (
    MASTERCARD,
    State,
    at_home,
    carry_out,
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
DOES_NOT_LEAVE = "Your box does not leave before the amount is held"
ASKS = 'id="card"'


def _page(trial: Trial) -> str:
    client = Client()
    client.force_login(trial.user)
    return client.get(f"/trials/{trial.number}/").content.decode()


def _lapsed(sandbox: RunningSandbox) -> None:
    sandbox.turn("clock", advance=5 * 86_400)
    look_up_lapsed(hold_id=Hold.objects.get().pk)
    assert states() == [State.LAPSED]


def _renewal_refused(trial: Trial, keep: Callable[..., Any]) -> None:
    Hold.objects.update(told_at=timezone.now())
    Trial.objects.update(card=keep(trial.user, DECLINED_LATER))
    renew_hold(hold_id=Hold.objects.get().pk)
    carry_out()
    assert states() == [State.AUTHORISED, State.REFUSED]


def test_before_it_leaves_the_box_waits_for_it(packed: Callable[..., Trial]) -> None:
    page = _page(packed(DECLINED_LATER))

    assert "could not be held" in page
    assert DOES_NOT_LEAVE in page


def test_what_lapsed_before_it_left_is_no_longer_held_and_the_box_waits(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = packed()
    _lapsed(stripe_sandbox)

    page = _page(trial)

    assert "is no longer held" in page
    assert DOES_NOT_LEAVE in page


def test_what_lapses_at_home_is_not_said_to_keep_the_box_from_leaving(
    packed: Callable[..., Trial], stripe_sandbox: RunningSandbox
) -> None:
    trial = at_home(packed())
    _lapsed(stripe_sandbox)

    page = _page(trial)

    assert ASKS in page
    assert "is no longer held" in page
    assert "until your box is back and all is settled" in page
    assert DOES_NOT_LEAVE not in page
    assert "could not be held" not in page
    assert [each for each in subjects() if "Another card for your box" in each]
    assert "your bank no longer holds" in mail.outbox[-1].body


def test_where_the_next_is_refused_the_page_says_until_when_the_old_one_stands(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial = at_home(packed())
    _renewal_refused(trial, keep)

    page = _page(trial)

    assert "could not be held anew" in page
    assert "holds it until" in page
    assert "Held on your card" in page
    assert DOES_NOT_LEAVE not in page


def test_what_was_taken_for_a_frame_asks_for_no_card_on_which_nothing_would_be_held(
    packed: Callable[..., Trial], keep: Callable[..., Any]
) -> None:
    trial = at_home(packed(frames=2))
    _renewal_refused(trial, keep)
    missing(trial)
    staff = Client()
    staff.force_login(StaffFactory())

    def asked() -> tuple[bool, bool]:
        listed = staff.get("/console/trials/?state=unheld").content.decode()
        return ASKS in _page(trial), trial.number in listed

    assert states() == [State.CAPTURING, State.REFUSED]
    assert asked() == (False, False)
    chosen = keep(trial.user, MASTERCARD)
    assert hold_on(trial_id=trial.pk, user=trial.user, card_id=chosen.pk) is None
    carry_out()
    assert states() == [State.CAPTURED, State.REFUSED]
    assert asked() == (False, False)
