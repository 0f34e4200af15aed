"""The console's queue of photos that somebody objected to."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.photos.responses import photo_file
from sharing.privacy.models import PhotoObjection
from sharing.privacy.queries import open_objections
from sharing.privacy.services.objecting import decide_objection
from sharing.privacy.states import OPEN_OBJECTIONS
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.pages import page_links

OBJECTIONS_A_PAGE = 20
PHOTO_SIZE = 800


@staff_only
@require_safe
def objection_list(request: HttpRequest) -> HttpResponse:
    """List the photos to decide on, longest waiting first."""
    page = Paginator(open_objections(), OBJECTIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {"objections": page.object_list, **page_links(page)}
    return render(request, "sharing/privacy/console/objection_list.html", context)


@staff_only
@require_safe
def objection_photo(request: HttpRequest, objection_id: uuid.UUID) -> FileResponse:
    """Send the photo of an objection that waits for a decision; staff see no other."""
    waiting = PhotoObjection.objects.filter(pk=objection_id, state__in=OPEN_OBJECTIONS)
    photo_id = waiting.values_list("photo_id", flat=True).first()
    if photo_id is None:
        raise Http404
    return photo_file(photo_id, PHOTO_SIZE, "jpg")


@staff_only
@require_POST
def objection_decide(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """Erase the photo, or show it."""
    way = request.POST.get("way", "")
    if way not in ("erase", "keep"):
        raise InvalidError(_("Choose whether to erase or to show the photo."), code="way_missing")
    decide_objection(
        objection_id=objection_id,
        by=caller(request),
        erase=way == "erase",
        reason=request.POST.get("reason", "")[:300],
    )
    erased, shown = _("The photo is erased."), _("The photo is shown again.")
    messages.success(request, erased if way == "erase" else shown)
    return redirect("sharing:objection_list")
