"""What a wish stands on: the customer's own box, address and card, and the terms that count.

Two hundred customers may wish at the same moment, so each query here is a prepared one.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.models import Variant
from shop.catalogue.queries import early_frames
from shop.customers.models import Address, User
from shop.customers.queries import own_address
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.payments.models import SavedCard
from trials.home_trials.errors import (
    AddressUnknownError,
    BoxEmptyError,
    CardUnknownError,
    NotForTrialError,
    TermsChangedError,
)
from trials.home_trials.models import Box, BoxItem
from trials.programme.models import ProgrammeVersion
from trials.programme.queries import current_version

_BOX = PreparedQuery(
    lambda: Box.objects.select_for_update().filter(pk=Slot("box"), user_id=Slot("user"))
)
_INSIDE = PreparedQuery(
    lambda: (
        BoxItem.objects.filter(box_id=Slot("box"))
        .select_related("variant__frame")
        .defer("variant__frame__description", "variant__frame__listing", "variant__frame__search")
        .order_by("variant_id")
    )
)
# Locked, or it might be taken out of the account while the trial it stands for is placed.
_CARD = PreparedQuery(
    lambda: SavedCard.objects.select_for_update().filter(
        pk=Slot("card"), user_id=Slot("user"), detached_at=None
    )
)


@dataclass(frozen=True)
class Contents:
    """A box and what is in it, by rising variant."""

    box: Box
    variants: list[Variant]


def contents_of(user: User, box_id: uuid.UUID) -> Contents:
    """Return the box of a customer, locked, and what is in it by rising variant.

    Raises:
        BoxEmptyError: nothing is in it, or it is not hers.
        NotForTrialError: a frame is no longer shown.
    """
    box = _BOX.first(box=box_id, user=user.pk)
    variants = [item.variant for item in _INSIDE.rows(box=box.pk)] if box else []
    if box is None or not variants:
        raise BoxEmptyError(_("Your box is empty. Choose the frames you want to try first."))
    check_shown(user, variants)
    return Contents(box, variants)


def empty_box(box: Box) -> None:
    """Take everything out of a box, locked by the caller."""
    with prepared_cursor() as cursor:
        cursor.execute("DELETE FROM trials_boxitem WHERE box_id = %s", [box.pk])


def not_shown(user: User | None, variants: Iterable[Variant]) -> list[Variant]:
    """Return which of these variants a customer may not try: they are no longer in the shop.

    Args:
        user: the customer, who may have an early look; nobody where she is not logged in.
        variants: with their frames.
    """
    variants = list(variants)
    hidden = [each.frame_id for each in variants if not each.frame.published]
    early = early_frames(user, hidden) if hidden and user else set()
    return [
        each
        for each in variants
        if not each.active or (each.frame_id in hidden and each.frame_id not in early)
    ]


def check_shown(user: User, variants: list[Variant]) -> None:
    """Make sure that a customer may try these variants.

    Raises:
        NotForTrialError: one is no longer shown, and she has no early look at it.
    """
    if gone := not_shown(user, variants):
        raise NotForTrialError(
            _("No longer in the shop: %(frames)s. Take it out of your box and try again.")
            % {"frames": names_of(gone)},
            variants=[variant.pk for variant in gone],
            frames=[str(variant) for variant in gone],
        )


def version_for(address: Address, seen: int | None) -> ProgrammeVersion:
    """Return the terms that count at an address.

    Raises:
        NotSentThereError: no programme sends boxes there.
        TermsChangedError: they are not those that were seen, where any were.
    """
    version = current_version(country=address.country)
    if seen is not None and seen != version.pk:
        raise TermsChangedError(
            _("These are the terms for boxes to %(country)s. Please read them, then ask again.")
            % {"country": address.country_name},
            version_id=version.pk,
        )
    return version


def address_of(user: User, address_id: int) -> Address:
    """Return an address of a customer's that is in use.

    Raises:
        AddressUnknownError: it is not hers, or no longer used.
    """
    address = own_address(user, address_id)
    if address is None:
        raise AddressUnknownError(_("Choose one of your addresses, or enter a new one."))
    return address


def card_of(user: User, card_id: int) -> SavedCard:
    """Return a card of a customer's, locked.

    Raises:
        CardUnknownError: it is not hers, no longer kept, or expired.
    """
    card = _CARD.first(card=card_id, user=user.pk)
    if card is None:
        raise CardUnknownError(_("Choose one of your cards, or save a new one."))
    today = timezone.now().date()
    if (card.exp_year, card.exp_month) < (today.year, today.month):
        raise CardUnknownError(_("This card has expired. Choose another, or save a new one."))
    return card


def names_of(variants: list[Variant]) -> str:
    """Return the names of variants in one line."""
    return "; ".join(str(variant) for variant in variants)
