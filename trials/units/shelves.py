"""Shelves as people name them: ``B2``."""

from django.utils.translation import gettext as _

from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.plain_text import one_line
from trials.units.errors import ShelfInvalidError

LONGEST = 20


def shelf(typed: str) -> str:
    """Return what was typed or scanned as it is stored: one line in capitals, or empty.

    Raises:
        ShelfInvalidError: it is longer than 20 characters.
        CardNumberError: it is a card number.
    """
    name = one_line(typed).upper()
    refuse_card_numbers(name)
    if len(name) > LONGEST:
        raise ShelfInvalidError(
            _("A shelf has at most %(most)s characters, such as B2.") % {"most": LONGEST}
        )
    return name
