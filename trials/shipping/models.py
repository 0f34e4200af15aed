"""Parcels of a trial: out and back, their labels and what the carrier tells of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.money import MoneyField
from trials.home_trials.models import Trial


class Leg(models.TextChoices):
    """Which way a parcel goes."""

    OUTBOUND = "outbound", _("To the customer")
    RETURN = "return", _("Back to the shop")


class ShipmentState(models.TextChoices):
    """How far a parcel is, as the carrier last said."""

    LABELLED = "labelled", _("Label made")
    IN_TRANSIT = "in_transit", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Could not be delivered")
    SENT_BACK = "sent_back", _("Sent back by the carrier")


class Because(models.TextChoices):
    """Why a label was made besides the two that every box has."""

    USUAL = "", _("Made with the box")
    LOST = "lost", _("The label before is lost or torn")
    FURTHER = "further", _("Something comes in another parcel")


class RefundState(models.TextChoices):
    """What became of the postage of a label that was not used."""

    NOT_DUE = "", _("Nothing to give back")
    ASKED = "asked", _("Asked for")
    REFUNDED = "refunded", _("Given back")
    REJECTED = "rejected", _("Refused by the carrier")


class Shipment(models.Model):
    """One parcel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trial = models.ForeignKey(
        Trial, verbose_name=_("trial"), on_delete=models.PROTECT, related_name="shipments"
    )
    leg = models.CharField(_("way"), max_length=10, choices=Leg.choices)
    # Which of the trial's parcels that way: the first is the label made with the box.
    nth = models.PositiveSmallIntegerField(_("which one that way"), default=1, db_default=1)
    because = models.CharField(
        _("made because"),
        max_length=10,
        choices=Because.choices,
        blank=True,
        default="",
        db_default="",
    )
    carrier = models.CharField(_("carrier"), max_length=20)
    tracking_number = models.CharField(_("tracking number"), max_length=40, unique=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ShipmentState.choices, default=ShipmentState.LABELLED
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    labelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("label made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    # What a carrier outside the house knows the parcel by, and where its label is.
    carrier_reference = models.CharField(
        _("the carrier's reference"), max_length=60, blank=True, default="", db_default=""
    )
    service = models.CharField(_("service"), max_length=60, blank=True, default="", db_default="")
    postage = MoneyField(_("postage"), null=True, blank=True, default=None)
    label_url = models.URLField(_("label"), max_length=500, blank=True, default="", db_default="")
    # The carrier's own page about the parcel, where it has one.
    tracking_url = models.URLField(
        _("tracking page"), max_length=500, blank=True, default="", db_default=""
    )
    refund_state = models.CharField(
        _("refund of the postage"),
        max_length=10,
        choices=RefundState.choices,
        blank=True,
        default="",
        db_default="",
    )
    # When a parcel back was opened at the check-in table; then it is on its way no more.
    # Of one that came after the box: when something was last taken out of it.
    checked_in_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    # Since when a label counts as never used: its trial is over, and came back without it.
    unused_at = models.DateTimeField(_("never used, since"), null=True, blank=True)
    # Frames that were charged as missing may be in it: it is looked after though its trial is over.
    may_hold_charged = models.BooleanField(
        _("may hold what was charged"), default=False, db_default=False
    )
    # When the carrier last told something new, and when it was last asked.
    heard_at = models.DateTimeField(_("last news at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.UniqueConstraint(fields=["trial", "leg", "nth"], name="parcels_numbered"),
            models.UniqueConstraint(
                fields=["trial"], condition=models.Q(leg="outbound"), name="one_parcel_out"
            ),
            models.CheckConstraint(
                condition=models.Q(leg="return") | models.Q(checked_in_at=None, unused_at=None),
                name="only_what_comes_back_is_checked_in",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="shipment_under_way",
                condition=models.Q(state__in=["labelled", "in_transit"]),
            ),
            models.Index(
                fields=["state", "created_at"],
                name="shipment_to_look_after",
                condition=models.Q(state__in=["in_transit", "failed", "sent_back"]),
            ),
            models.Index(
                fields=["asked_at"],
                name="shipment_refund_open",
                condition=models.Q(refund_state="asked"),
            ),
            models.Index(
                fields=["trial"],
                name="shipment_label_besides",
                condition=models.Q(leg="return", nth__gt=1),
            ),
            models.Index(
                Greatest("created_at", "heard_at"),
                name="shipment_last_word",
                condition=models.Q(state="in_transit") | models.Q(state="labelled", leg="outbound"),
            ),
            models.Index(
                fields=["trial"],
                name="shipment_coming_back",
                condition=models.Q(
                    leg="return", state__in=["in_transit", "delivered"], checked_in_at=None
                ),
            ),
            # What stands at the door, who came first at its head.
            models.Index(
                fields=["delivered_at"],
                include=["trial"],
                name="shipment_at_the_door",
                condition=models.Q(leg="return", state="delivered", checked_in_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number


class LabelClaim(models.Model):
    """Whoever buys the labels of a trial, so that nobody else buys them at the same time.

    A carrier is asked outside of transactions, where no row lock holds; this is a lease instead.
    """

    trial = models.OneToOneField(Trial, primary_key=True, on_delete=models.CASCADE)
    until = models.DateTimeField()


class TrackingEvent(models.Model):
    """Something the carrier told; repeated and late ones change nothing."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="tracking")
    carrier_event_id = models.CharField(max_length=80)
    status = models.CharField(_("state"), max_length=12, choices=ShipmentState.choices)
    description = models.CharField(_("description"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    class Meta:
        verbose_name = _("news of the carrier")
        verbose_name_plural = _("news of the carrier")
        ordering = ("occurred_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "carrier_event_id"], name="tracking_event_once"
            ),
        ]
