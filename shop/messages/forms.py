"""The form of the page on which a person chooses what she is written to about."""

from collections.abc import Sequence
from typing import Any

from django import forms

from shop.messages.queries import Choice
from shop.messages.topics import Delivery


class ChoicesForm(forms.Form):
    """One row of three choices for each optional topic."""

    def __init__(self, *args: Any, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in choices:
            self.fields[choice.topic.value] = forms.ChoiceField(
                label=choice.topic.label,
                help_text=choice.explained,
                choices=Delivery.choices,
                initial=choice.delivery.value,
                widget=forms.RadioSelect,
            )
