"""Laws of carts, orders and vouchers, of payments, refunds and holds."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from shop.holds.models import Hold
from shop.orders.models import Cart, CartLine, Order, OrderLine, Voucher
from shop.payments.models import CreditAccount, LedgerTransaction, Payment, Refund
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory, VariantFactory
from tests.house.laws import check, once

NOW = timezone.now
UNDECIDED = ("requires_payment_method", "requires_action", "processing")


def _cart() -> Cart:
    return Cart.objects.create(user=UserFactory())


def _line() -> CartLine:
    return CartLine.objects.create(cart=_cart(), variant=VariantFactory())


def _order() -> Order:
    cart = Cart.objects.create(user=UserFactory(), ordered_at=NOW())
    return Order.objects.create(
        number="O1", user=cart.user, cart=cart, address=AddressFactory(user=cart.user), total=145
    )


def _order_line() -> OrderLine:
    return OrderLine.objects.create(
        order=_order(), variant=VariantFactory(), name="Frame", quantity=2, unit_price=145
    )


def _voucher() -> Voucher:
    return Voucher.objects.create(
        user=UserFactory(), reference="r", amount=10, valid_until=NOW() + timedelta(days=30)
    )


def _payment(**fields: Any) -> Payment:
    given = {"purpose": "order", "reference": uuid4().hex, "amount": 10, **fields}
    return Payment.objects.create(user=UserFactory(), **given)


def _paid() -> Payment:
    return _payment(state="succeeded")


def _of_an_intent() -> Payment:
    return _payment(stripe_payment_intent_id="pi_1")


def _refund() -> Refund:
    return Refund.objects.create(
        payment=_paid(), amount=10, reason="returned", stripe_refund_id="re_1"
    )


def _booking() -> LedgerTransaction:
    return LedgerTransaction.objects.create(kind="payment", reference="1")


def _account() -> CreditAccount:
    return CreditAccount.objects.create(user=UserFactory())


def _hold(**fields: Any) -> Hold:
    card = SavedCardFactory()
    given = {"purpose": "trial", "reference": "1", "amount": 10, **fields}
    return Hold.objects.create(user=card.user, card=card, **given)


def _other_hold() -> Hold:
    return _hold(reference="2")


def _captured() -> Hold:
    return _hold(state="captured", captured=10, payment=_paid())


def _renewal() -> Hold:
    return _hold(renews=_other_hold())


AUTHORISED = {
    "state": "authorised",
    "capture_before": NOW,
    "stripe_payment_intent_id": "pi_2",
}
LAWS = (
    once("one_open_cart_a_user", _cart, lawful=({"ordered_at": NOW}, {"user": UserFactory})),
    once(
        "one_line_a_variant",
        _line,
        {"quantity": 2},
        lawful=({"cart": _cart}, {"variant": VariantFactory}),
    ),
    check(
        "cart_quantity_1_to_20",
        _line,
        *({"quantity": 0}, {"quantity": 21}),
        lawful=({"quantity": 1}, {"quantity": 20}),
    ),
    # Credit below zero is less than what was given back of it: the law after this one.
    check(
        "order_not_paid_above_its_total",
        _order,
        *({"discount_amount": -1}, {"discount_amount": 146}, {"credit_amount": 146}),
        {"discount_amount": 100, "credit_amount": 46},
        lawful=({"discount_amount": 100, "credit_amount": 45},),
    ),
    check(
        "order_credit_refunded_within",
        _order,
        *({"credit_refunded_amount": -1}, {"credit_refunded_amount": 1}),
        {"credit_amount": -1},
        lawful=({"credit_amount": 5, "credit_refunded_amount": 5},),
    ),
    check("order_line_packed_within", _order_line, {"packed": 3}, lawful=({"packed": 2},)),
    check("voucher_of_something", _voucher, {"amount": 0}),
    check(
        "voucher_percent_1_to_100",
        _voucher,
        *({"percent": 0}, {"percent": 101}),
        lawful=({"percent": 1}, {"percent": 100}),
    ),
    check("payment_of_something", _payment, {"amount": 0}),
    check(
        "refunded_within_payment",
        _paid,
        *({"refunded": -1}, {"refunded": 11}),
        lawful=({"refunded": 10},),
    ),
    once(
        "paid_once_a_purpose_and_reference",
        _paid,
        lawful=({"purpose": "fee"}, {"reference": "2"}, {"state": "created"}),
    ),
    once(
        "one_open_payment_a_reference",
        _payment,
        {},
        *({"state": state} for state in UNDECIDED),
        lawful=(
            *({"state": "succeeded"}, {"state": "canceled"}),
            *({"purpose": "fee"}, {"reference": "2"}),
        ),
    ),
    once(
        "one_payment_an_intent",
        _of_an_intent,
        {"reference": "2"},
        lawful=({"reference": "2", "shares_intent": True},),
    ),
    check("refund_of_something", _refund, {"amount": 0}),
    once(
        "one_refund_a_payment",
        _refund,
        lawful=({"stripe_refund_id": "re_2"}, {"stripe_refund_id": None}, {"payment": _payment}),
    ),
    # Bookings are only added: nothing of the first is changed here.
    once("booked_once", _booking, lawful=({"kind": "refund"}, {"reference": "2"})),
    once(
        "one_credit_account_a_currency",
        _account,
        {"balance": 1},
        lawful=({"balance_currency": "USD"}, {"user": UserFactory}),
    ),
    check("hold_of_something", _hold, {"amount": 0}),
    # Less than nothing taken is refused by the law after this one.
    check("hold_captured_within", _captured, {"captured": 11}),
    check(
        "hold_captured_for_a_payment",
        _hold,
        *({"captured": 1}, {"captured": -1}, {"payment": _paid}),
        {"captured": 1, "payment": _paid},
        *({"state": "capturing"}, {"state": "captured"}),
        {"state": "captured", "captured": 1},
        {"state": "captured", "payment": _paid},
        lawful=tuple(
            {"state": state, "captured": 1, "payment": _paid} for state in ("capturing", "captured")
        ),
    ),
    check(
        "hold_authorised_until",
        _hold,
        {"state": "authorised"},
        {"state": "authorised", "capture_before": NOW},
        {"state": "authorised", "stripe_payment_intent_id": "pi_2"},
        lawful=(AUTHORISED,),
    ),
    once(
        "one_hold_a_reference",
        _hold,
        *({}, AUTHORISED),
        lawful=(
            *({"state": "released"}, {"purpose": "deposit"}, {"reference": "2"}),
            {"renews": _other_hold},
        ),
    ),
    once(
        "one_renewal_a_hold",
        _renewal,
        *({}, {"state": "lapsed"}),
        lawful=({"state": "refused"}, {"renews": _hold}),
    ),
)
