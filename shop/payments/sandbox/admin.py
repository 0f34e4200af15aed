"""/_sandbox/: what tests turn and look at. Stripe has nothing like it.

Posts are JSON, which a page of another origin cannot send here without being let to.
"""

import json
from typing import Any

from shop.payments.sandbox import deliveries, errors, faults, fields, timed
from shop.payments.sandbox.calls import Call
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.messages import Answer, Request, answer_json
from shop.payments.sandbox.sandbox import Sandbox


def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one request under /_sandbox/."""
    try:
        return answer_json(200, _dispatch(sandbox, request))
    except ApiError as error:
        return answer_json(error.status, error.body)


def _dispatch(sandbox: Sandbox, request: Request) -> Any:
    params = _params(request) if request.method == "POST" else {}
    match request.method, request.path.removeprefix("/_sandbox/").rstrip("/"):
        case "GET", "clock":
            return _clock(sandbox)
        case "POST", "clock":
            return _turn(sandbox, params)
        case "POST", "reset":
            sandbox.reset()
            return {"reset": True}
        case "GET", "faults":
            with sandbox.store.transaction() as tx:
                return {"data": faults.listed(tx)}
        case "POST", "faults":
            return _order(sandbox, "api", fields.read(params, faults.API_FAULT))
        case "POST", "webhook_faults":
            return _order(sandbox, "webhooks", fields.read(params, faults.WEBHOOK_FAULT))
        case "DELETE", "faults":
            with sandbox.store.transaction() as tx:
                faults.cancel(tx)
            return {"data": []}
        case "GET", "requests":
            return {"data": list(sandbox.requests)}
        case "GET", "deliveries":
            with sandbox.store.transaction() as tx:
                return {"data": deliveries.listed(tx)}
    raise ApiError(404, f"There is no {request.method} {request.path}.")


def _params(request: Request) -> Json:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise errors.invalid("Send JSON, with Content-Type: application/json.")
    try:
        params = json.loads(request.body or b"{}")
    except ValueError:
        raise errors.invalid("The body is not JSON.") from None
    if not isinstance(params, dict):
        raise errors.invalid("The body is not a JSON object.")
    # The fields read text, as a form has it.
    return {name: str(value) for name, value in params.items() if value is not None}


def _clock(sandbox: Sandbox) -> Json:
    return {"now": sandbox.clock.now(), "offset": sandbox.clock.offset}


def _turn(sandbox: Sandbox, params: Json) -> Json:
    wanted = fields.read(params, {"advance": fields.integer(0), "now": fields.integer(0)})
    if len(wanted) != 1:
        raise errors.invalid("Give either advance (seconds) or now (seconds since 1970).")

    def turn(call: Call) -> None:
        seconds = wanted.get("advance", wanted.get("now", 0) - call.now if "now" in wanted else 0)
        timed.advance(call, seconds)

    sandbox.perform(turn, Call)
    return _clock(sandbox)


def _order(sandbox: Sandbox, target: str, params: Json) -> Json:
    with sandbox.store.transaction() as tx:
        return faults.order(tx, target, params)
