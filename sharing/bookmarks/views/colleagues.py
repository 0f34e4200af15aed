"""Circles of colleagues in the console: their list, their memory, a note on a thing."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.bookmarks.forms import NoteForm
from sharing.bookmarks.queries.colleagues import memory
from sharing.bookmarks.queries.finding import count_up_to, page_of, tags_among
from sharing.bookmarks.services.saving import remove_bookmark, save_note
from sharing.bookmarks.views.finding import asked_tag, asked_words
from sharing.bookmarks.views.notes import shown_note
from sharing.circles.errors import CircleMissingError
from sharing.circles.forms import ColleaguesCircleForm
from sharing.circles.queries import circles_of, seat_of
from sharing.circles.services.keeping import create_circle
from sharing.circles.states import CircleKind
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def staff_circles(request: HttpRequest) -> HttpResponse:
    """List the circles of colleagues somebody is in; make another."""
    user = caller(request)
    form = ColleaguesCircleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        circle = create_circle(owner=user, name=form.cleaned_data["name"], kind=CircleKind.STAFF)
        return redirect("sharing:staff_circle", circle.pk)
    context = {"circles": circles_of(user, kind=CircleKind.STAFF), "form": form}
    status = 422 if form.errors else 200
    return render(request, "sharing/bookmarks/staff_circles.html", context, status=status)


@staff_only
@require_safe
def staff_circle(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the memory of a circle of colleagues: what was noted, by tag and by words."""
    user = caller(request)
    seat = seat_of(user=user, circle_id=circle_id)
    if not seat.circle.is_staffs:
        raise CircleMissingError(_("There is no such circle."))
    tag, words = asked_tag(request), asked_words(request)
    notes = memory(user, seat.circle, tag=tag, words=words)
    page = page_of(notes, user, before=request.GET.get("before", "")[:80])
    everything = memory(user, seat.circle)
    pills = [{"label": _("All"), "url": request.path, "active": not tag}]
    pills += [
        {"label": f"#{each}", "url": f"?tag={each}", "active": each == tag, "count": n}
        for each, n in tags_among(everything, user)
    ]
    context = {
        "circle": seat.circle,
        "seat": seat,
        "notes": [shown_note(row.bookmark, user) for row in page.rows],
        "older_url": f"?before={page.older}" if page.older else "",
        "pills": pills,
        "words": words,
        "count": count_up_to(notes),
    }
    return render(request, "sharing/bookmarks/staff_circle.html", context)


@staff_only
@require_POST
def staff_note(request: HttpRequest) -> HttpResponseBase:
    """Note something for colleagues, on the page where one stands."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("A note has up to 500 characters; choose a circle for it."))
    said = form.cleaned_data
    bookmark = save_note(
        by=caller(request),
        circle_id=said["circle"],
        kind=said["kind"],
        key=_key(said["kind"], said["key"]),
        tags=[said["typed"]],
        note=said["note"],
    )
    assert bookmark.circle is not None
    words = _("Noted for “%(circle)s”.") % {"circle": bookmark.circle.name}
    messages.success(request, words)
    return redirect(_back(request) or reverse("sharing:staff_circle", args=[bookmark.circle_id]))


@staff_only
@require_POST
def staff_note_remove(request: HttpRequest, bookmark_id: uuid.UUID) -> HttpResponseBase:
    """Remove one's own note."""
    remove_bookmark(owner=caller(request), bookmark_id=bookmark_id)
    messages.success(request, _("The note is removed."))
    return redirect(_back(request) or reverse("sharing:staff_circles"))


def _key(kind: str, text: str) -> object:
    """Return a primary key as its table has it; what is none of that kind names nothing."""
    try:
        return uuid.UUID(text) if kind in ("trial", "gallery") else int(text[:18])
    except ValueError as error:
        raise InvalidError(_("There is nothing to note this on.")) from error


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if safe and back.startswith("/") else ""
