"""A customer's galleries side by side: what friends chose, and what she bought in the end."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sharing.galleries.models import Gallery, GalleryItem
from sharing.galleries.states import GalleryState
from sharing.votes.queries import opinions_by_gallery
from sharing.votes.result import Opinion, result_of
from shop.orders.models import OrderLine
from shop.orders.states import OrderState
from trials.returns.models.charges import TrialCharge

BOUGHT = (OrderState.PAID, OrderState.FULFILLED, OrderState.COMPLETED)
# What she kept of a trial and paid is bought as well; given back in whole it is not.
KEPT = (TrialCharge.State.PAID, TrialCharge.State.PARTLY_REFUNDED)


@dataclass(frozen=True)
class ComparedFrame:
    """A frame of one gallery beside the others.

    Attributes:
        item_id: the gallery's item; ``name`` as it is called.
        picks: counted votes that picked it.
        is_leader: more than any other.
        is_preferred: in pairs, preferred to each other one.
        is_bought: she bought it after she had asked.
    """

    item_id: int
    name: str
    picks: int
    is_leader: bool
    is_preferred: bool
    is_bought: bool


@dataclass(frozen=True)
class Compared:
    """One gallery beside the others.

    Attributes:
        gallery: which.
        votes: counted ones.
        kind: of ``result.Result``.
        frames: in their order.
    """

    gallery: Gallery
    votes: int
    kind: str
    frames: tuple[ComparedFrame, ...]

    @property
    def followed(self) -> bool | None:
        """Whether the leader was bought; nothing where none leads, or nothing was bought."""
        leader = next((each for each in self.frames if each.is_leader), None)
        if leader is None or not any(each.is_bought for each in self.frames):
            return None
        return leader.is_bought


def compared(galleries: Sequence[Gallery]) -> list[Compared]:
    """Return galleries as they are compared: three queries, however many there are.

    Args:
        galleries: of one customer, with their items and variants read.
    """
    opinions = opinions_by_gallery([each.pk for each in galleries])
    bought = _bought(galleries)
    return [_one(each, opinions.get(each.pk, []), bought[each.pk]) for each in galleries]


def bought_of(gallery: Gallery) -> set[int]:
    """Return the variants that the owner of a gallery bought after she had made it: two queries.

    Of all she bought since, those of the gallery are for the caller to tell.
    """
    return _bought([gallery])[gallery.pk]


def bought_as_told(gallery: Gallery) -> set[int]:
    """Return the variants friends may hear that its owner bought: none before the voting is over.

    None either where she keeps it to herself. Whether a friend has voted is for the caller to ask.
    """
    says = gallery.shows_bought and gallery.state != GalleryState.OPEN
    return bought_of(gallery) if says else set()


def _one(gallery: Gallery, opinions: list[Opinion], bought: set[int]) -> Compared:
    items = list(gallery.items.all())
    result = result_of(opinions, [item.pk for item in items])

    def frame(item: GalleryItem) -> ComparedFrame:
        return ComparedFrame(
            item_id=item.pk,
            name=str(item.variant),
            picks=sum(each.favourite == item.pk for each in opinions),
            is_leader=result.leader == item.pk,
            is_preferred=result.preferred == item.pk,
            is_bought=item.variant_id in bought,
        )

    return Compared(gallery, len(opinions), result.kind, tuple(frame(item) for item in items))


def _bought(galleries: Sequence[Gallery]) -> dict[uuid.UUID, set[int]]:
    """Return the variants of each gallery that its owner bought after she had made it.

    By an order, or by keeping them of a trial.
    """
    owners = {each.owner_id for each in galleries}
    lines = OrderLine.objects.filter(order__user__in=owners, order__state__in=BOUGHT).values_list(
        "variant_id", "order__placed_at"
    )
    kept = TrialCharge.objects.filter(
        trial__user__in=owners, purpose=TrialCharge.Purpose.KEPT, state__in=KEPT
    ).values_list("item__variant_id", "settled_at")
    found: dict[uuid.UUID, set[int]] = defaultdict(set)
    for variant_id, at in (*lines, *kept):
        for gallery in galleries:
            if at is not None and at >= gallery.created_at:
                found[gallery.pk].add(variant_id)
    return found
