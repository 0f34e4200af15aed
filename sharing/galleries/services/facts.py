"""What every write of the room does: lock the owner's gallery, and record the fact."""

import uuid

from django.utils.translation import gettext as _

from sharing.galleries.errors import GalleryMissingError
from sharing.galleries.models import Gallery, ShareLink
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import Person, customer, record
from shop.customers.models import User
from shop.foundation.locks import lock_row


def locked(owner: User, gallery_id: uuid.UUID) -> Gallery:
    """Lock a customer's gallery and return it as it now is.

    Raises:
        GalleryMissingError: it is not hers.
    """
    if not Gallery.objects.filter(pk=gallery_id, owner=owner).exists():
        raise GalleryMissingError(_("There is no such gallery."))
    return lock_row(Gallery, gallery_id, related=("owner",))


def record_fact(
    name: EventName,
    gallery: Gallery,
    *,
    key: str,
    link: ShareLink | None = None,
    person: Person | None = None,
    caused_by: uuid.UUID | None = None,
) -> uuid.UUID:
    """Record a fact of a gallery or of a link of it, in the caller's transaction.

    Args:
        name: what happened.
        gallery: to which; its trial, if it has one, is named in the details.
        key: names this very fact among those of the name.
        link: the link it is about.
        person: who did it; the owner if not given.
        caused_by: the event that led to it.
    """
    return record(
        name,
        key=f"{name}:{key}",
        subject=("gallery", gallery.pk),
        person=person or customer(gallery.owner),
        channel=link.channel if link else "",
        link=link.pk if link else "",
        caused_by=caused_by,
        details={"trial": str(gallery.trial_id or ""), "kind": gallery.kind},
    )


def event_of(*keys: str) -> uuid.UUID | None:
    """Return the event of the first of ``keys`` that was recorded."""
    found = dict(EventKey.objects.filter(pk__in=keys).values_list("key", "event_id"))
    return next((found[key] for key in keys if key in found), None)
