"""Trial units, each with a barcode of its own, and the customers who wait for one."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.foundation.history import Transition
from trials.units.states import CountState, UnitState, WaitState


class Grade(models.TextChoices):
    """The condition of a unit."""

    A = "A", _("A, like new")
    B = "B", _("B, light traces")
    C = "C", _("C, visible wear")
    D = "D", _("D, not to be shown")


class WaitlistEntry(models.Model):
    """One customer's place in the line for one variant; whoever joined first is served first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    variant = models.ForeignKey(
        Variant, verbose_name=_("variant"), on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="waitlist_entries",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=WaitState.choices, default=WaitState.WAITING
    )
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    # While a unit is held for her; the unit names the entry.
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    # Since when units go to others because she cannot ask for a box; nothing once she can.
    passed_at = models.DateTimeField(_("passed over since"), null=True, blank=True)
    # What tells who was served before others by that from who should not have been.
    went_before = models.BooleanField(
        _("served before one who was passed over"), default=False, db_default=False
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("waitlist entry")
        verbose_name_plural = _("waitlist entries")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "variant"],
                condition=models.Q(ended_at=None),
                name="one_wait_a_customer_and_variant",
            ),
            models.CheckConstraint(
                condition=models.Q(state=WaitState.HELD, held_until__isnull=False)
                | (~models.Q(state=WaitState.HELD) & models.Q(held_until=None)),
                name="held_until_while_held",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[WaitState.WAITING, WaitState.HELD], ended_at__isnull=True
                )
                | (
                    ~models.Q(state__in=[WaitState.WAITING, WaitState.HELD])
                    & models.Q(ended_at__isnull=False)
                ),
                name="wait_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(
                # The line itself (units.services.promising).
                fields=["variant", "joined_at", "id"],
                name="waitlist_line",
                condition=models.Q(state=WaitState.WAITING),
            ),
            models.Index(
                fields=["held_until"],
                name="waitlist_held",
                condition=models.Q(state=WaitState.HELD),
            ),
            # Pages of staff's list: the longest wait first, what ended last first.
            models.Index(
                fields=["joined_at", "id"],
                name="waitlist_by_wait",
                condition=models.Q(state=WaitState.WAITING),
            ),
            models.Index(
                fields=["ended_at", "id"],
                name="waitlist_by_end",
                condition=models.Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.get_state_display()}"


