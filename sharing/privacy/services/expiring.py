"""What is over goes by itself: galleries some time after they closed, photos nobody shared."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.models import Gallery
from sharing.galleries.opening import kept_since
from sharing.galleries.queries import expired_galleries
from sharing.galleries.questions import as_read
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import erase_photo
from shop.foundation.locks import lock_row
from shop.foundation.privacy import forget
from shop.messages.models import MessageItem
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

# A photo never shared outlives its trial by this long; one shared goes with its gallery.
UNSHARED_KEPT = timedelta(days=60)


def warn_of_expiry(*, limit: int = 200) -> int:
    """Mail owners whose galleries expire within days: once a closing, however often it is called.

    Args:
        limit: how many to write to at most.

    Returns:
        How many were written to.
    """
    now = timezone.now()
    soon = kept_since(now + timedelta(days=settings.GALLERY_WARNED_DAYS))
    expiring = Gallery.objects.filter(
        erased_at=None, closed_at__lte=soon, closed_at__gt=kept_since(now), owner__is_active=True
    ).select_related("owner")
    found = {_warning_key(gallery): gallery for gallery in expiring.order_by("closed_at")}
    told = set(MessageItem.objects.filter(key__in=found).values_list("key", flat=True))
    # Before the limit: else those told already would keep all after them from it.
    untold = [(key, gallery) for key, gallery in found.items() if key not in told]
    warned = 0
    for key, gallery in untold[:limit]:
        assert gallery.closed_at is not None
        with transaction.atomic():
            erased_on = gallery.closed_at + timedelta(days=settings.GALLERY_KEPT_DAYS)
            notify(
                user=gallery.owner,
                topic=Topic.SECURITY,
                template="gallery_expiring",
                context={
                    "question": as_read(gallery.question, gallery.owner.language),
                    "day": erased_on.astimezone(gallery.owner.zone).date(),
                    "path": reverse("sharing:gallery", args=[gallery.pk]),
                },
                key=key,
                about=gallery.pk,
            )
            warned += 1
    return warned


def _warning_key(gallery: Gallery) -> str:
    # Reopened and closed again, it expires at another time, which is told anew.
    return f"gallery_expiring:{gallery.pk}:{gallery.closed_at:%Y%m%d}"


def erase_expired(*, limit: int = 100) -> int:
    """Erase what galleries hold that closed long enough ago: photos, links, words and names.

    Votes stay as numbers. Killed half-way, the next run begins that gallery anew.

    Returns:
        How many galleries were erased.
    """
    ids = list(expired_galleries(timezone.now()).values_list("pk", flat=True)[:limit])
    for gallery_id in ids:
        forget("gallery", gallery_id)
        with transaction.atomic():
            gallery = lock_row(Gallery, gallery_id)
            if gallery.erased_at is None:
                gallery.erased_at = timezone.now()
                gallery.save(update_fields=["erased_at"])
    return len(ids)


def erase_unshared(*, limit: int = 200) -> int:
    """Erase the photos of trials long over that no gallery shows, and return how many."""
    shown = Q(trial_item__gallery_item__gallery__erased_at__isnull=True)
    photos = (
        Photo.objects.filter(trial_item__trial__closed_at__lte=timezone.now() - UNSHARED_KEPT)
        .exclude(state=PhotoState.ERASED)
        .exclude(shown & Q(trial_item__gallery_item__isnull=False))
        .select_related("user")
    )
    found = list(photos.order_by("uploaded_at", "pk")[:limit])
    for photo in found:
        erase_photo(user=photo.user, photo_id=photo.pk)
    return len(found)
