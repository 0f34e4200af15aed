"""Try-on photos: a face and a frame. Kept only as re-encoded files; and uploads on their way."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.photos.crops import SLACK, Crop
from trials.home_trials.models import TrialItem


class PhotoState(models.TextChoices):
    """How far a photo is."""

    PENDING = "pending", _("Being prepared")
    READY = "ready", _("Ready")
    # Somebody objected to it: to be seen by its owner and by staff who decide, by nobody else.
    HIDDEN = "hidden", _("Hidden")
    REFUSED = "refused", _("Refused")
    ERASED = "erased", _("Erased")


# A phone shows a photo some 360 points wide at two or three pixels each: one whose greatest edge is
# below this is drawn larger than it is, and looks soft.
SMALL_EDGE = 600


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
    # A tiny WebP as base64, shown while a rendition is loading; emptied with the files.
    placeholder = models.CharField(max_length=600, blank=True, default="", db_default="")
    # The part that is shown, in shares of the upright photo's edges.
    crop_left = models.FloatField(default=0.0, db_default=0.0)
    crop_top = models.FloatField(default=0.0, db_default=0.0)
    crop_width = models.FloatField(default=1.0, db_default=1.0)
    crop_height = models.FloatField(default=1.0, db_default=1.0)
    # Of the whole photo; 0 for one from before there were crops, which is shown whole.
    master_width = models.PositiveIntegerField(default=0, db_default=0)
    master_height = models.PositiveIntegerField(default=0, db_default=0)
    # How often a crop was chosen, and the number of the one whose renditions are shown.
    crops_chosen = models.PositiveIntegerField(default=0, db_default=0)
    crop_shown = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ("uploaded_at", "pk")
        indexes = [models.Index(fields=["trial_item", "state"], name="photo_by_item")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    crop_left__gte=0,
                    crop_top__gte=0,
                    crop_width__gt=0,
                    crop_width__lte=1,
                    crop_height__gt=0,
                    crop_height__lte=1,
                )
                & models.Q(LessThanOrEqual(F("crop_left") + F("crop_width"), 1 + SLACK))
                & models.Q(LessThanOrEqual(F("crop_top") + F("crop_height"), 1 + SLACK)),
                name="crop_within_the_photo",
            ),
            models.CheckConstraint(
                condition=models.Q(crop_shown__lte=models.F("crops_chosen")),
                name="no_crop_shown_before_chosen",
            ),
        ]

    @property
    def crop(self) -> Crop:
        """The part that is shown, or will be once its renditions are made."""
        return Crop(self.crop_left, self.crop_top, self.crop_width, self.crop_height)

    @property
    def whole_size(self) -> tuple[int, int]:
        """Width and height of the whole photo, in pixels; zeros until it is ready."""
        return self.master_width or self.width, self.master_height or self.height

    @property
    def being_cropped(self) -> bool:
        """Whether the crop chosen last is not shown yet."""
        return self.crop_shown < self.crops_chosen

    @property
    def is_small(self) -> bool:
        """Whether what friends see of it has so few pixels that it looks soft; it is taken."""
        return 0 < max(self.width, self.height) < SMALL_EDGE

    @property
    def placeholder_url(self) -> str:
        """The placeholder as an address that needs no request; empty where there is none."""
        return f"data:image/webp;base64,{self.placeholder}" if self.placeholder else ""


class PhotoUpload(models.Model):
    """A photo on its way here in pieces, which may break off and go on (docs/uploads.md)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photo_uploads"
    )
    trial_item = models.ForeignKey(TrialItem, on_delete=models.CASCADE, related_name="+")
    consent_version = models.CharField(max_length=20)
    length = models.PositiveIntegerField(help_text="Bytes it will have.")
    received = models.PositiveIntegerField(default=0, help_text="Bytes it has, from its start.")
    # What became of it once it was whole: a photo, or why it was none.
    photo = models.OneToOneField(
        Photo, on_delete=models.CASCADE, null=True, blank=True, related_name="upload"
    )
    refusal = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(length__gt=0, received__lte=models.F("length")),
                name="upload_no_longer_than_said",
            ),
            models.CheckConstraint(
                condition=models.Q(photo=None, refusal="") | models.Q(received=models.F("length")),
                name="upload_settled_only_when_whole",
            ),
        ]

    @property
    def is_whole(self) -> bool:
        """Whether all of it has arrived."""
        return self.received == self.length

    @property
    def is_settled(self) -> bool:
        """Whether it has become a photo, or was refused."""
        return self.photo_id is not None or bool(self.refusal)


class PhotoUploadPart(models.Model):
    """One piece of an upload, a file of private storage until the upload is settled."""

    upload = models.ForeignKey(PhotoUpload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("start",)
        constraints = [
            models.UniqueConstraint(fields=["upload", "start"], name="one_part_an_offset"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="no_empty_part"),
        ]
