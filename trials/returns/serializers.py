"""What the API says about returns and charges, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from shop.payments.refusals import refused_because
from trials.evidence.serializers import EvidenceOutput, photos_told
from trials.home_trials.states import ItemOutcome
from trials.returns.models.charges import ChargeAttempt, TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import BoxNote, Finding
from trials.returns.states import ProposalState
from trials.units.models import Grade
from trials.units.states import UnitState


class CheckInInput(serializers.Serializer):
    """A returned unit and what it was found to be."""

    barcode = serializers.CharField(max_length=40)
    finding = serializers.ChoiceField(choices=Finding.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    found_in = serializers.CharField(
        max_length=20,
        required=False,
        help_text="The number of the trial in whose box it lay, where that was another's.",
    )
    tracking_number = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="The return label's number, if it was scanned; a trial may have several.",
    )


class CorrectVerdictInput(serializers.Serializer):
    """What a unit is that was found to be something else, and why that is corrected."""

    barcode = serializers.CharField(max_length=40)
    finding = serializers.ChoiceField(choices=Finding.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    reason = serializers.CharField(max_length=300)
    note = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="What was seen of it; left out, what was noted stays.",
    )
    seen = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="How often it had been corrected when you looked; refused with 409 where it was"
        " corrected since.",
    )


class FinishCheckInInput(serializers.Serializer):
    """Which parcel was opened."""

    tracking_number = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="The return label's number, if it was scanned; a trial may have several.",
    )


class InspectionOutput(serializers.Serializer):
    """What a returned unit was found to be, and where it went."""

    barcode = serializers.CharField(source="unit.barcode")
    finding = serializers.ChoiceField(choices=Finding.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    note = serializers.CharField()
    outcome = serializers.ChoiceField(source="item.outcome", choices=ItemOutcome.choices)
    unit_state = serializers.ChoiceField(source="unit.state", choices=UnitState.choices)
    at = serializers.DateTimeField()


class VerdictCorrectionOutput(serializers.Serializer):
    """What a unit had been found to be, and who put that right and why."""

    finding_before = serializers.ChoiceField(choices=Finding.choices)
    grade_before = serializers.ChoiceField(choices=Grade.choices)
    note_before = serializers.CharField()
    finding = serializers.ChoiceField(choices=Finding.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    reason = serializers.CharField(source="why")
    at = serializers.DateTimeField()
    corrected_by = serializers.CharField(allow_null=True)


class CorrectedInspectionOutput(InspectionOutput):
    """What a unit is by now, and what it was found to be before, the earliest first."""

    corrections = VerdictCorrectionOutput(many=True)


class TrialChargeOutput(serializers.Serializer):
    """What is or was owed for one frame, or for a box that came late."""

    id = serializers.UUIDField()
    trial = serializers.CharField(source="trial.number")
    frame = serializers.CharField(
        source="what", help_text="The frame; for a fee of the whole trial, what it is for."
    )
    purpose = serializers.ChoiceField(choices=TrialCharge.Purpose.choices)
    amount = MoneySerializerField()
    refunded = MoneySerializerField()
    from_deposit = MoneySerializerField(
        help_text="What the deposit paid of it, where it was written off."
    )
    state = serializers.ChoiceField(choices=TrialCharge.State.choices)
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class OwnChargeOutput(serializers.Serializer):
    """What a customer owes or owed of a trial of hers."""

    id = serializers.UUIDField()
    item_id = serializers.UUIDField(allow_null=True)
    frame = serializers.CharField(
        source="what", help_text="The frame; for a fee of the whole trial, what it is for."
    )
    purpose = serializers.ChoiceField(choices=TrialCharge.Purpose.choices)
    amount = MoneySerializerField()
    refunded = MoneySerializerField()
    from_deposit = MoneySerializerField(
        help_text="What the deposit paid of it, where it was written off."
    )
    state = serializers.ChoiceField(choices=TrialCharge.State.choices)
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    pay_path = serializers.SerializerMethodField(
        help_text="The path of the page where it is paid, by whoever has it; empty where nothing is"
        " owed, or while a card is being asked for it."
    )

    def get_pay_path(self, charge: TrialCharge) -> str:
        """Return where it is paid; the view brings the paths of a trial's debts."""
        return str(self.context["pay_paths"].get(charge.pk, ""))


