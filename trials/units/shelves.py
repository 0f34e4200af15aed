"""Shelves as people name them, ``B2``, and as their labels say it to a scanner, ``LGS-B2``."""

from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.plain_text import one_line
from trials.units.errors import ShelfInvalidError

LONGEST = 20
# A shelf's name alone could be taken for a tote's code, or for nothing at all.
LABEL = "LGS-"
# What Code 128 cannot say is written as in an address (RFC 3986, 2.1).
SAID_AS_IT_IS = "".join(chr(code) for code in range(32, 127) if chr(code) != "%")


def shelf_code(name: str) -> str:
    """Return what the label of a shelf says.

    Args:
        name: as ``shelf`` returns it.
    """
    return LABEL + quote(name, safe=SAID_AS_IT_IS)


def shelf_scanned(scanned: str) -> str:
    """Return the shelf whose label was scanned; empty for whatever is no such label.

    Raises:
        ShelfInvalidError: the label is none of ours: the name on it is too long.
        CardNumberError: it is a card number.
    """
    return shelf(scanned) if one_line(scanned).upper().startswith(LABEL) else ""


def shelf(typed: str) -> str:
    """Return what was typed, or read off a label, as it is stored: one line in capitals, or empty.

    Raises:
        ShelfInvalidError: it is longer than 20 characters.
        CardNumberError: it is a card number.
    """
    name = one_line(typed).upper()
    if name.startswith(LABEL):
        name = one_line(unquote(name.removeprefix(LABEL))).upper()
    refuse_card_numbers(name)
    if len(name) > LONGEST:
        raise ShelfInvalidError(
            _("A shelf has at most %(most)s characters, such as B2.") % {"most": LONGEST}
        )
    return name
