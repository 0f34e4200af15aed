"""Galleries and the links that open them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sharing.galleries.errors import (
    GalleryMissingError,
    GalleryTooEarlyError,
    LinkMissingError,
    TooManyLinksError,
)
from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.queries import open_link, sendable_token
from sharing.galleries.services import (
    OPEN_LINKS_A_GALLERY,
    close_gallery,
    create_gallery,
    create_link,
    reopen_gallery,
    revoke_link,
)
from sharing.galleries.states import GalleryState
from sharing.galleries.tokens import link_token, token_hash
from sharing.votes.queries import standing
from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from shop.orders.notes import favourite_note
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import UserFactory
from tests.factories.trials import delivered_trial, shipped_trial

pytestmark = pytest.mark.django_db


def test_a_gallery_shows_every_frame_of_a_delivered_trial_and_asks():
    trial = delivered_trial(frames=3)
    gallery = create_gallery(owner=trial.user, trial_id=trial.pk)
    assert gallery.question == "Which pair should I keep?"
    assert {item.trial_item.trial_id for item in gallery.items.all()} == {trial.pk}
    assert [item.position for item in gallery.items.all()] == [1, 2, 3]
    event = Event.objects.get(name="gallery_created")
    assert (event.subject_type, event.subject_id) == ("gallery", str(gallery.pk))
    assert event.details["trial"] == str(trial.pk)


def test_a_trial_has_one_gallery_however_often_it_is_asked_for():
    trial = delivered_trial()
    first = create_gallery(owner=trial.user, trial_id=trial.pk, question="One?")
    again = create_gallery(owner=trial.user, trial_id=trial.pk, question="Two?")
    assert (again.pk, again.question) == (first.pk, "One?")


def test_no_gallery_before_the_frames_are_home_or_of_somebody_elses_trial():
    trial = shipped_trial()
    with pytest.raises(GalleryTooEarlyError):
        create_gallery(owner=trial.user, trial_id=trial.pk)
    with pytest.raises(GalleryMissingError):
        create_gallery(owner=UserFactory(), trial_id=trial.pk)
    assert not Gallery.objects.exists()


def test_a_link_is_long_stored_hashed_and_shown_again():
    shared = gallery_with_link()
    assert len(shared.token) == 43
    row = ShareLink.objects.get()
    assert row.token_hash == token_hash(shared.token)
    assert shared.token not in str(vars(row))
    assert sendable_token(row) == shared.token


def test_a_link_made_under_an_earlier_secret_key_opens_and_is_not_shown(settings):
    shared = gallery_with_link()
    settings.SECRET_KEY = "another key of the same shop, made after a leak"
    assert open_link(shared.token) == shared.link
    assert sendable_token(shared.link) == ""


def test_a_link_opens_for_thirty_days():
    shared = gallery_with_link()
    life = shared.link.expires_at - shared.link.created_at
    assert life == timedelta(days=30)
    ShareLink.objects.update(expires_at=timezone.now())
    with pytest.raises(LinkMissingError):
        open_link(shared.token)


def test_a_withdrawn_link_is_withdrawn_once():
    shared = gallery_with_link()
    where = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    first = revoke_link(**where, link_id=shared.link.pk)
    again = revoke_link(**where, link_id=shared.link.pk)
    assert first.revoked_at == again.revoked_at
    assert Event.objects.filter(name="link_revoked").count() == 1
    with pytest.raises(LinkMissingError):
        open_link(shared.token)


def test_nobody_else_makes_or_withdraws_links_or_ends_the_voting():
    shared, other = gallery_with_link(), UserFactory()
    for act in (
        lambda: create_link(owner=other, gallery_id=shared.gallery.pk),
        lambda: revoke_link(owner=other, gallery_id=shared.gallery.pk, link_id=shared.link.pk),
        lambda: close_gallery(owner=other, gallery_id=shared.gallery.pk),
        lambda: reopen_gallery(owner=other, gallery_id=shared.gallery.pk),
    ):
        with pytest.raises(GalleryMissingError):
            act()
    assert open_link(shared.token).gallery.state == GalleryState.OPEN


def test_a_link_of_another_gallery_cannot_be_withdrawn_through_ones_own():
    mine, theirs = gallery_with_link(), gallery_with_link()
    with pytest.raises(LinkMissingError):
        revoke_link(owner=mine.gallery.owner, gallery_id=mine.gallery.pk, link_id=theirs.link.pk)
    assert open_link(theirs.token)


def test_open_links_are_limited():
    shared = gallery_with_link()
    for _each in range(OPEN_LINKS_A_GALLERY - 1):
        create_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    with pytest.raises(TooManyLinksError):
        create_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)


def test_a_gallery_closes_and_opens_again_with_its_moves_written_down():
    shared = gallery_with_link()
    where = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    for _twice in range(2):
        assert close_gallery(**where).closed_at is not None
    assert reopen_gallery(**where).closed_at is None
    moves = list(shared.gallery.transitions.values_list("from_state", "to_state"))
    assert moves == [("", "open"), ("open", "closed"), ("closed", "open")]


def test_the_preview_card_is_1200_by_630_and_shows_no_photo(friend, private_files):
    shared = gallery_with_link()
    url = reverse("sharing:preview", args=[shared.token])
    composed = friend.get(url)
    carry_out_due()
    stored = friend.get(url)
    for response in (composed, stored):
        assert response["Content-Type"] == "image/png"
        assert "no-store" in response["Cache-Control"]
        content = response.getvalue() if response.streaming else response.content
        assert Image.open(BytesIO(content)).size == (1200, 630)
    assert len(list(private_files.glob("previews/*/*.png"))) == 1


def test_a_link_withdrawn_before_its_card_was_made_leaves_none(private_files):
    shared = gallery_with_link()
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    carry_out_due()
    assert not list(private_files.glob("previews/*/*.png"))


def test_the_trials_page_leads_to_a_gallery_with_a_link(client):
    trial = delivered_trial()
    client.force_login(trial.user)
    trial_page = reverse("trials:trial", args=[trial.number])
    assert "Ask your friends" in client.get(trial_page).content.decode()
    response = client.post(reverse("sharing:gallery_create"), {"trial": trial.number})
    gallery = Gallery.objects.get()
    assert response.url == reverse("sharing:gallery", args=[gallery.pk])
    body = client.get(response.url).content.decode()
    assert link_token(gallery.links.get().pk) in body
    assert "See the votes" in client.get(trial_page).content.decode()


def test_the_owner_sees_votes_comments_and_people(client):
    shared = gallery_with_link()
    vote_on(shared, comment="Lovely", name="Jo")
    client.force_login(shared.gallery.owner)
    body = client.get(reverse("sharing:gallery", args=[shared.gallery.pk])).content.decode()
    for words in ("1 friend has voted", "Lovely", "Jo", "1 love it"):
        assert words in body


def test_the_live_standing_stops_asking_once_the_voting_is_over(client):
    shared = gallery_with_link()
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:gallery_standing", args=[shared.gallery.pk])
    response = client.get(url)
    assert (response.status_code, "every 2s" in response.content.decode()) == (200, True)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    response = client.get(url)
    assert (response.status_code, "every 2s" in response.content.decode()) == (286, False)


def test_the_owners_page_takes_as_many_queries_with_many_votes_as_with_one(client):
    counts = []
    for frames, votes in ((1, 1), (5, 6)):
        shared = gallery_with_link(frames=frames)
        for _each in range(votes):
            vote_on(shared, comment="Yes")
        create_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
        client.force_login(shared.gallery.owner)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("sharing:gallery", args=[shared.gallery.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_qr_code_is_drawn_for_the_owner_alone(client):
    shared = gallery_with_link()
    url = reverse("sharing:link_qr", args=[shared.gallery.pk, shared.link.pk])
    client.force_login(shared.gallery.owner)
    response = client.get(url)
    assert response["Content-Type"] == "image/svg+xml"
    assert b"<svg" in response.content
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_the_leading_frame_goes_to_the_cart_with_its_friends_word(client):
    shared = gallery_with_link(frames=2)
    loved, other = shared.items
    vote_on(shared, favourite=loved)
    vote_on(shared, favourite=loved)
    vote_on(shared, favourite=other)
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:gallery_buy", args=[shared.gallery.pk])
    for item in (loved, other):
        assert client.post(url, {"item": item.pk}).status_code == 302
    cart = shared.gallery.owner.carts.get()
    notes = dict(cart.lines.values_list("variant", "note"))
    assert notes == {loved.variant_id: favourite_note(2, 3), other.variant_id: ""}
    origin = f"gallery:{shared.gallery.pk}:{shared.gallery.trial_id}"
    assert set(cart.lines.values_list("origin", flat=True)) == {origin}


def test_a_frame_of_another_gallery_does_not_go_to_the_cart(client):
    shared, other = gallery_with_link(), gallery_with_link()
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:gallery_buy", args=[shared.gallery.pk])
    assert client.post(url, {"item": other.items[0].pk}).status_code == 422
    assert not shared.gallery.owner.carts.filter(lines__isnull=False).exists()


@pytest.mark.parametrize("name", ["gallery", "gallery_standing"])
def test_somebody_elses_gallery_is_not_there(client, name):
    shared = gallery_with_link()
    client.force_login(UserFactory())
    assert client.get(reverse(f"sharing:{name}", args=[shared.gallery.pk])).status_code == 404


def test_the_list_shows_ones_own_galleries_alone(client):
    shared, other = gallery_with_link(), gallery_with_link()
    vote_on(shared)
    client.force_login(shared.gallery.owner)
    body = client.get(reverse("sharing:gallery_list")).content.decode()
    assert str(shared.gallery.pk) in body
    assert "1 vote" in body
    assert str(other.gallery.pk) not in body


def test_each_way_of_sending_has_one_link_however_often_it_is_chosen(client):
    shared = gallery_with_link(channel="share_sheet")
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:link_create", args=[shared.gallery.pk])
    first, again = (client.post(url, {"channel": "whatsapp"}).url for _each in range(2))
    assert first == again
    assert client.post(url, {"channel": "whatsapp", "label": "Family"}).url != first
    assert shared.gallery.links.count() == 3
    assert "https://wa.me/?text=" in client.get(first).content.decode()


def test_nobody_is_ahead_while_two_frames_are_level():
    shared = gallery_with_link(frames=2)
    for item in shared.items:
        vote_on(shared, favourite=item)
    assert standing(shared.gallery).leader is None
    vote_on(shared, favourite=shared.items[1])
    assert standing(shared.gallery).leader.item_id == shared.items[1].pk
