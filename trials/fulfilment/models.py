"""Pick batches with their totes, and manifests with their parcels."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.history import Transition
from trials.fulfilment.states import BatchState, ManifestState
from trials.home_trials.models import Trial, TrialItem
from trials.shipping.models import Shipment
from trials.units.models import TrialUnit


class PickBatch(models.Model):
    """Trials whose units are fetched in one walk along the shelves."""

    state = models.CharField(
        _("state"), max_length=10, choices=BatchState.choices, default=BatchState.PICKING
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pick batch")
        verbose_name_plural = _("pick batches")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"B{self.pk}"


class PickBatchTransition(Transition):
    """One move of a pick batch."""

    subject = models.ForeignKey(PickBatch, on_delete=models.CASCADE, related_name="transitions")


class PickTote(models.Model):
    """One trial's place in a batch: what is picked for it goes into the tote of that number."""

    batch = models.ForeignKey(
        PickBatch, verbose_name=_("pick batch"), on_delete=models.PROTECT, related_name="totes"
    )
    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="totes"
    )
    position = models.PositiveSmallIntegerField(_("tote"))
    # Its batch was cancelled, so that the trial may go into another.
    released = models.BooleanField(_("released"), default=False)

    class Meta:
        verbose_name = _("tote")
        verbose_name_plural = _("totes")
        ordering = ("batch", "position")
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_tote_a_position"),
            models.UniqueConstraint(
                fields=["trial"],
                condition=models.Q(released=False),
                name="trial_in_one_pick_batch",
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=1), name="totes_count_from_one"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What the tote's label says to a scanner."""
        return tote_code(self.batch_id, self.position)


def tote_code(batch_id: int, position: int) -> str:
    """Return what the label of a batch's tote says to a scanner."""
    return f"B{batch_id}-{position}"


class Pick(models.Model):
    """A unit that was put into a tote."""

    tote = models.ForeignKey(PickTote, on_delete=models.CASCADE, related_name="picks")
    unit = models.ForeignKey(TrialUnit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tote", "unit"], name="unit_picked_once")]


class UnitNotFound(models.Model):
    """A unit that did not lie on its shelf when it was to be picked.

    With ``replaced_by``, another went into the tote and this one is lost until it turns up;
    without, none was free: the trial waits for it, and it is ``found_at`` once it is picked after
    all, or turned up and takes the place of another. One that turned up at the table and was
    packed is told by its item, which is no longer ``not_found_at``.
    """

    tote = models.ForeignKey(PickTote, on_delete=models.CASCADE, related_name="not_found")
    item = models.ForeignKey(TrialItem, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        TrialUnit, verbose_name=_("trial unit"), on_delete=models.PROTECT, related_name="+"
    )
    replaced_by = models.ForeignKey(
        TrialUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    found_at = models.DateTimeField(_("found at"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit not found")
        verbose_name_plural = _("units not found")
        constraints = [
            models.UniqueConstraint(fields=["tote", "unit"], name="unit_not_found_once"),
        ]


class Manifest(models.Model):
    """The parcels that one carrier fetches at once."""

    carrier = models.CharField(_("carrier"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=ManifestState.choices, default=ManifestState.OPEN
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("handed over at"), null=True, blank=True)

    class Meta:
        verbose_name = _("manifest")
        verbose_name_plural = _("manifests")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["carrier"],
                condition=models.Q(state="open"),
                name="one_open_manifest_a_carrier",
            ),
        ]

    def __str__(self) -> str:
        return f"M{self.pk}"


class ManifestTransition(Transition):
    """One move of a manifest."""

    subject = models.ForeignKey(Manifest, on_delete=models.CASCADE, related_name="transitions")


class ManifestParcel(models.Model):
    """A parcel on a manifest; one that was left out of it may go on a later one."""

    manifest = models.ForeignKey(
        Manifest, verbose_name=_("manifest"), on_delete=models.PROTECT, related_name="parcels"
    )
    # Its index is named below: it was built beside the work.
    shipment = models.ForeignKey(
        Shipment,
        verbose_name=_("shipment"),
        on_delete=models.PROTECT,
        related_name="manifest_parcels",
        db_index=False,
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Called off before the carrier came, or with a unit not to be shown: the parcel stayed here.
    left_out = models.BooleanField(_("left out"), default=False)

    class Meta:
        verbose_name = _("parcel of a manifest")
        verbose_name_plural = _("parcels of a manifest")
        ordering = ("added_at", "pk")
        indexes = [models.Index(fields=["shipment"], name="manifests_of_parcel")]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"],
                condition=models.Q(left_out=False),
                name="parcel_goes_with_one_manifest",
            ),
        ]
