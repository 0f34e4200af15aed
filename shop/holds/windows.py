"""How long card networks keep an authorisation, where Stripe does not say.

Stripe says it with every hold (``capture_before``), and that is what counts. The windows are those
of https://docs.stripe.com/payments/place-a-hold-on-a-payment-method for payments without the
customer being there; a network it does not name gets the shortest of them.
"""

from datetime import timedelta

WEEK = timedelta(days=7)
# Five days by Visa's rules, of which Stripe leaves six hours for clearing.
VISA_ALONE = timedelta(days=4, hours=18)
WINDOWS = {
    "visa": VISA_ALONE,
    "mastercard": WEEK,
    "amex": WEEK,
    "discover": WEEK,
}


def window_of(brand: str) -> timedelta:
    """Return how long a hold on a card of this network surely lasts.

    Args:
        brand: Stripe's word for the network.
    """
    return WINDOWS.get(brand, VISA_ALONE)
