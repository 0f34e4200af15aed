"""Answers requests under /v1/ as Stripe does: key, parameters, idempotency, faults, errors."""

import base64
import binascii
import json
import re
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any

from shop.payments.sandbox import (
    balance,
    charges,
    customers,
    disputes,
    errors,
    events,
    expansion,
    faults,
    fields,
    idempotency,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
    test_clocks,
    webhook_endpoints,
    wire,
)
from shop.payments.sandbox.calls import Call, Endpoint, new_id
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.idempotency import Replay
from shop.payments.sandbox.sandbox import Sandbox

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
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Request-Id, Stripe-Version, Idempotent-Replayed",
}
_PREFLIGHT = {
    **_CORS,
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Idempotency-Key, Stripe-Version, Stripe-Account"
    ),
    "Access-Control-Max-Age": "300",
    "Vary": "Origin, Access-Control-Request-Headers",
}
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,18}")


class ConnectionDroppedError(Exception):
    """A fault wants the connection closed without an answer."""


@dataclass(frozen=True)
class Request:
    """One HTTP request, its body read."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]
    base_url: str


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def answer_json(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    """An answer of JSON, laid out as Stripe's are."""
    return Answer(
        status,
        json.dumps(body, indent=2).encode(),
        {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})},
    )


def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one API request. Raises `ConnectionDroppedError` where a fault wants that."""
    endpoint, ids = _route(request.method, request.path)
    if request.method == "OPTIONS":
        return _preflight(request)
    request_id = new_id("req", 14)
    headers = {"Request-Id": request_id, "Stripe-Version": events.API_VERSION}
    if "stripe-version" in request.headers:
        headers["Stripe-Version"] = request.headers["stripe-version"]
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key:
        headers["Idempotency-Key"] = key
    if endpoint is not None and endpoint.publishable:
        headers.update(_CORS)
    status = 0
    replayed = False
    try:
        fault = _fault(sandbox, request)
        if fault and fault["when"] == "before":
            _fail_as_ordered(sandbox, fault)
        answer = _execute(sandbox, request, endpoint, ids, key, request_id, fault)
        if fault and fault["when"] == "after":
            _fail_as_ordered(sandbox, fault)
        status, body = answer.status, answer.body
        if answer.request_id != request_id:
            replayed = True
            headers.update({"Idempotent-Replayed": "true", "Original-Request": answer.request_id})
    except ApiError as error:
        status, body = error.status, error.body
    except ConnectionDroppedError:
        status = 0
        raise
    except Exception:
        print(_LONG_NUMBER.sub("[number]", traceback.format_exc()), file=sys.stderr, flush=True)
        status = 500
        body = ApiError(
            500,
            "Sorry! There was an error while talking to one of our backends.",
            kind="api_error",
        ).body
    finally:
        sandbox.requests.append(
            {
                "id": request_id,
                "method": request.method,
                "path": request.path,
                "idempotency_key": key,
                "status": status,
                "replayed": replayed,
            }
        )
    return answer_json(status, body, headers)


def _route(method: str, path: str) -> tuple[Endpoint | None, tuple[str, ...]]:
    for wanted, pattern, endpoint in _ROUTES:
        if wanted == method and (match := pattern.match(path)):
            return endpoint, match.groups()
    return None, ()


def _preflight(request: Request) -> Answer:
    wanted = request.headers.get("access-control-request-method", "")
    endpoint, _ = _route(wanted, request.path)
    if endpoint is None or not endpoint.publishable:
        return Answer(403)
    return Answer(204, b"", dict(_PREFLIGHT))


def _execute(
    sandbox: Sandbox,
    request: Request,
    endpoint: Endpoint | None,
    ids: tuple[str, ...],
    key: str | None,
    request_id: str,
    fault: Json | None,
) -> Replay:
    publishable = _is_publishable(request)
    if endpoint is None:
        raise ApiError(
            404,
            f"Unrecognized request URL ({request.method}: {request.path}). Please see "
            "https://stripe.com/docs or we can help at https://support.stripe.com/. (The sandbox "
            "leaves out a good part of Stripe; docs/stripe-sandbox.md says what.)",
        )
    if publishable and not endpoint.publishable:
        raise ApiError(
            403,
            "This API call cannot be made with a publishable API key. Please use a secret API key. "
            "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
            code="secret_key_required",
        )
    if key and len(key) > 255:
        raise errors.invalid("Idempotency keys can be at most 255 characters long.")
    if request.headers.get("content-type", "").startswith("application/json"):
        raise errors.invalid(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded). If you have any questions, we can help at "
            "https://support.stripe.com/."
        )
    raw = wire.decode(request.query)
    raw.update(wire.decode(request.body.decode("utf-8", "replace")))
    # The browser's key must not replay what a secret key was answered.
    scoped = f"{'pk' if publishable else 'sk'}:{key}" if key else None
    digest = idempotency.digest(raw)

    def work(call: Call) -> Replay:
        known = scoped and idempotency.recall(call.tx, scoped, request.path, digest, call.now)
        if known:
            return known
        try:
            call.params = fields.read(raw, endpoint.params, endpoint.required)
            paths = call.params.pop("expand", [])
            if publishable and set(paths) - {"payment_method"}:
                raise errors.invalid("This property cannot be expanded with this key.", "expand")
            found = Replay(
                200, expansion.expand(call.tx, endpoint.handler(call), paths), request_id
            )
        except ApiError as error:
            if not error.executed:
                raise
            found = Replay(error.status, error.body, request_id)
        if scoped:
            idempotency.keep(call.tx, scoped, request.path, digest, call.now, found)
        return found

    with sandbox.keys.hold(scoped):
        if fault and fault["action"] == "delay":
            sandbox.closing.wait(fault.get("seconds", 1))
        return sandbox.perform(
            work,
            lambda **shared: Call(
                **shared,
                ids=ids,
                publishable=publishable,
                base_url=request.base_url,
                request_id=request_id,
                idempotency_key=key,
            ),
        )


def _is_publishable(request: Request) -> bool:
    """Whether the key is the browser's. Raises 401 unless it is a test key."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    given = given.strip()
    if not given or scheme.lower() not in ("bearer", "basic"):
        raise ApiError(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization "
            "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    if re.fullmatch(r"sk_test_\w+", given):
        return False
    if re.fullmatch(r"pk_test_\w+", given):
        return True
    raise ApiError(401, f"Invalid API Key provided: {given[:8]}{'*' * 8}")


def _fault(sandbox: Sandbox, request: Request) -> Json | None:
    with sandbox.store.transaction() as tx:
        fault = faults.next_api_fault(tx, request.method, request.path)
    return {"when": "before", **fault} if fault else None


def _fail_as_ordered(sandbox: Sandbox, fault: Json) -> None:
    match fault["action"]:
        case "500":
            raise ApiError(500, "An unknown error occurred", kind="api_error")
        case "429":
            raise ApiError(
                429,
                "Request rate limit exceeded. Learn more about rate limits here: "
                "https://stripe.com/docs/rate-limits.",
                code="rate_limit",
            )
        case "timeout":
            sandbox.closing.wait(fault.get("seconds", 90))
            raise ConnectionDroppedError
        case "drop":
            raise ConnectionDroppedError
