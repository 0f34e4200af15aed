"""Choosing the part of a photo that friends see, as a page."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sharing.photos.forms import PRESETS, CropForm
from sharing.photos.models import Photo, PhotoState
from sharing.photos.responses import whole_photo
from sharing.photos.services import crop_photo
from shop.foundation.errors import InvalidError


def _mine(request: HttpRequest, photo_id: uuid.UUID) -> Photo:
    assert request.user.is_authenticated
    ready = Photo.objects.filter(pk=photo_id, user=request.user, state=PhotoState.READY)
    photo = ready.select_related("user", "trial_item__trial", "trial_item__variant__frame").first()
    if photo is None:
        raise Http404
    return photo


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def photo_crop(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Show the whole photo with its crop, and take another."""
    photo = _mine(request, photo_id)
    form = CropForm(request.POST or None, photo=photo)
    if request.method == "POST" and form.is_valid():
        try:
            crop_photo(user=photo.user, photo_id=photo_id, crop=form.crop)
        except InvalidError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your friends see this part of the photo."))
            return redirect("sharing:photo_upload", photo.trial_item.trial.number)
    context = {"photo": photo, "form": form, "presets": PRESETS}
    status = 422 if form.errors else 200
    return render(request, "sharing/photos/photo_crop.html", context, status=status)


@login_required
@require_safe
def photo_whole(request: HttpRequest, photo_id: uuid.UUID) -> FileResponse:
    """Send the whole photo to its owner."""
    _mine(request, photo_id)
    return whole_photo(photo_id)
