"""What came back, in which condition, and what is owed for what did not."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.history import Transition
from shop.foundation.money import MoneyField
from trials.home_trials.models import TrialItem
from trials.units.models import Grade, TrialUnit


class Finding(models.TextChoices):
    """What an inspection found a unit to be."""

    GOOD = "good", _("Good, back on the shelf")
    REPAIR = "repair", _("To be repaired")
    DAMAGED = "damaged", _("Damaged beyond use")


class Inspection(models.Model):
    """One returned unit, looked at by one person."""

    item = models.OneToOneField(
        TrialItem,
        verbose_name=_("frame of the trial"),
        on_delete=models.PROTECT,
        related_name="inspection",
    )
    unit = models.ForeignKey(
        TrialUnit,
        verbose_name=_("trial unit"),
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    finding = models.CharField(_("finding"), max_length=10, choices=Finding.choices)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("inspected by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("inspected at"), default=timezone.now)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")


class TrialCharge(models.Model):
    """An amount a customer owes for one item of a trial."""

    class Purpose(models.TextChoices):
        """Why it is owed."""

        UNRETURNED = "unreturned", _("Not returned")
        DAMAGED = "damaged", _("Damaged")

    class State(models.TextChoices):
        """Whether it is settled."""

        OWED = "owed", _("Owed")
        PAID = "paid", _("Paid")
        WAIVED = "waived", _("Waived")
        WRITTEN_OFF = "written_off", _("Written off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(
        TrialItem,
        verbose_name=_("frame of the trial"),
        on_delete=models.PROTECT,
        related_name="charges",
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    amount = MoneyField(_("amount"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OWED)
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
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="trial_charge_of_something"
            ),
        ]


class ChargeTransition(Transition):
    """One move of a charge."""

    subject = models.ForeignKey(TrialCharge, on_delete=models.CASCADE, related_name="transitions")
