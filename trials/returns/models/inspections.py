"""What came back, in which condition, and what lay in the box besides."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
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
    # When what was found was last put right; the corrections say what it had been. ``at`` stays: by
    # it a late fee is counted, and the frame was here no later.
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
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


class VerdictCorrection(models.Model):
    """What an inspection had said until it was put right: what, by whom, when and why.

    Rows are only ever added; the inspection itself says what is so now.
    """

    inspection = models.ForeignKey(
        Inspection,
        verbose_name=_("inspection"),
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    finding_before = models.CharField(_("finding before"), max_length=10, choices=Finding.choices)
    grade_before = models.CharField(_("grade before"), max_length=1, choices=Grade.choices)
    note_before = models.CharField(_("note before"), max_length=300, blank=True)
    finding = models.CharField(_("finding"), max_length=10, choices=Finding.choices)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices)
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("corrected at"), default=timezone.now)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("corrected by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("correction of a verdict")
        verbose_name_plural = _("corrections of verdicts")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(
                    finding=models.F("finding_before"), grade=models.F("grade_before")
                ),
                name="correction_changes_the_verdict",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_before} → {self.finding}"

    @property
    def why(self) -> str:
        """The reason in the reader's language: the table's own is kept as ``gettext_noop``."""
        return gettext(self.reason)


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
