"""The console's queue of photos that somebody objected to: a gallery's are decided together."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sharing.photos.responses import photo_file
from sharing.privacy.models import PhotoObjection
from sharing.privacy.queries import galleries_to_decide, open_objections, photo_to_decide
from sharing.privacy.responses import PHOTO_SIZE
from sharing.privacy.services.objecting import decide_together
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.pages import page_links

GALLERIES_A_PAGE = 10


@staff_only
@require_safe
def objection_list(request: HttpRequest) -> HttpResponse:
    """List the photos to decide on, those of one gallery together, longest waiting first."""
    page = Paginator(galleries_to_decide(), GALLERIES_A_PAGE).get_page(request.GET.get("page"))
    galleries = list(page.object_list)
    of_gallery: dict[uuid.UUID, list[PhotoObjection]] = {each.pk: [] for each in galleries}
    for objection in open_objections().filter(gallery__in=galleries):
        of_gallery[objection.gallery_id].append(objection)
    rows = [{"gallery": each, "objections": of_gallery[each.pk]} for each in galleries]
    return render(
        request,
        "sharing/privacy/console/objection_list.html",
        {"rows": rows, **page_links(page)},
    )


@staff_only
@require_safe
def objection_photo(request: HttpRequest, objection_id: uuid.UUID) -> FileResponse:
    """Send the photo of an objection that waits for a decision; staff see no other."""
    photo_id = photo_to_decide(objection_id)
    if photo_id is None:
        raise Http404
    return photo_file(photo_id, PHOTO_SIZE, "jpg")


@staff_only
@require_POST
def objection_decide(request: HttpRequest) -> HttpResponse:
    """Erase the photos that were ticked, or show them."""
    way = request.POST.get("way", "")
    if way not in ("erase", "keep"):
        raise InvalidError(_("Choose whether to erase or to show the photo."), code="way_missing")
    try:
        chosen = [uuid.UUID(each) for each in request.POST.getlist("objection")]
    except ValueError as error:
        raise InvalidError(_("Tick the photos to decide on.")) from error
    if not chosen:
        raise InvalidError(_("Tick the photos to decide on."))
    decided = decide_together(
        objection_ids=chosen,
        by=caller(request),
        erase=way == "erase",
        reason=request.POST.get("reason", "")[:300],
    )
    if way == "erase":
        words = ngettext("%(n)s photo is erased.", "%(n)s photos are erased.", decided)
    else:
        words = ngettext("%(n)s photo is shown.", "%(n)s photos are shown.", decided)
    messages.success(request, words % {"n": decided})
    return redirect("sharing:objection_list")
