"""Saved filters as a list's page and the API show them."""

from django.db.models import Q, QuerySet

from shop.customers.models import User
from trials.console.models import SavedFilter

MOST_SHOWN = 30


def filters_for(user: User, which: str = "") -> QuerySet[SavedFilter]:
    """Return her own filters and those shared by others, by name.

    Args:
        user: who looks.
        which: one of ``ListName``; empty for all lists.
    """
    found = SavedFilter.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
    return found.filter(list=which) if which else found
