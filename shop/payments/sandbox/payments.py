"""What happens to a PaymentIntent: confirmed, authenticated, captured, cancelled, lapsed."""

from shop.payments.sandbox import (
    attachment,
    card_entry,
    charging,
    disputes,
    events,
    intents,
)
from shop.payments.sandbox.calls import Call, changed
from shop.payments.sandbox.cards import declined
from shop.payments.sandbox.errors import ApiError, Json, invalid, wrong_state

KIND = "payment_intent"
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def confirm(call: Call, intent: Json, method: Json | None) -> Json:
    """Charge the intent's amount to the method, or ask for 3-D Secure first.

    Raises 402 with the intent when the card's bank refuses, 400 when the intent is not open, has no
    method, or needs a `return_url`.
    """
    if intent["status"] not in OPEN:
        raise unexpected(intent, "confirm", OPEN)
    if method is None:
        raise wrong_state(
            KIND,
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken.",
            payment_intent=intents.shown(call, intent),
        )
    off_session = bool(call.get("off_session"))
    address = intents.return_address(call, intent, needed=not off_session)
    changed(intent, call.params, ("setup_future_usage", "shipping", "receipt_email"))
    intent["last_payment_error"] = None
    private = call.tx.private(method["id"])
    card = card_entry.card_of(call, method["id"])
    if not intents.needs_authentication(card, off_session=off_session, set_up=private["set_up"]):
        return _charge(call, intent, method, off_session=off_session, decline=card.charge)
    if off_session:
        return _charge(call, intent, method, off_session=True, decline="authentication")
    if call.get("error_on_requires_action"):
        error = declined("authentication")
        raise _fail(call, intent, method, error)
    intents.ask_for_authentication(call, intent, method, address)
    call.tx.save(intent)
    events.emit(call, "payment_intent.requires_action", intent)
    return intent


def authenticated(call: Call, intent: Json, *, success: bool) -> None:
    """Go on after 3-D Secure; a refusal is left on the intent for the page to show."""
    method = call.tx.load("payment_method", intent["payment_method"])
    if not success:
        _fail(call, intent, method, intents.not_authenticated(kind=KIND))
        return
    card = card_entry.card_of(call, method["id"])
    try:
        _charge(call, intent, method, off_session=False, decline=card.charge, authenticated=True)
    except ApiError as error:
        # The refusal is on the intent already, and the customer's way back tells of it.
        if not error.executed:
            raise


def _charge(
    call: Call,
    intent: Json,
    method: Json,
    *,
    off_session: bool,
    decline: str | None,
    authenticated: bool = False,
) -> Json:
    charge = charging.charge(
        call,
        intent,
        method,
        off_session=off_session,
        authenticated=authenticated,
        decline=decline,
    )
    intent["latest_charge"] = charge["id"]
    if decline:
        error = declined(decline, charge=charge["id"])
        raise _fail(call, intent, method, error)
    intent["payment_method"] = method["id"]
    intent["next_action"] = None
    if intent["setup_future_usage"]:
        if intent["customer"]:
            attachment.attach(call, method, intent["customer"])
        if intent["setup_future_usage"] == "off_session":
            attachment.mark(call, method["id"], set_up=True)
    elif method["customer"] is None:
        attachment.mark(call, method["id"], used_up=True)
    if charge["captured"]:
        _succeed(call, intent, charge)
        disputes.open_if_tested(call, charge)
    else:
        intent["status"] = "requires_capture"
        intent["amount_capturable"] = intent["amount"]
        call.tx.save(intent)
        events.emit(call, "payment_intent.amount_capturable_updated", intent)
    return intent


def _succeed(call: Call, intent: Json, charge: Json) -> None:
    intent["status"] = "succeeded"
    intent["amount_capturable"] = 0
    intent["amount_received"] = charge["amount_captured"]
    call.tx.save(intent)
    events.emit(call, "payment_intent.succeeded", intent)


def _fail(call: Call, intent: Json, method: Json, error: ApiError) -> ApiError:
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["next_action"] = None
    intent["last_payment_error"] = intents.error_on(intent, error, method)
    call.tx.save(intent)
    events.emit(call, "payment_intent.payment_failed", intent)
    error.error.update(payment_method=method, payment_intent=intents.shown(call, intent))
    return error


def capture(call: Call, intent: Json) -> Json:
    """Capture the held amount or the part asked for, once; the rest is freed.

    Raises 400 when there is no hold or the amount is above it.
    """
    if intent["status"] != "requires_capture":
        raise unexpected(intent, "capture", ("requires_capture",))
    amount: int = call.get("amount_to_capture", intent["amount_capturable"])
    if amount > intent["amount_capturable"]:
        raise invalid(
            f"The payment intent could not be captured because the requested capture amount "
            f"({amount}) is greater than the amount that can be captured "
            f"({intent['amount_capturable']}).",
            "amount_to_capture",
            "amount_too_large",
        )
    changed(intent, call.params, ("statement_descriptor", "statement_descriptor_suffix"))
    charge = charging.capture(call, call.tx.load("charge", intent["latest_charge"]), amount)
    _succeed(call, intent, charge)
    disputes.open_if_tested(call, charge)
    return intent


def cancel(call: Call, intent: Json, reason: str | None) -> Json:
    """Cancel an intent that has taken no money; a held amount is freed.

    Raises 400 when it has succeeded or is cancelled already.
    """
    if intent["status"] not in (*OPEN, "requires_capture"):
        raise unexpected(intent, "cancel", (*OPEN, "requires_capture"))
    if intent["status"] == "requires_capture":
        charge = call.tx.load("charge", intent["latest_charge"])
        lapsed = reason == "automatic"
        charging.release(
            call, charge, charge["amount"], "expired_uncaptured_charge" if lapsed else None
        )
        charge["payment_method_details"]["card"].pop("capture_before", None)
        call.tx.save(charge)
        events.emit(call, "charge.expired" if lapsed else "charge.refunded", charge)
    intent["status"] = "canceled"
    intent["amount_capturable"] = 0
    intent["canceled_at"] = call.now
    intent["cancellation_reason"] = reason
    intent["next_action"] = None
    call.tx.save(intent)
    events.emit(call, "payment_intent.canceled", intent)
    return intent


def lapse(call: Call, charge_id: str) -> None:
    """The hold of a charge has ended: cancel its intent, unless it was captured or cancelled."""
    charge = call.tx.load("charge", charge_id)
    intent = call.tx.load(KIND, charge["payment_intent"])
    if intent["status"] == "requires_capture" and intent["latest_charge"] == charge_id:
        cancel(call, intent, "automatic")


def unexpected(intent: Json, verb: str, allowed: tuple[str, ...]) -> ApiError:
    """400 `payment_intent_unexpected_state` in Stripe's words."""
    past = {
        "capture": "captured",
        "cancel": "canceled",
        "update": "updated",
        "confirm": "confirmed",
    }
    if verb == "confirm" and intent["status"] == "succeeded":
        message = (
            "You cannot confirm this PaymentIntent because it has already succeeded after being "
            "previously confirmed."
        )
    else:
        message = (
            f"This PaymentIntent could not be {past[verb]} because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be "
            f"{past[verb]}: {', '.join(allowed)}."
        )
    return wrong_state(KIND, message, payment_intent=intent)
