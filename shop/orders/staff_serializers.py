"""What the staff API says about orders, and what it takes."""

from django.utils.translation import gettext
from moneyed import CurrencyDoesNotExist, get_currency
from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from shop.orders.states import OrderState
from shop.payments.models import Refund


class StaffOrderLineOutput(serializers.Serializer):
    """A line of an order, and how much of it is in the parcel."""

    variant_id = serializers.IntegerField()
    sku = serializers.CharField(source="variant.sku")
    barcode = serializers.CharField(source="variant.barcode")
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    packed = serializers.IntegerField(help_text="How many were scanned.")
    unit_price = MoneySerializerField()


class StaffAddressOutput(serializers.Serializer):
    """Where a parcel goes."""

    name = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")


class StaffOrderOutput(serializers.Serializer):
    """An order as staff see it."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=OrderState.choices)
    email = serializers.CharField(source="user.email")
    address = StaffAddressOutput()
    total = MoneySerializerField()
    placed_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    carrier = serializers.CharField(help_text="Who took the parcel; empty where not known.")
    tracking_number = serializers.CharField(help_text="Of the parcel; empty where it has none.")
    lines = StaffOrderLineOutput(many=True)


class StaffOrderRefundOutput(serializers.Serializer):
    """An amount of an order that goes back to the card it was paid by."""

    amount = MoneySerializerField()
    state = serializers.ChoiceField(choices=Refund.State.choices)
    reason = serializers.SerializerMethodField()
    requested_by = serializers.EmailField(
        source="requested_by.email",
        default=None,
        allow_null=True,
        help_text="Who of staff decided; null where the shop did, or it was done at Stripe.",
    )
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_reason(self, refund: Refund) -> str:
        """Return why; the shop's own reasons in the reader's language."""
        return gettext(refund.reason)


class StaffOrderDetailOutput(StaffOrderOutput):
    """The same of one order, with what became of its money."""

    discount = MoneySerializerField(help_text="What her welcome gift took off.")
    credit_used = MoneySerializerField(help_text="What was paid with her credit.")
    given_back = MoneySerializerField(
        source="money.given_back",
        help_text="What went back, to the card and into credit; a refund names it.",
    )
    refundable = MoneySerializerField(
        source="money.refundable", help_text="What can still be given back."
    )
    refunds = StaffOrderRefundOutput(
        many=True, source="money.refunds", help_text="To the card, the oldest first."
    )


class StaffOrderPackInput(serializers.Serializer):
    """What was scanned."""

    barcode = serializers.CharField(
        max_length=60, help_text="The SKU of a piece, or its maker's barcode."
    )


class StaffOrderSendInput(serializers.Serializer):
    """With what a parcel goes."""

    carrier = serializers.CharField(max_length=40, default="", allow_blank=True)
    tracking_number = serializers.CharField(max_length=60, default="", allow_blank=True)


class StaffOrderCancelInput(serializers.Serializer):
    """Why an order is cancelled, and as what it was seen."""

    reason = serializers.CharField(max_length=200, help_text="Kept with the order.")
    seen = serializers.ChoiceField(
        OrderState.choices,
        required=False,
        help_text="The order's `state` as it was seen: where it is another by now, such as paid,"
        " nothing is done, and 409 `order_changed` answers. Left out, it is cancelled as it is.",
    )


class StaffOrderRefundInput(serializers.Serializer):
    """How much of an order goes back, as it was seen, and why."""

    amount = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        required=False,
        help_text="At most `refundable`; left out for all of it.",
    )
    given_back = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        help_text="The order's `given_back` as it was seen: where it is another by now, nothing"
        " is done, and 409 `refund_changed` answers.",
    )
    currency = serializers.CharField(
        min_length=3,
        max_length=3,
        help_text="ISO 4217, of both amounts: the order's; any other is refused.",
    )
    reason = serializers.CharField(max_length=200, help_text="Kept for the books.")

    def validate_currency(self, code: str) -> str:
        """Return the code of a currency that there is."""
        try:
            return str(get_currency(code=code.upper()))
        except CurrencyDoesNotExist as error:
            message = gettext("“%(code)s” is no currency.") % {"code": code}
            raise serializers.ValidationError(message) from error
