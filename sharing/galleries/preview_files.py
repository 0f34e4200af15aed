"""Preview cards in private storage: made once a link, gone when it is withdrawn."""

import uuid

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sharing.galleries.lettering import writable
from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.opening import is_open
from sharing.galleries.pictures import catalogue_pictures
from sharing.galleries.preview import preview_card
from sharing.galleries.words import usual_question
from shop.foundation.private_files import private_storage


def preview_name(link_id: uuid.UUID) -> str:
    """Return the name of a link's card."""
    return f"previews/{link_id.hex[:2]}/{link_id.hex}.png"


def compose_preview(gallery: Gallery) -> bytes:
    """Return the card of a gallery as a PNG, in its owner's language."""
    items = gallery.items.select_related("variant__frame")
    owner = gallery.owner
    with translation.override(owner.language):
        question = writable(gallery.asked) or usual_question(gallery)
    return preview_card(
        question=question,
        invitation=card_words(writable(owner.name), owner.language, closed=not gallery.takes_votes),
        pictures=catalogue_pictures(item.variant for item in items),
    )


def asks(owner_name: str, *, closed: bool = False) -> str:
    """Return who asks, by her first name alone; or who asked, once the voting is over."""
    first_name = owner_name.split(" ")[0]
    if closed:
        words = _("%(name)s asked. The voting is over") if first_name else _("The voting is over")
        return words % {"name": first_name}
    if not first_name:
        return _("Your opinion takes 20 seconds")
    return _("%(name)s asks you. It takes 20 seconds") % {"name": first_name}


def card_words(owner_name: str, owner_language: str, *, closed: bool = False) -> str:
    """Return who asks, as the card in a chat says it: in the owner's language, as her question."""
    with translation.override(owner_language):
        return asks(owner_name, closed=closed)


def card_path(token: str, *, closed: bool) -> str:
    """Return where chats fetch a link's card: another address once the voting is over.

    They keep a picture for weeks under its address, and would show what is no longer true.
    """
    path = reverse("sharing:preview", args=[token])
    return f"{path}?over" if closed else path


def keep_preview(link_id: uuid.UUID) -> None:
    """Compose a link's card and store it, if it opens anything still. Bears to be repeated."""
    link = _link(link_id)
    if is_open(link):
        card = compose_preview(link.gallery)
        forget_preview(link_id)
        private_storage().save(preview_name(link_id), ContentFile(card))
    # Asked once more: whoever withdrew it meanwhile may have found no card to delete.
    if not is_open(_link(link_id)):
        forget_preview(link_id)


def _link(link_id: uuid.UUID) -> ShareLink:
    return ShareLink.objects.select_related("gallery__owner").get(pk=link_id)


def forget_preview(link_id: uuid.UUID) -> None:
    """Delete a link's card; one that is gone already is no error."""
    private_storage().delete(preview_name(link_id))
