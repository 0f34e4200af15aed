"""Forms of galleries and links."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.analytics.names import Channel


class GalleryForm(forms.Form):
    """Which trial is shown, and what friends are asked."""

    trial = forms.CharField(max_length=20)
    question = forms.CharField(max_length=140, required=False)


class LinkForm(forms.Form):
    """A new link: for whom, and by which way."""

    label = forms.CharField(
        label=_("For whom?"),
        help_text=_("A note for yourself, such as “Family”."),
        max_length=60,
        required=False,
    )
    channel = forms.ChoiceField(label=_("Sent by"), choices=Channel.choices, initial=Channel.LINK)
