"""Cart, checkout and orders as pages: for their owner only, in every state, however often sent."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.customers.roles import ensure_roles
from shop.orders.models import Order
from shop.orders.states import OrderState
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    StaffFactory,
    StockRecordFactory,
    UserFactory,
)
from tests.shop.orders.buying import filled_cart, mark_paid, payment_of, placed_order

pytestmark = pytest.mark.django_db
CONSOLE = "/console/orders/"


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def browser(user: User) -> Client:
    return _browser_of(user)


def _browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def _send(browser: Client, wish: dict[str, Any], total: str = "145.00") -> Any:
    return browser.post("/checkout/", {"address": wish["address_id"], "shown_total": total})


def test_an_empty_cart_shows_the_way_to_the_frames_and_is_not_checked_out(browser: Client) -> None:
    page = browser.get("/cart/").content.decode()

    assert "Your cart is empty" in page
    assert 'href="/frames/"' in page
    assert browser.get("/checkout/")["Location"] == "/cart/"


def test_a_visitors_cart_is_there_after_the_log_in(user: User) -> None:
    stock, browser = StockRecordFactory(), Client()
    browser.post("/cart/add/", {"variant_id": stock.variant_id})
    assert stock.variant.frame.name in browser.get("/cart/").content.decode()
    assert browser.get("/checkout/")["Location"].startswith("/accounts/login/")

    browser.force_login(user)

    assert stock.variant.frame.name in browser.get("/cart/").content.decode()


def test_a_frame_there_is_too_little_of_is_named_in_the_cart(browser: Client, user: User) -> None:
    stock = StockRecordFactory(on_hand=1)
    filled_cart(user, stock, quantity=2)

    page = browser.get("/cart/").content.decode()

    assert "Not enough in stock" in page


def test_a_double_click_places_one_order_and_leads_to_its_payment(
    browser: Client, user: User
) -> None:
    wish = filled_cart(user, StockRecordFactory())

    first, second = _send(browser, wish), _send(browser, wish)

    order = Order.objects.get()
    assert first["Location"] == second["Location"] == f"/orders/{order.number}/pay/"
    paying = browser.get(first["Location"])
    assert paying["Location"] == f"/payments/{payment_of(order).pk}/"
    mark_paid(order)
    assert browser.get(first["Location"])["Location"] == f"/orders/{order.number}/"


def test_a_changed_price_is_shown_before_anything_is_ordered(browser: Client, user: User) -> None:
    wish = filled_cart(user, StockRecordFactory())
    Variant.objects.update(price=160)

    answer = browser.post(
        "/checkout/",
        {"address": wish["address_id"], "shown_total": "145.00"},
        headers={"Referer": "http://testserver/checkout/"},
    )

    assert answer["Location"] == "http://testserver/checkout/"
    assert not Order.objects.exists()
    page = browser.get("/checkout/").content.decode()
    assert "The total is now" in page
    assert 'name="shown_total" value="160.00"' in page


def test_the_total_shown_has_the_decimals_of_its_currency(browser: Client, user: User) -> None:
    stock = StockRecordFactory(variant__price=Money("14.505", "KWD"))
    wish = filled_cart(user, stock)

    assert 'value="14.505"' in browser.get("/checkout/").content.decode()
    _send(browser, wish, "14.505")
    assert Order.objects.get().total == Money("14.505", "KWD")


def test_an_address_of_somebody_else_is_no_choice(browser: Client, user: User) -> None:
    wish = filled_cart(user, StockRecordFactory())
    wish["address_id"] = AddressFactory().pk

    assert _send(browser, wish).status_code == 200
    assert not Order.objects.exists()


def test_an_order_is_there_for_its_owner_alone() -> None:
    order = mark_paid(placed_order())
    paths = [f"/orders/{order.number}/", f"/orders/{order.number}/pay/"]

    hers, other = _browser_of(order.user), _browser_of(UserFactory())
    assert hers.get(paths[0]).status_code == 200
    assert [other.get(path).status_code for path in paths] == [404, 404]
    assert order.number not in other.get("/orders/").content.decode()
    stranger = Client()
    assert all(stranger.get(path)["Location"].startswith("/accounts/login/") for path in paths)


@pytest.mark.parametrize("state", OrderState.values)
def test_every_state_has_its_page_for_her_and_for_staff(state: str) -> None:
    ensure_roles()
    order = placed_order()
    Order.objects.update(state=state)

    page = _browser_of(order.user).get(f"/orders/{order.number}/")
    assert page.status_code == 200
    assert Order.objects.get().get_state_display() in page.content.decode()
    assert _browser_of(StaffFactory()).get(f"{CONSOLE}{order.number}/").status_code == 200


def test_customers_find_no_console_of_orders() -> None:
    order = mark_paid(placed_order())
    browser = _browser_of(order.user)

    assert browser.get(CONSOLE).status_code == 404
    assert browser.get(f"{CONSOLE}{order.number}/").status_code == 404
    assert browser.post(f"{CONSOLE}{order.number}/send/").status_code == 404
    order.refresh_from_db()
    assert order.state == "paid"


def test_staff_send_and_complete_and_only_a_manager_cancels_what_is_paid() -> None:
    ensure_roles()
    sent, kept = mark_paid(placed_order()), mark_paid(placed_order())
    ops, manager = _browser_of(StaffFactory()), _browser_of(ManagerFactory())

    for act in ("send", "complete"):
        assert ops.post(f"{CONSOLE}{sent.number}/{act}/").status_code == 302
    assert ops.post(f"{CONSOLE}{kept.number}/cancel/", {"reason": "x"}).status_code == 403
    kept.refresh_from_db()
    assert kept.state == "paid"
    assert manager.post(f"{CONSOLE}{kept.number}/cancel/", {"reason": "x"}).status_code == 302

    sent.refresh_from_db()
    kept.refresh_from_db()
    assert (sent.state, kept.state) == ("completed", "cancelled")


def test_an_order_paid_while_its_page_was_open_is_not_cancelled_by_it() -> None:
    order, manager = placed_order(), _browser_of(ManagerFactory())
    page = manager.get(f"{CONSOLE}{order.number}/").content.decode()
    assert '<input type="hidden" name="seen" value="pending_payment">' in page
    mark_paid(order)

    sent = {"reason": "Nobody pays", "seen": "pending_payment"}
    answer = manager.post(f"{CONSOLE}{order.number}/cancel/", sent)
    assert answer.status_code == 409
    assert "Nothing was done" in answer.content.decode()
    order.refresh_from_db()
    assert order.state == "paid"


def test_the_console_finds_orders_by_number_address_and_state() -> None:
    order, other = mark_paid(placed_order()), placed_order()
    ops = _browser_of(StaffFactory())

    for query in (f"q={order.number.lower()}", f"q={order.user.email}", "state=paid"):
        page = ops.get(f"{CONSOLE}?{query}").content.decode()
        assert order.number in page
        assert other.number not in page
    assert "No order here" in ops.get(f"{CONSOLE}?q=nothing").content.decode()


def test_longer_lists_take_no_more_queries(user: User) -> None:
    hers, ops = _browser_of(user), _browser_of(StaffFactory())
    pages = [(hers, "/cart/"), (hers, "/checkout/"), (hers, "/orders/"), (ops, CONSOLE)]
    counts = []
    for _doubled in range(2):
        for _each in range(2):
            placed_order(StockRecordFactory(), StockRecordFactory(), user=user)
        filled_cart(user, *(StockRecordFactory() for _each in range(2)))
        row = []
        for browser, path in pages:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            row.append(len(captured))
        counts.append(row)

    assert counts[0] == counts[1]
