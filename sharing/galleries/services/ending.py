"""Ending the voting, going on with it, putting a gallery away and bringing it back."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.errors import GalleryGoneError
from sharing.galleries.models import Gallery, GalleryTransition, ShareLink
from sharing.galleries.opening import is_kept, is_restorable
from sharing.galleries.services.facts import event_of, locked, record_fact
from sharing.galleries.services.links import LINK_LIFE, redraw_previews
from sharing.galleries.states import BACK, MOVES, ClosedBecause, GalleryState
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import SHOP
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.outbox import publish
from shop.orders.models import Order
from trials.returns.models.charges import TrialCharge


def close_gallery(*, owner: User, gallery_id: uuid.UUID) -> Gallery:
    """End the voting. No vote is counted that was not cast before; closed twice is no error.

    The row is locked against every vote under way (``sharing.votes.services``).

    Raises:
        GalleryMissingError: the gallery is not hers.
        IllegalMoveError: it is put away.
    """
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        if gallery.state != GalleryState.CLOSED:
            late = gallery.state == GalleryState.OPEN and not gallery.takes_votes
            _close(gallery, ClosedBecause.DATE if late else ClosedBecause.HAND, by=owner)
        return gallery


def close_due(*, limit: int = 200) -> int:
    """Close the galleries whose deadline has passed; those that moved on meanwhile are left.

    Args:
        limit: how many to look at.

    Returns:
        How many were closed.
    """
    due = Gallery.objects.filter(state=GalleryState.OPEN, closes_at__lte=timezone.now())
    closed = 0
    for gallery_id in list(due.order_by("closes_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            gallery = lock_row(Gallery, gallery_id, related=("owner",))
            if gallery.state == GalleryState.OPEN and not gallery.takes_votes:
                _close(gallery, ClosedBecause.DATE)
                closed += 1
    return closed


def close_unreachable(*, limit: int = 200) -> int:
    """Close the open galleries that no link opens any more, so that they do not stay for ever.

    One counts a month after it was made, as long as a link lives: its owner may be slow to share.
    She can open it again as long as it is kept.

    Args:
        limit: how many to look at.

    Returns:
        How many were closed.
    """
    now = timezone.now()
    opening = ShareLink.objects.filter(gallery=OuterRef("pk"), revoked_at=None, expires_at__gt=now)
    left = Gallery.objects.filter(
        ~Exists(opening), state=GalleryState.OPEN, created_at__lte=now - LINK_LIFE
    )
    closed = 0
    for gallery_id in list(left.order_by("created_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            gallery = lock_row(Gallery, gallery_id, related=("owner",))
            reachable = gallery.links.filter(revoked_at=None, expires_at__gt=now).exists()
            if gallery.state == GalleryState.OPEN and not reachable:
                _close(gallery, ClosedBecause.DATE)
                closed += 1
    return closed


def close_bought(*, order_id: uuid.UUID) -> int:
    """Close the customer's open galleries that show a frame of a paid order. Bears to be repeated.

    Args:
        order_id: an order that is paid.

    Returns:
        How many were closed.
    """
    order = Order.objects.get(pk=order_id)
    return _close_showing(
        order.user_id,
        list(order.lines.values_list("variant", flat=True)),
        key=f"order:{order.pk}",
        cause=f"{EventName.ORDER_PAID}:{order.pk}",
    )


def close_kept(*, charge_id: uuid.UUID) -> int:
    """Close the customer's open galleries that show a frame she kept of a trial and has paid.

    Bears to be repeated.

    Args:
        charge_id: a charge for what was kept, that is paid.

    Returns:
        How many were closed.
    """
    charge = TrialCharge.objects.select_related("trial", "item").get(pk=charge_id)
    return _close_showing(
        charge.trial.user_id,
        [charge.item.variant_id] if charge.item else [],
        key=f"charge:{charge.pk}",
        cause=f"{EventName.FEE_CHARGED}:{charge.pk}",
    )


def _close_showing(owner_id: int, variants: list[int], *, key: str, cause: str) -> int:
    showing = Gallery.objects.filter(
        owner_id=owner_id, state=GalleryState.OPEN, items__variant__in=variants
    )
    closed = 0
    with transaction.atomic():
        for gallery in lock_rows(Gallery, list(showing.values_list("pk", flat=True))):
            once = f"{gallery.pk}:{key}"
            # Recorded before: she has opened it again since, and that is her last word.
            done = EventKey.objects.filter(pk=f"{EventName.GALLERY_CLOSED}:{once}").exists()
            if gallery.state == GalleryState.OPEN and not done:
                _close(gallery, ClosedBecause.PURCHASE, key=once, caused_by=event_of(cause))
                closed += 1
    return closed


def reopen_gallery(*, owner: User, gallery_id: uuid.UUID) -> Gallery:
    """Let friends vote again; an open gallery stays as it is. A deadline that is over is dropped.

    Raises:
        GalleryMissingError: the gallery is not hers.
        GalleryGoneError: it closed so long ago that its photos are erased, or about to be.
        IllegalMoveError: it is put away.
    """
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        if gallery.takes_votes:
            return gallery
        if gallery.state == GalleryState.CLOSED and not is_kept(gallery):
            raise GalleryGoneError(_("This gallery ended too long ago. Please make a new one."))
        if gallery.state == GalleryState.OPEN:
            # Its time is up and the beat has not closed it yet: first things first.
            _close(gallery, ClosedBecause.DATE)
        fields = {"closed_at": None, "closed_because": "", "closes_at": _still_ahead(gallery)}
        _move(gallery, GalleryState.OPEN, by=owner, fields=fields)
        _record(
            EventName.GALLERY_REOPENED,
            gallery,
            caused_by=_latest(EventName.GALLERY_CLOSED, gallery),
        )
        redraw_previews(gallery)
        return gallery


def archive_gallery(*, owner: User, gallery_id: uuid.UUID) -> Gallery:
    """Put a gallery away once its voting is over: its links open nothing any more.

    Raises:
        GalleryMissingError: the gallery is not hers.
        IllegalMoveError: the voting is not over.
    """
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        if gallery.state == GalleryState.ARCHIVED:
            return gallery
        cause = _latest(EventName.GALLERY_CLOSED, gallery)
        _move(gallery, GalleryState.ARCHIVED, by=owner)
        _record(EventName.GALLERY_ARCHIVED, gallery, caused_by=cause)
        for link_id in gallery.links.filter(revoked_at=None).values_list("pk", flat=True):
            publish("galleries.forget_preview", {"link": str(link_id)})
        return gallery


def bring_back_gallery(*, owner: User, gallery_id: uuid.UUID) -> Gallery:
    """Bring back what was put away: closed as it was, and its links that are left open it again.

    Raises:
        GalleryMissingError: the gallery is not hers.
        GalleryGoneError: its photos are erased by now, or about to be.
        IllegalMoveError: the voting is not over.
    """
    with transaction.atomic():
        gallery = locked(owner, gallery_id)
        if gallery.state == GalleryState.CLOSED:
            return gallery
        if gallery.state == GalleryState.ARCHIVED and not is_restorable(gallery):
            raise GalleryGoneError(_("This gallery ended too long ago. Please make a new one."))
        cause = _latest(EventName.GALLERY_ARCHIVED, gallery)
        move(gallery, GalleryState.CLOSED, moves=BACK, history=GalleryTransition, by=owner)
        _record(EventName.GALLERY_BROUGHT_BACK, gallery, caused_by=cause)
        redraw_previews(gallery)
        return gallery


def _close(
    gallery: Gallery,
    because: ClosedBecause,
    *,
    by: User | None = None,
    key: str = "",
    caused_by: uuid.UUID | None = None,
) -> None:
    fields = {"closed_at": timezone.now(), "closed_because": because}
    _move(gallery, GalleryState.CLOSED, by=by, reason=because.value, fields=fields)
    record_fact(
        EventName.GALLERY_CLOSED,
        gallery,
        key=key or f"{gallery.pk}:{gallery.transitions.count()}",
        person=None if by else SHOP,
        caused_by=caused_by or event_of(f"{EventName.GALLERY_CREATED}:{gallery.pk}"),
    )
    redraw_previews(gallery)


def _move(
    gallery: Gallery,
    to_state: GalleryState,
    *,
    by: User | None,
    reason: str = "",
    fields: dict[str, object] | None = None,
) -> None:
    move(
        gallery,
        to_state,
        moves=MOVES,
        history=GalleryTransition,
        by=by,
        reason=reason,
        fields=fields,
    )


def _record(name: EventName, gallery: Gallery, *, caused_by: uuid.UUID | None) -> None:
    key = f"{gallery.pk}:{gallery.transitions.count()}"
    record_fact(name, gallery, key=key, caused_by=caused_by)


def _latest(name: EventName, gallery: Gallery) -> uuid.UUID | None:
    keys = EventKey.objects.filter(key__startswith=f"{name}:{gallery.pk}:")
    return keys.order_by("-occurred_at").values_list("event_id", flat=True).first()


def _still_ahead(gallery: Gallery) -> object:
    ahead = gallery.closes_at is not None and gallery.closes_at > timezone.now()
    return gallery.closes_at if ahead else None
