"""A cart becomes one order, at the price that was shown, or nothing happens at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from shop.analytics.models import Event
from shop.catalogue.models import Variant
from shop.customers.errors import AddressMissingError
from shop.foundation.errors import LorgnetteError
from shop.foundation.invariants import all_invariants, breaches
from shop.inventory.errors import OutOfStockError
from shop.inventory.models import StockRecord, StockReservation
from shop.orders.errors import (
    CartChangedError,
    CartEmptyError,
    CartMissingError,
    NotForSaleError,
)
from shop.orders.models import Order
from shop.orders.services.carts import cart_for
from shop.orders.services.checkout import place_order
from shop.payments.models import Payment
from tests.factories.shop import AddressFactory, FrameFactory, StockRecordFactory, UserFactory
from tests.shop.orders.buying import filled_cart, mark_paid, payment_of, placed_order

pytestmark = pytest.mark.django_db
# What opens, marks and ends transactions reads and writes nothing.
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def _nothing_happened() -> bool:
    left = (Order, Payment, StockReservation, Event)
    held = StockRecord.objects.filter(reserved__gt=0)
    return not any(model._default_manager.exists() for model in left) and not held.exists()


def test_an_order_holds_its_pieces_asks_for_its_payment_and_is_written_down() -> None:
    first, second = StockRecordFactory(), StockRecordFactory()

    order = placed_order(first, second, quantity=2)

    assert order.total == Money(580, "EUR")
    assert set(order.lines.values_list("variant_id", "quantity", "unit_price")) == {
        (stock.variant_id, 2, stock.variant.price.amount) for stock in (first, second)
    }
    assert list(StockRecord.objects.values_list("reserved", flat=True)) == [2, 2]
    payment = payment_of(order)
    assert (payment.user, payment.amount, payment.state) == (order.user, order.total, "created")
    event = Event.objects.get(name="order_placed")
    assert (event.subject_id, event.amount) == (str(order.pk), order.total)
    assert order.transitions.get().to_state == "pending_payment"


def test_a_second_click_finds_the_order_of_the_first() -> None:
    wish = filled_cart(UserFactory(), StockRecordFactory())

    assert place_order(**wish) == place_order(**wish)
    assert Payment.objects.count() == 1


def test_what_was_sold_stays_as_it_was_sold() -> None:
    order = placed_order()
    line = order.lines.get()
    Variant.objects.update(price=999)
    FrameFactory._meta.model.objects.update(name="Renamed")

    line.refresh_from_db()
    assert (line.unit_price, line.amount) == (Money(145, "EUR"), Money(145, "EUR"))
    assert "Renamed" not in line.name


@pytest.mark.parametrize("price", ["144.99", "145.01"])
def test_a_price_that_changed_is_told_and_not_charged(price: str) -> None:
    wish = filled_cart(UserFactory(), StockRecordFactory())
    Variant.objects.update(price=price)

    with pytest.raises(CartChangedError) as refused:
        place_order(**wish, expected_total=Money(145, "EUR"))

    assert price in str(refused.value)
    assert _nothing_happened()
    assert place_order(**wish, expected_total=Money(price, "EUR")).total == Money(price, "EUR")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda wish: StockRecord.objects.update(on_hand=0), OutOfStockError),
        (lambda wish: StockRecord.objects.all().delete(), OutOfStockError),
        (lambda wish: Variant.objects.update(active=False), NotForSaleError),
        (lambda wish: wish.update(address_id=AddressFactory().pk), AddressMissingError),
        (lambda wish: wish.update(user=UserFactory()), CartMissingError),
        (lambda wish: wish.update(cart_id=cart_for().pk), CartMissingError),
        (
            lambda wish: (
                wish.update(cart_id=cart_for(user=wish["user"]).pk)
                or cart_for(user=wish["user"]).lines.all().delete()
            ),
            CartEmptyError,
        ),
    ],
)
def test_what_cannot_be_ordered_changes_nothing(spoil: object, error: type[LorgnetteError]) -> None:
    wish = filled_cart(UserFactory(), StockRecordFactory())
    assert callable(spoil)
    spoil(wish)

    with pytest.raises(error):
        place_order(**wish)

    assert _nothing_happened()


def test_too_few_of_one_frame_reserves_none_of_the_others_and_names_it() -> None:
    plenty, short = StockRecordFactory(), StockRecordFactory(on_hand=1)
    wish = filled_cart(UserFactory(), plenty, short, quantity=2)

    with pytest.raises(OutOfStockError) as refused:
        place_order(**wish)

    assert str(short.variant) in str(refused.value)
    assert str(plenty.variant) not in str(refused.value)
    assert _nothing_happened()


def test_from_a_filled_cart_to_a_paid_order_takes_at_most_25_statements() -> None:
    stocks = [StockRecordFactory() for _each in range(3)]
    counts = []
    for lines in (1, 3):
        wish = filled_cart(UserFactory(), *stocks[:lines])
        with CaptureQueriesContext(connection) as captured:
            mark_paid(place_order(**wish))
        spoken = [each["sql"] for each in captured if not each["sql"].startswith(CONTROL)]
        # One is the test's own look for the payment, one its look at the order.
        counts.append(len(spoken) - 2)

    assert counts[0] == counts[1], "more lines take no more statements"
    assert counts[0] <= 25


def test_the_books_are_right_after_all_of_it() -> None:
    mark_paid(placed_order())
    placed_order()

    assert [each.name for each in all_invariants() if breaches(each)] == []
