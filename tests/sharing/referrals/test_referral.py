"""A friend goes from the gallery to the shop, and joins."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.referrals.claims import COOKIE, HEADER, claim_token
from sharing.referrals.models import Referral
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.referrals.states import ReferralState
from shop.analytics.models import Event
from shop.analytics.queries import last_touch
from shop.customers.models import User
from tests.factories.sharing import ballot_paper, gallery_with_link, vote_on
from tests.factories.shop import PASSWORD, UserFactory
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return gallery_with_link()


def clicked(shared):
    return click_referral(voter_id=vote_on(shared).voter_id)


def voted(shared):
    """Return the browser of a friend who has voted by the page."""
    browser = Client(headers={"user-agent": PHONE})
    form = {"favourite": shared.items[0].pk, "paper": ballot_paper(shared, browser)}
    browser.post(reverse("sharing:vote", args=[shared.token]), form)
    return browser


def click(browser, shared):
    return browser.post(reverse("sharing:referral_click", args=[shared.token]))


def sign_up(browser, email="friend@lorgnette.example", **headers):
    form = {"email": email, "password1": PASSWORD}
    return browser.post(reverse("account_signup"), form, headers=headers)


def test_a_friend_who_signs_up_after_the_click_is_the_advocates_referral(shared):
    browser = voted(shared)
    assert click(browser, shared).url == reverse("catalogue:frame_list")
    sign_up(browser)
    referral = Referral.objects.get()
    friend = User.objects.get(email="friend@lorgnette.example")
    assert (referral.advocate, referral.friend) == (shared.gallery.owner, friend)
    assert referral.state == ReferralState.JOINED
    joined = Event.objects.get(name="referral_joined")
    click_event = Event.objects.get(name="referral_clicked")
    assert joined.caused_by == click_event.pk
    assert click_event.caused_by == Event.objects.get(name="vote_cast").pk
    assert click_event.person_id == str(referral.voter_id)
    assert joined.details["new_customer"] is True


def test_what_she_orders_afterwards_carries_the_link(shared):
    browser = voted(shared)
    click(browser, shared)
    sign_up(browser)
    friend = User.objects.get(email="friend@lorgnette.example")
    touch = last_touch(user_id=friend.pk, before=timezone.now())
    assert (touch.link, touch.channel) == (str(shared.link.pk), "whatsapp")
    assert touch.event_id == Event.objects.get(name="referral_joined").pk


def test_a_customer_who_logs_in_after_the_click_is_joined_as_no_new_one(shared):
    customer = UserFactory()
    browser = voted(shared)
    click(browser, shared)
    form = {"login": customer.email, "password": PASSWORD}
    browser.post(reverse("account_login"), form)
    assert Referral.objects.get().friend == customer
    assert Event.objects.get(name="referral_joined").details["new_customer"] is False


def test_a_customer_logged_in_is_joined_by_the_click_itself(shared):
    browser = voted(shared)
    browser.force_login(customer := UserFactory())
    click(browser, shared)
    assert Referral.objects.get().friend == customer


def test_a_client_of_the_api_joins_by_header(shared):
    referral = clicked(shared)
    headers = {"user-agent": PHONE, HEADER.lower(): claim_token(referral.pk)}
    body = {"email": "app@lorgnette.example", "password": PASSWORD}
    url = "/api/v1/auth/app/v1/auth/signup"
    Client().post(url, body, content_type="application/json", headers=headers)
    assert Referral.objects.get().friend.email == "app@lorgnette.example"


def test_a_second_click_is_the_same_referral(shared):
    vote = vote_on(shared)
    assert click_referral(voter_id=vote.voter_id) == click_referral(voter_id=vote.voter_id)
    assert Event.objects.filter(name="referral_clicked").count() == 1


def test_a_click_without_a_vote_claims_nothing(shared, friend):
    friend.get(reverse("sharing:friend_gallery", args=[shared.token]))
    response = click(friend, shared)
    assert response.url == reverse("sharing:friend_gallery", args=[shared.token])
    assert COOKIE not in response.cookies
    assert not Referral.objects.exists()


def test_a_get_claims_nothing(shared):
    browser = voted(shared)
    url = reverse("sharing:referral_click", args=[shared.token])
    assert browser.get(url).status_code == 405
    assert not Referral.objects.exists()


def test_nobody_refers_herself(shared):
    referral = clicked(shared)
    assert join_referral(user=shared.gallery.owner, referral_id=referral.pk) is None
    referral.refresh_from_db()
    assert (referral.state, referral.friend) == (ReferralState.CLICKED, None)


def test_the_first_valid_claim_of_a_friend_wins(shared):
    first, second = clicked(shared), clicked(gallery_with_link())
    user = UserFactory()
    assert join_referral(user=user, referral_id=first.pk) is not None
    assert join_referral(user=user, referral_id=second.pk) is None
    assert Referral.objects.get(friend=user) == first


def test_a_claim_is_taken_by_one_friend_only(shared):
    referral = clicked(shared)
    join_referral(user=UserFactory(), referral_id=referral.pk)
    assert join_referral(user=UserFactory(), referral_id=referral.pk) is None
    assert Event.objects.filter(name="referral_joined").count() == 1


def test_joining_twice_changes_nothing(shared):
    referral, user = clicked(shared), UserFactory()
    for _each in range(2):
        assert join_referral(user=user, referral_id=referral.pk) == referral
    assert referral.transitions.count() == 2


@pytest.mark.parametrize("forged", ["", "nonsense", "ImFiYyI:1abc:def"])
def test_a_forged_claim_is_ignored_and_the_sign_up_succeeds(forged):
    browser = Client(headers={"user-agent": PHONE})
    browser.cookies[COOKIE] = forged
    sign_up(browser)
    assert User.objects.filter(email="friend@lorgnette.example").exists()
    assert not Referral.objects.filter(friend__isnull=False).exists()
