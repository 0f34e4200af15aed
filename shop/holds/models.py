"""Holds: what a card's bank keeps for the shop until it is captured, released, or lapses."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.money import MoneyField
from shop.payments.models import Payment, SavedCard
from shop.payments.refusals import refusal_words, refused_because


class Hold(models.Model):
    """One authorisation asked of a card: written before Stripe is called, settled after."""

    class State(models.TextChoices):
        """How it stands. What is being released or captured is decided, and told Stripe soon."""

        CREATED = "created", _("Asked for")
        AUTHORISED = "authorised", _("Held")
        REFUSED = "refused", _("Refused")
        RELEASING = "releasing", _("Being released")
        RELEASED = "released", _("Released")
        CAPTURING = "capturing", _("Being taken")
        CAPTURED = "captured", _("Taken")
        LAPSED = "lapsed", _("Lapsed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="holds",
    )
    purpose = models.CharField(_("purpose"), max_length=30, help_text=_("A registered one."))
    reference = models.CharField(_("reference"), max_length=60)
    amount = MoneyField(_("amount"))
    captured = MoneyField(_("taken"), default=0)
    card = models.ForeignKey(
        SavedCard, verbose_name=_("card"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.CREATED
    )
    # The hold this one was asked for in place of; that one is released once this one stands.
    renews = models.ForeignKey(
        "self",
        verbose_name=_("renews"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewals",
    )
    # What it is captured for, or the first of it: all payments of its intent are settled by it.
    payment = models.OneToOneField(
        Payment,
        verbose_name=_("payment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hold",
    )
    stripe_payment_intent_id = models.CharField(
        _("PaymentIntent"), max_length=60, unique=True, null=True, blank=True
    )
    # Until when its bank keeps it, as Stripe says.
    capture_before = models.DateTimeField(_("held until"), null=True, blank=True)
    # When its owner was told that it will be renewed.
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    failure_code = models.CharField(_("error code"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="hold_of_something"),
            models.CheckConstraint(
                condition=models.Q(captured__gte=0, captured__lte=models.F("amount")),
                name="hold_captured_within",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["capturing", "captured"], payment__isnull=False, captured__gt=0
                )
                | models.Q(
                    ~models.Q(state__in=["capturing", "captured"]), payment=None, captured=0
                ),
                name="hold_captured_for_a_payment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="authorised")
                | models.Q(stripe_payment_intent_id__isnull=False, capture_before__isnull=False),
                name="hold_authorised_until",
            ),
            models.UniqueConstraint(
                fields=["purpose", "reference"],
                condition=models.Q(state__in=["created", "authorised"], renews=None),
                name="one_hold_a_reference",
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=~models.Q(state="refused"),
                name="one_renewal_a_hold",
            ),
        ]
        indexes = [
            models.Index(fields=["purpose", "reference"], name="hold_by_reference"),
            # Which of what waits has no card that holds.
            models.Index(
                fields=["purpose", "reference", "created_at"],
                name="hold_failed",
                condition=models.Q(state__in=["refused", "lapsed"]),
            ),
            models.Index(
                fields=["capture_before"],
                name="hold_to_renew",
                condition=models.Q(state="authorised"),
            ),
            models.Index(
                fields=["created_at"],
                name="hold_undecided",
                condition=models.Q(state__in=["created", "releasing", "capturing"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.reference}"

    @property
    def refusal(self) -> str:
        """Why the card was refused, for people; only where ``failure_code`` is set."""
        return refusal_words(self.failure_code)

    @property
    def refused_because(self) -> str:
        """Why the card was refused, for staff; empty where it was not."""
        return refused_because(self.failure_code)
