"""What a gallery says in more than one place."""

from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery
from sharing.galleries.questions import USUAL
from sharing.galleries.states import GalleryKind
from shop.customers.services import PLACE


def names_a_place(text: str) -> bool:
    """Tell whether a text holds what would be a link: nobody sends others to places of her own."""
    return PLACE.search(text) is not None


def usual_question(gallery: Gallery) -> str:
    """Return what friends are asked where the owner has written nothing, or nothing that shows."""
    before_a_trial, of_a_trial = USUAL
    return _(before_a_trial if gallery.kind == GalleryKind.FRAMES else of_a_trial)
