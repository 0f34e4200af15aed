"""From the gallery to the cart: the friends' verdict travels with what is bought."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery, GalleryItem
from sharing.galleries.queries import gallery_of
from sharing.votes.errors import VoteInvalidError
from sharing.votes.queries import standing
from shop.customers.models import User
from shop.orders.models import Cart
from shop.orders.notes import favourite_note, register_notes
from shop.orders.services.carts import add_to_cart, cart_for


def put_in_cart(*, owner: User, gallery_id: uuid.UUID, item_id: int) -> Cart:
    """Put a frame of a gallery into its owner's cart, with where the wish came from.

    Args:
        owner: whose gallery it must be.
        gallery_id: the gallery.
        item_id: one of its items.

    Raises:
        GalleryMissingError: the gallery is not hers.
        VoteInvalidError: the gallery has no such frame.
        LorgnetteError: whatever the cart refuses, such as a frame no longer sold.
    """
    gallery = gallery_of(user=owner, gallery_id=gallery_id)
    item = GalleryItem.objects.filter(gallery=gallery, pk=item_id).first()
    if item is None:
        raise VoteInvalidError(_("This frame is not in your gallery. Load the page again."))
    cart = cart_for(user=owner)
    origin = origin_of(gallery)
    note = notes_of(origin, [item.variant_id]).get(item.variant_id, "")
    add_to_cart(cart_id=cart.pk, variant_id=item.variant_id, origin=origin, note=note)
    return cart


def origin_of(gallery: Gallery) -> str:
    """Return what a cart's line says of where it came from: the gallery and its trial, if any."""
    return f"gallery:{gallery.pk}:{gallery.trial_id or ''}"


def notes_of(origin: str, variant_ids: Iterable[int]) -> dict[int, str]:
    """Return the note of the frame that leads a gallery alone, if it is among those asked for.

    Args:
        origin: from ``origin_of``.
        variant_ids: frames put into a cart from there.
    """
    gallery_id = origin.split(":")[1]
    gallery = Gallery.objects.filter(pk=gallery_id, erased_at=None).first()
    counted = standing(gallery) if gallery else None
    if counted is None or counted.leader is None:
        return {}
    leader = counted.leader
    item = GalleryItem.objects.filter(pk=leader.item_id, variant__in=variant_ids).first()
    if item is None:
        return {}
    return {item.variant_id: favourite_note(leader.favourites, counted.total)}


register_notes("gallery", notes_of)