class RefundChargeInput(serializers.Serializer):
    """How much of a charge is given back, in its currency, and why."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    reason = serializers.CharField(max_length=300, help_text="Kept with the charge, for staff.")
    answer = serializers.CharField(
        max_length=300,
        required=False,
        default="",
        allow_blank=True,
        help_text="Why nothing is given back, in words the customer reads in her mail; where money"
        " is, she is told as it goes, without them.",
    )
    undecided = serializers.BooleanField(
        default=False,
        help_text="The charge was seen with `to_decide`, and that question is answered: decided by"
        " somebody else meanwhile, nothing is done, and 409 `decided_meanwhile` answers.",
    )
    seen_left = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        required=False,
        help_text="What was left to give back when this was decided: its amount less what was given"
        " back. Where another amount is left by now, nothing is done (409 `decided_meanwhile`).",
    )


class ChargeAttemptOutput(serializers.Serializer):
    """One time a card is asked for a charge."""

    number = serializers.IntegerField(help_text="Zero for the first.")
    card = serializers.CharField(help_text="Brand and last four digits.")
    due_at = serializers.DateTimeField()
    asked_at = serializers.DateTimeField(allow_null=True)
    refused_at = serializers.DateTimeField(allow_null=True)
    decline_code = serializers.CharField()
    refused_because = serializers.SerializerMethodField(help_text="The same in words for staff.")

    def get_refused_because(self, attempt: ChargeAttempt) -> str:
        """Return why the card was refused; empty where it was not."""
        return refused_because(attempt.decline_code)


class LetGoInput(serializers.Serializer):
    """Why a charge is given up."""

    reason = serializers.CharField(max_length=300)


class SeenProposalInput(serializers.Serializer):
    """In which state a proposal was when somebody looked at it."""

    seen = serializers.ChoiceField(
        choices=ProposalState.choices,
        help_text="Refused with 409 where it is in another by now.",
    )
    seen_amount = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        required=False,
        allow_null=True,
        default=None,
        help_text="What it was for; refused with 409 where it is for another amount by now.",
    )
    seen_said = serializers.IntegerField(
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        help_text="How often its customer had spoken, her objection and what she added to it;"
        " refused with 409 where she has said more by now.",
    )


class AcceptProposalInput(SeenProposalInput):
    """That damage is charged, and what the shop answers where its customer objects."""

    answer = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        default="",
        help_text="To her objection, where she has objected, and needed then (422"
        " `reason_missing`): she reads it in the mail of the charge and on the page of her trial.",
    )


class WaiveProposalInput(SeenProposalInput):
    """Why nothing is charged."""

    reason = serializers.CharField(
        max_length=300,
        help_text="The customer reads it where she was told of the damage, else only colleagues.",
    )


class BoxNoteInput(serializers.Serializer):
    """That a box is empty, or what else is in it."""

    kind = serializers.ChoiceField(choices=[BoxNote.Kind.EMPTY, BoxNote.Kind.SURPLUS])
    words = serializers.CharField(
        max_length=300,
        required=False,
        default="",
        help_text="What it is; needed for a surplus, whose owner reads it in a mail.",
    )
    tracking_number = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text=(
            "The return label's number, if it was scanned; needed for an empty box of which nobody"
            " has told that it is on its way back."
        ),
    )


class BoxNoteOutput(serializers.Serializer):
    """What was found in a box besides its own frames."""

    id = serializers.IntegerField()
    trial = serializers.CharField(source="trial.number")
    kind = serializers.ChoiceField(choices=BoxNote.Kind.choices)
    words = serializers.CharField()
    at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class FurtherObjectionOutput(serializers.Serializer):
    """What a customer added to her objection."""

    words = serializers.CharField()
    said_at = serializers.DateTimeField()


class ProposalOutput(serializers.Serializer):
    """What is proposed to be charged for a damaged frame."""

    id = serializers.UUIDField()
    trial = serializers.CharField(source="inspection.item.trial.number")
    item_id = serializers.UUIDField(source="inspection.item_id")
    frame = serializers.CharField(source="inspection.item.variant")
    amount = MoneySerializerField()
    by_terms = MoneySerializerField()
    price = MoneySerializerField(source="inspection.item.price")
    state = serializers.ChoiceField(choices=ProposalState.choices)
    reason = serializers.CharField()
    objection = serializers.CharField()
    further_objections = FurtherObjectionOutput(
        source="further", many=True, help_text="What she added to it, the earliest first."
    )
    proposed_at = serializers.DateTimeField()
    answer_until = serializers.DateTimeField(
        allow_null=True, help_text="Until when the customer may object, once she was told."
    )
    photos = serializers.SerializerMethodField(
        help_text="Of the frame, those being prepared among them."
    )

    @extend_schema_field(EvidenceOutput(many=True))
    def get_photos(self, proposal: ChargeProposal) -> Any:
        """Return the photos that it rests on."""
        item = proposal.inspection.item
        return photos_told(self.context, trial_id=item.trial_id, item_id=item.pk)


class StaffProposalOutput(ProposalOutput):
    """The same, with what staff decide by."""

    barcode = serializers.CharField(source="inspection.unit.barcode")
    finding = serializers.ChoiceField(source="inspection.finding", choices=Finding.choices)
    told_broken = serializers.BooleanField(
        help_text="The customer said before that it arrived broken."
    )


class ProposalChangeInput(SeenProposalInput):
    """Another amount for damage, in the proposal's currency, and why."""

    seen = serializers.ChoiceField(
        choices=ProposalState.choices,
        required=False,
        help_text="In which state it was; refused with 409 where it is in another by now.",
    )

    amount = serializers.DecimalField(max_digits=10, decimal_places=2)
    reason = serializers.CharField(max_length=300)


class DamageObjectionInput(serializers.Serializer):
    """Why a customer does not owe for damage."""

    words = serializers.CharField(max_length=500)


class LostParcelInput(serializers.Serializer):
    """Why a parcel is given up."""

    reason = serializers.CharField(max_length=300, required=False, default="")
    early = serializers.BooleanField(
        required=False,
        default=False,
        help_text="True to give it up though it may still be on its usual way: else that is"
        " refused with when it was handed over and last scanned, and when it should be there.",
    )
