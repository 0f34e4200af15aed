"""Webhook endpoints: where events are sent. The one of the command line is always there."""

from urllib.parse import urlsplit

from shop.payments.sandbox import errors, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed, new_id
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.events import API_VERSION
from shop.payments.sandbox.fields import array, boolean, mapping, text
from shop.payments.sandbox.store import Transaction

# The endpoint that the command line names; its address and secret are set at each start.
OWN_ID = "we_sandbox"


def install(tx: Transaction, url: str, secret: str, now: int) -> None:
    """Set the command line's endpoint, keeping what is still to be sent to it."""
    body = _body(OWN_ID, url, ["*"], now)
    if tx.find("webhook_endpoint", OWN_ID) is None:
        tx.insert(body)
    else:
        tx.save(body)
    tx.save_private(OWN_ID, {"secret": secret})


def _body(endpoint_id: str, url: str, enabled_events: list[str], now: int) -> Json:
    return {
        "id": endpoint_id,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": enabled_events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }


def _checked(url: str | None) -> str:
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise errors.invalid("Invalid URL: must be an http or https address.", "url", "url_invalid")
    return url or ""


def _create(call: Call) -> Json:
    body = _body(new_id("we"), _checked(call.get("url")), call.get("enabled_events"), call.now)
    changed(body, call.params, ("description",))
    secret = new_id("whsec", 32)
    call.tx.insert(body, {"secret": secret})
    # As at Stripe, the secret is told once.
    return {**body, "secret": secret}


def _retrieve(call: Call) -> Json:
    return call.subject("webhook_endpoint")


def _update(call: Call) -> Json:
    body = changed(call.subject("webhook_endpoint"), call.params, ("description",))
    if call.get("url"):
        body["url"] = _checked(call.get("url"))
    if call.get("enabled_events"):
        body["enabled_events"] = call.get("enabled_events")
    if "disabled" in call.params:
        body["status"] = "disabled" if call.get("disabled") else "enabled"
    return call.tx.save(body)


def _delete(call: Call) -> Json:
    body = call.subject("webhook_endpoint")
    call.tx.delete(body["id"])
    call.tx.sql(
        "UPDATE deliveries SET state = 'dropped' WHERE endpoint_id = ? AND state = 'pending'",
        body["id"],
    )
    return {"id": body["id"], "object": "webhook_endpoint", "deleted": True}


def _list(call: Call) -> Json:
    return listing.page(call, "webhook_endpoint", "/v1/webhook_endpoints")


_FIELDS = {
    **listing.EXPAND,
    "url": text(),
    "enabled_events": array(text()),
    "description": text(),
    "metadata": mapping,
}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/webhook_endpoints",
        _create,
        {**_FIELDS, "api_version": text(), "connect": boolean},
        ("url", "enabled_events"),
    ),
    Endpoint("GET", "/v1/webhook_endpoints", _list, listing.LIST),
    Endpoint("GET", "/v1/webhook_endpoints/{}", _retrieve, listing.EXPAND),
    Endpoint("POST", "/v1/webhook_endpoints/{}", _update, {**_FIELDS, "disabled": boolean}),
    Endpoint("DELETE", "/v1/webhook_endpoints/{}", _delete),
)
