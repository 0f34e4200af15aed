"""Trial units: physical demo frames, each with a barcode of its own."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.foundation.history import Transition
from trials.units.states import UnitState


class Grade(models.TextChoices):
    """The condition of a unit."""

    A = "A", _("A, like new")
    B = "B", _("B, light traces")
    C = "C", _("C, visible wear")
    D = "D", _("D, not to be shown")


class TrialUnit(models.Model):
    """One demo frame that travels."""

    barcode = models.CharField(_("barcode"), max_length=40, unique=True)
    variant = models.ForeignKey(
        Variant, verbose_name=_("variant"), on_delete=models.PROTECT, related_name="trial_units"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=UnitState.choices, default=UnitState.AVAILABLE
    )
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices, default=Grade.A)
    location = models.CharField(
        _("shelf"), max_length=20, blank=True, help_text=_("Shelf, such as B2.")
    )
    uses = models.PositiveIntegerField(_("uses"), default=0)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("trial unit")
        verbose_name_plural = _("trial units")
        indexes = [
            models.Index(
                # Reservation takes the least used unit of a variant (units.services.reserving).
                fields=["variant", "uses", "id"],
                name="unit_available",
                condition=models.Q(state="available"),
            ),
            models.Index(fields=["state"], name="unit_by_state"),
        ]

    def __str__(self) -> str:
        return self.barcode


class UnitMovement(Transition):
    """One move of a unit; the latest says where it is."""

    subject = models.ForeignKey(TrialUnit, on_delete=models.CASCADE, related_name="movements")
    # A plain key: trials stand above units, which know nothing of them.
    trial_id = models.UUIDField(_("trial"), null=True, blank=True, db_index=True)
