"""What is said of a label that is asked for."""

from typing import Any

from django import forms
from django.http import QueryDict

from shop.foundation.errors import InvalidError
from trials.shipping.models import Because

REASONS = [(each.value, each.label) for each in (Because.LOST, Because.FURTHER)]


class AnotherLabelForm(forms.Form):
    """Why one more return label is needed, and which one it will be."""

    because = forms.ChoiceField(choices=REASONS)
    nth = forms.IntegerField(min_value=2, max_value=1000)

    @classmethod
    def read(cls, sent: QueryDict) -> dict[str, Any]:
        """Return what was sent.

        Raises:
            InvalidError: it is not what the page sends.
        """
        form = cls(sent)
        if not form.is_valid():
            words = " ".join(str(each) for errors in form.errors.values() for each in errors)
            raise InvalidError(words, code="because_missing")
        return form.cleaned_data
