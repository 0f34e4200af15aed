"""Galleries: when one is over, or its owner is gone, its links, labels and photos go."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from sharing.galleries.models import Gallery, ShareLink
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import erase_photo
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.outbox import publish
from shop.foundation.privacy import (
    Scope,
    forget,
    keep_personal_data,
    not_personal,
    register_personal_data,
)


def export_galleries(user: Any) -> list[dict[str, Any]]:
    """Return her galleries and links, oldest first."""
    galleries = Gallery.objects.filter(owner=user).order_by("created_at", "pk")
    link = ("channel", "label", "created_at", "expires_at", "revoked_at")
    return [
        {
            "id": gallery.pk,
            "question": gallery.question,
            "state": gallery.state,
            "created_at": gallery.created_at,
            "closed_at": gallery.closed_at,
            "links": [{name: getattr(each, name) for name in link} for each in gallery.links.all()],
        }
        for gallery in galleries.prefetch_related("links")
    ]


def forget_gallery(gallery_id: uuid.UUID) -> int:
    """Erase the photos of a gallery, and let no link of it open anything again.

    Returns:
        How many photos and links went.
    """
    photos = Photo.objects.filter(trial_item__gallery_item__gallery=gallery_id)
    photos = photos.exclude(state=PhotoState.ERASED).select_related("user").order_by("pk")
    erased = list(photos)
    for photo in erased:
        erase_photo(user=photo.user, photo_id=photo.pk)
    with transaction.atomic():
        lock_row(Gallery, gallery_id)
        ids = ShareLink.objects.filter(gallery=gallery_id).values_list("pk", flat=True)
        links = lock_rows(ShareLink, list(ids))
        now, ended = timezone.now(), 0
        for link in links:
            if link.revoked_at is None:
                ended += 1
                publish("galleries.forget_preview", {"link": str(link.pk)})
            link.revoked_at, link.label = link.revoked_at or now, ""
            link.save(update_fields=["revoked_at", "label"])
    return len(erased) + ended


def erase_galleries(user: Any) -> int:
    """Erase all that her galleries hold: her photos and words, and what friends wrote there."""
    ids = Gallery.objects.filter(owner=user).order_by("pk").values_list("pk", flat=True)
    erased = sum(sum(forget("gallery", gallery_id).values()) for gallery_id in list(ids))
    Gallery.objects.filter(owner=user).exclude(question="").update(question="")
    return erased


register_personal_data(
    "sharing.galleries",
    holds={"sharing.Gallery": ["owner", "question"], "sharing.ShareLink": ["label"]},
    export=export_galleries,
    erase={Scope.ACCOUNT: erase_galleries},
    forget={"gallery": forget_gallery},
)
not_personal("sharing.ShareLink", "token_hash", why="The hash of random bits.")
for model in ("sharing.LinkView", "sharing.LinkAdmission"):
    keep_personal_data(
        model,
        "viewer",
        why="The hash of a random cookie, another one in each gallery: counts who looked.",
    )
