"""Forms of the account page."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.customers.countries import COUNTRIES
from shop.customers.errors import PostalCodeError
from shop.customers.models import Address, User
from shop.customers.postal_codes import check_postal_code
from shop.customers.services import LONGEST_NAME
from shop.foundation.card_numbers import CardNumberError, refuse_card_numbers
from shop.foundation.plain_text import one_line


def _countries() -> list[tuple[str, Any]]:
    return sorted(COUNTRIES.items(), key=lambda entry: str(entry[1]))


def _zones() -> list[tuple[str, str]]:
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [(zone, zone.replace("_", " ")) for zone in sorted(named)] + [("UTC", "UTC")]


class AddressForm(forms.ModelForm):
    """Where a parcel goes; the service writes it."""

    country = forms.ChoiceField(label=_("Country"), choices=_countries)

    class Meta:
        model = Address
        fields = ("name", "line1", "line2", "postal_code", "city", "country", "phone")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "line1": forms.TextInput(attrs={"autocomplete": "address-line1"}),
            "line2": forms.TextInput(attrs={"autocomplete": "address-line2"}),
            "postal_code": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {"phone": _("Only for the carrier, should they not find the door.")}

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse."""
        cleaned = super().clean() or {}
        for name, text in list(cleaned.items()):
            try:
                refuse_card_numbers(one_line(text))
            except CardNumberError as error:
                self.add_error(name, str(error))
        if {"postal_code", "country"} <= self.cleaned_data.keys():
            code = one_line(cleaned["postal_code"])
            try:
                check_postal_code(code, country=cleaned["country"])
            except PostalCodeError as error:
                self.add_error("postal_code", str(error))
        return self.cleaned_data


class ProfileForm(forms.ModelForm):
    """How the shop speaks to a customer; the service writes it."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        help_text=_("Your days at home are counted in it, to the end of the last one."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


def called_field(*, required: bool) -> forms.CharField:
    """Return the field that asks a nameless customer how her friends call her."""
    return forms.CharField(
        label=_("What do your friends call you?"),
        max_length=LONGEST_NAME,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
