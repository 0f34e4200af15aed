"""A paid order is packed by what is scanned, and sent with its parcel's number."""

import pytest
from django.db import IntegrityError, transaction

from shop.foundation.models import OutboxMessage
from shop.inventory.models import StockRecord
from shop.orders.errors import (
    NotForPackingError,
    OrderNotPackedError,
    OrderNotSentError,
    TrackingInvalidError,
    WrongPieceError,
)
from shop.orders.models import Order, OrderLine
from shop.orders.services.fulfilment import cancel_order, correct_parcel, fulfil_order
from shop.orders.services.packing import pack_piece, unpack_order
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, StaffFactory, StockRecordFactory
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db


def _paid(*stocks: StockRecord, quantity: int = 1) -> Order:
    return mark_paid(placed_order(*stocks, quantity=quantity))


def _codes(order: Order) -> list[str]:
    return [line.variant.sku for line in order.lines.all() for _each in range(line.quantity)]


def _mail(subject: str) -> dict[str, str]:
    mails = OutboxMessage.objects.filter(topic="mail.send", payload__subject__icontains=subject)
    found: dict[str, str] = mails.get().payload
    return found


def test_every_piece_is_counted_once_and_no_more() -> None:
    order = _paid(StockRecordFactory(), quantity=2)
    (code, _same) = _codes(order)

    counts = [pack_piece(order_id=order.pk, barcode=code).packed for _each in range(2)]
    assert counts == [1, 2]
    with pytest.raises(WrongPieceError, match="are in already: 2"):
        pack_piece(order_id=order.pk, barcode=code)
    assert order.lines.get().packed == 2


def test_a_piece_is_known_by_its_makers_barcode_and_however_it_is_typed() -> None:
    order = _paid()
    variant = order.lines.get().variant
    variant.barcode = "4 006381-333931"
    variant.save()

    assert pack_piece(order_id=order.pk, barcode="4006381333931").packed == 1
    unpack_order(order_id=order.pk)
    assert pack_piece(order_id=order.pk, barcode=f" {variant.sku.lower()} ").packed == 1


@pytest.mark.parametrize("code", ["", "-", "NO-SUCH"])
def test_what_is_not_of_the_order_is_refused(code: str) -> None:
    order, other = _paid(), _paid()
    for wrong in (code, _codes(other)[0]):
        with pytest.raises(WrongPieceError, match="does not belong"):
            pack_piece(order_id=order.pk, barcode=wrong)
    assert order.lines.get().packed == 0


def test_what_is_not_paid_or_was_called_off_is_not_packed() -> None:
    unpaid, off = placed_order(), _paid()
    code = _codes(off)[0]
    cancel_order(order_id=off.pk, by=ManagerFactory(), reason="Broken")

    with pytest.raises(NotForPackingError, match="Only paid orders"):
        pack_piece(order_id=unpaid.pk, barcode=_codes(unpaid)[0])
    with pytest.raises(NotForPackingError, match="Lay its pieces back"):
        pack_piece(order_id=off.pk, barcode=code)
    with pytest.raises(NotForPackingError):
        unpack_order(order_id=off.pk)


@pytest.mark.django_db(transaction=True)
def test_two_scanners_at_once_count_no_piece_twice() -> None:
    order = _paid(StockRecordFactory(), quantity=3)
    code = _codes(order)[0]
    done = at_once(
        [lambda: pack_piece(order_id=order.pk, barcode=code)] * 6, expected=WrongPieceError
    )

    assert sum(isinstance(each, OrderLine) for each in done) == 3
    assert order.lines.get().packed == 3


def test_the_database_lets_nobody_pack_more_than_was_bought() -> None:
    line = _paid().lines.get()
    with pytest.raises(IntegrityError, match="order_line_packed_within"), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(packed=2)


def test_an_order_half_packed_does_not_leave_and_says_how_to_go_on() -> None:
    order = _paid(StockRecordFactory(), quantity=2)
    pack_piece(order_id=order.pk, barcode=_codes(order)[0])

    with pytest.raises(OrderNotPackedError, match="1 of 2 pieces are scanned"):
        fulfil_order(order_id=order.pk, by=StaffFactory())
    unpack_order(order_id=order.pk)
    fulfil_order(order_id=order.pk, by=StaffFactory())
    order.refresh_from_db()
    assert (order.state, order.tracking_number) == ("fulfilled", "")
    assert "parcel's number" not in _mail("is on its way")["text"]


def test_the_customer_reads_carrier_and_number() -> None:
    order = _paid()
    pack_piece(order_id=order.pk, barcode=_codes(order)[0])
    fulfil_order(
        order_id=order.pk, by=StaffFactory(), carrier="DHL", tracking_number=" jjd 0003-123 "
    )

    order.refresh_from_db()
    assert (order.carrier, order.tracking_number) == ("DHL", "JJD0003-123")
    mail = _mail("is on its way")
    for kind in ("text", "html"):
        assert "number with DHL is JJD0003-123." in mail[kind]


def test_a_number_scanned_wrongly_is_put_right_while_the_parcel_is_on_its_way() -> None:
    order = _paid()
    with pytest.raises(OrderNotSentError):
        correct_parcel(order_id=order.pk, carrier="DHL", tracking_number="JJD0003123")
    fulfil_order(order_id=order.pk, by=StaffFactory(), tracking_number="4006381333931")
    correct_parcel(order_id=order.pk, carrier="DHL", tracking_number="jjd0003123")

    order.refresh_from_db()
    assert (order.state, order.carrier, order.tracking_number) == ("fulfilled", "DHL", "JJD0003123")
    with pytest.raises(TrackingInvalidError):
        correct_parcel(order_id=order.pk, carrier="", tracking_number="?")


@pytest.mark.parametrize("number", ["12345", "a/b/c/d/e/f/g", "x" * 41, "-" * 12, "=HYPERLINK(1)"])
def test_what_is_no_parcels_number_is_refused_and_nothing_leaves(number: str) -> None:
    order = _paid()
    with pytest.raises(TrackingInvalidError):
        fulfil_order(order_id=order.pk, by=StaffFactory(), tracking_number=number)

    order.refresh_from_db()
    assert order.state == "paid"
