"""Orders to be sent: the list, its filters, CSV and the API for the same."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shop.orders.models import Order
from shop.orders.services.packing import pack_piece
from tests.factories.shop import StaffFactory, StockRecordFactory, UserFactory
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db
LIST, CSV, API = "/console/orders/", "/console/orders.csv", "/api/v1/staff/orders/"


@pytest.fixture
def ola() -> Client:
    client = Client()
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(StaffFactory())
    return client


def _paid(country: str = "DE", quantity: int = 1) -> Order:
    order = mark_paid(placed_order(StockRecordFactory(), quantity=quantity))
    type(order.address).objects.filter(pk=order.address_id).update(country=country)
    return order


def _scan(order: Order) -> None:
    pack_piece(order_id=order.pk, barcode=order.lines.get().variant.sku)


def _rows(client: Client, **asked: str) -> list[str]:
    return [order.number for order in client.get(LIST, asked).context["page"]]


def _csv(client: Client, **asked: str) -> list[dict[str, str]]:
    answer = client.get(CSV, asked)
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def orders() -> dict[str, Order]:
    made = {"to_pack": _paid(), "begun": _paid(quantity=2), "packed": _paid("FR")}
    _scan(made["begun"])
    _scan(made["packed"])
    placed_order()
    return made


def test_those_to_be_sent_come_the_oldest_first_and_by_how_far_they_are(
    ola: Client, orders: dict[str, Order]
) -> None:
    assert _rows(ola, state="paid") == [each.number for each in orders.values()]
    for stage, order in orders.items():
        assert _rows(ola, state="paid", packing=stage) == [order.number]
        assert [row["number"] for row in _csv(ola, state="paid", packing=stage)] == [order.number]
    assert _rows(ola, state="paid", country="FR") == [orders["packed"].number]
    assert len(_rows(ola)) == len(_rows(ola, packing="packed")) == 4


def test_a_row_says_how_far_it_is_packed_and_where_it_goes(
    ola: Client, orders: dict[str, Order]
) -> None:
    page = ola.get(LIST, {"state": "paid"}).content.decode()

    assert [f"<td>{each}</td>" in page for each in ("0 of 1", "1 of 2", "1 of 1")] == [True] * 3
    assert f"{orders['packed'].address.city}, France" in page


def test_the_csv_has_what_a_carriers_site_asks_for(ola: Client, orders: dict[str, Order]) -> None:
    order = orders["begun"]
    type(order.address).objects.filter(pk=order.address_id).update(name="=cmd()")
    (row,) = _csv(ola, state="paid", packing="begun")

    assert (row["pieces"], row["packed"], row["country"]) == ("2", "1", "DE")
    assert row["contents"] == f"2 × {order.lines.get().variant.sku}"
    assert row["name"] == "'=cmd()"
    assert row["postal_code"] == order.address.postal_code


def test_a_longer_list_and_file_take_no_more_statements(ola: Client) -> None:
    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            answer = ola.get(path, {"state": "paid"})
            if answer.streaming:
                list(answer)
        return len(counted)

    _paid()
    few = [statements(path) for path in (LIST, CSV)]
    for _each in range(4):
        _paid("FR")
    assert [statements(path) for path in (LIST, CSV)] == few


def test_who_buys_and_who_ops_are_is_told_apart() -> None:
    client = Client()
    client.force_login(UserFactory())
    assert client.get(CSV).status_code in (403, 404)


def _post(api: APIClient, path: str, body: dict[str, Any], key: str) -> Any:
    return api.post(f"{API}{path}/", body, format="json", headers={"Idempotency-Key": key})


def test_a_program_finds_packs_and_sends(api: APIClient, orders: dict[str, Order]) -> None:
    order = orders["begun"]
    listed = api.get(API, {"packing": "begun"}).json()["results"]
    assert [row["number"] for row in listed] == [order.number]
    (line,) = listed[0]["lines"]
    assert (line["quantity"], line["packed"]) == (2, 1)

    early = _post(api, f"{order.number}/send", {}, "early")
    assert (early.status_code, early.json()["code"]) == (409, "order_not_packed")
    wrong = _post(api, f"{order.number}/pack", {"barcode": "NO-SUCH"}, "wrong")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_piece")
    scanned = {"barcode": line["sku"]}
    answers = [_post(api, f"{order.number}/pack", scanned, "second") for _each in range(2)]
    assert [each.json()["packed"] for each in answers] == [2, 2]

    bad = _post(api, f"{order.number}/send", {"tracking_number": "?"}, "bad")
    assert (bad.status_code, bad.json()["code"]) == (422, "tracking_number_invalid")
    parcel = {"carrier": "DHL", "tracking_number": "JJD0003123"}
    sent = _post(api, f"{order.number}/send", parcel, "send")
    assert sent.json()["state"] == "fulfilled"
    assert api.get(f"{API}{order.number}/").json()["tracking_number"] == "JJD0003123"
    right = {"carrier": "UPS", "tracking_number": "JJD0003124"}
    assert api.put(f"{API}{order.number}/parcel/", right, format="json").status_code == 200
    buyer = APIClient()
    buyer.force_authenticate(order.user)
    assert buyer.get(f"/api/v1/orders/{order.number}/").json()["carrier"] == "UPS"


def test_a_program_begins_anew(api: APIClient, orders: dict[str, Order]) -> None:
    answer = api.post(f"{API}{orders['begun'].number}/unpack/")
    assert [line["packed"] for line in answer.json()["lines"]] == [0]


def test_the_page_of_an_order_sends_it_with_its_number_and_shows_it(
    ola: Client, orders: dict[str, Order]
) -> None:
    order = orders["packed"]
    path = f"{LIST}{order.number}/"
    parcel = {"carrier": "UPS", "tracking_number": "1Z999AA10123456784"}
    page = ola.post(f"{path}send/", parcel, follow=True).content.decode()
    assert "UPS" in page
    assert "1Z999AA10123456784" in page

    right = {"carrier": "UPS", "tracking_number": "1Z999AA10123456785"}
    page = ola.post(f"{path}parcel/", right, follow=True).content.decode()
    assert "1Z999AA10123456784" not in page

    buyer = Client()
    buyer.force_login(order.user)
    assert "1Z999AA10123456785" in buyer.get(f"/orders/{order.number}/").content.decode()


def test_a_program_lists_in_as_many_statements_however_long(api: APIClient) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            api.get(API)
        return len(counted)

    _paid()
    few = statements()
    for _each in range(3):
        _paid()

    assert statements() == few
