"""What a customer enters at the checkout."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.customers.models import User
from shop.customers.queries import addresses_of

NEW = "new"


class CheckoutForm(forms.Form):
    """Where the order goes, and the total she saw."""

    address = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the order goes.")},
    )
    shown_total = forms.DecimalField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addresses = list(addresses_of(user))
        choices: list[tuple[str, Any]] = [(str(each.pk), str(each)) for each in self.addresses]
        field = self.fields["address"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, (NEW, _("Another address"))]
        self.initial.setdefault("address", choices[0][0] if choices else NEW)

    @property
    def wants_new_address(self) -> bool:
        """Whether the fields of a new address count: chosen, or simply filled in."""
        return self["address"].value() == NEW or bool(self.data.get("line1"))
