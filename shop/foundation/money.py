"""Money: exact, always with its currency; minor units only at Stripe's door."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from djmoney.models.fields import MoneyField as DjangoMoneyField
from djmoney.money import Money

# Currencies whose smallest unit is the whole, and those with three decimals, as Stripe lists them:
# https://docs.stripe.com/currencies#zero-decimal
ZERO_DECIMAL = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA")
    + ("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Amounts whose words are kept: a few pages of figures.
WORDS_KEPT = 8192


class MoneyField(DjangoMoneyField):
    """An amount with its currency in two columns: 14 digits, 3 of them decimals."""

    # What the type checker's plugin reads: django-money takes and gives more than a decimal.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 3)
        kwargs.setdefault("default_currency", settings.DEFAULT_CURRENCY)
        super().__init__(*args, **kwargs)


def decimals(currency: str) -> int:
    """Return how many decimals ``currency`` (ISO 4217) has."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def quantize(amount: Money) -> Money:
    """Round ``amount`` half up to its currency's smallest unit."""
    currency = str(amount.currency)
    step = Decimal(1).scaleb(-decimals(currency))
    return Money(amount.amount.quantize(step, rounding=ROUND_HALF_UP), currency)


def money_words(amount: Money) -> str:
    """Return ``amount`` as the reader's language writes it, kept for when it is written again.

    For pages of hundreds of amounts: Babel reads a currency's pattern anew for each of them.
    """
    # Minus nothing is equal to nothing, and would be written for it.
    return _words(amount.amount + 0, str(amount.currency), get_language())


@lru_cache(maxsize=WORDS_KEPT)
def _words(amount: Decimal, currency: str, _language: str | None) -> str:
    return str(Money(amount, currency))


def to_minor(amount: Money) -> int:
    """Return ``amount`` in its currency's smallest unit (cents), as Stripe counts.

    Raises:
        ValueError: the amount has a fraction of the smallest unit.
    """
    scaled = amount.amount.scaleb(decimals(str(amount.currency)))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is no whole number of its currency's smallest unit")
    return int(scaled)


def from_minor(minor: int, currency: str) -> Money:
    """Return ``minor`` smallest units of ``currency`` as money."""
    code = currency.upper()
    return Money(Decimal(minor).scaleb(-decimals(code)), code)


def zero(currency: str | None = None) -> Money:
    """Return nothing, in ``currency`` (the shop's own if not given)."""
    return Money(0, currency or settings.DEFAULT_CURRENCY)


def total(amounts: list[Money], currency: str | None = None) -> Money:
    """Return the sum of ``amounts``, all in one currency; nothing of ``currency`` if empty."""
    return sum(amounts, start=zero(str(amounts[0].currency) if amounts else currency))
