"""Galleries, the links that open them, and who looked."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.galleries.questions import as_read
from sharing.galleries.states import ClosedBecause, GalleryKind, GalleryState, NamesShown
from shop.analytics.names import Channel
from shop.catalogue.models import Variant
from shop.foundation.history import Transition
from trials.home_trials.models import Trial, TrialItem


class Gallery(models.Model):
    """Frames to be shown to friends: of a trial with try-on photos, or of the catalogue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="galleries"
    )
    kind = models.CharField(
        max_length=8,
        choices=GalleryKind.choices,
        default=GalleryKind.TRIAL,
        db_default=GalleryKind.TRIAL.value,
    )
    trial = models.OneToOneField(
        Trial, null=True, blank=True, on_delete=models.PROTECT, related_name="gallery"
    )
    question = models.CharField(_("question"), max_length=140)
    state = models.CharField(max_length=10, choices=GalleryState.choices, default=GalleryState.OPEN)
    # Nobody sees how it stands before her own vote; open, everybody with a link does.
    is_blind = models.BooleanField(default=True, db_default=True)
    names_shown = models.CharField(
        max_length=8,
        choices=NamesShown.choices,
        default=NamesShown.OWNER,
        db_default=NamesShown.OWNER.value,
    )
    # Once she has bought a frame of it: whether friends see which.
    shows_bought = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # From this moment no vote is taken, whether or not the beat has closed it yet.
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Empty while open, and of those that closed before reasons were kept.
    closed_because = models.CharField(
        max_length=8, choices=ClosedBecause.choices, blank=True, default="", db_default=""
    )
    # When its photos were erased; its links open nothing any more (``galleries.opening``).
    erased_at = models.DateTimeField(null=True, blank=True)
    # When the latest vote was cast that the owner was told of (``votes.owner_news``).
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("gallery")
        verbose_name_plural = _("galleries")
        ordering = ("-created_at",)
        indexes = [
            models.Index(
                fields=["closes_at"], condition=models.Q(state="open"), name="gallery_due"
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(erased_at__isnull=True),
                name="gallery_expiring",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="trial", trial__isnull=False)
                | models.Q(kind="frames", trial__isnull=True),
                name="gallery_of_a_trial_names_it",
            ),
        ]

    @property
    def takes_votes(self) -> bool:
        """Whether friends may vote now; past the deadline they may not, closed yet or not."""
        in_time = self.closes_at is None or self.closes_at > timezone.now()
        return self.state == GalleryState.OPEN and in_time

    @property
    def asked(self) -> str:
        """What friends are asked, in the reader's language unless its owner wrote it herself."""
        return as_read(self.question)


class GalleryItem(models.Model):
    """One frame of a gallery."""

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    # Photos belong to a trial's frame: without one, the catalogue's picture is shown.
    trial_item = models.OneToOneField(
        TrialItem, null=True, blank=True, on_delete=models.PROTECT, related_name="gallery_item"
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
    # A close friend's link lets in so many people, the first who say it is them; empty: anybody.
    admits = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(admits__isnull=True) | models.Q(admits__gte=1),
                name="link_admits_somebody",
            ),
        ]


class LinkAdmission(models.Model):
    """A browser that a close friend's link let in, by an act of its person."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="admissions")
    viewer = models.CharField(max_length=64, help_text="Hash of the browser's cookie.")
    place = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "viewer"], name="admitted_once_a_browser"),
            models.UniqueConstraint(fields=["link", "place"], name="one_browser_a_place"),
        ]


class LinkView(models.Model):
    """A person who opened a link: once a browser, preview bots left out."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="views")
    viewer = models.CharField(max_length=64, help_text="Hash of the browser's cookie.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "viewer"], name="one_view_a_browser"),
        ]
