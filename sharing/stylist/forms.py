"""Forms of questions and answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.stylist.models import TEXT_LENGTH


class QuestionForm(forms.Form):
    """What a customer asks."""

    text = forms.CharField(max_length=TEXT_LENGTH)


class AnswerForm(forms.Form):
    """What somebody at work answers, and the last message she has read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Answer"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP or HEIC, up to 20 MB. Place and camera are removed."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic"}),
    )


class SeenForm(forms.Form):
    """The last message that was read when a thread was closed."""

    seen = forms.IntegerField()
