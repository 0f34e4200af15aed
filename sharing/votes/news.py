"""What was bought, told to the friends who wanted to hear it; and their addresses forgotten."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sharing.galleries.models import Gallery, GalleryItem
from sharing.galleries.questions import as_read
from sharing.galleries.states import GalleryState
from sharing.votes.models import Voter
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.messages.services.notifying import notify_address
from shop.messages.topics import Topic
from shop.orders.models import Order
from trials.returns.models.charges import TrialCharge


def tell_friends(*, order_id: uuid.UUID) -> int:
    """Tell the friends of a paid order's customer which frame it was. Bears to be repeated.

    A friend hears once, of the first frame bought of those she was shown, and her address is
    forgotten in the same transaction. Whoever was blocked hears nothing.

    Args:
        order_id: an order that is paid.

    Returns:
        How many were written to.
    """
    order = Order.objects.select_related("user").get(pk=order_id)
    bought = set(order.lines.values_list("variant_id", flat=True))
    return _tell_all(order.user, bought, cause=f"{EventName.ORDER_PAID}:{order.pk}")


def tell_friends_of_kept(*, charge_id: uuid.UUID) -> int:
    """Tell the friends of a customer which frame of her trial she kept, as of ``tell_friends``.

    Args:
        charge_id: a charge for what was kept, that is paid.

    Returns:
        How many were written to.
    """
    charge = TrialCharge.objects.select_related("trial__user", "item").get(pk=charge_id)
    kept = {charge.item.variant_id} if charge.item else set()
    return _tell_all(charge.trial.user, kept, cause=f"{EventName.FEE_CHARGED}:{charge.pk}")


def _tell_all(buyer: User, bought: set[int], *, cause: str) -> int:
    galleries = Gallery.objects.filter(
        owner=buyer, items__variant__in=bought, shows_bought=True
    ).distinct()
    event = EventKey.objects.filter(pk=cause).first()
    told = 0
    for gallery in galleries.order_by("pk"):
        items = {
            item.pk: item
            for item in gallery.items.select_related("variant__frame")
            if item.variant_id in bought
        }
        waiting = Voter.objects.filter(gallery=gallery, wants_news=True, news_at=None)
        for voter_id in list(waiting.exclude(email="").order_by("pk").values_list("pk", flat=True)):
            because = event.event_id if event else None
            told += _tell(voter_id, gallery, items, bought_by=buyer.name, caused_by=because)
    return told


def _tell(
    voter_id: uuid.UUID,
    gallery: Gallery,
    items: dict[int, GalleryItem],
    *,
    bought_by: str,
    caused_by: uuid.UUID | None,
) -> int:
    with transaction.atomic():
        voter = lock_row(Voter, voter_id, related=("vote",))
        if voter.news_at is not None or voter.blocked_at is not None or not voter.email:
            return 0
        picked = items.get(voter.vote.favourite_id or 0)
        frame = picked or next(iter(items.values()))
        notify_address(
            address=voter.email,
            topic=Topic.PURCHASE_NEWS,
            template="friend_news",
            context={
                "who": bought_by.split(" ")[0],
                "frame": str(frame.variant),
                "picked": picked is not None,
                "question": as_read(gallery.question, voter.language),
            },
            key=f"purchase_news:{voter.pk}",
            about=gallery.pk,
            caused_by=caused_by,
            language=voter.language,
        )
        voter.news_at, voter.email = timezone.now(), ""
        voter.save(update_fields=["news_at", "email"])
        return 1


def forget_addresses() -> int:
    """Forget the addresses of friends on galleries that are put away, erased or closed too long.

    Returns:
        How many were forgotten.
    """
    long_ago = timezone.now() - timedelta(days=settings.GALLERY_KEPT_DAYS)
    over = (
        Q(gallery__state=GalleryState.ARCHIVED)
        | Q(gallery__erased_at__isnull=False)
        | Q(gallery__closed_at__lt=long_ago)
    )
    # Orders come after the voting: of an open gallery the wish stands.
    return Voter.objects.filter(over).exclude(email="").update(email="")
