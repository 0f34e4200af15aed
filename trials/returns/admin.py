"""Charges and inspections in Django's admin, to be read only: the console settles them."""

from django.contrib import admin
from django.http import HttpRequest

from shop.foundation.admin import ReadOnlyAdmin
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal, FurtherObjection
from trials.returns.models.inspections import BoxNote, Inspection, VerdictCorrection


class VerdictCorrectionInline(admin.TabularInline):
    """What it had been found to be before."""

    model = VerdictCorrection
    fields = readonly_fields = (
        *("at", "corrected_by", "finding_before", "grade_before", "note_before"),
        *("finding", "grade", "reason"),
    )
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: the console corrects."""
        return False


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    """What returned units were found to be."""

    list_display = ("unit", "finding", "grade", "inspected_by", "at")
    list_filter = ("finding", "grade")
    list_select_related = ("unit", "inspected_by")
    search_fields = ("unit__barcode", "item__trial__number")
    inlines = (VerdictCorrectionInline,)


@admin.register(TrialCharge)
class TrialChargeAdmin(ReadOnlyAdmin):
    """What is and was owed."""

    list_display = ("trial", "purpose", "amount", "refunded", "state", "created_at", "settled_by")
    list_filter = ("state", "purpose", "to_decide")
    list_select_related = ("trial", "settled_by")
    search_fields = ("trial__number", "trial__user__email")


class FurtherObjectionInline(admin.TabularInline):
    """What its customer added to her objection."""

    model = FurtherObjection
    fields = readonly_fields = ("said_at", "words")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: only she says more."""
        return False


@admin.register(ChargeProposal)
class ChargeProposalAdmin(ReadOnlyAdmin):
    """What was proposed for damage, and what became of it."""

    list_display = ("inspection", "amount", "state", "told_broken", "proposed_at", "decided_by")
    list_filter = ("state", "told_broken")
    list_select_related = ("inspection__unit", "decided_by")
    search_fields = ("inspection__item__trial__number", "inspection__unit__barcode")
    inlines = (FurtherObjectionInline,)


@admin.register(BoxNote)
class BoxNoteAdmin(ReadOnlyAdmin):
    """What else lay in boxes."""

    list_display = ("trial", "kind", "unit", "words", "at", "done_at")
    list_filter = ("kind",)
    list_select_related = ("trial", "unit")
    search_fields = ("trial__number", "unit__barcode")
