"""Forms of the room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.votes.moderation import REASON_LENGTH


class ReportForm(forms.Form):
    """Why words should not stand."""

    reason = forms.CharField(
        label=_("What is wrong with it?"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The shop reads it, and nobody else."),
    )
