"""How the voting ends: by hand, by date, by purchase; and what becomes of a gallery then."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.errors import (
    GalleryClosedError,
    GalleryGoneError,
    GalleryMissingError,
    LinkMissingError,
    SettingInvalidError,
)
from sharing.galleries.models import Gallery
from sharing.galleries.queries import expired_galleries, open_link
from sharing.galleries.services import (
    archive_gallery,
    bring_back_gallery,
    change_settings,
    close_bought,
    close_due,
    close_gallery,
    create_link,
    reopen_gallery,
)
from sharing.votes.errors import VotingClosedError
from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.orders.services.carts import add_to_cart, cart_for
from shop.orders.services.checkout import PURPOSE, place_order
from shop.payments.gateway import Intent
from shop.payments.queries import payment_for
from shop.payments.services.charges import settle_payment
from tests.factories.sharing import frames_gallery, gallery_with_link, vote_on
from tests.factories.shop import AddressFactory, StockRecordFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def owned(shared):
    return {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}


def paid_order(user, *variant_ids):
    cart = cart_for(user=user)
    for variant_id in variant_ids:
        add_to_cart(cart_id=cart.pk, variant_id=variant_id)
    address = user.addresses.first() or AddressFactory(user=user)
    order = place_order(user=user, cart_id=cart.pk, address_id=address.pk)
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    amount = int(payment.amount.amount * 100)
    settle_payment(
        payment_id=payment.pk, intent=Intent("pi_1", "succeeded", "s", amount_received=amount)
    )
    return order


def test_past_its_deadline_no_vote_is_taken_though_the_beat_has_not_run(friend):
    shared = frames_gallery()
    change_settings(**owned(shared), closes_at=timezone.now() + HOUR)
    vote_on(shared)
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        assert Gallery.objects.get().state == "open"
        with pytest.raises(VotingClosedError):
            vote_on(shared)
        page = friend.get(reverse("sharing:friend_gallery", args=[shared.token]))
        assert "The voting is over" in page.content.decode()


def test_the_beat_closes_what_is_due_once_and_leaves_the_rest():
    due, later, never = frames_gallery(), frames_gallery(), frames_gallery()
    change_settings(**owned(due), closes_at=timezone.now() + HOUR)
    change_settings(**owned(later), closes_at=timezone.now() + 3 * HOUR)
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        assert (close_due(), close_due()) == (1, 0)
    closed = Gallery.objects.get(state="closed")
    assert (closed.pk, closed.closed_because) == (due.gallery.pk, "date")
    event = Event.objects.get(name="gallery_closed")
    created = Event.objects.get(name="gallery_created", subject_id=str(due.gallery.pk))
    assert (event.subject_id, event.person_type) == (str(due.gallery.pk), "shop")
    assert event.caused_by == created.pk
    assert never.gallery.pk != closed.pk


def test_a_deadline_moved_on_at_the_last_moment_is_the_one_that_counts():
    shared = frames_gallery()
    change_settings(**owned(shared), closes_at=timezone.now() + HOUR)
    change_settings(**owned(shared), closes_at=timezone.now() + 5 * HOUR)
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        assert close_due() == 0
        assert vote_on(shared).first


def test_a_paid_order_of_a_frame_ends_the_voting_on_it_and_on_nothing_else():
    shared = gallery_with_link(frames=2)
    owner = shared.gallery.owner
    before, elsewhere = frames_gallery(owner=owner), frames_gallery()
    bought = StockRecordFactory(variant=shared.items[0].variant)
    order = paid_order(owner, bought.variant_id)
    carry_out_due()
    shared.gallery.refresh_from_db()
    assert (shared.gallery.state, shared.gallery.closed_because) == ("closed", "purchase")
    assert set(Gallery.objects.filter(state="open")) == {before.gallery, elsewhere.gallery}
    event = Event.objects.get(name="gallery_closed")
    assert event.caused_by == Event.objects.get(name="order_paid", subject_id=str(order.pk)).pk


def test_a_purchase_heard_of_twice_does_not_end_what_she_opened_again():
    shared = gallery_with_link()
    bought = StockRecordFactory(variant=shared.items[0].variant)
    order = paid_order(shared.gallery.owner, bought.variant_id)
    assert close_bought(order_id=order.pk) == 1
    reopen_gallery(**owned(shared))
    assert close_bought(order_id=order.pk) == 0


def test_each_end_and_each_new_beginning_is_an_event_caused_by_the_one_before():
    shared = gallery_with_link()
    close_gallery(**owned(shared))
    reopen_gallery(**owned(shared))
    close_gallery(**owned(shared))
    archive_gallery(**owned(shared))
    names = ("gallery_created", "gallery_closed", "gallery_reopened", "gallery_archived")
    events = list(Event.objects.filter(name__in=names).order_by("occurred_at"))
    assert [each.name for each in events] == [*names[:3], "gallery_closed", "gallery_archived"]
    created, first, again, second, archived = events
    assert (first.caused_by, again.caused_by) == (created.pk, first.pk)
    assert (second.caused_by, archived.caused_by) == (created.pk, second.pk)
    assert [each.name for each in all_invariants() if breaches(each)] == []


def test_opened_again_after_its_deadline_it_stays_open_until_she_sets_another():
    shared = frames_gallery()
    change_settings(**owned(shared), closes_at=timezone.now() + HOUR)
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        again = reopen_gallery(**owned(shared))
        assert (again.closes_at, again.closed_because) == (None, "")
        assert vote_on(shared).first
        moves = list(again.transitions.values_list("to_state", flat=True))
    assert moves == ["open", "closed", "open"]


def test_what_was_put_away_comes_back_closed_with_its_links():
    shared = gallery_with_link()
    with pytest.raises(IllegalMoveError):
        bring_back_gallery(**owned(shared))
    close_gallery(**owned(shared))
    archive_gallery(**owned(shared))
    with pytest.raises(IllegalMoveError):
        close_gallery(**owned(shared))
    back = bring_back_gallery(**owned(shared))
    assert (back.state, back.closed_because) == ("closed", "hand")
    assert bring_back_gallery(**owned(shared)).state == "closed"
    assert open_link(shared.token).pk == shared.link.pk
    away = Event.objects.get(name="gallery_archived")
    assert Event.objects.get(name="gallery_brought_back").caused_by == away.pk


def test_what_was_put_away_too_long_ago_stays_away(settings):
    shared = gallery_with_link()
    close_gallery(**owned(shared))
    archive_gallery(**owned(shared))
    later = timezone.now() + timedelta(days=settings.GALLERY_KEPT_DAYS, minutes=1)
    with time_machine.travel(later, tick=False), pytest.raises(GalleryGoneError):
        bring_back_gallery(**owned(shared))


def test_what_is_put_away_opens_nothing_is_not_opened_again_and_gets_no_link():
    shared = gallery_with_link()
    with pytest.raises(IllegalMoveError):
        archive_gallery(**owned(shared))
    close_gallery(**owned(shared))
    assert archive_gallery(**owned(shared)) == archive_gallery(**owned(shared))
    with pytest.raises(LinkMissingError):
        open_link(shared.token)
    with pytest.raises(IllegalMoveError):
        reopen_gallery(**owned(shared))
    with pytest.raises(GalleryGoneError):
        create_link(**owned(shared))


def test_thirty_days_after_its_end_a_gallery_opens_nothing_and_is_to_be_erased(settings):
    shared, other = gallery_with_link(), gallery_with_link()
    create_link(**owned(shared), life=timedelta(days=90))
    close_gallery(**owned(shared))
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert open_link(shared.token)
        assert not expired_galleries(timezone.now()).exists()
    later = timezone.now() + timedelta(days=30, minutes=1)
    with time_machine.travel(later, tick=False):
        assert list(expired_galleries(later)) == [shared.gallery]
        shared.link.expires_at = later + HOUR
        shared.link.save()
        with pytest.raises(LinkMissingError):
            open_link(shared.token)
        with pytest.raises(GalleryGoneError):
            reopen_gallery(**owned(shared))
        Gallery.objects.filter(pk=shared.gallery.pk).update(erased_at=later)
        assert not expired_galleries(later).exists()
    assert other.gallery.closed_at is None


def test_settings_change_while_friends_vote_and_not_after():
    shared, ends = gallery_with_link(), timezone.now() + timedelta(days=2)
    set_to = change_settings(
        **owned(shared), question="Blue?", closes_at=ends, is_blind=False, names_shown="friends"
    )
    set_to.refresh_from_db()
    assert (set_to.question, set_to.closes_at, set_to.is_blind, set_to.names_shown) == (
        "Blue?",
        ends,
        False,
        "friends",
    )
    assert change_settings(**owned(shared), question=" ").question == "Which pair should I keep?"
    assert change_settings(**owned(shared), closes_at=None).closes_at is None
    close_gallery(**owned(shared))
    with pytest.raises(GalleryClosedError):
        change_settings(**owned(shared), question="Red?")
    with pytest.raises(GalleryMissingError):
        change_settings(owner=UserFactory(), gallery_id=shared.gallery.pk, question="Red?")


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": timezone.now() - HOUR},
        {"closes_at": timezone.now() + timedelta(days=4000)},
        {"question": "x" * 141},
        {"names_shown": "everybody"},
    ],
)
def test_a_gallery_cannot_be_set_so(changes):
    with pytest.raises(SettingInvalidError):
        change_settings(**owned(gallery_with_link()), **changes)


def test_names_given_to_the_owner_alone_stay_hers():
    shared = gallery_with_link()
    vote_on(shared)
    change_settings(**owned(shared), names_shown="friends")
    change_settings(**owned(shared), names_shown="owner")
    vote_on(shared, name="Jo")
    with pytest.raises(SettingInvalidError):
        change_settings(**owned(shared), names_shown="friends")
