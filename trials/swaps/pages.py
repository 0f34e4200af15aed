"""What the pages show on which a frame is chosen, the customer's and that of staff."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.errors import InvalidError
from shop.foundation.pages import page_links
from trials.home_trials.models import TrialItem
from trials.swaps.queries import variants_to_swap_for

VARIANTS_A_PAGE = 24
LONGEST_SEARCH = 80


def what_is_free(request: HttpRequest, item: TrialItem, *, user: User) -> dict[str, Any]:
    """Return what such a page shows: a part of what an item can be swapped for, as searched for.

    Args:
        request: its ``q`` is what is searched for, its ``page`` which part.
        item: the frame to be given back.
        user: whose trial it is.
    """
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    free = variants_to_swap_for(item, user=user, words=words)
    page = Paginator(free, VARIANTS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "item": item,
        "instead_of": item.variant_id,
        "variants": list(page.object_list),
        "words": words,
        **page_links(page, q=words),
    }


def sent_variant(request: HttpRequest, name: str) -> int:
    """Return the key of a variant that a form sent.

    Raises:
        InvalidError: it sent none.
    """
    sent = request.POST.get(name, "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
        raise InvalidError(_("Choose a frame first."), code="variant_missing")
    return int(sent)
