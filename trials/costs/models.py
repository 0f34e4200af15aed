"""What acts cost by the shop's own rates, and which trial each booked cost belongs to."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.catalogue.models import Variant
from shop.foundation.money import quantize
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.payments.models import LedgerTransaction

AMOUNTS = ("shipping_out", "shipping_back", "cleaning", "repair", "hourly_wage")


def _amount(name: Any, *, help_text: Any = "") -> Any:
    return models.DecimalField(
        name,
        max_digits=14,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
        help_text=help_text,
    )


class CostRates(models.Model):
    """What acts cost from one moment on. Never edited: what was booked stays as it was."""

    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    currency = models.CharField(_("currency"), max_length=3, default=settings.DEFAULT_CURRENCY)
    shipping_out = _amount(
        _("parcel to the customer"), help_text=_("Where the carrier names no price of the label.")
    )
    shipping_back = _amount(
        _("parcel back"), help_text=_("Where the carrier names no price of the label.")
    )
    cleaning = _amount(_("cleaning a returned unit"))
    repair = _amount(_("repairing a unit"))
    hourly_wage = _amount(_("an hour of work"))
    pack_minutes = models.DecimalField(
        _("minutes to pack a unit"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    check_in_minutes = models.DecimalField(
        _("minutes to check a unit in"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    goods_percent = models.PositiveSmallIntegerField(
        _("cost of a frame in % of its price"),
        default=0,
        help_text=_("Of units given up or kept, and of frames sold."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("cost rates")
        verbose_name_plural = _("cost rates")
        ordering = ("-valid_from", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    shipping_out__gte=0,
                    shipping_back__gte=0,
                    cleaning__gte=0,
                    repair__gte=0,
                    hourly_wage__gte=0,
                    pack_minutes__gte=0,
                    check_in_minutes__gte=0,
                    goods_percent__lte=100,
                ),
                name="cost_rates_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d} {self.currency}"

    def clean(self) -> None:
        """Refuse a fraction of the smallest coin.

        Raises:
            ValidationError: naming the fields.
        """
        wrong = {
            name: _("Enter no fraction of the smallest coin.")
            for name in AMOUNTS
            if quantize(self.money(name)) != self.money(name)
        }
        if wrong:
            raise ValidationError(wrong)

    def money(self, name: str) -> Money:
        """Return one of the amounts with its currency."""
        return Money(getattr(self, name), self.currency)

    def work(self, minutes: Decimal) -> Money:
        """Return what so many minutes of work cost."""
        return quantize(self.money("hourly_wage") * minutes / 60)

    def value(self, price: Money) -> Money:
        """Return what a frame of this price cost the shop."""
        return quantize(price * self.goods_percent / 100)

    @classmethod
    def current(cls) -> "CostRates | None":
        """Return the rates that are valid now; nothing where none were entered."""
        return _CURRENT.first(now=timezone.now())


# Asked by every move of a unit.
_CURRENT = PreparedQuery(lambda: CostRates.objects.filter(valid_from__lte=Slot("now"))[:1])


class TrialCost(models.Model):
    """Which trial, unit and variant a transaction of the ledger was booked for."""

    transaction = models.OneToOneField(
        LedgerTransaction, primary_key=True, on_delete=models.PROTECT, related_name="trial_cost"
    )
    # Plain keys: trials and units stand above costs, which know nothing of them.
    trial_id = models.UUIDField(_("trial"), null=True, db_index=True)
    unit_id = models.BigIntegerField(_("trial unit"), null=True, db_index=True)
    variant = models.ForeignKey(
        Variant, verbose_name=_("variant"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("cost of a trial")
        verbose_name_plural = _("costs of trials")
