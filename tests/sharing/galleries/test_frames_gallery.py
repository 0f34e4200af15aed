"""Galleries of chosen frames, before a trial."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.errors import FramesInvalidError, TooManyGalleriesError
from sharing.galleries.models import Gallery
from sharing.galleries.queries import shown_frames
from sharing.galleries.services import close_gallery, create_frames_gallery
from sharing.galleries.services.galleries import OPEN_FRAMES_GALLERIES
from shop.analytics.models import Event
from shop.analytics.recount import comparable, recount
from shop.analytics.scorecard import scorecard
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.sharing import ballot_paper, frames_gallery, gallery_with_link, vote_on
from tests.factories.shop import StockRecordFactory, UserFactory

pytestmark = pytest.mark.django_db


def variants(count: int) -> list[int]:
    return [StockRecordFactory().variant_id for _each in range(count)]


def test_chosen_frames_are_shown_in_their_order_by_the_catalogues_pictures():
    owner, chosen = UserFactory(), variants(3)
    gallery = create_frames_gallery(owner=owner, variant_ids=[*reversed(chosen), chosen[0]])
    assert [item.variant_id for item in gallery.items.all()] == list(reversed(chosen))
    assert (gallery.kind, gallery.trial, gallery.question) == (
        "frames",
        None,
        "Which ones should I try on?",
    )
    assert [frame.photos for frame in shown_frames(gallery)] == [[], [], []]


def test_what_led_to_it_is_the_cause_of_its_event_and_no_trial_is_named():
    cause = Event.objects.get(name="gallery_created", subject_id=str(frames_gallery().gallery.pk))
    gallery = create_frames_gallery(
        owner=UserFactory(), variant_ids=variants(2), caused_by=cause.pk
    )
    event = Event.objects.get(name="gallery_created", subject_id=str(gallery.pk))
    assert (event.caused_by, event.details) == (cause.pk, {"trial": "", "kind": "frames"})


@pytest.mark.parametrize("count", [0, 1, 6])
def test_fewer_than_two_and_more_than_five_frames_make_no_gallery(count):
    with pytest.raises(FramesInvalidError):
        create_frames_gallery(owner=UserFactory(), variant_ids=variants(count))
    assert not Gallery.objects.exists()


def test_a_frame_that_is_not_sold_makes_no_gallery():
    record = StockRecordFactory()
    record.variant.active = False
    record.variant.save()
    with pytest.raises(FramesInvalidError):
        create_frames_gallery(owner=UserFactory(), variant_ids=[record.variant_id, *variants(1)])


def test_the_same_choice_asked_twice_is_one_gallery_until_it_has_ended():
    owner, chosen = UserFactory(), variants(2)
    first = create_frames_gallery(owner=owner, variant_ids=chosen)
    assert create_frames_gallery(owner=owner, variant_ids=chosen[::-1]) == first
    close_gallery(owner=owner, gallery_id=first.pk)
    assert create_frames_gallery(owner=owner, variant_ids=chosen) != first


def test_open_choices_are_limited():
    owner, chosen = UserFactory(), variants(OPEN_FRAMES_GALLERIES + 2)
    for number in range(OPEN_FRAMES_GALLERIES):
        create_frames_gallery(owner=owner, variant_ids=chosen[number : number + 2])
    with pytest.raises(TooManyGalleriesError):
        create_frames_gallery(owner=owner, variant_ids=chosen[-2:])


def test_the_database_holds_no_gallery_of_a_trial_without_one():
    gallery = frames_gallery().gallery
    with pytest.raises(IntegrityError), transaction.atomic():
        Gallery.objects.filter(pk=gallery.pk).update(kind="trial")


def test_every_page_bears_a_gallery_without_a_trial(client, friend):
    shared = frames_gallery()
    page = reverse("sharing:friend_gallery", args=[shared.token])
    assert friend.get(page).status_code == 200
    sent = {"paper": ballot_paper(shared, friend), f"reaction-{shared.items[0].pk}": "love"}
    vote_url = reverse("sharing:vote", args=[shared.token])
    assert friend.post(vote_url, sent).status_code == 302
    for name in ("thanks", "preview"):
        assert friend.get(reverse(f"sharing:{name}", args=[shared.token])).status_code == 200
    client.force_login(shared.gallery.owner)
    for name in ("gallery", "gallery_standing"):
        answer = client.get(reverse(f"sharing:{name}", args=[shared.gallery.pk]))
        assert answer.status_code == 200
    listed = client.get(reverse("sharing:gallery_list")).content.decode()
    assert "Which ones should I try on?" in listed


def test_a_frame_goes_from_a_gallery_without_a_trial_into_the_cart(client):
    shared = frames_gallery()
    vote_on(shared)
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:gallery_buy", args=[shared.gallery.pk])
    assert client.post(url, {"item": shared.items[0].pk}).status_code == 302
    line = shared.gallery.owner.carts.get().lines.get()
    assert (line.origin, line.note_words) == (
        f"gallery:{shared.gallery.pk}:",
        "Friends’ favourite: 1 of 1",
    )


def test_the_figures_count_trials_alone_and_agree():
    vote_on(frames_gallery())
    vote_on(gallery_with_link())
    now = timezone.now()
    period = {"since": now - timedelta(days=7), "until": now + timedelta(days=1)}
    card = scorecard(**period)
    assert card.stages["voted"] == 1
    assert comparable(card) == recount(**period)
    assert [each.name for each in all_invariants() if breaches(each)] == []
