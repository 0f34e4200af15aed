"""The table of the API's endpoints."""

import re

from shop.payments.sandbox import (
    balance,
    charges,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
    test_clocks,
    webhook_endpoints,
)
from shop.payments.sandbox.calls import Endpoint
from shop.payments.sandbox.errors import ApiError

_MODULES = (
    balance,
    charges,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
    test_clocks,
    webhook_endpoints,
)
_ROUTES: tuple[tuple[str, re.Pattern[str], Endpoint], ...] = tuple(
    (endpoint.method, re.compile(endpoint.path.replace("{}", "([^/]+)") + "$"), endpoint)
    for module in _MODULES
    for endpoint in module.ENDPOINTS
)


def find(method: str, path: str) -> tuple[Endpoint | None, tuple[str, ...]]:
    """The endpoint of this method and path with the ids in it, or None."""
    for wanted, pattern, endpoint in _ROUTES:
        if wanted == method and (match := pattern.match(path)):
            return endpoint, match.groups()
    return None, ()


def require(endpoint: Endpoint | None, method: str, path: str, *, publishable: bool) -> Endpoint:
    """The endpoint, if it exists (else 404) and this kind of key may use it (else 403)."""
    if endpoint is None:
        raise ApiError(
            404,
            f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or "
            "we can help at https://support.stripe.com/. (The sandbox leaves out a good part of "
            "Stripe; docs/stripe-sandbox.md says what.)",
        )
    if publishable and not endpoint.publishable:
        raise ApiError(
            403,
            "This API call cannot be made with a publishable API key. Please use a secret API key. "
            "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
            code="secret_key_required",
        )
    return endpoint
