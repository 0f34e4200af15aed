"""A campaign gives days at home instead of money: to both sides, once, with nothing booked."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.referrals.models import Campaign
from sharing.referrals.pages import reward_words
from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from shop.payments.models import LedgerEntry
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial
from tests.sharing.referrals.friends import broken, campaign, joined, later, ordered
from tests.sharing.referrals.test_rewards import refund
from trials.at_home.queries import extension_offer, unused_gifts
from trials.at_home.services.extending import extend_trial

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Begin by day: at night nobody is written to."""
    with time_machine.travel(timezone.now().replace(hour=11)):
        yield


def days_for_both(**changes: object) -> Campaign:
    nothing = {"advocate_amount": Decimal(0), "friend_amount": Decimal(0)}
    kinds = {"advocate_kind": "extension", "friend_kind": "extension"}
    return campaign(**{**nothing, **kinds, "advocate_days": 7, "friend_days": 2, **changes})


def test_the_friend_has_her_days_at_once_the_advocate_when_the_order_is_kept() -> None:
    days_for_both(budget=Decimal(0))
    referral = joined()
    assert [gift.days for gift in unused_gifts(referral.friend_id)] == [2]
    assert not unused_gifts(referral.advocate_id).exists()

    ordered(referral.friend)
    assert later() == 1
    assert later() == 0

    referral.refresh_from_db()
    assert referral.state == "rewarded"
    assert [gift.days for gift in unused_gifts(referral.advocate_id)] == [7]
    assert not LedgerEntry.objects.filter(account="rewards").exists()
    granted = Event.objects.get(name="reward_granted")
    assert granted.amount is None
    assert granted.details["days"] == 7
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        carry_out_due()
    [told] = [each for each in mail.outbox if "7 more days at home" in each.subject]
    assert told.to == [referral.advocate.email]
    assert broken() == []


def test_the_days_extend_a_trial_of_hers() -> None:
    days_for_both()
    referral = joined()
    ordered(referral.friend)
    later()
    ProgrammeVersionFactory(number=2, extension_days=0)
    trial = delivered_trial(user=referral.advocate, at=timezone.now())
    trial.refresh_from_db()
    before = trial.due_at

    assert extension_offer(trial).days == 7
    extend_trial(trial_id=trial.pk, by=referral.advocate)

    trial.refresh_from_db()
    assert (trial.due_at - before).days == 7
    assert broken() == []


def test_an_order_given_back_takes_back_days_that_were_not_used() -> None:
    days_for_both()
    referral = joined()
    order = ordered(referral.friend)
    later()
    refund(order, "145")
    later(32)

    referral.refresh_from_db()
    assert referral.state == "reversed"
    assert not unused_gifts(referral.advocate_id).exists()
    assert not unused_gifts(referral.friend_id).exists()
    assert Event.objects.filter(name="reward_reversed").count() == 1
    assert broken() == []


def test_the_pages_say_what_is_given(client: Client) -> None:
    running = days_for_both()
    assert reward_words(running, "friend") == "2 more days at home"
    referral = joined()
    ordered(referral.friend)
    later()
    client.force_login(referral.advocate)

    page = client.get(reverse("sharing:friends")).content.decode()

    assert "+7 days at home" in page
    assert "And 7 more days at home, for a trial of yours." in page


@pytest.mark.parametrize(
    "wrong",
    [{"friend_days": None}, {"friend_days": 0}, {"friend_days": 61}, {"friend_amount": 5}],
)
def test_days_that_are_none_are_refused_in_words_and_by_the_database(wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        days_for_both(**wrong)

    running = days_for_both()
    for name, value in wrong.items():
        setattr(running, name, value)
    with pytest.raises(ValidationError):
        running.full_clean()


def test_a_share_without_a_number_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        campaign(friend_kind="percent", friend_percent=None)
