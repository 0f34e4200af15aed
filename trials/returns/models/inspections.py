"""What came back, in which condition, and what lay in the box besides."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
    # The trial whose box it lay in, where that was another's.
    found_in = models.ForeignKey(
        "trials.Trial",
        verbose_name=_("found in the box of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="strays",
        # Nobody asks which units lay in a box by this; its notes say so.
        db_index=False,
    )

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")

    def __str__(self) -> str:
        return str(self.unit)


class BoxNote(models.Model):
    """What was found in a returned box besides its own frames, or that nothing was."""

    class Kind(models.TextChoices):
        """What was found."""

        EMPTY = "empty", _("Box received empty")
        STRAY = "stray", _("Unit of another trial")
        NOT_OUT = "not_out", _("Unit that was not out")
        SURPLUS = "surplus", _("Something that is not ours")

    trial = models.ForeignKey(
        "trials.Trial", verbose_name=_("trial"), on_delete=models.PROTECT, related_name="box_notes"
    )
    kind = models.CharField(_("found"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(
        TrialUnit,
        verbose_name=_("trial unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="box_notes",
    )
    words = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("found at"), default=timezone.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("noted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # When what is not ours was sent back to its owner.
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("note on a box")
        verbose_name_plural = _("notes on boxes")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "unit", "kind"],
                condition=models.Q(unit__isnull=False),
                name="box_note_once_a_unit",
            ),
            models.UniqueConstraint(
                fields=["trial"], condition=models.Q(kind="empty"), name="box_empty_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["at"],
                name="box_note_to_do",
                condition=models.Q(kind="surplus", done_at=None),
            ),
        ]
