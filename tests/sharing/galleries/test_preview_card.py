"""The card that chats show: whatever was typed, it is whole and says something."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from sharing.galleries.lettering import writable
from sharing.galleries.models import Gallery
from sharing.galleries.preview import preview_card, question_lines
from sharing.galleries.preview_files import compose_preview, keep_preview, preview_name
from sharing.galleries.services import archive_gallery, change_settings, close_gallery
from shop.customers.services import update_profile
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import gallery_with_link

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
