"""What goes into a gallery's picture for a story. None is stored: it may show a face."""

from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from sharing.galleries.lettering import writable
from sharing.galleries.models import Gallery
from sharing.galleries.pictures import catalogue_pictures
from sharing.galleries.preview_files import card_words
from sharing.galleries.queries import shown_frames
from sharing.galleries.story import story_picture
from sharing.galleries.words import usual_question
from sharing.photos.files import rendition_name
from sharing.photos.models import Photo
from shop.foundation.private_files import private_storage

PHOTO_SIZE = 1600


def compose_story(gallery: Gallery, *, url: str, with_photos: bool) -> bytes:
    """Return a gallery's picture for a story as a JPEG, in its owner's language.

    Args:
        gallery: with its owner and trial.
        url: what its code opens.
        with_photos: show the first photo of each frame; pictures of the catalogue where there is
            none at all.
    """
    frames, closed = shown_frames(gallery), not gallery.takes_votes
    photos = [frame.photos[0] for frame in frames if frame.photos] if with_photos else []
    faces = [picture for photo in photos if (picture := _opened(photo))]
    with translation.override(gallery.owner.language):
        question = writable(gallery.asked) or usual_question(gallery)
        hint = _("Scan the code and look") if closed else _("Scan the code and vote")
    return story_picture(
        question=question,
        invitation=card_words(writable(gallery.owner.name), gallery.owner.language, closed=closed),
        hint=hint,
        url=url,
        pictures=faces or catalogue_pictures(frame.item.variant for frame in frames),
        faces=bool(faces),
    )


def _opened(photo: Photo) -> Image.Image | None:
    try:
        with private_storage().open(rendition_name(photo.pk, PHOTO_SIZE, "jpg")) as file:
            return Image.open(file).convert("RGB")
    except FileNotFoundError:
        # Erased a moment ago: the story is drawn without it.
        return None
