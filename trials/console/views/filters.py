"""Saved filters: kept and removed on the list's own page."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from trials.console.filters import LISTS
from trials.console.models import ListName
from trials.console.services import remove_filter, save_filter


def _list(request: HttpRequest) -> ListName:
    which = request.POST.get("list", "")
    if which not in ListName.values:
        raise InvalidError(_("Choose a list."), code="list_missing")
    return ListName(which)


@staff_only
@require_POST
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the list she looks at."""
    which = _list(request)
    saved = save_filter(
        by=caller(request),
        which=which,
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        shared=bool(request.POST.get("shared")),
    )
    messages.success(request, _("“%(name)s” is kept.") % {"name": saved.name})
    return redirect(f"{reverse(LISTS[which][0])}?{saved.query}")


@staff_only
@require_POST
def filter_remove(request: HttpRequest, filter_id: uuid.UUID) -> HttpResponse:
    """Forget one of her filters."""
    which = _list(request)
    remove_filter(by=caller(request), filter_id=filter_id)
    messages.success(request, _("The filter is removed."))
    return redirect(LISTS[which][0])
