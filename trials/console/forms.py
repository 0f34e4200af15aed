"""What staff type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from trials.console.verdicts import verdict_choices
from trials.reports.forms import PhotosField
from trials.units.models import Grade
from trials.units.services.making import MOST_AT_ONCE
from trials.units.services.tending import FIT_TO_BE_SHOWN


class ReasonForm(forms.Form):
    """Why something is refused, called off or given up."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SeenFindingsForm(forms.Form):
    """What a page showed of a count before all of it is accepted."""

    expected = forms.IntegerField(min_value=0)
    lost = forms.IntegerField(min_value=0)


class UnitFileForm(forms.Form):
    """A table of units that have their labels already."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "Its first line names the columns sku, barcode, shelf and grade, in any order; shelf "
            "and grade may be left out. UTF-8, divided by commas or semicolons."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class VerdictForm(forms.Form):
    """What a unit is that was found to be something else, and why that is corrected."""

    verdict = forms.ChoiceField(
        label=_("How does it look?"), widget=forms.RadioSelect, choices=verdict_choices
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_(
            "For colleagues. Of a damaged frame that is charged the customer reads it, too, in the"
            " mail about it."
        ),
    )
    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=300,
        help_text=_("For colleagues, who read both verdicts."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class BoxNoteForm(forms.Form):
    """What else was found in a box, or that nothing was."""

    kind = forms.ChoiceField(choices=[("empty", _("Empty")), ("surplus", _("Not ours"))])
    words = forms.CharField(label=_("What is it?"), max_length=300, required=False)
    photo = forms.FileField(label=_("Photo"), required=False)


class EvidenceForm(forms.Form):
    """Photos of the unit on the table, or of the box."""

    item = forms.UUIDField(required=False)
    photos = PhotosField(label=_("Photos"))


class AmountForm(forms.Form):
    """An amount in the currency of what it is for."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=10, decimal_places=2)


class ClaimFilingForm(forms.Form):
    """By which number the carrier knows a claim."""

    reference = forms.CharField(
        label=_("Carrier’s reference"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ClaimPaymentForm(forms.Form):
    """What a carrier paid for a claim, in its currency."""

    amount = forms.DecimalField(
        label=_("Amount the carrier paid"),
        max_digits=10,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"min": "0.01", "inputmode": "decimal"}),
    )


class ClaimCorrectionForm(ClaimPaymentForm):
    """What it paid in all, where another amount is noted: the one its page showed goes along."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen_paid = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what any form takes."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Paid in all")


class RefundForm(forms.Form):
    """How much of a charge is given back, and why; zero for nothing."""

    amount = forms.DecimalField(
        label=_("Amount"), min_value=0, max_digits=14, decimal_places=3, localize=True
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    # What the customer reads where nothing is given back.
    answer = forms.CharField(max_length=300, required=False)
    # As a page wrote it for itself, so in no language.
    seen_left = forms.DecimalField(required=False, max_digits=14, decimal_places=3)


class UnitPlaceForm(forms.Form):
    """Where a unit belongs, and how it looks."""

    location = forms.CharField(label=_("Shelf"), max_length=20, required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class BackOnShelfForm(forms.Form):
    """How a unit looks that goes back on its shelf."""

    grade = forms.ChoiceField(
        label=_("Grade"), choices=[each for each in Grade.choices if each[0] in FIT_TO_BE_SHOWN]
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class NewUnitsForm(forms.Form):
    """How many units of which variant, and where they go."""

    sku = forms.CharField(
        label=_("SKU"), max_length=60, help_text=_("Of the variant, as in the catalogue.")
    )
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_AT_ONCE, initial=1)
    location = forms.CharField(
        label=_("Shelf"), max_length=20, required=False, help_text=_("Such as B2.")
    )

    def clean_sku(self) -> Any:
        """Return the variant of the SKU."""
        sku = self.cleaned_data["sku"]
        variant = Variant.objects.filter(sku__iexact=sku).first()
        if variant is None:
            raise forms.ValidationError(_("No variant has this SKU. Look it up in the catalogue."))
        return variant
