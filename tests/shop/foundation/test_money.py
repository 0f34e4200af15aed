"""Money: exact, never without its currency, in smallest units only at Stripe's door."""

from decimal import Decimal

import pytest
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.models import Variant
from shop.foundation.money import (
    THREE_DECIMAL,
    ZERO_DECIMAL,
    decimals,
    from_minor,
    quantize,
    to_minor,
    total,
    zero,
)
from tests.factories.shop import VariantFactory

CURRENCIES = ["EUR", "USD", "CHF", *sorted(ZERO_DECIMAL), *sorted(THREE_DECIMAL)]
currencies = st.sampled_from(CURRENCIES)
minors = st.integers(-(10**10), 10**10)
amounts = st.decimals(-(10**9), 10**9, places=5)


@given(minors, currencies)
def test_smallest_units_there_and_back_are_the_same(minor: int, currency: str) -> None:
    money = from_minor(minor, currency.lower())

    assert to_minor(money) == minor
    assert str(money.currency) == currency
    assert quantize(money) == money


@given(st.lists(minors, min_size=1, max_size=20), currencies)
def test_a_sum_is_exact_and_of_its_currency(parts: list[int], currency: str) -> None:
    summed = total([from_minor(part, currency) for part in parts])

    assert to_minor(summed) == sum(parts)
    assert str(summed.currency) == currency


@given(amounts, currencies)
def test_rounding_moves_by_half_a_smallest_unit_at_most(amount: Decimal, currency: str) -> None:
    rounded = quantize(Money(amount, currency))

    assert abs(rounded.amount - amount) <= Decimal(5).scaleb(-decimals(currency) - 1)
    assert str(rounded.currency) == currency
    to_minor(rounded)


@given(minors, minors)
def test_currencies_are_never_mixed(one: int, other: int) -> None:
    with pytest.raises(TypeError):
        total([from_minor(one, "EUR"), from_minor(other, "USD")])
    assert from_minor(one, "EUR") != from_minor(one, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("95.00", "EUR", 9500), ("0.01", "USD", 1), ("500", "JPY", 500), ("1.234", "KWD", 1234)],
)
def test_smallest_units_are_stripes(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Money(amount, currency)) == minor


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "EUR"), ("0.5", "JPY")])
def test_a_fraction_of_the_smallest_unit_is_never_sent(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="smallest unit"):
        to_minor(Money(amount, currency))


def test_half_a_cent_is_rounded_up() -> None:
    assert quantize(Money("1.005", "EUR")) == Money("1.01", "EUR")


def test_the_sum_of_nothing_is_nothing_in_the_shops_currency() -> None:
    assert total([]) == zero() == Money(0, "EUR")
    assert total([], "USD") == Money(0, "USD")


@pytest.mark.django_db
@pytest.mark.parametrize(("amount", "currency"), [("12345678901.005", "KWD"), ("145.10", "EUR")])
def test_the_database_gives_back_what_it_was_given(amount: str, currency: str) -> None:
    variant = VariantFactory(price=Money(amount, currency))

    assert Variant.objects.get(pk=variant.pk).price == Money(amount, currency)