class WaitlistTransition(Transition):
    """One move of an entry."""

    subject = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="transitions")


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
    # Whom it is promised to while it stays on the shelf; nobody else is given it.
    held_for: Any = models.ForeignKey(
        WaitlistEntry,
        verbose_name=_("held for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="units",
        db_index=False,
    )

    class Meta:
        verbose_name = _("trial unit")
        verbose_name_plural = _("trial units")
        permissions = [("give_up_trialunit", "Can retire units and write them off")]
        constraints = [
            models.UniqueConstraint(
                fields=["held_for"],
                condition=models.Q(held_for__isnull=False),
                name="one_unit_a_wait",
            ),
            models.CheckConstraint(
                condition=models.Q(held_for=None) | models.Q(state="available"),
                name="held_on_the_shelf",
            ),
        ]
        indexes = [
            models.Index(
                # Reservation takes the least used unit of a variant (units.services.reserving).
                fields=["variant", "uses", "id"],
                name="unit_free",
                condition=models.Q(state="available", held_for=None),
            ),
            # Pages of a list, the latest first (units.queries).
            models.Index(fields=["state", "id"], name="unit_of_state"),
            models.Index(fields=["location", "id"], name="unit_of_shelf"),
        ]

    def __str__(self) -> str:
        return self.barcode


class UnitMovement(Transition):
    """One move of a unit; the latest says where it is."""

    subject = models.ForeignKey(TrialUnit, on_delete=models.CASCADE, related_name="movements")
    # A plain key: trials stand above units, which know nothing of them.
    trial_id = models.UUIDField(_("trial"), null=True, blank=True, db_index=True)
    # Where they changed with it; a move within one state is a change of these alone.
    location = models.CharField(_("shelf"), max_length=20, blank=True, default="", db_default="")
    grade = models.CharField(
        _("grade"), max_length=1, choices=Grade.choices, blank=True, default="", db_default=""
    )


class TurnedAway(models.Model):
    """Somebody asked for a box with a variant of which no unit was free; once a person and day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="turned_away",
    )
    variant = models.ForeignKey(
        Variant, verbose_name=_("variant"), on_delete=models.PROTECT, related_name="+"
    )
    # The day by UTC, so that who tries ten times counts once.
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("first at"), default=timezone.now)

    class Meta:
        verbose_name = _("request turned away")
        verbose_name_plural = _("requests turned away")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "variant", "day"], name="turned_away_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="turned_away_by_time")]


class Turnaround(models.Model):
    """How long units took from the way back to the shelf, as measured once a day."""

    measured_at = models.DateTimeField(_("measured at"), default=timezone.now)
    way_back = models.DurationField(
        _("way back"), help_text=_("Four of five units were on the shelf again within it.")
    )
    returns = models.PositiveIntegerField(_("returns"), help_text=_("How many it stands on."))

    class Meta:
        verbose_name = _("turnaround")
        verbose_name_plural = _("turnarounds")
        ordering = ("-measured_at",)

    @classmethod
    def latest(cls) -> timedelta | None:
        """Return what was measured last; nothing before enough came back."""
        return cls.objects.values_list("way_back", flat=True).first()


class UnitCount(models.Model):
    """One cycle count: whether what should lie on a shelf, or of a variant, does lie there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One of both: what is counted.
    location = models.CharField(_("shelf"), max_length=20, blank=True)
    variant = models.ForeignKey(
        Variant,
        verbose_name=_("variant"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CountState.choices, default=CountState.OPEN
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ("-started_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["location"],
                condition=models.Q(state=CountState.OPEN, variant=None),
                name="one_open_count_a_shelf",
            ),
            models.UniqueConstraint(
                fields=["variant"],
                condition=models.Q(state=CountState.OPEN, variant__isnull=False),
                name="one_open_count_a_variant",
            ),
            models.CheckConstraint(
                condition=(models.Q(variant=None) & ~models.Q(location=""))
                | models.Q(variant__isnull=False, location=""),
                name="count_of_shelf_or_variant",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CountState.OPEN, ended_at=None)
                | (~models.Q(state=CountState.OPEN) & models.Q(ended_at__isnull=False)),
                name="count_ended_when_over",
            ),
        ]
        indexes = [models.Index(fields=["-started_at", "-id"], name="count_by_start")]

    def __str__(self) -> str:
        return str(self.variant or self.location)


class CountTransition(Transition):
    """One move of a count."""

    subject = models.ForeignKey(UnitCount, on_delete=models.CASCADE, related_name="transitions")


class CountedUnit(models.Model):
    """One unit in a count: expected, seen, or both; and what was found to differ."""

    class Finding(models.TextChoices):
        """How the shelf and the books differ."""

        MISSING = "missing", _("Not seen")
        FOUND = "found", _("Not expected")
        MISPLACED = "misplaced", _("Wrong shelf")

    class Decision(models.TextChoices):
        """What became of a finding."""

        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Left as it is")

    count = models.ForeignKey(UnitCount, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(TrialUnit, on_delete=models.PROTECT, related_name="+")
    expected = models.BooleanField()
    # What the books said when the count began, or when a unit they did not expect was seen.
    believed_state = models.CharField(max_length=20, choices=UnitState.choices)
    believed_location = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("counted unit")
        verbose_name_plural = _("counted units")
        constraints = [
            models.UniqueConstraint(fields=["count", "unit"], name="unit_once_a_count"),
            models.CheckConstraint(
                condition=models.Q(expected=True) | models.Q(seen_at__isnull=False),
                name="expected_or_seen",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None)
                | (
                    ~models.Q(decision="")
                    & ~models.Q(finding="")
                    & models.Q(decided_at__isnull=False)
                ),
                name="decided_of_a_finding",
            ),
        ]
