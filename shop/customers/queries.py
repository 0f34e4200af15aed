"""What is known of a customer, and who is meant by a name."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from shop.customers.models import PERSON_WORDS, Address, User
from shop.foundation.postgres.queries import PreparedQuery, Slot

_OWN_ADDRESS = PreparedQuery(
    lambda: Address.objects.filter(pk=Slot("address"), user_id=Slot("user"), retired_at=None)
)


def own_address(user: User, address_id: int) -> Address | None:
    """Return one of the addresses she still uses, or nothing where it is none of them."""
    return _OWN_ADDRESS.first(address=address_id, user=user.pk)


def addresses_of(user: User | Slot) -> QuerySet[Address]:
    """Return the addresses she still uses, latest first."""
    return Address.objects.filter(user=user, retired_at__isnull=True).order_by("-pk")


def people_called(words: str) -> QuerySet[User]:
    """Return who has each of some words at the beginning of one in her name or e-mail address.

    An index finds them by the words themselves (``user_by_words``). No order is given: whoever is
    meant among many is found by typing more.

    Args:
        words: such as ``anna bau`` or an e-mail address; nobody for none. A whole address that is
            somebody's finds her alone, not those whose addresses begin with it.
    """
    address = words.strip()
    if "@" in address:
        hers = User.objects.filter(email__in={address, address.lower()})
        if hers.exists():
            return hers
    typed = re.findall(r"\w+", words.lower().replace("_", " "))
    if not typed:
        return User.objects.none()
    wanted = SearchQuery(
        " & ".join(f"{each}:*" for each in typed), search_type="raw", config="simple"
    )
    return User.objects.alias(words=PERSON_WORDS).filter(words=wanted)
