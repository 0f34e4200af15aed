"""How the countries parcels go to write their postal codes."""

import re

from django.utils.translation import gettext_lazy as _

from shop.customers.errors import PostalCodeError

# A pattern of capitals, and an example for people, by country; a gap may be a blank, a hyphen or
# nothing: https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions
FORMS = {
    "AT": (r"\d{4}", "1010"),
    "BE": (r"\d{4}", "1000"),
    "BG": (r"\d{4}", "1000"),
    "CH": (r"\d{4}", "8001"),
    "CY": (r"\d{4}", "1010"),
    "CZ": (r"\d{3}[ -]?\d{2}", "110 00"),
    "DE": (r"\d{5}", "10115"),
    "DK": (r"\d{4}", "1050"),
    "EE": (r"\d{5}", "10111"),
    "ES": (r"\d{5}", "28001"),
    "FI": (r"\d{5}", "00100"),
    "FR": (r"\d{5}", "75001"),
    # The Girobank's own code has no digit where the others do.
    "GB": (r"[A-Z]{1,2}\d[A-Z\d]?[ -]?\d[A-Z]{2}|GIR[ -]?0AA", "SW1A 1AA"),
    "GR": (r"\d{3}[ -]?\d{2}", "104 31"),
    "HR": (r"\d{5}", "10000"),
    "HU": (r"\d{4}", "1011"),
    "IE": (r"[A-Z]\d[\dW][ -]?[A-Z\d]{4}", "D02 AF30"),
    "IT": (r"\d{5}", "00118"),
    "LI": (r"\d{4}", "9490"),
    "LT": (r"\d{5}", "01100"),
    "LU": (r"\d{4}", "1009"),
    "LV": (r"\d{4}", "LV-1010"),
    "MT": (r"[A-Z]{3}[ -]?\d{4}", "VLT 1117"),
    "NL": (r"\d{4}[ -]?[A-Z]{2}", "1012 AB"),
    "NO": (r"\d{4}", "0150"),
    "PL": (r"\d{2}[ -]?\d{3}", "00-001"),
    "PT": (r"\d{4}[ -]?\d{3}", "1000-001"),
    "RO": (r"\d{6}", "010011"),
    "SE": (r"\d{3}[ -]?\d{2}", "111 22"),
    "SI": (r"\d{4}", "1000"),
    "SK": (r"\d{3}[ -]?\d{2}", "811 01"),
}


def check_postal_code(postal_code: str, *, country: str) -> None:
    """Make sure that a postal code is written as its country does.

    The country's letters before it, as in ``D-10115`` and ``LV-1010``, are what many write.

    Args:
        postal_code: on one line.
        country: ISO 3166-1 alpha-2, one of ``COUNTRIES``.

    Raises:
        PostalCodeError: it is not; the message names an example.
    """
    pattern, example = FORMS[country]
    letters = f"(?:{country}|{country[0]})[ -]"
    if not re.fullmatch(f"(?:{letters})?(?:{pattern})", postal_code.upper(), re.ASCII):
        raise PostalCodeError(
            _("%(postal_code)s is no postal code of this country. Write it like %(example)s.")
            % {"postal_code": postal_code, "example": example}
        )
