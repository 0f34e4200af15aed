"""Whoever starts the demo shop finds the rooms of friends alive, and loads them once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from sharing.bookmarks.models import Bookmark, Follow
from sharing.circles.models import Circle
from sharing.demo import SAVED, TRIED, UNRELEASED, VOTES, ensure_friends
from sharing.galleries.models import Gallery
from sharing.ideas.models import Idea
from sharing.photos.models import Photo
from sharing.referrals.models import Campaign
from sharing.testers.models import Panel, Question
from sharing.votes.queries import standing
from shop.catalogue.models import Frame
from shop.customers.models import User
from shop.demo import ensure_people
from shop.demo_logins import LOGINS
from tests.factories.sharing import frames_gallery
from tests.factories.shop import StockRecordFactory
from tests.factories.trials import TrialUnitFactory
from trials.demo import ensure_programme
from trials.home_trials.models import Trial
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(private_files) -> User:
    """The demo's customer, in a shop that has the frames she tries and saves."""
    ensure_people()
    ensure_programme()
    for handle in (*TRIED, *(handle for handle, _tags, _note in SAVED)):
        TrialUnitFactory(variant=StockRecordFactory(variant__frame__handle=handle).variant)
    return User.objects.get(email=LOGINS[0][1])


def test_no_room_of_friends_is_bare(mia: User, client: Client) -> None:
    assert ensure_friends()

    gallery = Gallery.objects.get(owner=mia)
    assert standing(gallery).total == len(VOTES)
    assert gallery.trial is not None
    assert gallery.trial.state == "delivered"
    # She can send it back: the labels that the page and the mails speak of are there.
    assert {each.leg for each in gallery.trial.shipments.all()} == {"outbound", "return"}
    assert Campaign.objects.count() == 1
    assert not Frame.objects.get(handle=UNRELEASED).published
    client.force_login(mia)
    seen = {
        reverse("sharing:gallery", args=[gallery.pk]): "looks like you",
        reverse("trials:trial", args=[gallery.trial.number]): str(gallery.pk),
        reverse("sharing:circle_list"): "Sisters",
        reverse("sharing:saved"): "narrow bridge",
        reverse("sharing:test_list"): "The frame after next",
        reverse("sharing:idea_list"): "Clip-on sunglasses",
        reverse("sharing:friends"): "10",
    }
    for address, words in seen.items():
        assert words in client.get(address).content.decode(), address


def test_it_is_loaded_once_and_never_beside_what_somebody_began(mia: User) -> None:
    assert [ensure_friends(), ensure_friends()] == [True, False]
    assert (Trial.objects.count(), Gallery.objects.count()) == (1, 1)


class BrokenOffError(Exception):
    """The database went away in the middle."""


@contextmanager
def _going_away_after(writes: int) -> Iterator[None]:
    """Let the database take so many writes more."""
    left = writes

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "WITH")):
            left -= 1
            if left < 0:
                raise BrokenOffError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def _all_there(mia: User) -> dict[str, object]:
    gallery = Gallery.objects.get(owner=mia)
    assert gallery.trial is not None
    circle = Circle.objects.get()
    return {
        "trial": (Trial.objects.count(), gallery.trial.state),
        "frames": gallery.items.count(),
        "votes": standing(gallery).total,
        "links": gallery.links.count(),
        "photos": {photo.state for photo in Photo.objects.all()} | {Photo.objects.count()},
        "circle": circle.memberships.present().count(),
        "saved": Bookmark.objects.count(),
        "follows": Follow.objects.count(),
        "panel": (
            Panel.objects.count(),
            Question.objects.count(),
            Panel.objects.get().testers.get().state,
        ),
        "unreleased": TrialUnit.objects.filter(variant__frame__handle=UNRELEASED).count(),
        "ideas": sorted(Idea.objects.values_list("state", flat=True)),
        "campaigns": Campaign.objects.count(),
    }


WHOLE = {
    "trial": (1, "delivered"),
    "frames": len(TRIED),
    "votes": len(VOTES),
    "links": 1,
    "photos": {"ready", 3},
    "circle": 2,
    "saved": len(SAVED) + 1,
    "follows": 1,
    "panel": (1, 3, "accepted"),
    "unreleased": 2,
    "ideas": ["planned", "proposed"],
    "campaigns": 1,
}


@pytest.mark.django_db(transaction=True)
def test_a_load_that_broke_off_is_made_whole_by_the_next(mia: User) -> None:
    """Each of a row of starts gets a little further; the last finds nothing missing."""
    broken, writes = 0, 4
    while True:
        try:
            with _going_away_after(writes):
                assert ensure_friends()
            break
        except BrokenOffError:
            broken += 1
            # Longer each time: what is one transaction must fit into one.
            writes += 3
    assert broken >= 10
    assert _all_there(mia) == WHOLE
    assert not ensure_friends()


def test_what_became_of_it_afterwards_is_left_alone(mia: User) -> None:
    ensure_friends()
    Bookmark.objects.all().delete()
    assert not ensure_friends()
    assert not Bookmark.objects.exists()


def test_somebody_who_began_as_mia_before_keeps_what_she_has(mia: User) -> None:
    begun = frames_gallery(owner=mia)
    assert not ensure_friends()
    assert Gallery.objects.get() == begun.gallery
    assert not Trial.objects.exists()
