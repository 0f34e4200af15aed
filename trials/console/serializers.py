"""What the API tells staff about trials, and what it takes from them."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from trials.console.overdue import ANSWERS, LABELS, STEPS, Overdue, step_of_charge
from trials.console.queries.overdue import KINDS, SORTS
from trials.console.settling import WaitsFor
from trials.home_trials.models import Trial
from trials.home_trials.states import ItemOutcome, TrialState
from trials.reports.serializers import TrialReportOutput
from trials.returns.handing_over import said_sent_at
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import charged_after
from trials.returns.serializers import ChargeAttemptOutput
from trials.shipping.serializers import ShipmentOutput


class TrialWaitOutput(serializers.Serializer):
    """One thing that a box waits for which is back."""

    what = serializers.ChoiceField(choices=WaitsFor.choices)
    words = serializers.CharField(source="__str__")
    at = serializers.DateTimeField(
        help_text="Until or on when, of `answer` and `ask_again`; of all others since when."
    )


class StaffTrialRowOutput(serializers.Serializer):
    """A trial in a list of staff."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TrialState.choices)
    customer = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    programme = serializers.CharField(source="programme_version.programme.name")
    country = serializers.CharField(source="address.country", help_text="ISO 3166-1 alpha-2.")
    carrier = serializers.CharField(
        allow_null=True, help_text="Who brings the box; nothing before its labels are made."
    )
    frames = serializers.IntegerField()
    ship_by = serializers.DateTimeField(
        allow_null=True, help_text="When it should have left; known once it is approved."
    )
    requested_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    charge_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    waits = serializers.SerializerMethodField(
        help_text="What a box that is back waits for, besides frames that are missing."
    )

    @extend_schema_field(TrialWaitOutput(many=True))
    def get_waits(self, trial: Trial) -> Any:
        """Return what was asked for the whole page."""
        return TrialWaitOutput(self.context["waits"].get(trial.pk, []), many=True).data


class ParcelAtTheDoorOutput(serializers.Serializer):
    """A parcel that is to be checked in."""

    trial = serializers.CharField(source="trial.number")
    customer = serializers.CharField(source="trial.user.name")
    tracking_number = serializers.CharField()
    carrier = serializers.CharField()
    frames = serializers.IntegerField(help_text="Of the whole trial.")
    arrived_at = serializers.DateTimeField(
        source="delivered_at", help_text="When the carrier brought it."
    )


class StaffTrialChargeOutput(serializers.Serializer):
    """What is or was owed for an item or the box as a whole; its payment is in the context."""

    id = serializers.UUIDField()
    purpose = serializers.ChoiceField(choices=TrialCharge.Purpose.choices)
    amount = MoneySerializerField()
    state = serializers.ChoiceField(choices=TrialCharge.State.choices)
    refused_because = serializers.SerializerMethodField(
        help_text="Why its card was refused last, in words for staff; empty where it was not."
    )
    next_step = serializers.SerializerMethodField()
    next_step_at = serializers.SerializerMethodField()
    attempts = ChargeAttemptOutput(
        many=True,
        source="attempts.all",
        help_text="Each time a card was asked, and at the end the next time that is planned.",
    )

    def get_refused_because(self, charge: TrialCharge) -> str:
        """Return what the console's page says of it."""
        payment = self.context["payments"].get(str(charge.pk))
        return payment.refused_because if payment else ""

    @extend_schema_field(
        serializers.ChoiceField(
            choices=tuple(STEPS),
            allow_null=True,
            help_text="What comes by itself of what is owed, such as `ask_again`; else null.",
        )
    )
    def get_next_step(self, charge: TrialCharge) -> str | None:
        """Return what comes next."""
        return step_of_charge(charge)[0] if charge.state == TrialCharge.State.OWED else None

    @extend_schema_field(
        serializers.DateTimeField(
            allow_null=True, help_text="When the card is asked again, where that is planned."
        )
    )
    def get_next_step_at(self, charge: TrialCharge) -> datetime | None:
        """Return when that is."""
        return step_of_charge(charge)[1] if charge.state == TrialCharge.State.OWED else None


class StaffTrialItemOutput(serializers.Serializer):
    """A frame of a trial, with its unit."""

    id = serializers.UUIDField()
    frame = serializers.CharField(source="variant")
    sku = serializers.CharField(source="variant.sku")
    barcode = serializers.CharField(source="unit.barcode")
    location = serializers.CharField(source="unit.location")
    price = MoneySerializerField()
    packed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(
        choices=ItemOutcome.choices,
        help_text="Counts once `settled_at` is set; before that it is always `at_home`, on the"
        " shop's shelf and on the way, too. Settled as `at_home`: it never left.",
    )
    settled_at = serializers.DateTimeField(allow_null=True)
    charges = StaffTrialChargeOutput(many=True, source="charged")
    told = TrialReportOutput(
        many=True, help_text="What its customer said of it and has not taken back, oldest first."
    )


