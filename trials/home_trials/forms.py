"""What a customer enters to place a trial."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.customers.countries import COUNTRIES
from shop.customers.models import Address, User
from shop.customers.queries import addresses_of
from shop.payments.models import SavedCard

NEW = "new"


class NewAddressForm(forms.ModelForm):
    """An address she has not used before."""

    country = forms.ChoiceField(label=_("country"), choices=COUNTRIES.items(), initial="DE")

    class Meta:
        model = Address
        fields = ("name", "line1", "line2", "postal_code", "city", "country", "phone")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "line1": forms.TextInput(attrs={"autocomplete": "address-line1"}),
            "line2": forms.TextInput(attrs={"autocomplete": "address-line2"}),
            "postal_code": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }


class PlacementForm(forms.Form):
    """Where the box goes, and which card stands for it."""

    wish = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    address = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the box goes.")},
    )
    card = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a card, or save one first.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addresses = list(addresses_of(user))
        self.cards = list(SavedCard.objects.filter(user=user, detached_at=None).order_by("-pk"))
        choices: list[tuple[str, Any]] = [(str(each.pk), str(each)) for each in self.addresses]
        self._choices("address", [*choices, (NEW, _("Another address"))])
        self._choices("card", [(str(each.pk), str(each)) for each in self.cards])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if choices:
            self.initial.setdefault(name, choices[0][0])

    @property
    def wants_new_address(self) -> bool:
        """Whether the fields of a new address count."""
        return self["address"].value() == NEW
