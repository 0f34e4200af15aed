"""Galleries and links, read in a fixed number of queries."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.errors import GalleryMissingError, LinkMissingError
from sharing.galleries.models import Gallery, GalleryItem, LinkView, ShareLink
from sharing.galleries.opening import is_kept, is_open, kept_since, lets_in
from sharing.galleries.tokens import link_token, token_hash
from sharing.photos.models import Photo, PhotoState
from sharing.photos.queries import ready_photos
from shop.catalogue.queries import image_urls
from shop.customers.models import User
from shop.foundation.postgres.queries import PreparedQuery, Slot


@dataclass(frozen=True)
class ShownFrame:
    """A frame of a gallery as it is shown: the row, its catalogue picture, its photos."""

    item: GalleryItem
    image_url: str
    photos: list[Photo]

    @property
    def name(self) -> str:
        """The frame's name and colour."""
        return str(self.item.variant)


_LINK = PreparedQuery(
    lambda: ShareLink.objects.select_related("gallery__owner").filter(
        token_hash=Slot("token_hash"), revoked_at=None, expires_at__gt=Slot("now")
    )
)


def open_link(token: str, browser_token: str = "") -> ShareLink:
    """Return the link of a token, with its gallery and owner.

    It is found by the hash of the token, so how long the search takes says nothing about a token.

    Args:
        token: of the link.
        browser_token: who asks; a close friend's link opens to those it let in.

    Raises:
        LinkMissingError: it is unknown, withdrawn or expired, its gallery is gone, or it is for
            somebody else; which of them is not said.
    """
    link = _LINK.first(token_hash=token_hash(token), now=timezone.now())
    if link is None or not is_open(link) or not lets_in(link, browser_token):
        raise link_missing()
    return link


def link_missing() -> LinkMissingError:
    """Return what to raise where a link opens nothing."""
    return LinkMissingError(
        _("This link does not open anything any more. Ask your friend for a new one.")
    )


def shown_frames(gallery: Gallery) -> list[ShownFrame]:
    """Return a gallery's frames in their order, with pictures and photos: three queries."""
    items = list(gallery.items.select_related("variant__frame"))
    pictures = image_urls([item.variant_id for item in items])
    photos = ready_photos(item.trial_item_id for item in items if item.trial_item_id)
    return [
        ShownFrame(
            item,
            pictures.get(item.variant_id, ""),
            photos.get(item.trial_item_id, []) if item.trial_item_id else [],
        )
        for item in items
    ]


def photo_in_gallery(gallery: Gallery, photo_id: uuid.UUID) -> Photo | None:
    """Return a photo if it may be shown and is one of the gallery's."""
    return Photo.objects.filter(
        pk=photo_id, state=PhotoState.READY, trial_item__gallery_item__gallery=gallery
    ).first()


def has_photos(gallery: Gallery) -> bool:
    """Tell whether a photo of the gallery may be shown."""
    return Photo.objects.filter(
        state=PhotoState.READY, trial_item__gallery_item__gallery=gallery
    ).exists()


def galleries_of(user: User) -> QuerySet[Gallery]:
    """Return a customer's galleries with trial and frames, latest first."""
    items = GalleryItem.objects.select_related("variant__frame")
    return (
        Gallery.objects.filter(owner=user)
        .select_related("trial", "owner")
        .prefetch_related(Prefetch("items", queryset=items))
        .order_by("-created_at", "-pk")
    )


def gallery_of(*, user: User, gallery_id: uuid.UUID) -> Gallery:
    """Return one of a customer's galleries.

    Raises:
        GalleryMissingError: there is none, or it is somebody else's.
    """
    gallery = (
        Gallery.objects.filter(pk=gallery_id, owner=user).select_related("trial", "owner").first()
    )
    if gallery is None:
        raise GalleryMissingError(_("There is no such gallery."))
    return gallery


def own_link(*, user: User, gallery_id: uuid.UUID, link_id: uuid.UUID) -> ShareLink:
    """Return a link of one of a customer's galleries, with it, open or not.

    Raises:
        LinkMissingError: there is none.
    """
    link = (
        ShareLink.objects.select_related("gallery__owner", "gallery__trial")
        .filter(pk=link_id, gallery=gallery_id, gallery__owner=user)
        .first()
    )
    if link is None:
        raise LinkMissingError(_("There is no such link."))
    return link


def links_of(gallery: Gallery) -> QuerySet[ShareLink]:
    """Return a gallery's links, latest first, with how many people opened each, and voted by it."""
    return (
        gallery.links.select_related("gallery")
        .annotate(
            people=Count("views", distinct=True),
            voted=Count("voters", distinct=True),
            let_in=Count("admissions", distinct=True),
        )
        .order_by("-created_at", "-pk")
    )


def people_of(gallery: Gallery) -> int:
    """Return how many people opened a gallery's links, by link and browser."""
    return LinkView.objects.filter(link__gallery=gallery).count()


def expired_galleries(now: datetime) -> QuerySet[Gallery]:
    """Return the galleries whose photos are to be erased by now, those that closed first first.

    They open nothing any more; whoever erases them sets ``erased_at``.
    """
    return Gallery.objects.filter(erased_at=None, closed_at__lte=kept_since(now)).order_by(
        "closed_at"
    )


def sendable_token(link: ShareLink) -> str:
    """Return the token of a link that may be sent.

    Returns:
        Nothing where it opens no more, or was made under an earlier secret key.
    """
    token = link_token(link.pk)
    return token if is_open(link) and token_hash(token) == link.token_hash else ""


def open_link_for(gallery: Gallery, *, channel: str, label: str) -> ShareLink | None:
    """Return the latest open link of a gallery for one way and one note, if there is one.

    One for so many people is never taken for another: it may have been sent already.
    """
    if not is_kept(gallery):
        return None
    return (
        gallery.links.filter(
            channel=channel,
            label=label,
            admits=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
        )
        .order_by("-created_at")
        .first()
    )
