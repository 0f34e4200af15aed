"""Forms of the room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.foundation.privacy import Scope

PARTS = [
    (Scope.PHOTOS, _("My photos, everywhere they are shown")),
    (Scope.VOTES, _("My votes on friends’ galleries, with what I wrote there")),
    (Scope.COMMENTS, _("Only what I wrote and my name beside it; the votes still count")),
]


class ErasureForm(forms.Form):
    """What to erase of one's own while the account stays."""

    scopes = forms.MultipleChoiceField(
        label=_("What shall go?"), choices=PARTS, widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label=_("I know that nobody can bring it back."))


class ClosingForm(forms.Form):
    """Deleting the account."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        required=False,
    )
    sure = forms.BooleanField(label=_("I know that nobody can bring it back."))


class ObjectionForm(forms.Form):
    """What somebody on a photo says to it."""

    reason = forms.CharField(
        label=_("Is there anything to add?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner and the shop read it. Your name is not needed."),
    )


class AnswerForm(forms.Form):
    """What the owner of a photo, or the shop, says to an objection."""

    answer = forms.CharField(
        label=_("Why it should be shown"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
