"""What is on hand to be sold, and what of it is spoken for."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant


class StockRecord(models.Model):
    """How many of a variant are on hand, and how many of those are reserved."""

    variant = models.OneToOneField(
        Variant, verbose_name=_("variant"), on_delete=models.PROTECT, related_name="stock"
    )
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)

    class Meta:
        verbose_name = _("stock record")
        verbose_name_plural = _("stock records")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(on_hand__gte=0), name="stock_on_hand_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0), name="stock_reserved_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("on_hand")),
                name="stock_reserved_within_on_hand",
            ),
        ]

    @property
    def free(self) -> int:
        """How many can still be sold."""
        return self.on_hand - self.reserved


class StockReservation(models.Model):
    """Pieces held for somebody until they are shipped or let go."""

    class State(models.TextChoices):
        """Whether the pieces are still held."""

        ACTIVE = "active", _("Active")
        CONSUMED = "consumed", _("Consumed")
        RELEASED = "released", _("Released")

    stock = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField(_("quantity"))
    reference = models.CharField(
        _("reference"), max_length=60, help_text=_("What they are held for: order:<number>")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock reservation")
        verbose_name_plural = _("stock reservations")
        constraints = [
            models.UniqueConstraint(
                fields=["stock", "reference"], name="one_reservation_a_stock_and_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="reservation_of_at_least_one"
            ),
        ]
        indexes = [
            models.Index(fields=["reference"], name="reservation_by_reference"),
        ]
