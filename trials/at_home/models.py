"""Extensions of the days at home, and those given away as a present."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trials.home_trials.models import Trial


class ExtensionKind(models.TextChoices):
    """What an extension rests on."""

    TERMS = "terms", _("As the programme offers it")
    GIFT = "gift", _("A present")
    STAFF = "staff", _("Given by staff")


class Extension(models.Model):
    """One extension of a trial's days at home."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="extensions"
    )
    kind = models.CharField(_("ground"), max_length=8, choices=ExtensionKind.choices)
    days = models.PositiveSmallIntegerField(_("days"))
    due_before = models.DateTimeField(_("at home until, before"))
    due_after = models.DateTimeField(_("at home until, after"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "kind"],
                condition=models.Q(kind__in=["terms", "gift"]),
                name="one_extension_a_trial_and_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(days__range=(1, 60)), name="extension_of_1_to_60_days"
            ),
            models.CheckConstraint(
                condition=models.Q(due_after__gt=models.F("due_before")),
                name="extension_moves_the_end_on",
            ),
        ]


class ExtensionGift(models.Model):
    """Days a customer may add to a trial of hers, once: a reward, or an apology."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="extension_gifts"
    )
    # Names the fact it is given for, so that it is given once.
    key = models.CharField(max_length=120, unique=True)
    days = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)
    extension = models.OneToOneField(
        Extension, null=True, on_delete=models.PROTECT, related_name="gift"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days__range=(1, 60)), name="gift_of_1_to_60_days"
            ),
            models.CheckConstraint(
                condition=models.Q(extension__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="gift_used_or_withdrawn",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "given_at"],
                name="gift_unused",
                condition=models.Q(extension__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
