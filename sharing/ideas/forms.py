"""Forms of ideas and of the maker's answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.ideas.models import ANSWER_LENGTH, REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from sharing.ideas.states import IdeaState


class IdeaForm(forms.Form):
    """A new idea."""

    title = forms.CharField(label=_("Your idea in a line"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("More about it"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportForm(forms.Form):
    """Why an idea should not be shown."""

    reason = forms.CharField(max_length=REASON_LENGTH, required=False)


class AnswerForm(forms.Form):
    """The maker's answer, and the state it was given in."""

    state = forms.ChoiceField(
        label=_("Stands at"),
        choices=[each for each in IdeaState.choices if each[0] != IdeaState.MERGED],
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What everybody reads"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MergeForm(forms.Form):
    """The idea that another is merged into."""

    into = forms.UUIDField()
