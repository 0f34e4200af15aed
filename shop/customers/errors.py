"""What can go wrong with a customer's own data."""

from shop.foundation.errors import InvalidError, MissingError


class AddressMissingError(MissingError):
    """No such address, or not hers."""

    code = "address_not_found"


class CountryUnknownError(InvalidError):
    """The country is no two-letter code that parcels go to."""

    code = "country_unknown"


class PostalCodeError(InvalidError):
    """The country has no such postal code."""

    code = "postal_code_invalid"


class ProfileInvalidError(InvalidError):
    """A language or a time zone the shop does not know."""

    code = "profile_invalid"


class NameMissingError(InvalidError):
    """A mail would not say who asks: its sender has given no name, or one that is an address."""

    code = "name_missing"
