"""What a customer enters to place a trial."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.customers.forms import AddressForm
from shop.customers.models import User
from shop.customers.queries import addresses_of
from shop.payments.models import SavedCard

NEW = "new"
NEW_ADDRESS = "new"


class PlacementForm(forms.Form):
    """Where the box goes, and which card stands for it."""

    wish = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    # The terms on the page she read.
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Please read the terms on this page, then ask again.")},
    )
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
        # Without a card the address is kept, and the next page asks for one.
        self.fields["card"].required = bool(self.cards)
        typed = self.data if self.is_bound and self.wants_new_address else None
        first = {"name": user.name, "country": settings.SHOP_COUNTRY}
        # Hidden while one of her addresses is chosen, a required field would block the form unseen.
        self.new_address = AddressForm(
            typed,
            prefix=NEW_ADDRESS,
            initial=first,
            use_required_attribute=not self.addresses,
        )

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if choices:
            self.initial.setdefault(name, choices[0][0])

    @property
    def wants_new_address(self) -> bool:
        """Whether the fields of a new address count: chosen, or simply filled in."""
        if not self.is_bound:
            return not self.addresses
        return self["address"].value() == NEW or bool(self.data.get(f"{NEW_ADDRESS}-line1"))

    def is_valid(self) -> bool:
        """Tell whether both this form and the address it may bring can be taken."""
        valid = super().is_valid()
        return valid and (not self.wants_new_address or self.new_address.is_valid())
