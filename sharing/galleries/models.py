"""Galleries, the links that open them, and who looked."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.galleries.states import GalleryState
from shop.analytics.names import Channel
from shop.catalogue.models import Variant
from shop.foundation.history import Transition
from trials.home_trials.models import Trial, TrialItem


class Gallery(models.Model):
    """A trial's frames and try-on photos, to be shown to friends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="galleries"
    )
    trial = models.OneToOneField(Trial, on_delete=models.PROTECT, related_name="gallery")
    question = models.CharField(_("question"), max_length=140)
    state = models.CharField(max_length=10, choices=GalleryState.choices, default=GalleryState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    # When the owner was mailed that the first vote is in.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("gallery")
        verbose_name_plural = _("galleries")
        ordering = ("-created_at",)


class GalleryItem(models.Model):
    """One frame of a gallery."""

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    trial_item = models.OneToOneField(
        TrialItem, on_delete=models.PROTECT, related_name="gallery_item"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["gallery", "variant"], name="variant_once_a_gallery"),
            models.UniqueConstraint(fields=["gallery", "position"], name="one_item_a_position"),
        ]


class GalleryTransition(Transition):
    """One move of a gallery."""

    subject = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="transitions")


class ShareLink(models.Model):
    """An unguessable, revocable, expiring address of a gallery. Only its hash is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.LINK)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")


class LinkView(models.Model):
    """A person who opened a link: once a browser, preview bots left out."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="views")
    viewer = models.CharField(max_length=64, help_text="Hash of the browser's cookie.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "viewer"], name="one_view_a_browser"),
        ]
