"""Forms of the room."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExtensionForm(forms.Form):
    """By how much staff extend a trial, and why."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=60, initial=3)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)
