"""Why something is done or objected to, in the words of whoever says so."""

from django.utils.translation import gettext as _

from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.plain_text import one_line
from trials.returns.errors import ReasonMissingError


def said_why(words: str, *, most: int = 300) -> str:
    """Return words in one line, cut to what is kept of them.

    Raises:
        ReasonMissingError: there are none.
        CardNumberError: they hold a card number.
    """
    words = one_line(words)[:most]
    refuse_card_numbers(words)
    if not words:
        raise ReasonMissingError(_("Say why, for those who read it later."))
    return words
