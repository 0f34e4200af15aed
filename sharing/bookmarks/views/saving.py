"""Saving a frame: the sheet, the suggestions, changing and removing; into a box, into a gallery."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.bookmarks.errors import NothingChosenError, SubjectMissingError
from sharing.bookmarks.forms import SaveForm, filled
from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.queries.suggesting import suggested_tags
from sharing.bookmarks.services.saving import (
    change_bookmark,
    own_bookmark,
    remove_bookmark,
    save_frame,
)
from sharing.bookmarks.services.using import ask_about, put_into_box
from sharing.galleries.services import first_link
from shop.catalogue.models import Frame, Variant
from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from shop.foundation.errors import InvalidError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_new(request: HttpRequest) -> HttpResponse:
    """Show the sheet by which a frame is saved, and save it."""
    user, sent = caller(request), request.POST or request.GET
    variant = _variant(sent)
    form = SaveForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        found_in = _uuid(request.POST.get("found_in", ""))
        try:
            bookmark = save_frame(
                owner=user, variant_id=variant.pk, found_in=found_in, **form.said()
            )
        except InvalidError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said_saved(bookmark))
            return redirect(_back(request) or _frame_url(variant))
    return _sheet(request, form, variant.frame, variant)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_edit(request: HttpRequest, bookmark_id: uuid.UUID) -> HttpResponse:
    """Change one's own bookmark."""
    user = caller(request)
    bookmark = own_bookmark(user, bookmark_id)
    if bookmark.frame is None:
        raise SubjectMissingError(_("What was noted at work is changed in the console."))
    form = SaveForm(request.POST or None, user=user, initial=filled(bookmark))
    if request.method == "POST" and form.is_valid():
        try:
            change_bookmark(owner=user, bookmark_id=bookmark_id, **form.said())
        except InvalidError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is changed."))
            return redirect("sharing:saved")
    return _sheet(request, form, bookmark.frame, bookmark.variant, bookmark)


@login_required
@require_POST
def saved_remove(request: HttpRequest, bookmark_id: uuid.UUID) -> HttpResponse:
    """Remove one's own bookmark."""
    remove_bookmark(owner=caller(request), bookmark_id=bookmark_id)
    messages.success(request, _("It is no longer saved."))
    return redirect("sharing:saved")


@login_required
@require_safe
def saved_suggest(request: HttpRequest) -> HttpResponse:
    """Suggest tags while somebody types: the part of the sheet that shows them."""
    typed = request.GET.get("typed", "").rpartition(",")[2]
    context = _suggestions(request, request.GET, *_thing(request.GET), typed=typed[:60])
    return render(request, "sharing/bookmarks/parts/suggestions.html", context)


@login_required
@require_POST
def saved_to_box(request: HttpRequest) -> HttpResponse:
    """Put the saved frames that were chosen into the box, all at once."""
    put_into_box(user=caller(request), bookmark_ids=chosen(request))
    messages.success(request, _("They are in your box."))
    return redirect("trials:box")


@login_required
@require_POST
def saved_to_gallery(request: HttpRequest) -> HttpResponse:
    """Ask friends about the saved frames that were chosen."""
    user = caller(request)
    gallery = ask_about(user=user, bookmark_ids=chosen(request))
    first_link(owner=user, gallery=gallery)
    return redirect("sharing:gallery", gallery.pk)


def chosen(request: HttpRequest) -> list[uuid.UUID]:
    """Return the bookmarks that were ticked.

    Raises:
        NothingChosenError: none was, or what was sent is none.
    """
    ids = [_uuid(each) for each in request.POST.getlist("bookmark")]
    found = [each for each in ids if each is not None]
    if not found:
        raise NothingChosenError(_("Choose at least one saved frame first."))
    return found


def _sheet(
    request: HttpRequest,
    form: SaveForm,
    frame: Frame,
    variant: Variant | None,
    bookmark: Bookmark | None = None,
) -> HttpResponse:
    wanted = variant or frame.variants.filter(active=True).order_by("position").first()
    context = {
        "form": form,
        "frame": frame,
        "variant": variant,
        "bookmark": bookmark,
        "image_url": image_urls([wanted.pk]).get(wanted.pk, "") if wanted else "",
        "frame_url": _frame_url(wanted) if wanted else "",
        "back": _back(request),
        "found_in": (request.POST or request.GET).get("found_in", ""),
        **_suggestions(request, request.POST or QueryDict(), frame, variant),
    }
    status = 422 if form.errors else 200
    return render(request, "sharing/bookmarks/sheet.html", context, status=status)


def _suggestions(
    request: HttpRequest,
    sent: QueryDict,
    frame: Frame | None,
    variant: Variant | None,
    typed: str = "",
) -> dict[str, object]:
    ticked = sent.getlist("tags")[:10]
    tags = suggested_tags(caller(request), frame=frame, variant=variant, typed=typed)
    options = [{"value": tag, "label": tag, "checked": True} for tag in ticked]
    options += [{"value": tag, "label": tag} for tag in tags if tag not in ticked]
    return {"suggestions": options}


def _thing(sent: QueryDict) -> tuple[Frame | None, Variant | None]:
    try:
        variant = _variant(sent)
    except SubjectMissingError:
        return None, None
    return variant.frame, variant


def _variant(sent: QueryDict) -> Variant:
    text = sent.get("variant", "")
    found = None
    if text.isascii() and text.isdigit() and len(text) < 18:
        sold = Variant.objects.select_related("frame").filter(active=True, frame__published=True)
        found = sold.filter(pk=int(text)).first()
    if found is None:
        raise SubjectMissingError(_("There is no such frame, or it is not sold any more."))
    return found


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _frame_url(variant: Variant) -> str:
    return reverse("catalogue:frame", args=[variant.frame.handle])


def _back(request: HttpRequest) -> str:
    back = (request.POST or request.GET).get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if safe and back.startswith("/") else ""


def _said_saved(bookmark: Bookmark) -> str:
    if bookmark.circle is not None:
        return _("Saved for “%(circle)s”.") % {"circle": bookmark.circle.name}
    if bookmark.audience == "public":
        return _("Saved for everybody to see.")
    return _("Saved. Only you see it.")
