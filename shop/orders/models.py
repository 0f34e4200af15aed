"""Carts and the orders they become."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.analytics.names import channel_words
from shop.catalogue.models import Variant
from shop.customers.models import Address
from shop.foundation.history import Transition
from shop.foundation.money import MoneyField
from shop.orders.notes import note_words
from shop.orders.states import OrderState


class Cart(models.Model):
    """What somebody means to buy. Becomes one order, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="carts"
    )
    created_at = models.DateTimeField(default=timezone.now)
    ordered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ordered_at__isnull=True),
                name="one_open_cart_a_user",
            ),
        ]


class CartLine(models.Model):
    """A variant in a cart, with where it was put in from."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    # Where the wish came from: "trial:<id>" or "gallery:<id>:<trial id, if any>", for the figures.
    origin = models.CharField(max_length=90, blank=True)
    note = models.CharField(max_length=120, blank=True, help_text="Such as: friends' favourite.")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("added_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="one_line_a_variant"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1) & models.Q(quantity__lte=20),
                name="cart_quantity_1_to_20",
            ),
        ]

    @property
    def note_words(self) -> str:
        """The note, in the reader's language."""
        return note_words(self.note)


class Order(models.Model):
    """A sale: what was bought, by whom, for how much, and what led to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="orders",
    )
    cart = models.OneToOneField(
        Cart, verbose_name=_("cart"), on_delete=models.PROTECT, related_name="order"
    )
    address = models.ForeignKey(
        Address, verbose_name=_("address"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=OrderState.choices, default=OrderState.PENDING_PAYMENT
    )
    total = MoneyField(_("total"))
    # In the currency of the total. The database's own default too, for the release before this one.
    discount_amount = models.DecimalField(
        _("welcome gift"), max_digits=14, decimal_places=3, default=0, db_default=0
    )
    credit_amount = models.DecimalField(
        _("credit used"), max_digits=14, decimal_places=3, default=0, db_default=0
    )
    credit_refunded_amount = models.DecimalField(
        _("credit given back"), max_digits=14, decimal_places=3, default=0, db_default=0
    )
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    # With what it was sent, if that is known; the database's own default for the release before.
    carrier = models.CharField(_("carrier"), max_length=40, blank=True, db_default="")
    tracking_number = models.CharField(
        _("tracking number"), max_length=40, blank=True, db_default=""
    )
    # The last touch before the order (shop.analytics.touches); empty for direct.
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    link = models.CharField(_("share link"), max_length=40, blank=True)
    caused_by = models.UUIDField(_("caused by"), null=True, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-placed_at",)
        indexes = [
            models.Index(fields=["user", "-placed_at"], name="order_by_user"),
            models.Index(fields=["state", "placed_at"], name="order_by_state"),
            models.Index(fields=["placed_at", "id"], name="order_latest"),
            # What was paid and went back, besides to a card: few beside all.
            models.Index(
                fields=["id"],
                name="order_given_back",
                condition=models.Q(paid_at__isnull=False)
                & (models.Q(state="cancelled") | models.Q(credit_refunded_amount__gt=0)),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discount_amount__gte=0)
                & models.Q(credit_amount__gte=0)
                & models.Q(total__gte=models.F("discount_amount") + models.F("credit_amount")),
                name="order_not_paid_above_its_total",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_refunded_amount__gte=0)
                & models.Q(credit_refunded_amount__lte=models.F("credit_amount")),
                name="order_credit_refunded_within",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def discount(self) -> Money:
        """What the customer's welcome gift takes off."""
        return Money(self.discount_amount, self.total.currency)

    @property
    def credit_used(self) -> Money:
        """What is paid with the customer's credit."""
        return Money(self.credit_amount, self.total.currency)

    @property
    def to_pay(self) -> Money:
        """What is left to be paid by card: the total less gift and credit."""
        return self.total - self.discount - self.credit_used

    @property
    def packed_of(self) -> tuple[int, int]:
        """How many pieces are scanned, of how many; read from its lines."""
        lines = self.lines.all()
        return sum(each.packed for each in lines), sum(each.quantity for each in lines)

    @property
    def came_by(self) -> str:
        """The channel of the last touch, in words; empty for direct."""
        return channel_words(self.channel)


class OrderLine(models.Model):
    """A variant as it was sold: name and price stay as they were."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    quantity = models.PositiveSmallIntegerField()
    # How many of them were scanned into the parcel.
    packed = models.PositiveSmallIntegerField(default=0, db_default=0)
    unit_price = MoneyField()
    origin = models.CharField(max_length=90, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(packed__lte=models.F("quantity")),
                name="order_line_packed_within",
            ),
        ]

    @property
    def amount(self) -> Money:
        """What the line costs: price times quantity."""
        return self.unit_price * self.quantity

    @property
    def note_words(self) -> str:
        """The note, in the reader's language."""
        return note_words(self.note)


class OrderTransition(Transition):
    """One move of an order."""

    subject = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="transitions")


class Voucher(models.Model):
    """Something off a customer's first order, used once. Higher floors grant and withdraw it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="vouchers"
    )
    reference = models.CharField(max_length=80, unique=True, help_text="What it was granted for.")
    percent = models.PositiveSmallIntegerField(
        null=True, help_text="Of the order's total; without it the amount itself."
    )
    amount = MoneyField(help_text="What is taken off, or the most of it where a percentage is.")
    minimum = MoneyField(default=0, help_text="Only on an order of as much.")
    granted_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="voucher")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="voucher_of_something"),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__range=(1, 100)),
                name="voucher_percent_1_to_100",
            ),
        ]
