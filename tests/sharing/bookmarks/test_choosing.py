"""Wherever saved frames can be put into a box or shown to friends, each has its tick."""

import pytest
from django.test import Client

from sharing.galleries.models import Gallery
from tests.factories.circles import circle_of, saved
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db

BAR, TICK = 'id="choose"', 'name="bookmark"'


@pytest.fixture
def mia():
    return UserFactory()


@pytest.fixture
def pages(mia):
    circle = circle_of(mia, UserFactory())
    mine = saved(mia, circle=circle, tags=["round"])
    return {
        "mine": "/saved/",
        "mine by tag": "/saved/?tag=round",
        "person": f"/saved/people/{mine.owner.shelf.pk}/",
        "tag": "/saved/tags/round/",
        "circle": f"/circles/{circle.pk}/",
    }


@pytest.mark.parametrize("name", ["mine", "mine by tag", "person", "tag", "circle"])
def test_a_page_with_the_bar_has_the_ticks(name, pages, mia, client):
    client.force_login(mia)
    page = client.get(pages[name]).content.decode()
    assert (page.count(BAR), page.count(TICK)) == (1, 1)


def test_who_has_no_account_sees_neither(mia):
    mine = saved(mia, audience="public", tags=["round"])
    for path in ("/saved/tags/round/", f"/saved/people/{mine.owner.shelf.pk}/"):
        page = Client().get(path).content.decode()
        assert mine.frame.name in page
        assert BAR not in page
        assert TICK not in page


def test_what_she_saved_herself_becomes_a_gallery(mia, client):
    chosen = [saved(mia), saved(mia)]
    client.force_login(mia)
    assert client.get("/saved/").content.decode().count(TICK) == 2
    client.post("/saved/to-gallery/", {"bookmark": [each.pk for each in chosen]})
    (gallery,) = Gallery.objects.filter(owner=mia)
    assert {item.variant_id for item in gallery.items.all()} == {each.variant_id for each in chosen}
