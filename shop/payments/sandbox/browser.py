"""The pages a customer meets: the card form for browsers without scripts, and 3-D Secure."""

import hmac
import re
from collections.abc import Callable
from typing import TypeVar

from shop.payments.sandbox import (
    intents,
    pages,
    payment_intents,
    payments,
    returns,
    setup_intents,
    wire,
)
from shop.payments.sandbox.calls import Call
from shop.payments.sandbox.errors import ApiError, Json, not_found
from shop.payments.sandbox.messages import Answer, Request
from shop.payments.sandbox.sandbox import Sandbox
from shop.payments.sandbox.words import Words, refusal, spoken

Result = TypeVar("Result")
_PAGE = re.compile(r"/(card_form|3ds)/((?:seti|pi)_[A-Za-z0-9]+)/?$")
_EXPIRY = re.compile(r"\s*(\d{1,2})\s*/?\s*(\d{2}|\d{4})\s*$")
_CONFIRM = {"setup_intent": setup_intents.confirm, "payment_intent": payment_intents.confirm}
_GO_ON = {"setup_intent": setup_intents.authenticated, "payment_intent": payments.authenticated}


def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one page, in the language the browser asks for."""
    if request.path == "/sandbox.css":
        return pages.style()
    words = spoken(request.headers.get("accept-language", ""))
    match = _PAGE.match(request.path)
    if match is None or request.method not in ("GET", "POST"):
        return pages.notice(words, "gone", 404)
    show = _card_form if match[1] == "card_form" else _authentication
    try:
        return show(sandbox, request, words, match[2])
    except ApiError as error:
        if error.error.get("code") == "url_invalid":
            return pages.notice(words, "bad_return", 400)
        return pages.notice(words, "gone", 404)


def _card_form(sandbox: Sandbox, request: Request, words: Words, intent_id: str) -> Answer:
    query = _plain(request.query)
    address = returns.checked(query.get("return_url", ""), sandbox.return_hosts)
    kind = _kind(intent_id)
    fields: Json = {"client_secret": query.get("client_secret"), "return_url": address}
    intent = _perform(sandbox, request, intent_id, fields, lambda call: intents.opened(call, kind))
    if intent["status"] not in payments.OPEN:
        return pages.redirect(returns.with_outcome(address or "", intent))
    if request.method == "GET":
        return pages.card_form(words, intent)
    typed = _plain(request.body.decode("utf-8", "replace"))
    expiry = _EXPIRY.match(typed.get("expiry", ""))
    if expiry is None:
        return pages.card_form(words, intent, words["error.expiry"], typed.get("name", ""))
    fields["payment_method_data"] = {
        "type": "card",
        "card": {
            "number": typed.get("number", ""),
            "exp_month": int(expiry[1]),
            "exp_year": int(expiry[2]),
            "cvc": typed.get("cvc", "").strip(),
        },
        "billing_details": {"name": typed.get("name") or None},
    }
    try:
        intent = _perform(sandbox, request, intent_id, fields, _CONFIRM[kind])
    except ApiError as error:
        if error.status != 402:
            raise
        shown = refusal(words, error.error)
        return pages.card_form(words, intent, shown, typed.get("name", ""))
    if intent["next_action"]:
        return pages.redirect(intent["next_action"]["redirect_to_url"]["url"])
    return pages.redirect(returns.with_outcome(address or "", intent))


def _authentication(sandbox: Sandbox, request: Request, words: Words, intent_id: str) -> Answer:
    kind = _kind(intent_id)
    attempt = _plain(request.query).get("attempt", "")
    outcome = _plain(request.body.decode("utf-8", "replace")).get("outcome")

    def work(call: Call) -> tuple[Json, str | None]:
        intent = call.subject(kind)
        private = call.tx.private(intent_id)
        if not hmac.compare_digest(attempt.encode(), private.get("attempt", "").encode()):
            raise not_found(kind, intent_id)
        answered = request.method == "POST" and outcome in ("complete", "fail")
        if answered and intent["status"] == "requires_action":
            _GO_ON[kind](call, intent, success=outcome == "complete")
        return intent, private["return_url"]

    intent, address = _perform(sandbox, request, intent_id, {}, work)
    if intent["status"] == "requires_action":
        return pages.authentication(words, intent)
    # Hosts allowed when the intent was made may be so no longer.
    if address and returns.is_allowed(address, sandbox.return_hosts):
        return pages.redirect(returns.with_outcome(address, intent))
    return pages.notice(words, "done", 200)


def _perform(
    sandbox: Sandbox,
    request: Request,
    intent_id: str,
    params: Json,
    work: Callable[[Call], Result],
) -> Result:
    """Do something with the rights of the browser's key."""
    return sandbox.perform(
        work,
        lambda **shared: Call(
            **shared,
            params=params,
            ids=(intent_id,),
            publishable=True,
            base_url=request.base_url,
        ),
    )


def _kind(intent_id: str) -> str:
    return "setup_intent" if intent_id.startswith("seti_") else "payment_intent"


def _plain(encoded: str) -> dict[str, str]:
    """Parameters without any structure."""
    decoded = wire.decode(encoded)
    return {name: value for name, value in decoded.items() if isinstance(value, str)}
