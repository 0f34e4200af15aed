"""What staff read where a trial cannot be placed for a customer: she would read "your card"."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from shop.foundation.errors import LorgnetteError

# By the error's code; all else reads the same for everybody.
_WORDS = {
    "address_unknown": _("The address is no longer used. The customer has to ask again herself."),
    "card_unknown": _(
        "The card is gone or has expired. The customer has to save another and ask again."
    ),
    "cool_down": _(
        "The customer’s last trial has just ended. She may have the next from %(day)s on."
    ),
    "none_free": _("Not free: %(frames)s; nothing was placed. Ask again when it is back."),
    "not_for_trial": _("No longer in the shop: %(frames)s; it cannot be placed."),
    "trial_limit": _("The customer has another trial under way. Wait until it is over."),
}


def in_staffs_words(error: LorgnetteError) -> LorgnetteError:
    """Return the same refusal, told to staff.

    Args:
        error: of placing a trial.
    """
    if (words := _WORDS.get(error.code)) is None:
        return error
    frames = "; ".join(error.extra.get("frames", []))
    again = error.extra.get("possible_from")
    day = date_format(date.fromisoformat(again), "DATE_FORMAT") if again else ""
    told = words % {"frames": frames, "day": day}
    return type(error)(told, code=error.code, **error.extra)
