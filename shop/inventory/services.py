"""Taking stock and giving it back (docs/locking.md: records locked by rising key, once)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.inventory.errors import OutOfStockError, ReferenceUsedError, StockReservedError
from shop.inventory.models import StockRecord, StockReservation

State = StockReservation.State
# Of records that are locked.
_RESERVE = """
UPDATE shop_stockrecord record SET reserved = wanted.reserved
FROM unnest(%s::bigint[], %s::integer[]) AS wanted (id, reserved)
WHERE record.id = wanted.id
"""
_RESERVED = PreparedQuery(
    lambda: StockReservation.objects.filter(reference=Slot("reference")).select_related("stock")
)


@transaction.atomic
def set_on_hand(*, variant_id: int, on_hand: int) -> bool:
    """Set how many of a variant were counted.

    Args:
        variant_id: which.
        on_hand: pieces, zero or more.

    Returns:
        Whether that changed anything.

    Raises:
        StockReservedError: more than that are held for orders.
    """
    record, _created = StockRecord.objects.get_or_create(variant_id=variant_id)
    record = lock_row(StockRecord, record.pk)
    if record.on_hand == on_hand:
        return False
    if on_hand < record.reserved:
        raise StockReservedError(
            _("%(reserved)s of these are held for orders: fewer cannot be on hand.")
            % {"reserved": record.reserved},
            reserved=record.reserved,
        )
    record.on_hand = on_hand
    record.save(update_fields=["on_hand"])
    return True


@transaction.atomic
def set_all_on_hand(counts: dict[int, int]) -> int:
    """Set how many of many variants were counted, all or none.

    Args:
        counts: pieces by variant id.

    Returns:
        How many of them that changed.

    Raises:
        StockReservedError: more than that are held for orders of one of them.
    """
    # In the order of everybody else, whatever the order of their variants.
    lock_rows(StockRecord, counts, by="variant_id")
    return sum(set_on_hand(variant_id=each, on_hand=counts[each]) for each in sorted(counts))


@transaction.atomic
def reserve_stock(*, quantities: dict[int, int], reference: str) -> None:
    """Hold pieces for somebody: all that are asked for, or none.

    Sent again with the same reference and quantities it changes nothing.

    Args:
        quantities: how many, one or more, by variant id.
        reference: what they are held for, such as ``order:<number>``.

    Raises:
        OutOfStockError: of one variant or more too few are free.
        ReferenceUsedError: the reference was used for other pieces, or its pieces are settled.
    """
    locked = lock_rows(StockRecord, quantities, by="variant_id")
    records = {record.variant_id: record for record in locked}
    if _already_reserved(quantities, reference):
        return
    short = [
        variant_id
        for variant_id, quantity in quantities.items()
        if variant_id not in records or records[variant_id].free < quantity
    ]
    if short:
        names = ", ".join(
            str(variant) for variant in Variant.objects.select_related("frame").filter(pk__in=short)
        )
        raise OutOfStockError(
            _("Not enough in stock: %(names)s. Take it out, or choose another colour.")
            % {"names": names},
            variants=sorted(short),
        )
    for variant_id, quantity in quantities.items():
        records[variant_id].reserved += quantity
    with prepared_cursor() as cursor:
        held = list(records.values())
        cursor.execute(_RESERVE, [[each.pk for each in held], [each.reserved for each in held]])
    insert_rows(
        [
            StockReservation(stock=records[variant_id], quantity=quantity, reference=reference)
            for variant_id, quantity in sorted(quantities.items())
        ]
    )


@transaction.atomic
def release_stock(*, reference: str) -> None:
    """Let go what ``reference`` holds. Where it holds nothing any more, nothing changes."""
    records, reservations = _held_by(reference)
    for reservation in reservations:
        records[reservation.stock_id].reserved -= reservation.quantity
    _settle(records, reservations, State.RELEASED)


@transaction.atomic
def consume_stock(*, reference: str) -> None:
    """Take what ``reference`` holds off the shelf. Repeated, nothing changes."""
    records, reservations = _held_by(reference)
    for reservation in reservations:
        records[reservation.stock_id].reserved -= reservation.quantity
        records[reservation.stock_id].on_hand -= reservation.quantity
    _settle(records, reservations, State.CONSUMED)


def _already_reserved(quantities: dict[int, int], reference: str) -> bool:
    known = _RESERVED.rows(reference=reference)
    if not known:
        return False
    held = {each.stock.variant_id: each.quantity for each in known if each.state == State.ACTIVE}
    if held != quantities:
        raise ReferenceUsedError(_("This was reserved before, with other quantities."))
    return True


def _held_by(reference: str) -> tuple[dict[int, StockRecord], list[StockReservation]]:
    active = StockReservation.objects.filter(reference=reference, state=State.ACTIVE)
    records = lock_rows(StockRecord, list(active.values_list("stock_id", flat=True)))
    # Read again: another process may have settled them while we waited for the lock.
    return {record.pk: record for record in records}, list(active.order_by("pk"))


def _settle(
    records: dict[int, StockRecord], reservations: list[StockReservation], state: State
) -> None:
    if not reservations:
        return
    StockRecord.objects.bulk_update(records.values(), ["reserved", "on_hand"])
    StockReservation.objects.filter(pk__in=[each.pk for each in reservations]).update(
        state=state, settled_at=timezone.now()
    )
