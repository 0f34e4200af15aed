"""Whoever starts the demo shop finds the rooms of friends alive, and loads them once."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.demo import SAVED, TRIED, UNRELEASED, VOTES, ensure_friends
from sharing.galleries.models import Gallery
from sharing.referrals.models import Campaign
from sharing.votes.queries import standing
from shop.catalogue.models import Frame
from shop.customers.models import User
from shop.demo import ensure_people
from shop.demo_logins import LOGINS
from tests.factories.shop import StockRecordFactory
from tests.factories.trials import TrialUnitFactory
from trials.demo import ensure_programme
from trials.home_trials.models import Trial

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
