"""What a friend takes by her press is said before, confirmed after, and found again later."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from sharing.referrals.pages import promise_words
from shop.orders.models import Order
from tests.factories.sharing import gallery_with_link
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.sharing.conftest import PHONE
from tests.sharing.referrals.friends import campaign, joined
from tests.sharing.votes.test_friend_pages import post_vote
from tests.shop.orders.buying import filled_cart
from tests.shop.orders.test_credit import reward

pytestmark = pytest.mark.django_db


@pytest.fixture
def voted(friend):
    shared = gallery_with_link(frames=2)
    shared.gallery.owner.name = "Mia Muster"
    shared.gallery.owner.save(update_fields=["name"])
    post_vote(friend, shared)
    return shared


def thanks(browser, shared):
    return browser.get(reverse("sharing:thanks", args=[shared.token])).content.decode()


def press(browser, shared):
    address = reverse("sharing:referral_click", args=[shared.token])
    return browser.post(address, follow=True).content.decode()


def days_for_friends():
    return campaign(friend_kind="extension", friend_amount=0, friend_days=2)


def test_the_button_says_what_is_taken_and_who_will_see_it(voted, friend):
    campaign()
    text = thanks(friend, voted)
    assert "Take €10.00 and see the frames" in text
    assert "Mia will see that somebody came by this page" in text


def test_without_a_campaign_it_promises_nothing(voted, friend):
    text = thanks(friend, voted)
    assert "Take " not in text
    assert "is yours" not in press(friend, voted)


def test_the_next_page_confirms_what_waits_for_a_new_account(voted, friend):
    campaign()
    assert "it is yours once you log in or make an account within 30 days" in press(friend, voted)


def test_days_at_home_are_offered_and_confirmed_as_days(voted, friend):
    days_for_friends()
    assert "Take 2 more days at home and see the frames" in thanks(friend, voted)
    friend.force_login(nora := UserFactory())
    assert "2 more days at home are yours" in press(friend, voted)
    account = friend.get(reverse("customers:account")).content.decode()
    assert "2 more days at home are yours" in account
    assert nora.extension_gifts.count() == 1


def test_who_is_logged_in_reads_until_when_in_page_cart_and_account(voted, friend):
    campaign()
    nora = UserFactory()
    friend.force_login(nora)
    words = "€10.00 off your first order of €50.00 or more is yours until"
    assert words in press(friend, voted)
    filled_cart(nora, StockRecordFactory())
    for page in ("orders:cart", "customers:account"):
        assert words in friend.get(reverse(page)).content.decode()
    gift = friend.get(reverse("api-cart")).json()["gift"]
    assert (gift["amount"]["amount"], gift["percent"]) == ("10.00", None)
    assert gift["valid_until"] > timezone.now().isoformat()


def test_who_has_no_gift_reads_of_none():
    nora = UserFactory()
    browser = Client(headers={"user-agent": PHONE})
    browser.force_login(nora)
    assert "is yours until" not in browser.get(reverse("customers:account")).content.decode()
    assert browser.get(reverse("api-cart")).json()["gift"] is None
    assert "is yours until" not in Client().get(reverse("orders:cart")).content.decode()


def test_a_gift_that_is_over_is_told_no_more():
    campaign()
    referral = joined()
    browser = Client()
    browser.force_login(referral.friend)
    account = reverse("customers:account")
    assert "is yours until" in browser.get(account).content.decode()
    referral.friend.vouchers.update(valid_until=timezone.now() - timedelta(minutes=1))
    assert "is yours until" not in browser.get(account).content.decode()


def test_a_reward_without_a_wait_is_not_told_of_zero_days():
    words = promise_words(campaign(qualification_days=0))
    assert "0 days" not in words
    assert "as credit once they have paid for it" in words


def test_the_promise_of_days_is_one_of_days():
    words = promise_words(days_for_friends())
    assert "Your friends get 2 more days at home." in words


def test_the_checkout_says_what_is_left_to_pay_with_her_credit(client):
    nora = UserFactory()
    stock = StockRecordFactory()
    filled_cart(nora, stock)
    reward(nora, 20)
    client.force_login(nora)
    text = client.get(reverse("orders:checkout")).content.decode()
    left = stock.variant.price - Money(20, "EUR")
    assert "Left to pay with your credit" in text
    assert str(left) in text
    assert not Order.objects.exists()
