"""Answers requests under /v1/ as Stripe does: key, parameters, idempotency, faults, errors."""

import logging

from shop.payments.sandbox import (
    access,
    errors,
    events,
    expansion,
    faults,
    fields,
    idempotency,
    routes,
    wire,
)
from shop.payments.sandbox.calls import Call, Endpoint, new_id
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.idempotency import Replay
from shop.payments.sandbox.messages import (
    Answer,
    ConnectionDroppedError,
    Request,
    answer_json,
)
from shop.payments.sandbox.sandbox import Sandbox

logger = logging.getLogger(__name__)
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


def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one API request. Raises `ConnectionDroppedError` where a fault wants that."""
    if request.method == "OPTIONS":
        return _preflight(request)
    request_id = new_id("req", 14)
    logged: Json = {
        "id": request_id,
        "method": request.method,
        "path": request.path,
        "idempotency_key": _key(request),
        "status": 0,
        "replayed": False,
    }
    headers = {
        "Request-Id": request_id,
        "Stripe-Version": request.headers.get("stripe-version", events.API_VERSION),
    }
    if logged["idempotency_key"]:
        headers["Idempotency-Key"] = logged["idempotency_key"]
    endpoint, _ = routes.find(request.method, request.path)
    if endpoint is not None and endpoint.publishable:
        headers.update(_CORS)
    try:
        answer = _answer(sandbox, request, request_id)
        if answer.request_id != request_id:
            logged["replayed"] = True
            headers.update({"Idempotent-Replayed": "true", "Original-Request": answer.request_id})
        logged["status"] = answer.status
        return answer_json(answer.status, answer.body, headers)
    finally:
        sandbox.requests.append(logged)


def _answer(sandbox: Sandbox, request: Request, request_id: str) -> Replay:
    try:
        fault = _fault(sandbox, request)
        if fault and fault["when"] == "before":
            _fail_as_ordered(sandbox, fault)
        answer = _execute(sandbox, request, request_id, fault)
        if fault and fault["when"] == "after":
            _fail_as_ordered(sandbox, fault)
    except ApiError as error:
        return Replay(error.status, error.body, request_id)
    except ConnectionDroppedError:
        raise
    except Exception:
        logger.exception("%s %s failed", request.method, request.path)
        message = "Sorry! There was an error while talking to one of our backends."
        return Replay(500, ApiError(500, message, kind="api_error").body, request_id)
    return answer


def _key(request: Request) -> str | None:
    """The idempotency key, which POSTs alone heed."""
    return request.headers.get("idempotency-key") if request.method == "POST" else None


def _preflight(request: Request) -> Answer:
    endpoint, _ = routes.find(
        request.headers.get("access-control-request-method", ""), request.path
    )
    if endpoint is None or not endpoint.publishable:
        return Answer(403)
    return Answer(204, b"", dict(_PREFLIGHT))


def _execute(sandbox: Sandbox, request: Request, request_id: str, fault: Json | None) -> Replay:
    publishable = access.is_publishable(request.headers.get("authorization", ""))
    found, ids = routes.find(request.method, request.path)
    endpoint = routes.require(found, request.method, request.path, publishable=publishable)
    key = _key(request)
    raw = _raw(request)
    # The browser's key must not replay what a secret key was answered.
    scoped = f"{'pk' if publishable else 'sk'}:{key}" if key else None
    digest = idempotency.digest(raw)

    def work(call: Call) -> Replay:
        known = scoped and idempotency.recall(call.tx, scoped, request.path, digest, call.now)
        if known:
            return known
        answer = _run(call, endpoint, raw)
        if scoped:
            idempotency.keep(call.tx, scoped, request.path, digest, call.now, answer)
        return answer

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


def _raw(request: Request) -> Json:
    """The parameters of query and body, unchecked."""
    if len(_key(request) or "") > 255:
        raise errors.invalid("Idempotency keys can be at most 255 characters long.")
    if request.headers.get("content-type", "").startswith("application/json"):
        raise errors.invalid(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded). If you have any questions, we can help at "
            "https://support.stripe.com/."
        )
    return wire.decode(request.query) | wire.decode(request.body.decode("utf-8", "replace"))


def _run(call: Call, endpoint: Endpoint, raw: Json) -> Replay:
    """Run the endpoint; a refusal of one that had begun its work is an answer too."""
    try:
        call.params = fields.read(raw, endpoint.params, endpoint.required)
        paths = call.params.pop("expand", [])
        if call.publishable and set(paths) - {"payment_method"}:
            raise errors.invalid("This property cannot be expanded with this key.", "expand")
        answer = expansion.expand(call.tx, endpoint.handler(call), paths)
    except ApiError as error:
        if not error.executed:
            raise
        return Replay(error.status, error.body, call.request_id or "")
    return Replay(200, answer, call.request_id or "")


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
