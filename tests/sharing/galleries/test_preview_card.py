"""The card that chats show: whatever was typed, it is whole and says something."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageChops

from sharing.galleries.lettering import writable
from sharing.galleries.models import Gallery
from sharing.galleries.preview import preview_card, question_lines
from sharing.galleries.preview_files import compose_preview, keep_preview, preview_name
from sharing.galleries.services import (
    archive_gallery,
    change_settings,
    close_gallery,
    reopen_gallery,
)
from sharing.galleries.services.ending import close_due
from sharing.galleries.story_files import compose_story
from shop.customers.services import update_profile
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import gallery_with_link, ready_photo

# What is written stands above the frames.
WRITING = (0, 20, 1200, 290)


def card(question: str, invitation: str = "Mia asks you") -> Image.Image:
    made = preview_card(question=question, invitation=invitation, pictures=[])
    return Image.open(BytesIO(made)).convert("RGB")


def written_to(shown: Image.Image) -> int:
    """How far to the right anything is written."""
    part = shown.crop(WRITING)
    box = ImageChops.difference(
        part, Image.new("RGB", part.size, shown.getpixel((1, 20)))
    ).getbbox()
    assert box is not None
    return box[2]


@pytest.mark.parametrize(
    "question",
    [
        "W" * 140,
        "Which " + "o" * 134,
        "Donaudampfschifffahrtsgesellschaftskapitänsbrille oder lieber die runde?",
        "word " * 28,
    ],
)
def test_nothing_is_written_beyond_the_margin(question: str) -> None:
    assert written_to(card(question)) <= 1200 - 72
    assert written_to(card("Which?", invitation=question)) <= 1200 - 72


def test_a_broken_word_loses_no_letter_while_there_is_room() -> None:
    assert "".join(question_lines("m" * 30)) == "m" * 30
    assert question_lines("m" * 140)[-1].endswith("…")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Which pair? 😀🎉", "Which pair?"),
        ("Które wybrać, Łukasz?", "Które wybrać, Łukasz?"),
        ("Zoe\u0308", "Zoë"),
        ("1 / 2?", "1 / 2?"),
        ("أي نظارة أختار؟", ""),
        ("Какие очки? ok", ""),
        ("👓", ""),
    ],
)
def test_what_the_fonts_lack_is_left_out(typed: str, kept: str) -> None:
    assert writable(typed) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["أي نظارة أختار؟", "👓👓👓"])
def test_a_card_is_never_empty(question: str) -> None:
    gallery = gallery_with_link().gallery
    plain = compose_preview(gallery)

    gallery.question = question

    assert compose_preview(gallery) == plain


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["question", "name"])
def test_the_kept_card_is_drawn_anew_when_what_it_shows_changes(
    private_files: Path, what: str
) -> None:
    shared = gallery_with_link(frames=2)
    owner = shared.gallery.owner
    carry_out_due()
    kept = private_files / preview_name(shared.link.pk)
    before = kept.read_bytes()

    if what == "question":
        change_settings(owner=owner, gallery_id=shared.gallery.pk, question="Quite another one?")
    else:
        update_profile(user=owner, name="Mia Neu", language=owner.language, time_zone="UTC")
    while carry_out_due():
        pass

    shared.gallery.refresh_from_db()
    assert kept.read_bytes() != before
    assert kept.read_bytes() == compose_preview(Gallery.objects.get(pk=shared.gallery.pk))


@pytest.mark.django_db
def test_a_card_made_late_is_not_kept_of_a_gallery_put_away(private_files: Path) -> None:
    shared = gallery_with_link(frames=2)
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    kept = private_files / preview_name(shared.link.pk)
    keep_preview(shared.link.pk)
    assert kept.exists()

    close_gallery(**own)
    archive_gallery(**own)
    keep_preview(shared.link.pk)

    assert not kept.exists()


@pytest.mark.django_db
def test_the_kept_card_says_that_the_voting_is_over_and_again_that_it_goes_on(
    private_files: Path,
) -> None:
    shared = gallery_with_link(frames=2)
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    kept = private_files / preview_name(shared.link.pk)
    carry_out_due()
    asking = kept.read_bytes()

    close_gallery(**own)
    while carry_out_due():
        pass
    over = kept.read_bytes()
    reopen_gallery(**own)
    while carry_out_due():
        pass

    assert over != asking
    assert kept.read_bytes() == asking


@pytest.mark.django_db
def test_the_kept_card_says_so_where_the_time_was_up(private_files: Path) -> None:
    shared = gallery_with_link(frames=2)
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    ends = timezone.now() + timedelta(hours=1)
    change_settings(**own, closes_at=ends)
    carry_out_due()
    kept = private_files / preview_name(shared.link.pk)
    asking = kept.read_bytes()

    with time_machine.travel(ends + timedelta(minutes=1), tick=False):
        close_due()
        while carry_out_due():
            pass

    assert kept.read_bytes() != asking


@pytest.mark.django_db
def test_the_story_of_a_gallery_that_is_over_asks_nobody_to_vote() -> None:
    gallery = gallery_with_link(frames=2).gallery
    asking = compose_story(gallery, url="https://shop.example/g/x/", with_photos=False)

    gallery = close_gallery(owner=gallery.owner, gallery_id=gallery.pk)

    assert compose_story(gallery, url="https://shop.example/g/x/", with_photos=False) != asking


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["friend_gallery", "photos_object"])
def test_chats_read_on_every_page_that_it_is_over_and_fetch_the_card_anew(client, page) -> None:
    """They keep a picture under its address, so the card of a closed gallery has another."""
    shared = gallery_with_link(frames=2)
    ready_photo(shared.items[0].trial_item)
    address = reverse(f"sharing:{page}", args=[shared.token])
    card = reverse("sharing:preview", args=[shared.token])
    asking = client.get(address).content.decode()

    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    over = client.get(address).content.decode()

    assert f'{card}"' in asking
    assert "20 seconds" in asking
    assert f'{card}?over"' in over
    assert "20 seconds" not in over
    assert client.get(f"{card}?over").headers["Content-Type"] == "image/png"
