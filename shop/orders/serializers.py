"""What the API says about carts and orders, and what it takes."""

from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from shop.orders.services.carts import MOST
from shop.orders.states import OrderState


class CartLineInput(serializers.Serializer):
    """A variant for the cart."""

    variant_id = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST, default=1)


class CartQuantityInput(serializers.Serializer):
    """How many are wanted."""

    quantity = serializers.IntegerField(min_value=0, max_value=MOST, help_text="0 takes it out.")


class CartLineOutput(serializers.Serializer):
    """A line of the cart."""

    variant_id = serializers.IntegerField(source="line.variant_id")
    frame = serializers.SlugField(source="line.variant.frame.handle")
    name = serializers.CharField(source="line.variant")
    quantity = serializers.IntegerField(source="line.quantity")
    note = serializers.CharField(source="line.note_words", allow_blank=True)
    image_url = serializers.CharField(allow_blank=True)
    unit_price = MoneySerializerField(source="line.variant.price")
    amount = MoneySerializerField()
    free = serializers.IntegerField(help_text="How many can still be sold.")


class GiftOutput(serializers.Serializer):
    """What a customer has off her first order, for having come by a friend."""

    amount = MoneySerializerField(help_text="What is taken off, or the most of a percentage.")
    percent = serializers.IntegerField(allow_null=True)
    minimum = MoneySerializerField(help_text="Only on an order of as much.")
    valid_until = serializers.DateTimeField()


class CartOutput(serializers.Serializer):
    """The cart and what it comes to."""

    lines = CartLineOutput(many=True)
    total = MoneySerializerField()
    gift = GiftOutput(
        allow_null=True, help_text="What will be taken off her first order; null for nothing."
    )


class OrderPlacementInput(serializers.Serializer):
    """Where the order goes; the cart says what is in it."""

    address_id = serializers.IntegerField(min_value=1)
    expected_total = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        required=False,
        help_text="What the customer was shown; the order is refused if it is another by now.",
    )
    use_credit = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        min_value=0,
        required=False,
        help_text="How much of her credit goes towards it at most; refused if she has less. The "
        "payment asks for the rest, and an order with no rest is paid at once.",
    )


class OrderLineOutput(serializers.Serializer):
    """A line of an order, as it was sold."""

    variant_id = serializers.IntegerField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneySerializerField()
    note = serializers.CharField(source="note_words", allow_blank=True)


class OrderOutput(serializers.Serializer):
    """An order."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=OrderState.choices)
    total = MoneySerializerField()
    discount = MoneySerializerField(help_text="What her welcome gift took off.")
    credit_used = MoneySerializerField(help_text="What was paid with her credit.")
    to_pay = MoneySerializerField(help_text="What the payment asks of a card.")
    placed_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    carrier = serializers.CharField(help_text="Who took the parcel; empty where not known.")
    tracking_number = serializers.CharField(help_text="Of the parcel; empty where it has none.")
    lines = OrderLineOutput(many=True)
