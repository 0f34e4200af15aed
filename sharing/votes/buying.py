"""From the gallery to the cart: the friends' verdict travels with what is bought."""

import uuid

from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery, GalleryItem
from sharing.galleries.queries import gallery_of
from sharing.votes.errors import VoteInvalidError
from sharing.votes.queries import standing
from shop.customers.models import User
from shop.orders.models import Cart
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
    add_to_cart(
        cart_id=cart.pk,
        variant_id=item.variant_id,
        origin=origin_of(gallery),
        note=favourites_note(gallery, item),
    )
    return cart


def origin_of(gallery: Gallery) -> str:
    """Return what a cart's line says of where it came from: the gallery and its trial, if any."""
    return f"gallery:{gallery.pk}:{gallery.trial_id or ''}"


def favourites_note(gallery: Gallery, item: GalleryItem) -> str:
    """Return "Friends’ favourite: 7 of 9", if the item leads alone; nothing otherwise."""
    counted = standing(gallery)
    leader = counted.leader
    if leader is None or leader.item_id != item.pk:
        return ""
    return _("Friends’ favourite: %(count)s of %(total)s") % {
        "count": leader.favourites,
        "total": counted.total,
    }
