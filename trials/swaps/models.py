"""Which frame of a trial was swapped for which."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.foundation.money import MoneyField
from trials.home_trials.models import TrialItem
from trials.units.models import TrialUnit


class FrameSwap(models.Model):
    """One swap: what the item was before, and what it became. Rows are only ever added."""

    item = models.ForeignKey(
        TrialItem,
        verbose_name=_("frame of the trial"),
        on_delete=models.PROTECT,
        related_name="swaps",
    )
    variant_before = models.ForeignKey(
        Variant, verbose_name=_("variant before"), on_delete=models.PROTECT, related_name="+"
    )
    unit_before = models.ForeignKey(
        TrialUnit, verbose_name=_("trial unit before"), on_delete=models.PROTECT, related_name="+"
    )
    price_before = MoneyField(_("price before"))
    variant_after = models.ForeignKey(
        Variant, verbose_name=_("variant after"), on_delete=models.PROTECT, related_name="+"
    )
    unit_after = models.ForeignKey(
        TrialUnit, verbose_name=_("trial unit after"), on_delete=models.PROTECT, related_name="+"
    )
    price_after = MoneyField(_("price after"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("swap of a frame")
        verbose_name_plural = _("swaps of frames")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(variant_before=models.F("variant_after")),
                name="swapped_for_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_before_id} → {self.variant_after_id}"
