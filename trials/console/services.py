"""Keeping filters of lists."""

import uuid

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.console.errors import FilterEmptyError, FilterMissingError, TooManyFiltersError
from trials.console.filters import filter_in
from trials.console.models import ListName, SavedFilter

MOST_A_PERSON = 30


def save_filter(*, by: User, which: ListName, name: str, query: str, shared: bool) -> SavedFilter:
    """Keep how a list is narrowed down; the same name of hers again replaces it.

    Args:
        by: whose it is.
        which: the list.
        name: up to 40 characters.
        query: the words of the list's address, such as ``state=approved&q=anna``; what is no
            filter of the list is left out.
        shared: whether everybody who works here sees it.

    Raises:
        FilterEmptyError: there is no name, or nothing is filtered.
        TooManyFiltersError: she keeps thirty of that list already.
    """
    name, kept = one_line(name)[:40].strip(), filter_in(which, QueryDict(query).dict())
    if not name or not kept or len(kept) > 300:
        raise FilterEmptyError(_("Choose a filter first, and give it a name."))
    with transaction.atomic():
        # Two of hers at once are counted one after the other.
        lock_row(User, by.pk)
        mine = SavedFilter.objects.filter(owner=by, list=which)
        if not mine.filter(name=name).exists() and mine.count() >= MOST_A_PERSON:
            raise TooManyFiltersError(
                _("You keep %(most)s filters of this list. Remove one first.")
                % {"most": MOST_A_PERSON},
                most=MOST_A_PERSON,
            )
        saved, _made = SavedFilter.objects.update_or_create(
            owner=by, list=which, name=name, defaults={"query": kept, "shared": shared}
        )
        return saved


def remove_filter(*, by: User, filter_id: uuid.UUID) -> None:
    """Forget one of her own filters, for those it was shared with, too.

    Raises:
        FilterMissingError: there is none, or it is somebody else's.
    """
    if not SavedFilter.objects.filter(owner=by, pk=filter_id).delete()[0]:
        raise FilterMissingError(_("There is no such filter of yours."))
