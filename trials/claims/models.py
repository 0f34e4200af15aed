"""Claims: tasks against a carrier, one for each parcel it lost."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.history import Transition
from shop.foundation.money import MoneyField
from trials.claims.states import ClaimState
from trials.shipping.models import Shipment


class Claim(models.Model):
    """What a carrier owes for one parcel that counts as lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shipment = models.OneToOneField(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="claim"
    )
    carrier = models.CharField(_("carrier"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN
    )
    amount = MoneyField(_("amount"), help_text=_("What the frames in the parcel are worth."))
    paid = MoneyField(_("paid"), default=0, help_text=_("What the carrier paid of it."))
    reference = models.CharField(_("carrier’s reference"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    due_on = models.DateField(
        _("to be filed by"), help_text=_("The last day on which the carrier takes the claim.")
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The parcel came all the same: what a carrier has paid for it is to be given back, and one that
    # has not paid yet is to be told.
    turned_up_at = models.DateTimeField(_("turned up at"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = [("settle_claim", "Can say what a carrier paid, or give a claim up")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, paid__gte=0), name="claim_not_below_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(state="paid", paid__gt=0) | ~models.Q(state="paid"),
                name="claim_paid_with_something",
            ),
            models.CheckConstraint(
                condition=models.Q(paid__gt=0) | ~models.Q(state="given_back"),
                name="claim_given_back_of_something",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="claim_by_due"),
            models.Index(
                fields=["due_on"],
                name="claim_waiting",
                condition=models.Q(state__in=["open", "filed"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.shipment)

    @property
    def is_turned_up(self) -> bool:
        """Whether the carrier is to be told, or given back what it paid: the parcel came."""
        over = self.state not in {ClaimState.FILED, ClaimState.PAID}
        return self.turned_up_at is not None and not over


class ClaimTransition(Transition):
    """One move of a claim."""

    subject = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="transitions")
    # What the carrier had paid in all from then on; of what was given back to it, how much.
    paid = MoneyField(null=True, default=None)

    class Meta(Transition.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paid=None)
                | models.Q(paid__gt=0, to_state__in=["paid", "given_back"]),
                name="claim_move_of_money",
            ),
        ]
