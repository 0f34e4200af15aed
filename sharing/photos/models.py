"""Try-on photos: a face and a frame. Kept only as re-encoded renditions."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trials.home_trials.models import TrialItem


class PhotoState(models.TextChoices):
    """How far a photo is."""

    PENDING = "pending", _("Being prepared")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")
    ERASED = "erased", _("Erased")


class Photo(models.Model):
    """One photo of a customer wearing one frame of her trial."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="photos"
    )
    trial_item = models.ForeignKey(TrialItem, on_delete=models.PROTECT, related_name="photos")
    state = models.CharField(max_length=10, choices=PhotoState.choices, default=PhotoState.PENDING)
    # Name in private storage of what was uploaded; emptied and deleted once re-encoded.
    original = models.CharField(max_length=120, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=200, blank=True)
    consent_version = models.CharField(max_length=20)
    uploaded_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("uploaded_at", "pk")
        indexes = [models.Index(fields=["trial_item", "state"], name="photo_by_item")]