class StaffTrialOutput(serializers.Serializer):
    """A trial with all that staff need."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TrialState.choices)
    customer = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    address = serializers.ListField(child=serializers.CharField(), source="address.lines")
    card = serializers.CharField(help_text="Brand and last four digits.")
    requested_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    charge_at = serializers.DateTimeField(allow_null=True)
    charged_after = serializers.SerializerMethodField()
    reminded_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    items = StaffTrialItemOutput(many=True, source="items.all")
    charges = StaffTrialChargeOutput(
        many=True,
        source="charged",
        help_text="What is or was owed for the box as a whole, such as for sending it back late.",
    )
    shipments = ShipmentOutput(many=True, source="shipments.all")

    @extend_schema_field(
        serializers.DateTimeField(
            allow_null=True,
            help_text="When the clock charges what is missing: `charge_at`, or later while a box"
            " is on its way back or its customer says that she sent it.",
        )
    )
    def get_charged_after(self, trial: Trial) -> datetime | None:
        """Return when the clock charges what is missing."""
        return charged_after(trial, said=said_sent_at(trial))


class TimelineEntryOutput(serializers.Serializer):
    """One thing that happened, in words of the language that was asked for."""

    at = serializers.DateTimeField()
    title = serializers.CharField(help_text="What happened.")
    by = serializers.CharField(
        help_text="Who did it, or “the shop” for what it did by itself; the carrier that told of a"
        " parcel, the card that was refused."
    )
    note = serializers.CharField(help_text="More of it, such as a reason; often empty.")


class TimelineOutput(serializers.Serializer):
    """All that happened, latest first."""

    entries = TimelineEntryOutput(many=True)


class OverdueInput(serializers.Serializer):
    """Which part of the queue, and by what it goes."""

    kind = serializers.ChoiceField(choices=KINDS, default="all")
    sort = serializers.ChoiceField(choices=SORTS, default="age")
    after = serializers.CharField(
        max_length=100, default="", allow_blank=True, help_text="``after`` of the page before."
    )


class NoticeOutput(serializers.Serializer):
    """A mail about what is away or owed."""

    kind = serializers.CharField()
    subject = serializers.CharField()
    at = serializers.DateTimeField()


class OverdueAnswerOutput(serializers.Serializer):
    """What a customer did about it."""

    what = serializers.ChoiceField(choices=tuple(ANSWERS))
    at = serializers.DateTimeField()


class OverdueOutput(serializers.Serializer):
    """Something overdue, owed or lost."""

    trial = serializers.CharField(source="trial.number")
    kind = serializers.ChoiceField(choices=tuple(LABELS))
    charge = serializers.UUIDField(source="charge.pk", allow_null=True, default=None)
    customer = serializers.CharField(source="trial.user.name")
    email = serializers.EmailField(source="trial.user.email")
    what = serializers.ListField(child=serializers.CharField(), help_text="Frames, or the fee.")
    amount = MoneySerializerField()
    since = serializers.DateTimeField()
    sent = NoticeOutput(many=True)
    answered = serializers.SerializerMethodField()
    next_step = serializers.ChoiceField(source="step", choices=tuple(STEPS))
    next_step_at = serializers.DateTimeField(source="step_at", allow_null=True)

    @extend_schema_field(OverdueAnswerOutput(many=True))
    def get_answered(self, row: Overdue) -> list[dict[str, Any]]:
        """Return what she did, with its time."""
        return [
            dict(OverdueAnswerOutput({"what": name, "at": at}).data) for name, at in row.answered
        ]


class OverduePageOutput(serializers.Serializer):
    """A page of the queue."""

    results = OverdueOutput(many=True)
    after = serializers.CharField(help_text="Send it to read on; empty at the end.")


class StaffReasonInput(serializers.Serializer):
    """Why a trial is declined; the customer reads it."""

    reason = serializers.CharField(max_length=300)


class StaffNumbersInput(serializers.Serializer):
    """The trials that are approved together."""

    numbers = serializers.ListField(
        child=serializers.CharField(max_length=12), min_length=1, max_length=100
    )


class StaffRefusedOutput(serializers.Serializer):
    """A trial that was not approved, and why."""

    number = serializers.CharField()
    code = serializers.CharField(help_text="As the problem of a single approval names it.")
    detail = serializers.CharField()


class StaffApprovedOutput(serializers.Serializer):
    """What became of the trials that were to be approved together."""

    approved = serializers.ListField(child=serializers.CharField())
    refused = StaffRefusedOutput(many=True)


class StaffPackInput(serializers.Serializer):
    """The unit that goes into the box."""

    barcode = serializers.CharField(max_length=40)
