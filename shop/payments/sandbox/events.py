"""Events: what happened, kept for thirty days by Stripe and here until a reset, and their webhooks.

An event and its webhooks are written in the transaction that changed the object.
"""

import json
import time
from typing import Any

from shop.payments.sandbox import faults, listing
from shop.payments.sandbox.calls import Call, Endpoint, new_id
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import array, text

# The version of the `stripe` package pinned in requirements.txt.
API_VERSION = "2026-10-28.endive"


def emit(call: Call, kind: str, subject: Json) -> Json:
    """Record that `kind` happened to the object as it now is, and queue its webhooks."""
    event: Json = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": call.now,
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": kind,
    }
    listeners = _listeners(call, kind)
    event["pending_webhooks"] = len(listeners)
    call.tx.insert(event)
    for endpoint_id in listeners:
        _queue(call, endpoint_id, event)
    return event


def _listeners(call: Call, kind: str) -> list[str]:
    found = []
    for row in call.tx.sql("SELECT body FROM objects WHERE kind = 'webhook_endpoint'"):
        endpoint = json.loads(row[0])
        wanted = endpoint["enabled_events"]
        if endpoint["status"] == "enabled" and ("*" in wanted or kind in wanted):
            found.append(endpoint["id"])
    return found


def _queue(call: Call, endpoint_id: str, event: Json) -> None:
    # Webhooks go by the real clock: the receiver checks the age of their signature by it.
    fault = faults.next_webhook_fault(call.tx, event["type"])
    due = time.time() + fault.delay
    for _ in range(fault.copies or 1):
        call.tx.sql(
            "INSERT INTO deliveries (endpoint_id, event_id, event_type, state, due) "
            "VALUES (?, ?, ?, ?, ?)",
            endpoint_id,
            event["id"],
            event["type"],
            "pending" if fault.copies else "dropped",
            due,
        )
    call.tx.webhooks_queued = True


def _present(call: Call, event: Json) -> Json:
    waiting = call.tx.sql(
        "SELECT COUNT(*) FROM deliveries WHERE event_id = ? AND state = 'pending'", event["id"]
    ).fetchone()
    return {**event, "pending_webhooks": waiting[0]}


def _retrieve(call: Call) -> Json:
    return _present(call, call.subject("event"))


def _list(call: Call) -> Json:
    filters: dict[str, Any] = {}
    if call.get("type"):
        filters["type"] = call.get("type")
    if call.get("types"):
        filters["type"] = call.get("types")
    return listing.page(call, "event", "/v1/events", filters, lambda event: _present(call, event))


ENDPOINTS = (
    Endpoint("GET", "/v1/events/{}", _retrieve, listing.EXPAND),
    Endpoint(
        "GET",
        "/v1/events",
        _list,
        {
            **listing.LIST,
            "type": text(),
            "types": array(text()),
        },
    ),
)
