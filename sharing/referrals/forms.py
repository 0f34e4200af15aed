"""What is typed on pages about friends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.referrals.services.codes import NAME_LENGTH


class InviteForm(forms.Form):
    """For whom an invitation is."""

    name = forms.CharField(
        label=_("Her or his name"),
        max_length=NAME_LENGTH,
        help_text=_("Only you see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
