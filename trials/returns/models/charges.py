"""What is owed for what did not come back, and how it was asked for."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.history import Transition
from shop.foundation.money import MoneyField
from shop.payments.models import SavedCard
from trials.home_trials.models import Trial, TrialItem
from trials.returns.states import ChargeState


class TrialCharge(models.Model):
    """An amount a customer owes for an item of a trial, or for the trial as a whole."""

    class Purpose(models.TextChoices):
        """Why it is owed."""

        UNRETURNED = "unreturned", _("Not returned")
        DAMAGED = "damaged", _("Damaged")
        LATE = "late", _("Sent back late")
        KEPT = "kept", _("Kept")

    State = ChargeState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The database takes it from the item where there is one.
    trial = models.ForeignKey(
        Trial,
        verbose_name=_("trial"),
        on_delete=models.PROTECT,
        related_name="charges",
        db_index=False,
    )
    item = models.ForeignKey(
        TrialItem,
        verbose_name=_("frame of the trial"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="charges",
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    # Of a late fee: what was paid for a frame, and given back without it.
    kept_from = models.ForeignKey(
        "self",
        verbose_name=_("kept from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kept_fees",
        db_index=False,
    )
    amount = MoneyField(_("amount"))
    refunded = MoneyField(_("given back"), default=0)
    from_deposit = MoneyField(_("paid by the deposit"), default=0)
    # What is to be given back, until a worker has asked for it.
    refund_due = MoneyField(_("to be given back"), default=0)
    # Whether somebody with the permission is to say how much is given back.
    to_decide = models.BooleanField(_("to be decided"), default=False)
    link_opened_at = models.DateTimeField(_("payment link opened at"), null=True, blank=True)
    # Paid and not told of: when at the latest, should the answers to the box's others not come.
    tell_at = models.DateTimeField(_("to be told by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OWED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("trial charge")
        verbose_name_plural = _("trial charges")
        permissions = [("settle_trialcharge", "Can waive or write off what a customer owes")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "purpose"], name="one_charge_an_item_and_purpose"
            ),
            models.UniqueConstraint(
                fields=["trial", "purpose"],
                condition=models.Q(item=None),
                name="one_charge_a_trial_and_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="trial_charge_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(item=None, purpose="late")
                | models.Q(item__isnull=False) & ~models.Q(purpose="late"),
                name="trial_charge_of_an_item_or_late",
            ),
            models.CheckConstraint(
                condition=models.Q(kept_from=None) | models.Q(purpose="late"),
                name="late_fees_alone_are_kept",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0) & models.Q(refunded__lte=models.F("amount")),
                name="trial_charge_refunded_within",
            ),
            models.CheckConstraint(
                condition=models.Q(from_deposit=0)
                | models.Q(
                    state="written_off", from_deposit__gt=0, from_deposit__lte=models.F("amount")
                ),
                name="deposit_pays_what_is_written_off",
            ),
        ]
        indexes = [
            models.Index(fields=["trial"], name="trials_trialcharge_of_trial"),
            models.Index(
                fields=["-amount", "id"], name="charge_owed", condition=models.Q(state="owed")
            ),
            models.Index(
                fields=["kept_from"], name="fee_kept_from", condition=~models.Q(kept_from=None)
            ),
            models.Index(fields=["-created_at", "id"], name="charge_latest"),
            models.Index(fields=["state", "created_at", "id"], name="charge_by_state"),
            models.Index(
                fields=["trial"], name="charge_to_decide", condition=models.Q(to_decide=True)
            ),
            models.Index(
                fields=["tell_at"], name="charge_to_tell", condition=models.Q(tell_at__isnull=False)
            ),
        ]

    @property
    def what(self) -> str:
        """What it is owed for, in words: the frame, or that the box came late."""
        return str(self.item.variant) if self.item else str(self.get_purpose_display())


class ChargeAttempt(models.Model):
    """One time a card is asked for a charge: at once, by the plan, or because it is a new card."""

    charge = models.ForeignKey(
        TrialCharge,
        verbose_name=_("trial charge"),
        on_delete=models.CASCADE,
        related_name="attempts",
    )
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("Zero for the first."))
    card = models.ForeignKey(
        SavedCard, verbose_name=_("card"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("due at"))
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    decline_code = models.CharField(_("decline code"), max_length=60, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("attempt at a charge")
        verbose_name_plural = _("attempts at charges")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["charge", "number"], name="one_attempt_a_number"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="charge_attempt_due", condition=models.Q(asked_at=None)
            ),
        ]


class Notice(models.Model):
    """A mail about what is away or owed, kept so that staff see what a customer was told."""

    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    at = models.DateTimeField(_("sent at"), default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("at", "pk")


class ChargeTransition(Transition):
    """One move of a charge."""

    subject = models.ForeignKey(TrialCharge, on_delete=models.CASCADE, related_name="transitions")
