"""An order is packed by a scanner alone: its number, each piece, the carrier's label."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from rest_framework.test import APIClient

from shop.orders.models import Order
from shop.orders.services.fulfilment import cancel_order, fulfil_order
from tests.factories.shop import ManagerFactory, StaffFactory, StockRecordFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PARCEL = "JJD000390007878"


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _paid(pieces: int = 2) -> Order:
    return mark_paid(placed_order(StockRecordFactory(), quantity=pieces))


def _code(order: Order) -> str:
    return str(order.lines.get().variant.sku)


def _url(order: Order) -> str:
    return reverse("console:pack_order", args=[order.number])


def _scan(ops: Client, order: Order, code: str) -> str:
    answer = ops.post(_url(order), {"barcode": code}, headers=HTMX)
    return answer.headers.get("HX-Redirect") or answer.content.decode()


def test_the_scanner_alone_packs_prints_and_sends(ops: Client) -> None:
    order, following = _paid(), _paid()
    opened = ops.post(reverse("console:pack"), {"barcode": order.number.lower()}, headers=HTMX)
    assert opened["HX-Redirect"] == _url(order)

    assert "Packed 1 of 2" in _scan(ops, order, _code(order))
    assert "Parcel complete" in _scan(ops, order, _code(order))
    assert _scan(ops, order, "DO-FINISH") == f"{_url(order)}?print"
    page = ops.get(f"{_url(order)}?print").content.decode()
    assert "data-print-now" in page
    assert _scan(ops, order, PARCEL) == _url(order)
    order.refresh_from_db()
    assert (order.state, order.tracking_number) == ("fulfilled", PARCEL)
    assert PARCEL in ops.get(_url(order)).content.decode()
    assert _scan(ops, order, "DO-REPRINT") == f"{_url(order)}?print"
    assert _scan(ops, order, following.number) == _url(following)
    assert _scan(ops, following, "DO-CANCEL") == reverse("console:pack")


def test_a_wrong_piece_is_refused_and_not_counted(ops: Client) -> None:
    order = _paid()
    for code in (VariantFactory().sku, "NO-SUCH"):
        answer = ops.post(_url(order), {"barcode": code}, headers=HTMX)
        assert answer.status_code == 409
        assert 'data-scan-state="refused"' in answer.content.decode()
        assert "does not belong" in answer.content.decode()
    assert order.lines.get().packed == 0


def test_nothing_leaves_before_all_is_scanned(ops: Client) -> None:
    order = _paid()
    _scan(ops, order, _code(order))
    for code in ("DO-FINISH", "DO-HANDOVER"):
        assert "1 of 2 pieces are scanned" in _scan(ops, order, code)
    assert "does not belong" in _scan(ops, order, PARCEL)
    order.refresh_from_db()
    assert order.state == "paid"


def test_what_is_no_carriers_label_does_not_send_a_complete_parcel(ops: Client) -> None:
    order, other, unit = _paid(1), _paid(), TrialUnitFactory()
    variant = VariantFactory(barcode="4006381333931")
    _scan(ops, order, _code(order))
    for code in (_code(order), variant.sku, "4006381333931", unit.barcode):
        assert 'data-scan-state="refused"' in _scan(ops, order, code), code
    assert "Scan the carrier’s label first" in _scan(ops, order, other.number)
    assert "no parcel’s number" in _scan(ops, order, "12/34")
    assert 'data-scan-state="refused"' in _scan(ops, order, "DO-BATCH")
    order.refresh_from_db()
    assert order.state == "paid"


def test_a_parcel_without_a_number_is_handed_over_by_its_own_code(ops: Client) -> None:
    order = _paid(1)
    _scan(ops, order, _code(order))
    assert _scan(ops, order, "DO-HANDOVER") == _url(order)
    order.refresh_from_db()
    assert (order.state, order.tracking_number) == ("fulfilled", "")


def test_the_carrier_that_is_at_the_door_is_said_once(ops: Client) -> None:
    first, second = _paid(1), _paid(1)
    ops.post(_url(first), {"carrier": "DHL"})
    for order in (first, second):
        _scan(ops, order, _code(order))
        _scan(ops, order, f"{PARCEL}{order.lines.get().pk}")
        order.refresh_from_db()
    assert [first.carrier, second.carrier] == ["DHL", "DHL"]


def test_packing_works_without_scripts(ops: Client) -> None:
    order = _paid(1)
    answer = ops.post(_url(order), {"barcode": _code(order)})

    assert "<html" in answer.content.decode()
    assert "Parcel complete" in answer.content.decode()


def test_an_order_that_is_not_to_be_packed_says_why(ops: Client) -> None:
    off = _paid()
    cancel_order(order_id=off.pk, by=ManagerFactory(), reason="Broken")
    page = ops.get(_url(off), follow=True)
    assert page.redirect_chain[-1][0] == reverse("orders:console_order", args=[off.number])
    assert "Lay its pieces back" in page.content.decode()
    refused = ops.post(reverse("console:pack"), {"barcode": off.number}, headers=HTMX)
    assert "Lay its pieces back" in refused.content.decode()
    assert ops.get("/console/pack/orders/L-NONE/").status_code == 404


def test_from_a_box_the_scanner_goes_on_to_an_order_and_back(ops: Client) -> None:
    order, trial = _paid(1), approved_trial()
    fulfil_order(order_id=order.pk, by=StaffFactory())
    assert _scan(ops, order, trial.number) == reverse("console:pack_trial", args=[trial.number])


def test_the_table_lists_what_waits_the_oldest_first(ops: Client) -> None:
    orders = [_paid(), _paid()]
    page = ops.get(reverse("console:pack")).content.decode()

    assert page.index(orders[0].number) < page.index(orders[1].number)


def test_the_slip_names_address_pieces_and_number_and_no_price(ops: Client) -> None:
    order = _paid(2)
    answer = ops.get(reverse("console:pack_order_slip", args=[order.number]))
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()

    assert all(words in text for words in (order.number, order.address.city, _code(order)))
    assert "2" in text
    assert "€" not in text
    api = APIClient()
    api.force_authenticate(StaffFactory())
    same = api.get(f"/api/v1/staff/orders/{order.number}/slip/")
    assert same["Content-Type"] == "application/pdf"
    assert same.content.startswith(b"%PDF")
