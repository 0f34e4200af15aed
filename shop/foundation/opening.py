"""The one row that is open: a customer's cart, a carrier's manifest, the count of a shelf."""

from typing import Any, TypeVar

from django.db import IntegrityError, models

M = TypeVar("M", bound=models.Model)
# Each time somebody else would have had to open one and end it within a statement's time.
TRIES = 5


def get_or_open(
    model: type[M], *, defaults: dict[str, Any] | None = None, **which: Any
) -> tuple[M, bool]:
    """Return the row that is open, or open one; two at once get the same.

    Django's own ``get_or_create`` fails where somebody else's row stood in the way as this one was
    inserted, and was ended before it could be read: then it is this one's turn.

    Args:
        model: the table, with a unique constraint on what is open.
        defaults: what a new row has besides.
        which: what the open row has, such as its owner and its state.

    Returns:
        The row, and whether it is new.
    """
    rows: Any = model._default_manager
    for _more in range(TRIES - 1):
        try:
            found: tuple[M, bool] = rows.get_or_create(defaults=defaults, **which)
        except IntegrityError:
            continue
        return found
    last: tuple[M, bool] = rows.get_or_create(defaults=defaults, **which)
    return last
