"""A friend joins, orders and keeps it: both are rewarded, once, and never beyond a budget."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sharing.referrals.models import Campaign, Referral, ReferralTerms
from sharing.referrals.services import promising
from sharing.referrals.services.claiming import claim_code, click_referral, join_referral
from sharing.referrals.services.codes import code_for
from sharing.referrals.services.rewarding import reverse_referral, settle_referral
from sharing.referrals.tasks import settle, settle_all
from shop.analytics.models import Event
from shop.customers.roles import ensure_roles
from shop.foundation.outbox import carry_out_due
from shop.messages.services.gathering import send_waiting
from shop.orders.models import Order, Voucher
from shop.orders.services.fulfilment import cancel_order
from shop.orders.services.refunding import refund_order
from shop.payments.models import LedgerEntry
from shop.payments.queries import credit_of
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import ManagerFactory, UserFactory
from tests.sharing.referrals.friends import broken, campaign, euros, joined, later, ordered
from tests.shop.foundation.at_once import at_once
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db


def refund(order: Order, amount: object) -> None:
    ensure_roles()
    refund_order(
        order_id=order.pk,
        amount=euros(amount),
        seen=euros(0),
        by=ManagerFactory(),
        reason="x",
    )


def test_from_vote_to_reward_each_event_names_the_one_before() -> None:
    campaign()
    shared = gallery_with_link()
    referral = click_referral(voter_id=vote_on(shared).voter_id)
    friend = UserFactory()
    join_referral(user=friend, referral_id=referral.pk)
    order = ordered(friend)
    assert order.discount == euros(10)
    assert later() == 1

    referral.refresh_from_db()
    assert (referral.state, referral.order) == ("rewarded", order)
    assert credit_of(referral.advocate) == euros(10)
    grant = Event.objects.get(name="reward_granted", person_id=str(referral.advocate_id))
    chain, event = [], grant
    while event:
        chain.append(event.name)
        event = Event.objects.filter(pk=event.caused_by).first()
    assert chain == [
        *("reward_granted", "referral_qualified", "order_paid"),
        *("referral_joined", "referral_clicked", "vote_cast"),
    ]
    assert broken() == []


def test_a_friend_who_typed_a_code_is_followed_as_well() -> None:
    campaign()
    referral = joined()
    order = ordered(referral.friend)
    later()
    paid = Event.objects.get(name="order_paid", subject_id=str(order.pk))
    assert (paid.channel, paid.caused_by) == (
        "code",
        Event.objects.get(name="referral_joined").pk,
    )
    assert credit_of(referral.advocate) == euros(10)


def test_nothing_is_given_before_the_return_period_is_over() -> None:
    campaign()
    referral = joined()
    ordered(referral.friend)
    assert later(29.9) == 0
    assert later(30.1) == 1
    assert later(60) == 0
    assert LedgerEntry.objects.filter(account="customer_credit").count() == 1


def test_settling_twice_rewards_once() -> None:
    campaign()
    referral = joined()
    ordered(referral.friend)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert settle_referral(referral_id=referral.pk) is True
        assert settle_referral(referral_id=referral.pk) is False
    assert credit_of(referral.advocate) == euros(10)


def test_one_referral_that_cannot_be_moved_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign()
    broken_one, whole = joined(), joined()
    for each in (broken_one, whole):
        ordered(each.friend)
    # A share of nothing said cannot be reckoned.
    ReferralTerms.objects.filter(referral=broken_one).update(advocate_kind="percent")
    assert later() == 1
    assert credit_of(whole.advocate) == euros(10)


def test_an_order_below_the_minimum_earns_nothing() -> None:
    campaign(minimum=Decimal(150))
    referral = joined()
    assert ordered(referral.friend).discount == euros(0)
    assert later() == 0


def test_shares_are_of_what_the_friend_kept_and_paid_and_never_above_the_most() -> None:
    campaign(
        advocate_kind="percent",
        advocate_percent=10,
        advocate_amount=Decimal(12),
        friend_kind="percent",
        friend_percent=20,
        friend_amount=Decimal(20),
    )
    small, large = joined(), joined()
    assert ordered(small.friend, price=75).discount == euros(15)
    assert ordered(large.friend).discount == euros(20)
    later()
    assert credit_of(small.advocate) == euros(6)
    assert credit_of(large.advocate) == euros(12)
    assert broken() == []


def test_the_friends_gift_is_for_her_first_order_only() -> None:
    campaign()
    friend = joined().friend
    assert ordered(friend).discount == euros(10)
    assert ordered(friend).discount == euros(0)
    assert Event.objects.filter(name="reward_granted").count() == 1


def test_a_cancelled_first_order_gives_the_gift_back_for_the_next() -> None:
    campaign()
    referral = joined()
    order = ordered(referral.friend)
    cancel_order(order_id=order.pk, by=None, reason="x")
    carry_out_due()
    assert broken() == []
    second = ordered(referral.friend)
    assert second.discount == euros(10)
    assert later() == 1
    assert broken() == []


def test_an_order_cancelled_unpaid_gives_the_gift_back_for_the_next() -> None:
    campaign()
    friend = joined().friend
    cancel_order(order_id=placed_order(user=friend).pk, by=None, reason="x")
    assert Voucher.objects.get().order is None
    assert ordered(friend).discount == euros(10)
    assert broken() == []


def test_an_order_given_back_takes_the_reward_back_beside_its_grant() -> None:
    run = campaign()
    referral = joined()
    order = ordered(referral.friend)
    later()
    assert Campaign.objects.get().promised == 20
    refund(order, 135)
    assert later() == 1
    assert later() == 0

    referral.refresh_from_db()
    assert referral.state == "reversed"
    assert credit_of(referral.advocate) == euros(0)
    reversal = Event.objects.get(name="reward_reversed", subject_id=str(referral.advocate_id))
    assert reversal.amount == euros(10)
    kinds = LedgerEntry.objects.filter(account="customer_credit").order_by("pk")
    assert [each.transaction.kind for each in kinds] == ["reward", "reward_reversed"]
    run.refresh_from_db()
    assert run.promised == 0
    assert broken() == []


@pytest.mark.parametrize(("amount", "state"), [("95", "rewarded"), ("95.01", "reversed")])
def test_a_partial_refund_takes_the_reward_back_below_the_minimum_only(
    amount: str, state: str
) -> None:
    campaign()
    referral = joined()
    order = ordered(referral.friend)
    later()
    refund(order, amount)
    later()
    referral.refresh_from_db()
    assert referral.state == state
    assert broken() == []


def test_each_minute_looks_at_what_was_asked_back_lately_and_each_hour_at_all() -> None:
    campaign()
    lately, before = joined(), joined()
    orders = {each: ordered(each.friend) for each in (lately, before)}
    later()
    refund(orders[before], 135)
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        refund(orders[lately], 135)
        settle()
        states = dict(Referral.objects.values_list("pk", "state"))
        assert (states[lately.pk], states[before.pk]) == ("reversed", "rewarded")
        settle_all()
    before.refresh_from_db()
    assert before.state == "reversed"
    assert broken() == []


def test_what_was_called_off_without_a_payment_back_is_found_each_hour() -> None:
    campaign()
    referral = joined()
    order = ordered(referral.friend)
    later()
    Order.objects.filter(pk=order.pk).update(state="cancelled")

    with time_machine.travel(timezone.now() + timedelta(days=32)):
        settle()
        referral.refresh_from_db()
        assert referral.state == "rewarded"
        settle_all()
    referral.refresh_from_db()
    assert referral.state == "reversed"


def test_an_order_given_back_before_it_counted_earns_nothing() -> None:
    campaign()
    referral = joined()
    refund(ordered(referral.friend), 135)
    assert later() == 0
    assert credit_of(referral.advocate) == euros(0)
    assert reverse_referral(referral_id=referral.pk) is False


def test_a_promise_nobody_takes_up_lapses_and_its_budget_is_free_again() -> None:
    run = campaign(budget=Decimal(20))
    referral = joined()
    assert Campaign.objects.get().promised == 20
    assert joined().__dict__.get("terms") is None
    assert later(91) == 1
    run.refresh_from_db()
    assert run.promised == 0
    referral.refresh_from_db()
    assert referral.state == "joined"
    assert referral.terms.lapsed_at is not None
    assert ordered(referral.friend).discount == euros(0)
    assert later(140) == 0
    assert broken() == []


def test_terms_stay_as_they_were_when_the_friend_joined() -> None:
    run = campaign()
    referral = joined()
    Campaign.objects.update(advocate_amount=1, friend_amount=1, minimum=500, ends_at=timezone.now())
    assert ordered(referral.friend).discount == euros(10)
    later()
    assert credit_of(referral.advocate) == euros(10)
    assert run.copies.get().minimum == 50


def test_who_has_ordered_before_is_no_new_friend() -> None:
    campaign()
    friend = UserFactory()
    mark_paid(placed_order(user=friend))
    referral = click_referral(voter_id=vote_on(gallery_with_link()).voter_id)
    joined_anyway = join_referral(user=friend, referral_id=referral.pk)
    assert joined_anyway is not None
    assert not hasattr(joined_anyway, "terms")
    ordered(friend)
    assert later() == 0


def test_the_limit_per_advocate_rewards_no_more_and_friends_still_get_their_gift() -> None:
    campaign(most_rewards=1)
    advocate = UserFactory()
    first, second = joined(advocate), joined(advocate)
    for each in (first, second):
        assert ordered(each.friend).discount == euros(10)
    later()
    assert credit_of(advocate) == euros(10)
    second.refresh_from_db()
    assert second.state == "qualified"
    assert broken() == []


def test_campaigns_of_a_currency_never_overlap() -> None:
    first = campaign(ends_at=timezone.now() + timedelta(days=10))
    campaign(starts_at=first.ends_at, ends_at=None)
    with pytest.raises(IntegrityError, match="one_campaign_at_a_time"), transaction.atomic():
        campaign(starts_at=first.ends_at + timedelta(days=5))
    campaign(starts_at=first.starts_at, currency="SEK")
    with pytest.raises(ValidationError, match="Another campaign"):
        Campaign(
            name="x",
            starts_at=timezone.now(),
            advocate_kind="amount",
            friend_kind="amount",
            advocate_amount=1,
            friend_amount=1,
        ).full_clean()


def test_an_advocate_is_told_of_a_reward_and_of_its_reversal_as_she_chose() -> None:
    campaign()
    referral = joined(UserFactory(language="de"))
    order = ordered(referral.friend)
    later()
    refund(order, 135)
    later()
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        carry_out_due()
        send_waiting()
        carry_out_due()
    told = [each for each in mail.outbox if each.to == [referral.advocate.email]]
    assert ["Guthaben" in each.subject for each in told] == [True, True]
    assert not [each for each in told if order.number in each.body]


# At once -------------------------------------------------------------------------------------


def race() -> int:
    """Let ten friends of ten advocates join at once; return how many were promised anything."""
    acts: list[Callable[[], Any]] = []
    for _each in range(10):
        code, friend = code_for(user=UserFactory()), UserFactory()
        acts.append(lambda code=code, friend=friend: claim_code(user=friend, code=code))
    at_once(acts)
    return Referral.objects.filter(terms__isnull=False).count()


@pytest.mark.django_db(transaction=True)
def test_friends_who_join_at_once_are_promised_no_more_than_the_budget() -> None:
    campaign(budget=Decimal(70))
    assert race() == 3
    assert Campaign.objects.get().promised == 60
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_promises_more_and_the_audit_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign(budget=Decimal(70))
    monkeypatch.setattr(promising, "lock_row", lambda model, key: model.objects.get(pk=key))
    assert race() > 3
    assert "What a campaign promised is the sum of its referrals' terms, within its budget" in (
        broken()
    )


@pytest.mark.django_db(transaction=True)
def test_one_advocates_friends_who_join_at_once_keep_to_her_limit() -> None:
    campaign(most_rewards=3)
    code, friends = code_for(user=UserFactory()), [UserFactory() for _each in range(8)]
    at_once([lambda friend=friend: claim_code(user=friend, code=code) for friend in friends])
    assert Referral.objects.filter(terms__rewards_advocate=True).count() == 3
    assert broken() == []
