"""How much of a gift or of credit may go towards what is due."""

from decimal import Decimal

from djmoney.money import Money

from shop.foundation.money import decimals

# The least a card can be charged, in minor units, where it is not 50:
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
LEAST = {"GBP": 30, "DKK": 250, "NOK": 300, "SEK": 300, "HUF": 17500, "CZK": 1500, "PLN": 200}
LEAST_ELSE = 50


def least_charge(currency: str) -> Money:
    """Return the least that a card can be charged."""
    minor = LEAST.get(currency, LEAST_ELSE)
    return Money(Decimal(minor).scaleb(-decimals(currency)), currency)


def payable_part(due: Money, wanted: Money) -> Money:
    """Return how much of what is wanted may go towards what is due.

    All of it, or so much less that the rest can be charged to a card.

    Args:
        due: above zero or zero.
        wanted: a gift or credit, zero or more.
    """
    nothing = Money(0, due.currency)
    part = max(min(due, wanted), nothing)
    least = least_charge(str(due.currency))
    if nothing < due - part < least:
        part = max(due - least, nothing)
    return part
