"""A cart holds wishes: nothing is reserved, nothing that is not sold goes in."""

import uuid

import pytest
from djmoney.money import Money

from shop.orders.errors import CartMissingError, NotForSaleError, OriginError, QuantityError
from shop.orders.models import Cart, CartLine
from shop.orders.queries import cart_lines, cart_total
from shop.orders.services.carts import MOST, add_to_cart, cart_for, change_quantity
from shop.orders.services.checkout import place_order
from tests.factories.shop import StockRecordFactory, UserFactory, VariantFactory
from tests.shop.orders.buying import filled_cart

pytestmark = pytest.mark.django_db
GALLERY = f"gallery:{uuid.UUID(int=1)}:{uuid.UUID(int=2)}"


def _lines(cart: Cart) -> list[tuple[int, int, str]]:
    return list(cart.lines.values_list("variant_id", "quantity", "origin"))


def test_a_frame_put_in_twice_is_in_once_and_reserves_nothing() -> None:
    stock, cart = StockRecordFactory(), cart_for(user=UserFactory())

    for _each in range(2):
        add_to_cart(cart_id=cart.pk, variant_id=stock.variant_id)

    stock.refresh_from_db()
    assert _lines(cart) == [(stock.variant_id, 1, "")]
    assert stock.reserved == 0


def test_a_frame_that_is_in_learns_where_it_came_from_and_keeps_its_number() -> None:
    variant, cart = VariantFactory(), cart_for(user=UserFactory())
    add_to_cart(cart_id=cart.pk, variant_id=variant.pk, quantity=3)

    add_to_cart(cart_id=cart.pk, variant_id=variant.pk, origin=GALLERY, note="Friends’ favourite")
    add_to_cart(cart_id=cart.pk, variant_id=variant.pk)

    line = CartLine.objects.get()
    assert (line.quantity, line.origin, line.note) == (3, GALLERY, "Friends’ favourite")


@pytest.mark.parametrize("hidden", [{"active": False}, {"frame__published": False}])
def test_what_is_not_sold_does_not_go_in(hidden: dict[str, bool]) -> None:
    cart, variant = cart_for(user=UserFactory()), VariantFactory(**hidden)

    with pytest.raises(NotForSaleError):
        add_to_cart(cart_id=cart.pk, variant_id=variant.pk)

    assert _lines(cart) == []


@pytest.mark.parametrize("quantity", [0, -1, MOST + 1])
def test_a_number_that_makes_no_sense_is_refused(quantity: int) -> None:
    cart, variant = cart_for(user=UserFactory()), VariantFactory()

    with pytest.raises(QuantityError):
        add_to_cart(cart_id=cart.pk, variant_id=variant.pk, quantity=quantity)

    add_to_cart(cart_id=cart.pk, variant_id=variant.pk)
    if quantity:
        with pytest.raises(QuantityError):
            change_quantity(cart_id=cart.pk, variant_id=variant.pk, quantity=quantity)
    assert _lines(cart) == [(variant.pk, 1, "")]


@pytest.mark.parametrize(
    "origin",
    [
        *("ad:1", "gallery:1", f"{GALLERY}\n", "trial:<script>"),
        *(f"trial:{'-' * 36}", f"trial:{'0' * 36}", f"gallery:{'a' * 36}:{'a-' * 18}"),
    ],
)
def test_only_our_own_pages_say_where_a_frame_came_from(origin: str) -> None:
    cart, variant = cart_for(user=UserFactory()), VariantFactory()

    with pytest.raises(OriginError):
        add_to_cart(cart_id=cart.pk, variant_id=variant.pk, origin=origin)


def test_the_total_is_of_todays_prices_and_zero_takes_a_line_out() -> None:
    cart = cart_for(user=UserFactory())
    dear, cheap = VariantFactory(price=Money(200, "EUR")), VariantFactory(price=Money(50, "EUR"))
    add_to_cart(cart_id=cart.pk, variant_id=dear.pk)
    add_to_cart(cart_id=cart.pk, variant_id=cheap.pk, quantity=2)
    assert cart_total(cart_lines(cart)) == Money(300, "EUR")

    cheap.price = Money(60, "EUR")
    cheap.save()
    change_quantity(cart_id=cart.pk, variant_id=dear.pk, quantity=0)

    assert cart_total(cart_lines(cart)) == Money(120, "EUR")


def test_at_log_in_a_visitors_cart_becomes_hers_and_loses_nothing() -> None:
    user, variants = UserFactory(), [VariantFactory() for _each in range(3)]
    visitor = cart_for()
    own = cart_for(user=user)
    add_to_cart(cart_id=own.pk, variant_id=variants[0].pk, quantity=2)
    add_to_cart(cart_id=visitor.pk, variant_id=variants[0].pk)
    for variant in variants[1:]:
        add_to_cart(cart_id=visitor.pk, variant_id=variant.pk, origin=GALLERY)

    assert cart_for(user=user, cart_id=visitor.pk) == own

    first, second, third = (variant.pk for variant in variants)
    assert _lines(own) == [(first, 2, ""), (second, 1, GALLERY), (third, 1, GALLERY)]
    assert Cart.objects.get() == own


def test_nobody_is_given_the_cart_of_another_customer() -> None:
    victim = cart_for(user=UserFactory())
    add_to_cart(cart_id=victim.pk, variant_id=VariantFactory().pk)

    assert cart_for(user=UserFactory(), cart_id=victim.pk) != victim
    assert cart_for(cart_id=victim.pk) != victim
    assert victim.lines.count() == 1


def test_a_cart_that_was_ordered_is_closed() -> None:
    user, stock = UserFactory(), StockRecordFactory()
    wish = filled_cart(user, stock)
    place_order(**wish)

    with pytest.raises(CartMissingError):
        add_to_cart(cart_id=wish["cart_id"], variant_id=stock.variant_id)
    assert cart_for(user=user).pk != wish["cart_id"]
