"""What a customer enters at the checkout."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.customers.models import User
from shop.customers.queries import addresses_of
from shop.foundation.money import zero
from shop.payments.queries import credit_of

NEW = "new"


class CheckoutForm(forms.Form):
    """Where the order goes, the total she saw, and how much of her credit she uses."""

    address = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the order goes.")},
    )
    shown_total = forms.DecimalField(widget=forms.HiddenInput)
    use_credit = forms.BooleanField(required=False)
    credit_amount = forms.DecimalField(
        label=_("How much of it"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
        help_text=_("Empty for as much as goes towards this order."),
    )

    def __init__(self, *args: Any, user: User, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addresses = list(addresses_of(user))
        choices: list[tuple[str, Any]] = [(str(each.pk), str(each)) for each in self.addresses]
        self.credit = max(credit_of(user, currency), zero(currency))
        field = self.fields["address"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, (NEW, _("Another address"))]
        self.initial.setdefault("address", choices[0][0] if choices else NEW)

    @property
    def credit_wanted(self) -> Money | None:
        """How much of her credit goes towards the order at most; the form being valid."""
        if not self.cleaned_data["use_credit"]:
            return None
        amount = self.cleaned_data["credit_amount"]
        return self.credit if amount is None else Money(amount, self.credit.currency)

    @property
    def wants_new_address(self) -> bool:
        """Whether the fields of a new address count: chosen, or simply filled in."""
        return self["address"].value() == NEW or bool(self.data.get("line1"))


class RefundForm(forms.Form):
    """How much of an order goes back, seen beside what had gone back before."""

    amount = forms.DecimalField(min_value=0, max_digits=14, decimal_places=3, localize=True)
    given_back = forms.DecimalField(max_digits=14, decimal_places=3)
    reason = forms.CharField(max_length=200)
