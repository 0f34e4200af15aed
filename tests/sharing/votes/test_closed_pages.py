"""A gallery whose voting is over says how it ended and what it became, and asks for nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.galleries.services import change_settings, close_gallery
from sharing.galleries.tokens import new_browser_token
from sharing.votes.queries import standing
from sharing.votes.telling import verdict
from shop.foundation.outbox import carry_out_due
from shop.orders.services.carts import add_to_cart, cart_for
from shop.orders.services.checkout import place_order
from tests.factories.sharing import gallery_with_link, ready_photo, vote_on
from tests.factories.shop import AddressFactory, StockRecordFactory
from tests.sharing.votes.test_friend_pages import page, post_vote
from tests.shop.orders.buying import mark_paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    made = gallery_with_link(frames=2)
    made.gallery.owner.name = "Mia Muster"
    made.gallery.owner.save(update_fields=["name"])
    return made


def close(shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)


def buy(shared, item):
    """Let the owner buy a frame of her gallery, which ends the voting."""
    owner = shared.gallery.owner
    StockRecordFactory(variant=item.variant)
    cart = cart_for(user=owner)
    add_to_cart(cart_id=cart.pk, variant_id=item.variant_id)
    order = place_order(user=owner, cart_id=cart.pk, address_id=AddressFactory(user=owner).pk)
    mark_paid(order)
    while carry_out_due():
        pass


def seen(browser, shared):
    return browser.get(page(shared)).content.decode()


def test_who_voted_sees_the_result_first_and_her_own_pick_and_no_control(shared, friend):
    assert "It takes 20 seconds" in seen(friend, shared)
    post_vote(friend, shared)
    close(shared)
    over = seen(friend, shared)
    assert "20 seconds" not in over
    assert "Mia asked. The voting is over" in over
    assert over.index('class="standing"') < over.index('class="look"')
    assert over.count("Your pick") == over.count("You love it") == 1
    for control in ("Make it my pick", 'name="favourite"', 'id="vote-form"', 'name="paper"'):
        assert control not in over


def test_who_did_not_vote_reads_only_that_it_is_over(shared, friend):
    vote_on(shared)
    close(shared)
    over = seen(friend, shared)
    assert "How it ended is shown to those who voted." in over
    assert 'class="standing"' not in over


def test_nothing_is_said_of_one_more_friend_once_it_is_over(shared, friend, client):
    first, second = shared.items
    vote_on(shared, favourite=first)
    post_vote(friend, shared, favourite=second.pk)
    client.force_login(shared.gallery.owner)
    address = reverse("sharing:gallery", args=[shared.gallery.pk])
    assert "One more friend can decide it" in client.get(address).content.decode()
    close(shared)
    thanks = friend.get(reverse("sharing:thanks", args=[shared.token])).content.decode()
    for text in (client.get(address).content.decode(), thanks, seen(friend, shared)):
        assert "One more friend" not in text
        assert "A tie" in text


def test_the_owner_reads_what_she_bought_and_is_not_offered_it_again(shared, client):
    first, second = shared.items
    buy(shared, first)
    client.force_login(shared.gallery.owner)
    text = client.get(reverse("sharing:gallery", args=[shared.gallery.pk])).content.decode()
    assert f"The voting ended when you bought {first.variant}." in text
    assert text.count("You bought this pair.") == 1
    assert f'name="item" value="{first.pk}"' not in text
    assert f'name="item" value="{second.pk}"' in text


@pytest.mark.parametrize("says", [True, False])
def test_friends_who_voted_read_what_it_became_if_the_owner_says_so(shared, friend, says):
    post_vote(friend, shared, favourite=shared.items[0].pk)
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    if not says:
        change_settings(**own, shows_bought=False)
    buy(shared, shared.items[1])
    thanks = friend.get(reverse("sharing:thanks", args=[shared.token])).content.decode()
    became = f"It became {shared.items[1].variant}." in seen(friend, shared)
    assert (became, "Bought" in thanks) == (says, says)


def test_who_has_not_voted_does_not_read_what_it_became(shared, friend):
    buy(shared, shared.items[1])
    assert "It became" not in seen(friend, shared)


@pytest.mark.parametrize("says", [True, False])
def test_the_mail_on_what_was_bought_follows_the_same_setting(shared, friend, says, mailoutbox):
    item = shared.items[0]
    post_vote(friend, shared, favourite=item.pk, news="yes", email="friend@friends.example")
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    change_settings(**own, shows_bought=says)
    buy(shared, item)
    assert len([mail for mail in mailoutbox if "friend@friends.example" in mail.to]) == says


@pytest.mark.parametrize(
    ("names", "words"),
    [("owner", "others who have voted here read it without"), ("friends", "with your name")],
)
def test_a_friend_reads_who_will_read_her_words(shared, friend, names, words):
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    change_settings(**own, names_shown=names)
    text = seen(friend, shared)
    assert words in text
    assert 'aria-describedby="readers"' in text


def test_one_quiet_link_leads_to_the_photos_that_may_be_hidden(shared, friend):
    choose = reverse("sharing:photos_object", args=[shared.token])
    assert choose not in seen(friend, shared)
    photos = [ready_photo(item.trial_item) for item in shared.items]
    text = seen(friend, shared)
    assert text.count("Are you in a photo here?") == 1
    assert text.index('class="look"') < text.index(choose)
    listed = friend.get(choose).content.decode()
    for each in photos:
        assert reverse("sharing:photo_object", args=[shared.token, each.pk]) in listed
        assert reverse("sharing:photo_object", args=[shared.token, each.pk]) not in text
    assert friend.get(choose).headers["Cache-Control"] == "private, no-store"


def test_a_verdict_of_closed_votes_hopes_for_no_further_ones():
    shared = gallery_with_link(frames=2)
    vote_on(shared, favourite=shared.items[0])
    names = {item.pk: str(item.variant) for item in shared.items}
    told = verdict(standing(shared.gallery), names, closed=True)
    assert (told["says"].startswith("The only pick went to"), told["why"]) == (True, "")


def bought_by_api(browser, address, **headers):
    return browser.get(address, headers=headers).json()["bought"]


@pytest.mark.parametrize("says", [True, False])
def test_the_api_says_what_was_bought_to_those_who_may_hear_it(shared, client, says):
    """The owner always; friends who voted, once the voting is over, if the owner says so."""
    other = Client()
    opened = reverse("api-shared", args=[shared.token])
    strangers, voters = ({"X-Voter-Token": new_browser_token()} for _each in range(2))
    vote_on(shared, browser=voters["X-Voter-Token"])
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    change_settings(**own, shows_bought=says)
    client.force_login(shared.gallery.owner)
    mine = reverse("api-gallery", args=[shared.gallery.pk])
    assert bought_by_api(client, mine) == bought_by_api(other, opened, **voters) == []

    item = shared.items[1]
    buy(shared, item)

    assert bought_by_api(client, mine) == [item.pk]
    assert bought_by_api(other, opened, **voters) == ([item.pk] if says else [])
    assert bought_by_api(other, opened, **strangers) == []
