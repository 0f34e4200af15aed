"""Test clocks (https://docs.stripe.com/api/test_clocks), all of them hands of the one clock.

Stripe's clocks move the customers made with them. Here there is a single time, so a new clock
moves it ahead to `frozen_time` if that is later, and advancing it moves everything.
"""

from shop.payments.sandbox import listing, timed
from shop.payments.sandbox.calls import Call, Endpoint, new_id
from shop.payments.sandbox.errors import Json, invalid
from shop.payments.sandbox.fields import integer, text

_KIND = "test_helpers.test_clock"


def _create(call: Call) -> Json:
    moment: int = call.get("frozen_time")
    if moment > call.now:
        timed.advance(call, moment - call.now)
    return call.tx.insert(
        {
            "id": new_id("clock"),
            "object": _KIND,
            "created": call.now,
            "deletes_after": moment + 30 * 86400,
            "frozen_time": moment,
            "livemode": False,
            "name": call.get("name"),
            "status": "ready",
            "status_details": {},
        }
    )


def _advance(call: Call) -> Json:
    clock = call.subject(_KIND)
    moment: int = call.get("frozen_time")
    if moment <= clock["frozen_time"]:
        raise invalid("frozen_time must be after the clock's current time.", "frozen_time")
    if moment > call.now:
        timed.advance(call, moment - call.now)
    clock["frozen_time"] = moment
    return call.tx.save(clock)


def _retrieve(call: Call) -> Json:
    return call.subject(_KIND)


_FROZEN = {**listing.EXPAND, "frozen_time": integer(0)}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/test_helpers/test_clocks",
        _create,
        {**_FROZEN, "name": text(300)},
        ("frozen_time",),
    ),
    Endpoint("GET", "/v1/test_helpers/test_clocks/{}", _retrieve, listing.EXPAND),
    Endpoint(
        "POST",
        "/v1/test_helpers/test_clocks/{}/advance",
        _advance,
        _FROZEN,
        ("frozen_time",),
    ),
)
