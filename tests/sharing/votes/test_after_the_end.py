"""What a gallery says once its voting is over: to its owner, to who voted, to who came too late."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sharing.galleries.services import close_gallery
from sharing.votes.queries import standing
from sharing.votes.telling import verdict
from tests.factories.sharing import SharedGallery, gallery_with_link, vote_on
from tests.sharing.conftest import PHONE
from tests.sharing.votes.test_closed_pages import buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> SharedGallery:
    shared = gallery_with_link(frames=3)
    shared.gallery.owner.name = "Mia Brandt"
    shared.gallery.owner.save(update_fields=["name"])
    return shared


def told(shared: SharedGallery, **how: bool) -> tuple[str, str]:
    names = {
        item.pk: name for item, name in zip(shared.items, ("Hugo", "Cleo", "Greta"), strict=True)
    }
    found = verdict(standing(shared.gallery), names, closed=True, **how)
    return found["says"], found["why"]


def voter(shared: SharedGallery) -> Client:
    browser = Client(headers={"user-agent": PHONE})
    browser.cookies["lorgnette_friend"] = "v" * 32
    vote_on(shared, browser="v" * 32)
    return browser


def page(shared: SharedGallery) -> str:
    return reverse("sharing:friend_gallery", args=[shared.token])


def close(shared: SharedGallery) -> None:
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)


def owners_page(shared: SharedGallery) -> str:
    browser = Client()
    browser.force_login(shared.gallery.owner)
    return browser.get(reverse("sharing:gallery", args=[shared.gallery.pk])).content.decode()


def test_of_one_mind_is_told_as_such_and_in_the_past(shared):
    vote_on(shared)
    assert told(shared) == ("The only pick went to Hugo", "")
    vote_on(shared)
    chance = "With so few picks that may be chance."
    assert told(shared) == ("Everybody picked Hugo", f"2 of 2 picked it. {chance}")
    vote_on(shared, favourite=shared.items[1])
    assert told(shared) == ("Hugo was ahead, by a little", f"2 of 3 picked it. {chance}")


def test_once_a_pair_is_bought_nothing_is_said_of_chance(shared):
    vote_on(shared)
    vote_on(shared)
    assert told(shared, bought=True) == ("Everybody picked Hugo", "2 of 2 picked it.")
    with translation.override("de"):
        assert told(shared, bought=True) == (
            "Alle haben Hugo gewählt",
            "2 von 2 haben sie gewählt.",
        )


def test_who_voted_reads_after_the_purchase_what_it_became(shared):
    browser = voter(shared)
    buy(shared, shared.items[0])
    body = browser.get(reverse("sharing:thanks", args=[shared.token])).content.decode()
    assert f"It became {shared.items[0].variant}." in body
    assert "The voting is over" in body
    assert "Your vote is in" not in body


def test_thanks_say_what_she_picked(shared):
    browser = voter(shared)
    body = browser.get(reverse("sharing:thanks", args=[shared.token])).content.decode()
    assert f"Your pick: {shared.items[0].variant}" in body


def test_her_order_stands_beneath_her_thanks(shared):
    browser = Client(headers={"user-agent": PHONE})
    browser.cookies["lorgnette_friend"] = "o" * 32
    ids = [item.pk for item in shared.items]
    vote_on(shared, browser="o" * 32, places={ids[1]: 1, ids[2]: 2})
    body = browser.get(reverse("sharing:thanks", args=[shared.token])).content.decode()
    names = [str(item.variant) for item in shared.items]
    assert f"1. {names[0]} · 2. {names[1]} · 3. {names[2]}" in body


def test_a_friend_who_comes_too_late_has_a_way_on(shared, friend):
    close(shared)
    body = friend.get(page(shared)).content.decode()
    assert "Tell Mia: she can let friends vote again." in body
    assert "And which would suit you?" in body
    assert f'href="{reverse("catalogue:frame_list")}"' in body


def test_a_friend_who_voted_has_it_too_with_her_gift(shared):
    browser = voter(shared)
    close(shared)
    body = browser.get(page(shared)).content.decode()
    assert "And which would suit you?" in body
    assert f'action="{reverse("sharing:referral_click", args=[shared.token])}"' in body
    assert "let friends vote again" not in body


def test_the_owner_of_a_closed_gallery_is_not_told_to_ask(shared):
    assert "Ask your friends" in owners_page(shared)
    close(shared)
    body = owners_page(shared)
    assert 'id="share"' not in body
    assert "A link for somebody special" not in body
    assert "Let friends vote again" in body


def test_nobody_votes_again_on_what_is_bought(shared):
    vote_on(shared)
    buy(shared, shared.items[0])
    body = owners_page(shared)
    assert "Let friends vote again" not in body
    assert "Put it away" in body
