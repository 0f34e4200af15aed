"""What a customer may change about herself."""

import re
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.countries import COUNTRIES
from shop.customers.errors import (
    AddressMissingError,
    CountryUnknownError,
    NameMissingError,
    ProfileInvalidError,
)
from shop.customers.models import Address, User
from shop.customers.postal_codes import check_postal_code
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line

LONGEST_NAME = 60
# What a mail program or a chat would make a link of.
PLACE = re.compile(r"://|www\.|@|\w\.\w{2,}", re.IGNORECASE)


def name_in_mail(user: User) -> str:
    """Return the name a mail to others may say of a customer.

    Raises:
        NameMissingError: she has given none, or one that a mail program would make a link of.
    """
    if not user.name.strip():
        raise NameMissingError(_("Say what your friends call you: the mail names who asks."))
    if PLACE.search(user.name):
        raise NameMissingError(
            _("Your name reads like an address. Change it in your account: the mail names you.")
        )
    return user.name


@transaction.atomic
def add_address(
    *,
    user: User,
    name: str,
    line1: str,
    line2: str = "",
    postal_code: str,
    city: str,
    country: str,
    phone: str = "",
) -> Address:
    """Write down where parcels may go. The very same address is not written twice.

    Args:
        user: whose it is.
        name: as it stands on the parcel.
        line1: street and number.
        line2: an addition.
        postal_code: as the country writes it.
        city: the town.
        country: ISO 3166-1 alpha-2, one of ``COUNTRIES``.
        phone: for the carrier.

    Raises:
        CountryUnknownError: no parcel goes there.
        CardNumberError: a line holds a card number.
        PostalCodeError: the country has no such postal code.
    """
    country = country.strip().upper()
    if country not in COUNTRIES:
        raise CountryUnknownError(
            _("We do not ship to %(country)s yet. Choose a country of the list.")
            % {"country": country or "?"}
        )
    fields = {
        "name": one_line(name),
        "line1": one_line(line1),
        "line2": one_line(line2),
        "postal_code": one_line(postal_code),
        "city": one_line(city),
        "country": country,
        "phone": one_line(phone),
    }
    refuse_card_numbers(*fields.values())
    check_postal_code(fields["postal_code"], country=country)
    # Two tabs sending one form would both find nothing: her own row is the gate.
    lock_row(User, user.pk)
    known = Address.objects.filter(user=user, retired_at__isnull=True, **fields).first()
    return known or Address.objects.create(user=user, **fields)


@transaction.atomic
def retire_address(*, user: User, address_id: int) -> None:
    """Offer an address no more. Parcels and orders that name it keep it.

    Raises:
        AddressMissingError: there is none, or it is somebody else's.
    """
    mine = Address.objects.filter(pk=address_id, user=user)
    if not mine.exists():
        raise AddressMissingError(_("This address is not in your account any more."))
    mine.filter(retired_at__isnull=True).update(retired_at=timezone.now())


def choose_name(*, user: User, name: str) -> User:
    """Write down how a customer wants to be called, where she has not said so yet.

    Args:
        user: who; a name she has stays.
        name: as her friends call her; nothing changes where it is empty.

    Raises:
        ProfileInvalidError: it is too long, or holds what would be a link.
        CardNumberError: it holds a card number.
    """
    name = one_line(name)
    if user.name or not name:
        return user
    if len(name) > LONGEST_NAME or PLACE.search(name):
        raise ProfileInvalidError(_("Please give a name alone, without a link or an address."))
    return update_profile(user=user, name=name, language=user.language, time_zone=user.time_zone)


@transaction.atomic
def update_profile(*, user: User, name: str, language: str, time_zone: str) -> User:
    """Change how a customer is called, and the language and zone the shop speaks to her in.

    Args:
        user: who.
        name: as she wants to be called; may be empty.
        language: one of ``settings.LANGUAGES``.
        time_zone: a name of the IANA database.

    Raises:
        ProfileInvalidError: the language or the zone is unknown.
        CardNumberError: the name holds a card number.
    """
    name = one_line(name)
    refuse_card_numbers(name)
    if language not in dict(settings.LANGUAGES):
        raise ProfileInvalidError(_("Choose one of the languages of the list."))
    if time_zone not in available_timezones():
        raise ProfileInvalidError(_("Choose one of the time zones of the list."))
    locked = lock_row(User, user.pk)
    if (name, language) != (locked.name, locked.language):
        publish("customers.renamed", {"user": user.pk})
    locked.name, locked.language, locked.time_zone = name, language, time_zone
    locked.save(update_fields=["name", "language", "time_zone"])
    return locked
