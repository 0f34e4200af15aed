"""Which words of a list's address are its filter; what else stands there is no part of it."""

from collections.abc import Mapping

from django.utils.http import urlencode

from trials.console.models import ListName

# Each list's address by name, and the words that narrow it down or sort it.
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    ListName.TRIALS: ("console:trial_list", ("state", "programme", "q")),
    ListName.OVERDUE: ("console:overdue", ("kind", "sort")),
    ListName.UNITS: ("console:unit_list", ("state", "q", "location", "variant")),
    ListName.CHARGES: ("console:charge_list", ("state",)),
    ListName.CLAIMS: ("console:claim_list", ("state",)),
    ListName.PROPOSALS: ("console:proposal_list", ("state",)),
    # A page of the shop's, which shows them by the slot ``order_filters``.
    ListName.ORDERS: ("orders:console_list", ("state", "packing", "country", "q")),
}


def filter_in(which: str, asked: Mapping[str, str]) -> str:
    """Return the filter that a list's address holds, as it is kept; empty for the whole list.

    Args:
        which: one of ``ListName``.
        asked: the words of the address.
    """
    names = LISTS[which][1]
    return urlencode({name: asked[name] for name in names if asked.get(name)})
