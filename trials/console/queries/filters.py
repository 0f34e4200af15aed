"""Saved filters as a list's page and the API show them."""

from django.db.models import Q, QuerySet

from shop.customers.models import User
from shop.foundation.postgres.queries import PreparedQuery, Slot
from trials.console.models import SavedFilter

MOST_SHOWN = 30


def shown_filters(user: User, which: str) -> list[SavedFilter]:
    """Return what ``filters_for`` does of one list, no more than a page shows.

    Args:
        user: who looks.
        which: one of ``ListName``.
    """
    return _SHOWN.rows(user=user.pk, which=which)


def filters_for(user: User | Slot, which: str | Slot = "") -> QuerySet[SavedFilter]:
    """Return her own filters and those shared by others, by name.

    Args:
        user: who looks.
        which: one of ``ListName``; empty for all lists.
    """
    found = SavedFilter.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
    return found.filter(list=which) if which else found


_SHOWN = PreparedQuery(lambda: filters_for(Slot("user"), Slot("which"))[:MOST_SHOWN])
