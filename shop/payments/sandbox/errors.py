"""Refusals in Stripe's documented error shape (https://docs.stripe.com/api/errors)."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer other than 2xx.

    `executed` says that the endpoint had begun its work when it refused: what it wrote is kept,
    and the answer is stored under the idempotency key. A refused parameter leaves neither
    (https://docs.stripe.com/api/idempotent_requests).
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.executed = executed
        self.error: Json = {"message": message, "type": kind}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param
        self.error.update({name: value for name, value in details.items() if value is not None})

    @property
    def body(self) -> Json:
        """The answer's JSON."""
        return {"error": self.error}


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """400 for a parameter that cannot be used; nothing was done."""
    return ApiError(400, message, param=param, code=code)


def missing(param: str) -> ApiError:
    """400 `parameter_missing`."""
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def unknown(params: list[str]) -> ApiError:
    """400 `parameter_unknown`, naming the first and listing all."""
    if len(params) == 1:
        message = f"Received unknown parameter: {params[0]}"
    else:
        message = f"Received unknown parameters: {', '.join(params)}"
    return invalid(message, params[0], "parameter_unknown")


def not_found(kind: str, object_id: str, param: str = "id", status: int = 404) -> ApiError:
    """`resource_missing`: 404 for the object of the path, 400 for one named by a parameter."""
    name = {"payment_method": "PaymentMethod"}.get(kind, kind)
    return ApiError(status, f"No such {name}: '{object_id}'", code="resource_missing", param=param)


def wrong_state(kind: str, message: str, **details: Any) -> ApiError:
    """400 `<kind>_unexpected_state`: the object is not in a state that allows this."""
    return ApiError(400, message, code=f"{kind}_unexpected_state", executed=True, **details)


def card_error(
    message: str,
    code: str,
    *,
    decline_code: str | None = None,
    param: str | None = None,
    **details: Any,
) -> ApiError:
    """402 `card_error`: the card was refused, by its bank or for what was typed."""
    return ApiError(
        402,
        message,
        kind="card_error",
        code=code,
        decline_code=decline_code,
        param=param,
        executed=True,
        **details,
    )
