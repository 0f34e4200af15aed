"""Forms of panels, and of what testers answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.testers.models import ANSWER_LENGTH, Feedback, Kind, Question


class InvitationForm(forms.Form):
    """Whom staff invite."""

    emails = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One a line. They need an account."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class FeedbackForm(forms.Form):
    """The questions of a panel, each as it is answered; ``q<id>`` is its field."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q{question.pk}"] = _field(question)

    def answers(self) -> dict[int, object]:
        """Return what was answered, by the question's id."""
        return {int(name[1:]): value for name, value in self.cleaned_data.items()}


def _field(question: Question) -> forms.Field:
    if question.kind == Kind.TEXT:
        return forms.CharField(
            label=question.words,
            max_length=ANSWER_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    rating = question.kind == Kind.RATING
    values = [str(each) for each in range(1, 6)] if rating else question.choices
    return forms.ChoiceField(
        label=question.words,
        help_text=_("1 is not at all, 5 is very much.") if rating else "",
        choices=[(each, each) for each in values],
        widget=forms.RadioSelect(attrs={"class": "in-a-row"} if rating else {}),
    )


def given_before(feedback: Feedback | None) -> dict[str, Any]:
    """Return what a tester answered before, by the form's fields."""
    if feedback is None:
        return {}
    return {
        f"q{each.question_id}": str(each.rating) if each.rating else each.choice or each.text
        for each in feedback.answers.all()
    }
