"""What words in a search field lead to: each kind by an index of its own, and never too many."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from shop.customers.models import User
from shop.customers.queries import people_called
from shop.foundation.postgres.queries import PreparedValues, Slot
from shop.orders.models import Order
from trials.home_trials.models import Trial, TrialItem
from trials.shipping.models import Shipment
from trials.units.barcodes import normalised
from trials.units.models import TrialUnit

# Whoever searches for more people than these types more of the name.
MOST_PEOPLE = 200
MOST_TRIALS = 50
SHOWN_PEOPLE = 25


@dataclass(frozen=True)
class Found:
    """What one search found, a few of each.

    Attributes:
        trials: by their numbers, or the beginning of one, or by a frame or a parcel of theirs.
        people: who is called so.
        units: whose barcode it is.
        orders: whose number it is.
        more_people: whether more people are called so than are shown.
    """

    trials: list[Trial] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    units: list[TrialUnit] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    more_people: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is any."""
        return bool(self.trials or self.people or self.units or self.orders)


def trials_meant(words: str) -> Q:
    """Return what finds the trials that somebody means, by five small statements.

    Args:
        words: a trial's number or its beginning, an order's, a barcode, a parcel's number, or the
            beginnings of a customer's name or e-mail address.
    """
    code = normalised(words)
    people = set(people_called(words)[:MOST_PEOPLE].values_list("pk", flat=True))
    people |= {buyer for (buyer,) in _BUYERS.rows(code=code)}
    return Q(pk__in=_keys_of_trials(code)) | Q(user__in=people)


def _keys_of_trials(code: str) -> list[Any]:
    """Return the trials of a number, of its beginning, of a barcode and of a parcel's number."""
    if not code:
        return []
    begins = code if code.startswith("T-") else f"T-{code}"
    numbers = Trial.objects.filter(number__startswith=begins).order_by()
    held = [*_ITEMS.rows(code=code), *_PARCELS.rows(code=code)]
    return [*numbers.values_list("pk", flat=True)[:MOST_TRIALS], *(trial for (trial,) in held)]


def _items() -> QuerySet[TrialItem, Any]:
    items = TrialItem.objects.filter(unit__barcode=Slot("code"))
    return items.order_by().values_list("trial_id")[:MOST_TRIALS]


_ITEMS = PreparedValues(_items)
_PARCELS = PreparedValues(
    lambda: Shipment.objects.filter(tracking_number=Slot("code")).order_by().values_list("trial_id")
)
_BUYERS = PreparedValues(
    lambda: Order.objects.filter(number=Slot("code")).order_by().values_list("user_id")
)


def everything_meant(words: str) -> Found:
    """Return what the field in the console's head finds, in seven statements at most.

    Args:
        words: as ``trials_meant`` takes them.
    """
    code = normalised(words)
    if not code:
        return Found()
    trials = Trial.objects.select_related("user").filter(pk__in=_keys_of_trials(code))
    people = list(people_called(words)[: SHOWN_PEOPLE + 1])
    return Found(
        trials=list(trials.order_by("-requested_at", "-pk")[:MOST_TRIALS]),
        people=people[:SHOWN_PEOPLE],
        units=list(TrialUnit.objects.select_related("variant__frame").filter(barcode=code)),
        orders=list(Order.objects.select_related("user").filter(number=code)),
        more_people=len(people) > SHOWN_PEOPLE,
    )
