"""The tint behind somebody's initial: the same wherever she is shown, telling nothing of her."""

from django.utils.crypto import salted_hmac

# Of the lens tints in tokens.css.
TINTS = ("sage", "rose", "mist", "citrine")


def tint_of(key: object) -> str:
    """Return the tint of whom or what ``key`` names for good, such as the id of a vote.

    Keyed with the shop's secret: nobody learns an id, or that two people are one, from a colour.
    """
    return TINTS[salted_hmac("shop.foundation.tints", str(key)).digest()[0] % len(TINTS)]
