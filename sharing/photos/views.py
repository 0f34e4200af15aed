"""Photos of a trial, as pages."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.photos.errors import REFUSALS
from sharing.photos.forms import PhotoForm
from sharing.photos.models import Photo, PhotoState
from sharing.photos.queries import photos_of
from sharing.photos.responses import photo_file
from sharing.photos.services import CONSENT_VERSION, add_photo, erase_photo
from shop.foundation.errors import LorgnetteError
from shop.foundation.photos.headers import MAX_BYTES
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.queries import trial_lines, trial_of


def _shelves(trial: Trial, photos: list[Photo]) -> list[dict[str, Any]]:
    by_item: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for photo in photos:
        badge = _("Being cropped") if photo.being_cropped else ""
        note = _("Few pixels: it looks blurred. Send a larger one if you can.")
        tile = {
            "photo": photo,
            "refusal": REFUSALS.get(photo.refusal, ""),
            "badge": badge,
            "note": note if photo.is_small else "",
        }
        by_item.setdefault(photo.trial_item_id, []).append(tile)
    return [{"line": line, "tiles": by_item.get(line.item.pk, [])} for line in trial_lines(trial)]


def _context(request: HttpRequest, trial: Trial, form: PhotoForm) -> dict[str, Any]:
    assert request.user.is_authenticated
    ids = [item.pk for item in trial.items.all()]
    photos = list(photos_of(user=request.user, trial_item_ids=ids))
    waiting = any(
        photo.state == PhotoState.PENDING
        or (photo.state == PhotoState.READY and photo.being_cropped)
        for photo in photos
    )
    return {
        "trial": trial,
        "form": form,
        "shelves": _shelves(trial, photos),
        "has_photos": any(photo.state != PhotoState.REFUSED for photo in photos),
        "waiting": waiting,
        "next_frame": _first_bare(ids, photos) or "",
        "consent_version": CONSENT_VERSION,
        "most_bytes": MAX_BYTES,
    }


def _next_to_photograph(request: HttpRequest, trial: Trial) -> uuid.UUID | None:
    """Return the frame that the form offers, so that one after the other is photographed."""
    assert request.user.is_authenticated
    ids = [item.pk for item in trial.items.all()]
    bare = _first_bare(ids, photos_of(user=request.user, trial_item_ids=ids))
    return bare or (ids[0] if ids else None)


def _first_bare(ids: list[uuid.UUID], photos: Iterable[Photo]) -> uuid.UUID | None:
    """Return the first frame without a photo; one that was refused is none."""
    done = {photo.trial_item_id for photo in photos if photo.state != PhotoState.REFUSED}
    return next((pk for pk in ids if pk not in done), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def photo_upload(request: HttpRequest, number: str) -> HttpResponse:
    """Show the photos of a trial, and take more."""
    assert request.user.is_authenticated
    trial = trial_of(user=request.user, number=number)
    items = TrialItem.objects.filter(trial=trial).select_related("variant__frame")
    first = request.GET.get("frame") or _next_to_photograph(request, trial)
    form = PhotoForm(
        request.POST or None,
        request.FILES or None,
        items=items.order_by("variant_id"),
        initial={"frame": first},
    )
    if request.method == "POST" and form.is_valid():
        _take(request, form)
        if not form.errors:
            here = reverse("sharing:photo_upload", args=[number])
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": here})
            return redirect(here)
    status = 422 if request.method == "POST" else 200
    context = _context(request, trial, form)
    return render(request, "sharing/photos/photo_upload.html", context, status=status)


def _take(request: HttpRequest, form: PhotoForm) -> None:
    assert request.user.is_authenticated
    taken = 0
    for file in form.cleaned_data["photos"]:
        try:
            add_photo(
                user=request.user,
                trial_item_id=form.cleaned_data["frame"].pk,
                file=file,
                consent_version=CONSENT_VERSION,
            )
            taken += 1
        except LorgnetteError as error:
            form.add_error("photos", f"{file.name}: {error}")
    if taken:
        words = ngettext("%(n)s photo has arrived.", "%(n)s photos have arrived.", taken)
        messages.success(request, words % {"n": taken})


@login_required
@require_safe
def photo_shelves(request: HttpRequest, number: str) -> HttpResponse:
    """Show the photos of a trial again, while one of them is being prepared."""
    assert request.user.is_authenticated
    trial = trial_of(user=request.user, number=number)
    form = PhotoForm(items=TrialItem.objects.none())
    context = _context(request, trial, form)
    return render(request, "sharing/photos/parts/shelves.html", context)


@login_required
@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID, size: int, extension: str) -> FileResponse:
    """Send a rendition of one of the customer's own photos."""
    assert request.user.is_authenticated
    safe = (PhotoState.READY, PhotoState.HIDDEN)
    mine = Photo.objects.filter(pk=photo_id, user=request.user, state__in=safe)
    if not mine.exists():
        raise Http404
    return photo_file(photo_id, size, extension)


@login_required
@require_POST
def photo_erase(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Erase one of the customer's photos."""
    assert request.user.is_authenticated
    erase_photo(user=request.user, photo_id=photo_id)
    messages.success(request, _("The photo is gone, for your friends too."))
    number = TrialItem.objects.values_list("trial__number", flat=True).get(photos=photo_id)
    return redirect("sharing:photo_upload", number)
