"""What staff type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trials.reports.forms import PhotosField


class ReasonForm(forms.Form):
    """Why something is refused, called off or given up."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


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


class RefundForm(forms.Form):
    """How much of a charge is given back, and why; zero for nothing."""

    amount = forms.DecimalField(
        label=_("Amount"), min_value=0, max_digits=14, decimal_places=3, localize=True
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
