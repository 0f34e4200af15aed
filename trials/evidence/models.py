"""Photos of frames and boxes, taken at the check-in table or by the customer."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trials.home_trials.models import Trial, TrialItem


class EvidenceSource(models.TextChoices):
    """Who took a photo."""

    STATION = "station", _("Check-in table")
    CUSTOMER = "customer", _("Customer")


class EvidenceState(models.TextChoices):
    """How far a photo is."""

    PENDING = "pending", _("Being prepared")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")
    ERASED = "erased", _("Erased")


class EvidencePhoto(models.Model):
    """One photo; of a frame, or of the box where it names none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="evidence"
    )
    item = models.ForeignKey(
        TrialItem,
        verbose_name=_("frame of the trial"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    source = models.CharField(_("taken at"), max_length=10, choices=EvidenceSource.choices)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=EvidenceState.choices, default=EvidenceState.PENDING
    )
    refusal = models.CharField(_("refused because"), max_length=20, blank=True)
    # As it was sent, until it has been made safe; its name owes nothing to the sender's.
    original = models.CharField(_("file as it was sent"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("evidence photo")
        verbose_name_plural = _("evidence photos")
        ordering = ("taken_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="pending") | models.Q(original=""),
                name="evidence_original_only_while_pending",
            ),
        ]
        indexes = [
            models.Index(
                fields=["taken_at"],
                name="evidence_by_age",
                condition=models.Q(state__in=["pending", "ready"]),
            ),
        ]
