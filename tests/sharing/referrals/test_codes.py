"""Codes are read as they are meant, taken by an act, and never by a look."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from sharing.referrals.codes import ALPHABET, new_code, read_code, shown_code
from sharing.referrals.errors import CodeRefusedError, CodeUnknownError
from sharing.referrals.models import Referral, ReferralCode
from sharing.referrals.queries import generations
from sharing.referrals.services.claiming import claim_code
from sharing.referrals.services.codes import code_for, invite
from shop.analytics.models import Event
from shop.customers.models import User
from tests.factories.shop import PASSWORD, StockRecordFactory, UserFactory
from tests.sharing.conftest import PHONE
from tests.sharing.referrals.friends import campaign, joined, later, ordered
from tests.shop.foundation.at_once import at_once
from tests.shop.orders.buying import filled_cart, mark_paid, placed_order


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    typed = shown_code(code).lower().replace("0", "o").replace("1", "l")
    assert read_code(f" {typed} ") == code


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_nobodys_code(place: int, wrong: str) -> None:
    code = new_code()
    if code[place] != wrong:
        assert read_code(code[:place] + wrong + code[place + 1 :]) == ""


@given(st.integers(0, 6))
def test_two_characters_swapped_are_nobodys_code_but_for_the_first_and_last(place: int) -> None:
    code = new_code()
    a, b = code[place], code[place + 1]
    # The one pair that Luhn's algorithm cannot tell apart: the alphabet's first and last.
    if a != b and {a, b} != {"0", "Z"}:
        assert read_code(code[:place] + b + a + code[place + 2 :]) == ""


@pytest.mark.parametrize("typed", ["", "x", "🤓" * 8, "U" * 8, "7KQ4-2MZ", "a" * 500])
def test_nonsense_is_nobodys_code(typed: str) -> None:
    assert read_code(typed) == ""


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_code() -> None:
    user = UserFactory()
    assert len(set(at_once([lambda: code_for(user=user)] * 6))) == 1
    assert ReferralCode.objects.count() == 1


pytestmark = pytest.mark.django_db


def phone() -> Client:
    return Client(headers={"user-agent": PHONE})


def sign_up(browser: Client, email: str = "friend@lorgnette.example") -> User:
    browser.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
    return User.objects.get(email=email)


def press(browser: Client, code: str, key: str = "") -> object:
    return browser.post(reverse("sharing:referral_claim", args=[code]), {"i": key})


def test_a_look_at_the_page_claims_nothing_and_the_button_does() -> None:
    code, browser = code_for(user=UserFactory(name="Anna Berg")), phone()
    page = browser.get(reverse("sharing:referral_page", args=[shown_code(code)]))
    assert "Anna sent you" in page.content.decode()
    assert "Berg" not in page.content.decode()
    assert browser.get(reverse("sharing:referral_claim", args=[code])).status_code == 405
    assert not Referral.objects.exists()

    press(browser, code)
    friend = sign_up(browser)

    referral = Referral.objects.get()
    assert (referral.state, referral.friend) == ("joined", friend)
    joined_event = Event.objects.get(name="referral_joined")
    assert joined_event.caused_by == Event.objects.get(name="referral_clicked").pk
    assert joined_event.channel == "code"


def test_the_first_code_that_was_taken_wins() -> None:
    first, second, browser = code_for(user=UserFactory()), code_for(user=UserFactory()), phone()
    press(browser, first)
    friend = sign_up(browser)
    press(browser, second)
    with pytest.raises(CodeRefusedError, match="another friend"):
        claim_code(user=friend, code=second)
    assert Referral.objects.get(friend=friend).advocate.referral_code.code == first


def test_the_first_button_pressed_wins_and_pressed_again_is_the_same_friend() -> None:
    first, second, browser = code_for(user=UserFactory()), code_for(user=UserFactory()), phone()
    for code in (first, first, second):
        press(browser, code)
    friend = sign_up(browser)
    assert Referral.objects.get(friend=friend).advocate.referral_code.code == first
    assert Referral.objects.count() == 2


def test_an_advocate_who_presses_her_own_button_is_told_so_and_nothing_is_noted() -> None:
    browser, user = phone(), UserFactory()
    browser.force_login(user)
    press(browser, code_for(user=user))
    assert not Referral.objects.exists()


def test_a_customer_who_has_ordered_takes_no_code() -> None:
    friend = UserFactory()
    mark_paid(placed_order(user=friend))
    with pytest.raises(CodeRefusedError, match="first orders"):
        claim_code(user=friend, code=code_for(user=UserFactory()))


def test_an_unknown_code_is_refused_in_words(client: Client) -> None:
    with pytest.raises(CodeUnknownError):
        claim_code(user=UserFactory(), code="0000-0001")
    assert client.get("/r/0000-0001/").status_code == 404
    client.force_login(UserFactory())
    answer = client.post(reverse("sharing:code_claim"), {"code": "0000-0001"}, follow=True)
    assert "Nobody has this code" in answer.content.decode()


def test_an_invitation_is_for_one_person_who_is_seen_by_the_name_she_was_given() -> None:
    advocate = UserFactory()
    made = invite(advocate=advocate, name="Jonas")
    assert made.state == "invited"
    code, browser = code_for(user=advocate), phone()
    press(browser, code, made.invitation_key)
    made.refresh_from_db()
    assert made.state == "clicked"
    friend = sign_up(browser)
    late = phone()
    press(late, code, made.invitation_key)
    sign_up(late, "late@lorgnette.example")
    made.refresh_from_db()
    assert made.friend == friend
    assert [each.to_state for each in made.transitions.all()] == ["invited", "clicked", "joined"]


def test_an_advocate_sees_how_far_friends_came_and_no_more(client: Client) -> None:
    campaign()
    advocate = UserFactory(name="Anna")
    client.force_login(advocate)
    invite(advocate=advocate, name="Jonas")
    rewarded = joined(advocate, UserFactory(name="Geheim Person", email="g@secret.example"))
    order = ordered(rewarded.friend)
    later()
    waiting = joined(advocate)
    ordered(waiting.friend)

    page = client.get(reverse("sharing:friends")).content.decode()

    assert "Jonas" in page
    assert "Ordered, and you are rewarded" in page
    assert "if the order is kept" in page
    assert not [word for word in ("Geheim", "secret.example", order.number) if word in page]
    rows = client.get("/api/v1/referrals/").json()["results"]
    assert [row["state"] for row in rows] == ["joined", "rewarded", "invited"]
    assert rows[1]["reward"] == {"amount": "10.00", "currency": "EUR"}
    assert client.get("/api/v1/credit/").json()["balance"]["amount"] == "10.00"
    entries = client.get("/api/v1/credit/entries/").json()["results"]
    assert [(each["kind"], each["amount"]["amount"]) for each in entries] == [("reward", "10.00")]


def test_generations_are_counted_from_chains_and_a_ring_is_walked_once() -> None:
    people = [UserFactory() for _each in range(4)]
    for advocate, friend in itertools.pairwise(people):
        joined(advocate, friend)
    joined(people[0])
    assert generations(advocate_id=people[0].pk) == [(1, 2), (2, 1), (3, 1)]
    assert generations() == [(1, 2), (2, 1), (3, 1)]
    joined(people[-1], people[0])
    assert generations(advocate_id=people[0].pk) == [(1, 2), (2, 1), (3, 1)]


def test_a_code_typed_at_the_checkout_takes_the_gift_off(client: Client) -> None:
    campaign()
    friend = UserFactory()
    client.force_login(friend)

    filled_cart(friend, StockRecordFactory())
    assert "Did a friend send you?" in client.get("/checkout/").content.decode()
    form = {"code": code_for(user=UserFactory()), "next": "/checkout/"}
    page = client.post(reverse("sharing:code_claim"), form, follow=True)
    assert page.redirect_chain[-1][0] == "/checkout/"
    assert "Welcome gift from your friend" in page.content.decode()
    evil = {"code": "x", "next": "https://evil.example/"}
    assert client.post(reverse("sharing:code_claim"), evil).url == reverse("sharing:friends")
