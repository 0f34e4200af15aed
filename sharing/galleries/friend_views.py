"""What a friend's link opens besides its page, and her word that it is for her."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.errors import OwnLinkError
from sharing.galleries.preview_files import compose_preview, preview_name
from sharing.galleries.queries import open_link, photo_in_gallery
from sharing.galleries.services import admit, note_view
from sharing.galleries.visitors import browser_token, carry_token, keep_private
from sharing.photos.responses import photo_file
from shop.foundation.private_files import private_file, private_storage


@require_POST
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Let a friend in who says that a link for one person is hers."""
    browser = browser_token(request)
    link = open_link(token, browser)
    if request.user.pk == link.gallery.owner_id:
        raise OwnLinkError(_("This is your own gallery: send the link to your friend."))
    admit(link=link, browser_token=browser)
    note_view(link=link, browser_token=browser)
    response = redirect("sharing:friend_gallery", token)
    keep_private(response)
    carry_token(response, browser)
    return response


@require_safe
def friend_photo(
    request: HttpRequest, token: str, photo_id: uuid.UUID, size: int, extension: str
) -> FileResponse:
    """Send a photo of the gallery to whoever holds a link that still opens it."""
    link = open_link(token, browser_token(request))
    if photo_in_gallery(link.gallery, photo_id) is None:
        raise Http404
    return photo_file(photo_id, size, extension)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the card that chats show, as long as the link opens its gallery."""
    link = open_link(token, browser_token(request))
    name = preview_name(link.pk)
    if private_storage().exists(name):
        return private_file(name, "image/png")
    # Asked for before the worker has made it.
    response = HttpResponse(compose_preview(link.gallery), content_type="image/png")
    keep_private(response)
    return response
