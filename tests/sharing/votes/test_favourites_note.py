"""The friends' favourite that is carried into an order: as it stands when the order is placed."""

from collections.abc import Iterator

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from sharing.votes.buying import put_in_cart
from shop.foundation.outbox import carry_out_due
from shop.orders.models import OrderLine
from shop.orders.queries import cart_lines
from shop.orders.services.checkout import place_order
from tests.factories.sharing import frames_gallery, vote_on
from tests.factories.shop import AddressFactory
from tests.shop.orders.buying import mark_paid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def wished(shared):
    owner, item = shared.gallery.owner, shared.items[0]
    return put_in_cart(owner=owner, gallery_id=shared.gallery.pk, item_id=item.pk)


def placed(cart):
    address = AddressFactory(user=cart.user)
    return place_order(user=cart.user, cart_id=cart.pk, address_id=address.pk)


def test_the_figure_is_of_the_moment_of_placing():
    shared = frames_gallery(frames=2)
    vote_on(shared)
    cart = wished(shared)
    for favourite in (shared.items[0], shared.items[1]):
        vote_on(shared, favourite=favourite)
    assert [each.line.note_words for each in cart_lines(cart)] == ["Friends’ favourite: 2 of 3"]
    assert placed(cart).lines.get().note_words == "Friends’ favourite: 2 of 3"


def test_what_is_no_favourite_any_more_is_not_called_one():
    shared = frames_gallery(frames=2)
    vote_on(shared)
    cart = wished(shared)
    vote_on(shared, favourite=shared.items[1])
    assert placed(cart).lines.get().note == ""


def test_a_gallery_asks_once_for_all_its_frames(django_assert_num_queries):
    shared = frames_gallery(frames=3)
    vote_on(shared)
    cart = wished(shared)
    with django_assert_num_queries(6):
        cart_lines(cart)
    for item in shared.items[1:]:
        put_in_cart(owner=cart.user, gallery_id=shared.gallery.pk, item_id=item.pk)
    with django_assert_num_queries(6):
        assert len(cart_lines(cart)) == 3


def test_it_is_told_in_the_language_of_its_reader(client):
    shared = frames_gallery(frames=2)
    owner = shared.gallery.owner
    owner.language = "de"
    owner.save()
    vote_on(shared)
    with translation.override("en"):
        order = placed(wished(shared))
        mark_paid(order)
        carry_out_due()
    (sent,) = [each for each in mail.outbox if order.number in each.subject]
    assert "Favorit deiner Freunde: 1 von 1" in sent.body
    assert "Friends’" not in sent.body
    client.force_login(owner)
    page = client.get(
        reverse("orders:order", args=[order.number]), headers={"accept-language": "de"}
    )
    assert "Favorit deiner Freunde: 1 von 1" in page.content.decode()
    assert OrderLine.objects.get().note == "favourite:1:1"
