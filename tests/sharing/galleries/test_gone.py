"""What opens nothing any more: the same 404 for all of it, at once, kept by no cache."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.services import archive_gallery, close_gallery, revoke_link
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import SharedGallery, gallery_with_link, ready_photo

pytestmark = pytest.mark.django_db
UNKNOWN = "x" * 43
# New in each answer; they say nothing of what was asked for.
MASKED = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"request_id":"\w+"')


def revoked(shared: SharedGallery) -> None:
    owner, gallery_id = shared.gallery.owner, shared.gallery.pk
    revoke_link(owner=owner, gallery_id=gallery_id, link_id=shared.link.pk)


def expired(shared: SharedGallery) -> None:
    ShareLink.objects.filter(pk=shared.link.pk).update(expires_at=timezone.now())


def put_away(shared: SharedGallery) -> None:
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    archive_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)


def erased(shared: SharedGallery) -> None:
    Gallery.objects.filter(pk=shared.gallery.pk).update(erased_at=timezone.now())


def ended_long_ago(shared: SharedGallery) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=31), tick=False):
        close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)


WAYS = [revoked, expired, put_away, erased, ended_long_ago]


@pytest.fixture
def shared() -> SharedGallery:
    made = gallery_with_link(channel="instagram")
    ready_photo(made.items[0].trial_item)
    carry_out_due()
    return made


def for_friends(shared: SharedGallery, token: str) -> list[str]:
    photo = shared.items[0].trial_item.photos.get()
    return [
        *(reverse(f"sharing:{name}", args=[token]) for name in ("friend_gallery", "preview")),
        reverse("sharing:friend_photo", args=[token, photo.pk, 320, "webp"]),
        reverse("sharing:friend_photo", args=[token, photo.pk, 1600, "jpg"]),
        reverse("sharing:thanks", args=[token]),
        reverse("api-shared", args=[token]),
        reverse("api-shared-standing", args=[token]),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_page_photos_card_and_api_answer_as_if_there_had_never_been_a_link(friend, shared, way):
    assert friend.get(for_friends(shared, shared.token)[0]).status_code == 200
    way(shared)
    for gone, never in zip(
        for_friends(shared, shared.token), for_friends(shared, UNKNOWN), strict=True
    ):
        answers = [friend.get(gone), friend.get(never)]
        assert [each.status_code for each in answers] == [404, 404]
        bodies = [MASKED.sub("", each.content.decode()) for each in answers]
        assert bodies[0].replace(shared.token, UNKNOWN) == bodies[1]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_can_be_sent_to_it(friend, shared, way):
    way(shared)
    for name in ("vote", "enter", "referral_click"):
        answer = friend.post(reverse(f"sharing:{name}", args=[shared.token]), {"favourite": "1"})
        assert answer.status_code == 404
    for name in ("api-shared-enter", "api-shared-referral"):
        assert friend.post(reverse(name, args=[shared.token])).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_its_owner_gets_no_code_and_no_story_of_it_either(client, shared, way):
    client.force_login(shared.gallery.owner)
    link = [shared.gallery.pk, shared.link.pk]
    urls = [
        reverse("sharing:link_qr", args=link),
        reverse("sharing:link_story", args=[*link, "frames"]),
        reverse("sharing:link_story", args=[*link, "photos"]),
        reverse("api-link-qr", args=link),
        reverse("api-link-story", args=[*link, "photos"]),
    ]
    assert [client.get(url).status_code for url in urls] == [200] * len(urls)
    way(shared)
    assert [client.get(url).status_code for url in urls] == [404] * len(urls)
    assert (
        shared.token
        not in client.get(reverse("sharing:gallery", args=[shared.gallery.pk])).content.decode()
    )


def test_no_cache_keeps_any_of_it_while_it_opens(client, friend, shared):
    client.force_login(shared.gallery.owner)
    link = [shared.gallery.pk, shared.link.pk]
    answers = [friend.get(url) for url in for_friends(shared, shared.token)]
    answers += [
        client.get(reverse("sharing:gallery", args=link[:1])),
        client.get(reverse("sharing:link_qr", args=link)),
        client.get(reverse("sharing:link_story", args=[*link, "photos"])),
    ]
    for answer in answers:
        if answer.status_code == 200:
            assert "no-store" in answer["Cache-Control"], answer.request["PATH_INFO"]
            assert "noindex" in answer["X-Robots-Tag"], answer.request["PATH_INFO"]


def test_the_stored_card_is_deleted_with_its_link_and_with_its_gallery(shared, private_files):
    assert len(list(private_files.glob("previews/*/*.png"))) == 1
    put_away(shared)
    carry_out_due()
    assert not list(private_files.glob("previews/*/*.png"))
