"""The box a customer fills, and the trial it becomes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.analytics.names import channel_words
from shop.catalogue.models import Variant
from shop.customers.models import Address
from shop.foundation.history import Transition
from shop.foundation.money import MoneyField
from shop.payments.models import SavedCard
from trials.home_trials.states import ItemOutcome, TrialState
from trials.programme.models import ProgrammeVersion
from trials.units.models import TrialUnit


class Box(models.Model):
    """The frames somebody means to try; reserves nothing until it is placed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="box"
    )
    updated_at = models.DateTimeField(auto_now=True)


class BoxItem(models.Model):
    """One frame in a box."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("added_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["box", "variant"], name="variant_once_a_box"),
        ]


# A box that is on its way, or that somebody says has come.
MAY_BE_MISSED = frozenset({TrialState.SHIPPED, TrialState.DELIVERED})


class Trial(models.Model):
    """One home-trial order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="trials",
    )
    programme_version = models.ForeignKey(
        ProgrammeVersion,
        verbose_name=_("programme version"),
        on_delete=models.PROTECT,
        related_name="trials",
    )
    address = models.ForeignKey(
        Address, verbose_name=_("address"), on_delete=models.PROTECT, related_name="+"
    )
    card = models.ForeignKey(
        SavedCard, verbose_name=_("card"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=TrialState.choices, default=TrialState.REQUESTED
    )
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    # End of the last day on which it leaves in time, by the shop's working days.
    ship_by = models.DateTimeField(_("to be shipped by"), null=True, blank=True)
    # Until when its fee and deposit are to be paid; empty where nothing is, or it was.
    pay_by = models.DateTimeField(_("to be paid until"), null=True, blank=True)
    # What the shop's rules asked her to leave besides the programme's own deposit.
    asked_deposit = MoneyField(_("deposit asked for"), default=0)
    # What of the deposits pays what she owed and was written off; the rest goes back to her.
    kept_deposit = MoneyField(_("kept of the deposit"), default=0)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    # Since when its customer says that it never came; until she is answered nothing is charged.
    missed_at = models.DateTimeField(_("missed since"), null=True, blank=True)
    # Given up on its way to her, or brought back undelivered, whatever it was taken for before: its
    # fee goes back, too.
    never_arrived = models.BooleanField(_("never arrived"), default=False, db_default=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    # When the days at home began to count: as the shop learned of the delivery.
    counted_from = models.DateTimeField(_("days counted from"), null=True, blank=True)
    # End of the last local day at home, and of the last day of grace.
    due_at = models.DateTimeField(_("at home until"), null=True, blank=True)
    charge_at = models.DateTimeField(_("charged after"), null=True, blank=True)
    # When she is written to next while the box is at home.
    next_reminder_at = models.DateTimeField(_("next reminder"), null=True, blank=True)
    # When the customer was written to that her days at home are over; nothing is charged before.
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # What its frames that left and are not settled cost together, so that a queue goes by it.
    away_value = MoneyField(_("value away"), default=0)
    # The last touch before it was requested (shop.analytics.touches); empty for direct.
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    link = models.CharField(_("share link"), max_length=40, blank=True)
    caused_by = models.UUIDField(_("caused by"), null=True, blank=True)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ("-requested_at",)
        indexes = [
            models.Index(fields=["state", "requested_at"], name="trial_by_state"),
            # Pages of the console's list of all trials, and of those that are over.
            models.Index(fields=["requested_at", "id"], name="trial_latest"),
            models.Index(
                fields=["requested_at", "id"],
                name="trial_ended",
                condition=models.Q(state__in=["closed", "cancelled", "declined"]),
            ),
            # How much waits in each queue, read from the index alone.
            models.Index(
                fields=["state"],
                include=["requested_at", "shipped_at", "due_at", "pay_by", "away_value"],
                name="trial_queues",
                condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["shipped_at"],
                name="trial_by_shipping",
                condition=models.Q(shipped_at__isnull=False),
            ),
            models.Index(fields=["user", "-requested_at"], name="trial_by_user"),
            models.Index(fields=["pay_by"], name="trial_to_pay", condition=~models.Q(pay_by=None)),
            # What is to leave, the most urgent first.
            models.Index(
                Coalesce("ship_by", "requested_at"),
                "requested_at",
                "id",
                name="trial_to_ship",
                condition=models.Q(state__in=["approved", "packed"]),
            ),
            models.Index(
                fields=["charge_at"],
                name="trial_to_charge",
                condition=models.Q(state__in=["delivered", "returning", "received"]),
            ),
            models.Index(
                fields=["next_reminder_at"],
                name="trial_reminder_due",
                condition=models.Q(state="delivered", next_reminder_at__isnull=False),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="trial_overdue",
                condition=models.Q(state__in=["delivered", "returning", "received"]),
            ),
            models.Index(
                fields=["-away_value", "id"],
                include=["due_at", "state"],
                name="trial_overdue_by_value",
                condition=models.Q(state__in=["delivered", "returning", "received"]),
            ),
            models.Index(
                fields=["due_at"],
                name="trial_to_remind",
                condition=models.Q(
                    state__in=["delivered", "returning", "received"], reminded_at=None
                ),
            ),
        ]
        constraints = [
            # Nothing is packed that is not paid.
            models.CheckConstraint(
                condition=models.Q(pay_by=None) | models.Q(state="requested"),
                name="paid_before_it_goes_on",
            ),
            models.CheckConstraint(
                condition=models.Q(kept_deposit__gte=0), name="kept_deposit_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def came_by(self) -> str:
        """The channel of the last touch, in words; empty for direct."""
        return channel_words(self.channel)

    @property
    def is_missed(self) -> bool:
        """Whether its customer says that it never came, and is not answered yet.

        What is on its way back has come to her.
        """
        return self.missed_at is not None and self.state in MAY_BE_MISSED


class TrialItem(models.Model):
    """One frame of a trial: which unit travels and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="items"
    )
    variant = models.ForeignKey(
        Variant, verbose_name=_("variant"), on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        TrialUnit,
        verbose_name=_("trial unit"),
        on_delete=models.PROTECT,
        related_name="trial_items",
    )
    price = MoneyField(_("price"), help_text=_("What is charged if it does not come back."))
    # Since when its unit lies in a tote, and since when in the box: it is on its shelf no more.
    picked_at = models.DateTimeField(null=True, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    # Since when it is known not to lie on its shelf, while no other was free to take its place.
    not_found_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=ItemOutcome.choices, default=ItemOutcome.AT_HOME
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # Whether the unit is still this trial's; cleared when it is back, lost, kept or never left.
    holds_unit = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("frame of the trial")
        verbose_name_plural = _("frames of the trial")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(holds_unit=True),
                name="unit_in_one_open_trial",
            ),
            models.UniqueConstraint(fields=["trial", "variant"], name="variant_once_a_trial"),
        ]


class TrialTransition(Transition):
    """One move of a trial."""

    subject = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="transitions")

    class Meta(Transition.Meta):
        abstract = False
        indexes = [
            # What happened today.
            models.Index(fields=["at"], include=["to_state"], name="trial_move_by_time"),
        ]
